#include "tests/unit/simdrive/conformance/states.h"

#include <functional>
#include <map>

namespace simdrive::testing_support {
namespace {

using Preparation = std::function<void(BenchDrive&)>;

const std::map<std::string, Preparation>& preparations() {
  static const std::map<std::string, Preparation> table = {
      {"no-disc", [](BenchDrive&) {}},
      {"blank", [](BenchDrive&) {}},
      {"tray-open", [](BenchDrive& bench) { bench.drive().open_tray(); }},
      // 40 blocks are written, nothing is finished.
      {"open-track", [](BenchDrive& bench) { bench.write_blocks(0, 40); }},
      // A complete track of 300 blocks, the session is open.
      {"open-session",
       [](BenchDrive& bench) {
         bench.write_blocks(0, 300);
         EXPECT_TRUE(bench.send("35 00 00 00 00 00 00 00 00 00").good());
       }},
      // One session of 300 blocks is closed, another may follow.
      {"appendable",
       [](BenchDrive& bench) {
         bench.select_multi_session();
         bench.burn_session(300);
       }},
      // One session of 300 blocks, no other may follow.
      {"finalised",
       [](BenchDrive& bench) {
         bench.select_final_session();
         bench.burn_session(300);
       }},
  };
  return table;
}

}  // namespace

void prepare_state(BenchDrive& bench, const std::string& state) {
  const auto found = preparations().find(state);
  ASSERT_NE(found, preparations().end()) << "there is no state " << state;
  ASSERT_NO_FATAL_FAILURE(found->second(bench));
  if (state != "tray-open") bench.wait();
}

}  // namespace simdrive::testing_support
