#include "tests/unit/simdrive/conformance/states.h"

#include "engine/scsi/sense.h"

#include <functional>
#include <map>

#include "tests/unit/simdrive/conformance/cd_states.h"
#include "tests/unit/simdrive/conformance/sequential_states.h"

namespace simdrive::testing_support {
namespace {

using Preparation = std::function<void(BenchDrive&)>;
using pregroove::testing_support::hex;

// FORMAT UNIT without Immed: it returns when the disc can be used.
void format(BenchDrive& bench, const std::string& descriptor) {
  const Answer answer = bench.send_data("04 11 00 00 00 00", hex("00 00 00 08 " + descriptor));
  EXPECT_TRUE(answer.good()) << pregroove::scsi::to_string(answer.sense);
}
constexpr auto kDvdPlusRwFormat = "FF FF FF FF 98 00 00 00";
// 1024 blocks.
constexpr auto kSmallRestrictedOverwrite = "00 00 04 00 40 00 00 10";

// The one format that makes all of the disc usable: a BD-RE gets its default spare areas, a DVD-RW
// is for restricted overwrite.
void format_wholly(BenchDrive& bench) {
  switch (bench.disc().medium().kind) {
    case MediumKind::kDvdPlusRw:
      return format(bench, kDvdPlusRwFormat);
    case MediumKind::kDvdRw:
      return format(bench, "00 23 10 20 40 00 00 10");
    case MediumKind::kBdRe:
      if (bench.disc().medium().layers == 1) return format(bench, "00 B4 74 00 00 00 30 00");
      if (bench.disc().medium().layers == 2) return format(bench, "01 68 E8 00 00 00 60 00");
      return format(bench, "02 D7 D4 00 00 00 90 00");
    default:
      return;
  }
}

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
      {"unformatted", [](BenchDrive&) {}},
      {"pressed", [](BenchDrive&) {}},
      // Formatted to its end; the first 64 blocks are written.
      {"formatted",
       [](BenchDrive& bench) {
         format_wholly(bench);
         bench.wait();
         bench.write_blocks(0, 64);
       }},
      {"no-spares",
       [](BenchDrive& bench) {
         EXPECT_EQ(bench.disc().medium().layers, 1);
         format(bench, "00 BA 74 00 C4 00 08 00");
       }},
      // DVD+RW: the format runs and has not got far; the first 64 blocks are written.
      {"background-running",
       [](BenchDrive& bench) {
         format(bench, kDvdPlusRwFormat);
         bench.write_blocks(0, 64);
         EXPECT_TRUE(bench.send("35 00 00 00 00 00 00 00 00 00").good());
       }},
      {"background-stopped",
       [](BenchDrive& bench) {
         format(bench, kDvdPlusRwFormat);
         bench.write_blocks(0, 64);
         EXPECT_TRUE(bench.send("5B 00 00 00 00 00 00 00 00 00").good());
       }},
      // DVD-RW: 1024 blocks for restricted overwrite, nothing written.
      {"small-overwrite", [](BenchDrive& bench) { format(bench, kSmallRestrictedOverwrite); }},
      {"intermediate", [](BenchDrive& bench) { format(bench, "00 00 00 00 54 00 00 10"); }},
      {"intermediate-written",
       [](BenchDrive& bench) {
         format(bench, "00 00 00 00 54 00 00 10");
         bench.write_blocks(0, 32);
       }},
      // Behind 1024 blocks, recording can go on.
      {"growing",
       [](BenchDrive& bench) {
         format(bench, kSmallRestrictedOverwrite);
         format(bench, "00 00 00 00 4C 00 00 10");
       }},
  };
  return table;
}

}  // namespace

void prepare_state(BenchDrive& bench, const std::string& state) {
  if (prepare_sequential_state(bench, state) || prepare_cd_state(bench, state)) return;
  const auto found = preparations().find(state);
  ASSERT_NE(found, preparations().end()) << "there is no state " << state;
  ASSERT_NO_FATAL_FAILURE(found->second(bench));
  if (state != "tray-open" && state != "background-running") bench.wait();
}

}  // namespace simdrive::testing_support
