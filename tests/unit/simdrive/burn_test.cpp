// Whole burns through the port, looked at through the back door.
#include "tests/unit/simdrive/bench_drive.h"

namespace simdrive {
namespace {

using testing_support::BenchDrive;
using testing_support::pattern;

TEST(Burn, SecondSessionStarts11400BlocksAfterTheFirstLeadOutAndAThird6900AfterTheSecond) {
  BenchDrive bench;
  bench.select_multi_session();
  bench.burn_session(623);
  // 623 blocks and two run-out blocks: the numbers of a real program's log (12025 = 625 + 11400).
  EXPECT_EQ(bench.disc().lead_out_start(1), Lba{625});
  EXPECT_EQ(bench.next_writable(), 12025);
  bench.burn_session(400);
  EXPECT_EQ(bench.disc().lead_out_start(2), Lba{12025 + 402});
  EXPECT_EQ(bench.next_writable(), 12025 + 402 + 6900);
}

TEST(Burn, WhatWasWrittenIsReadBack) {
  BenchDrive bench;
  bench.select_multi_session();
  bench.burn_session(623);
  bench.burn_session(300);
  EXPECT_EQ(bench.read(0, 32).data, pattern(0, 32));
  EXPECT_EQ(bench.read(591, 32).data, pattern(591, 32));
  EXPECT_EQ(bench.read(12025, 32).data, pattern(12025, 32));
  ASSERT_TRUE(bench.disc().check_invariants().has_value());
}

}  // namespace
}  // namespace simdrive
