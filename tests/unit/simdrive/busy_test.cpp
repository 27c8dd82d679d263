// What the drive says while it works on its own. Source of the rules: Pioneer's command references
// for the DVR-108 and DVR-111: TEST UNIT READY does not tell the end of CLOSE, but that of BLANK;
// for the BDR-203: it may be used for both.
#include "tests/unit/simdrive/bench_drive.h"

namespace simdrive {
namespace {

using pregroove::SenseCode;
using testing_support::Answer;
using testing_support::BenchDrive;
using testing_support::pattern;

constexpr SenseCode kInProgress{2, 0x04, 0x07};
constexpr SenseCode kLongWrite{2, 0x04, 0x08};
constexpr auto kTestUnitReady = "00 00 00 00 00 00";
constexpr auto kDiscInformation = "51 00 00 00 00 00 00 00 22 00";

TEST(Busy, ClosingInTheBackgroundHidesBehindTestUnitReady) {
  profiles::Personality pioneer;
  pioneer.quirks.tur_while_closing = profiles::WhileBusy::kGood;
  BenchDrive bench("cd-r-80", pioneer);
  ASSERT_NO_FATAL_FAILURE(bench.write_blocks(0, 300));
  ASSERT_TRUE(bench.send("35 00 00 00 00 00 00 00 00 00").good());
  ASSERT_TRUE(bench.send("5B 01 02 00 00 00 00 00 00 00").good());
  EXPECT_TRUE(bench.send(kTestUnitReady).good());
  EXPECT_EQ(bench.receive(kDiscInformation, 34).sense, kInProgress);
  EXPECT_EQ(bench.receive("52 01 00 00 00 FF 00 00 24 00", 36).sense, kInProgress);
  EXPECT_EQ(bench.write(11702, pattern(11702)).sense, kInProgress);
  bench.wait();
  EXPECT_TRUE(bench.receive(kDiscInformation, 34).good());
}

TEST(Busy, ClosingInTheBackgroundShowsInTestUnitReady) {
  BenchDrive bench;
  ASSERT_NO_FATAL_FAILURE(bench.write_blocks(0, 300));
  ASSERT_TRUE(bench.send("35 00 00 00 00 00 00 00 00 00").good());
  ASSERT_TRUE(bench.send("5B 01 02 00 00 00 00 00 00 00").good());
  EXPECT_EQ(bench.send(kTestUnitReady).sense, kInProgress);
  bench.wait();
  EXPECT_TRUE(bench.send(kTestUnitReady).good());
}

// Lead-out and lead-in are 11250 sectors: 150 seconds at 1x (75 sectors a second).
TEST(Busy, ClosingTakesAtLeastTheTimeOfTheSectorsItWrites) {
  BenchDrive bench;
  ASSERT_TRUE(bench.send("BB 00 FF FF 02 C2 00 00 00 00 00 00").good());  // 706 kB/s: 4x
  ASSERT_NO_FATAL_FAILURE(bench.write_blocks(0, 300));
  ASSERT_TRUE(bench.send("35 00 00 00 00 00 00 00 00 00").good());
  const Duration before = bench.clock().now();
  ASSERT_TRUE(bench.send("5B 00 02 00 00 00 00 00 00 00").good());
  EXPECT_GE(bench.clock().now() - before, std::chrono::milliseconds(150'000 / 4));
}

TEST(Busy, BlankingShowsInTestUnitReadyAndReportsProgress) {
  BenchDrive bench("cd-rw-80");
  ASSERT_TRUE(bench.send("A1 10 00 00 00 00 00 00 00 00 00 00").good());
  EXPECT_EQ(bench.send(kTestUnitReady).sense, kInProgress);
  const Answer early = bench.receive("03 00 00 00 12 00", 18);
  EXPECT_EQ(early.number(2, 1), 2U);
  EXPECT_EQ(early.number(12, 2), 0x0407U);
  EXPECT_EQ(early.number(15, 1), 0x80U);
  bench.clock().advance(std::chrono::minutes(2));
  const Answer later = bench.receive("03 00 00 00 12 00", 18);
  EXPECT_GT(later.number(16, 2), early.number(16, 2));
  bench.wait();
  EXPECT_TRUE(bench.send(kTestUnitReady).good());
}

TEST(Busy, FullBufferRefusesTheWriteUntilSomeOfItIsWritten) {
  BenchDrive bench;
  std::int32_t lba = 0;
  Answer answer;
  for (; lba < 32 * 100; lba += 32) {
    answer = bench.write(lba, pattern(lba, 32));
    if (!answer.good()) break;
  }
  ASSERT_EQ(answer.sense, kLongWrite);
  EXPECT_EQ(bench.next_writable(), lba);  // nothing of it was taken
  const Answer full = bench.receive("5C 00 00 00 00 00 00 00 0C 00", 12);
  EXPECT_LT(full.number(8, 4), 32U * 2048U);
  // Near the inner edge a 48x disc is written at 20x, 3 MB of user data a second: 64 KiB leave in
  // less than 25 ms.
  bench.clock().advance(std::chrono::milliseconds(25));
  EXPECT_TRUE(bench.write(lba, pattern(lba, 32)).good());
}

TEST(Busy, DiscAndTrackInformationWaitForBackgroundWriting) {
  BenchDrive bench;
  ASSERT_TRUE(bench.write(0, pattern(0, 32)).good());
  EXPECT_TRUE(bench.send(kTestUnitReady).good());
  EXPECT_EQ(bench.receive(kDiscInformation, 34).sense, kInProgress);
  ASSERT_TRUE(bench.send("35 00 00 00 00 00 00 00 00 00").good());
  EXPECT_TRUE(bench.receive(kDiscInformation, 34).good());
}

TEST(Busy, SlowerSpeedTakesLonger) {
  const auto time_at = [](const std::string& write_speed) {
    BenchDrive bench;
    EXPECT_TRUE(bench.send("BB 00 FF FF " + write_speed + " 00 00 00 00 00 00").good());
    const Duration before = bench.clock().now();
    bench.write_blocks(0, 1500);
    EXPECT_TRUE(bench.send("35 00 00 00 00 00 00 00 00 00").good());
    return bench.clock().now() - before;
  };
  // 1500 blocks are 20 seconds at 1x. The laser is calibrated first, for 2 seconds.
  EXPECT_GE(time_at("02 C2"), std::chrono::seconds(5 + 2));  // 706 kB/s: 4x
  // 8467 kB/s: 48x at the outer edge, 42 % of it at the inner one.
  EXPECT_LT(time_at("21 13"), std::chrono::milliseconds(20'000 * 100 / 48 / 42 + 2'100));
}

}  // namespace
}  // namespace simdrive
