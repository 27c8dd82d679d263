#include "tests/unit/simdrive/conformance/sequential_states.h"

#include <fmt/format.h>

#include <functional>
#include <map>

namespace simdrive::testing_support {
namespace {

constexpr auto kSynchronize = "35 00 00 00 00 00 00 00 00 00";
constexpr auto kCloseSession = "5B 00 02 00 00 00 00 00 00 00";
constexpr auto kFinalise = "5B 00 06 00 00 00 00 00 00 00";
constexpr auto kReserve320 = "53 00 00 00 00 00 00 01 40 00";

bool is_minus(BenchDrive& bench) {
  const MediumKind kind = bench.disc().medium().kind;
  return kind == MediumKind::kDvdR || kind == MediumKind::kDvdRDualLayer ||
         kind == MediumKind::kDvdRw;
}

bool is_sequential(BenchDrive& bench) {
  const MediumKind kind = bench.disc().medium().kind;
  return is_minus(bench) || kind == MediumKind::kDvdPlusR ||
         kind == MediumKind::kDvdPlusRDualLayer || kind == MediumKind::kBdR;
}

void succeed(BenchDrive& bench, const std::string& cdb) {
  EXPECT_TRUE(bench.send(cdb).good()) << cdb;
  bench.wait();
}

// The page that programs send for DVD-R (burning.md 4.1): incremental, link size and packets of
// 16 blocks; or disc-at-once.
void select_page(BenchDrive& bench, std::uint8_t byte_2, std::uint8_t byte_3) {
  const auto page = pregroove::testing_support::hex(
      fmt::format("00 00 00 00 00 00 00 00 05 32 {:02X} {:02X} 08 10 00 00 00 00 00 00 00 10 "
                  "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
                  "00 00 00 00 00 00 00 00 00 00 00 00 00 00",
                  byte_2, byte_3));
  EXPECT_TRUE(bench.send_data("55 10 00 00 00 00 00 00 3C 00", page).good());
}
void select_incremental(BenchDrive& bench, bool multi_session) {
  if (is_minus(bench)) select_page(bench, 0x60, multi_session ? 0xE5 : 0x25);
}
void select_disc_at_once(BenchDrive& bench) { select_page(bench, 0x42, 0x05); }

void write_track(BenchDrive& bench, std::int32_t blocks) {
  bench.write_blocks(bench.next_writable(), blocks);
  succeed(bench, kSynchronize);
  succeed(bench, fmt::format("5B 00 01 00 00 {:02X} 00 00 00 00", bench.disc().tracks().size()));
}

void write_open_track(BenchDrive& bench) {
  select_incremental(bench, true);
  bench.write_blocks(0, 40);
}

void write_session(BenchDrive& bench, bool multi_session) {
  select_incremental(bench, multi_session);
  write_track(bench, 300);
  succeed(bench, multi_session || is_minus(bench) ? kCloseSession : kFinalise);
}

void reserve(BenchDrive& bench, int count) {
  select_incremental(bench, true);
  for (int i = 0; i < count; ++i) succeed(bench, kReserve320);
}

void reserve_disc_at_once(BenchDrive& bench) {
  select_disc_at_once(bench);
  succeed(bench, kReserve320);
}

// Formats a BD-R with the default spare areas.
void format(BenchDrive& bench, unsigned sub_type) {
  const auto list = pregroove::testing_support::hex(
      fmt::format("00 00 00 08 00 00 00 00 {:02X} 00 00 00", sub_type));
  EXPECT_TRUE(bench.send_data("04 11 00 00 00 00", list).good());
  bench.wait();
}

using Preparation = std::function<void(BenchDrive&)>;

const std::map<std::string, Preparation>& preparations() {
  static const std::map<std::string, Preparation> table = {
      // The page says how to write; DVD-R and DVD-RW only.
      {"blank-incremental", [](BenchDrive& bench) { select_incremental(bench, true); }},
      {"blank-dao", select_disc_at_once},
      // 40 blocks are written, nothing is finished.
      {"open-track", write_open_track},
      {"open-track-dao",
       [](BenchDrive& bench) {
         write_open_track(bench);
         select_disc_at_once(bench);
       }},
      // A complete track of 300 blocks and what pads it; the session is open.
      {"open-session",
       [](BenchDrive& bench) {
         select_incremental(bench, true);
         write_track(bench, 300);
       }},
      // One session of 300 blocks is closed, another may follow.
      {"appendable", [](BenchDrive& bench) { write_session(bench, true); }},
      {"appendable-dao",
       [](BenchDrive& bench) {
         write_session(bench, true);
         select_disc_at_once(bench);
       }},
      {"two-sessions",
       [](BenchDrive& bench) {
         write_session(bench, true);
         write_session(bench, true);
       }},
      {"finalised", [](BenchDrive& bench) { write_session(bench, false); }},
      // A reservation of 320 blocks, empty or with 32 blocks written; two, 15 of them.
      {"reserved", [](BenchDrive& bench) { reserve(bench, 1); }},
      {"reserved-partly",
       [](BenchDrive& bench) {
         reserve(bench, 1);
         bench.write_blocks(0, 32);
       }},
      {"two-reserved", [](BenchDrive& bench) { reserve(bench, 2); }},
      {"fifteen-reserved", [](BenchDrive& bench) { reserve(bench, 15); }},
      // The first of two fragments is complete, the second one too; the session is closed.
      {"merged",
       [](BenchDrive& bench) {
         reserve(bench, 2);
         succeed(bench, "5B 00 01 00 00 01 00 00 00 00");
         succeed(bench, "5B 00 01 00 00 02 00 00 00 00");
         succeed(bench, kCloseSession);
       }},
      // Disc-at-once: 320 blocks are reserved, 32 of them written, and then the recording is ended.
      {"dao-reserved", reserve_disc_at_once},
      {"dao-reserved-incremental",
       [](BenchDrive& bench) {
         reserve_disc_at_once(bench);
         select_incremental(bench, true);
       }},
      {"dao-partly",
       [](BenchDrive& bench) {
         reserve_disc_at_once(bench);
         bench.write_blocks(0, 32);
       }},
      {"dao-done",
       [](BenchDrive& bench) {
         reserve_disc_at_once(bench);
         bench.write_blocks(0, 320);
         succeed(bench, kSynchronize);
       }},
      // DVD-RW.
      {"minimally-blanked",
       [](BenchDrive& bench) {
         succeed(bench, "A1 01 00 00 00 00 00 00 00 00 00 00");
         select_incremental(bench, true);
       }},
      {"minimally-blanked-dao",
       [](BenchDrive& bench) {
         succeed(bench, "A1 01 00 00 00 00 00 00 00 00 00 00");
         select_disc_at_once(bench);
       }},
      {"fully-blanked",
       [](BenchDrive& bench) {
         succeed(bench, "A1 01 00 00 00 00 00 00 00 00 00 00");
         succeed(bench, "A1 00 00 00 00 00 00 00 00 00 00 00");
         select_incremental(bench, true);
       }},
      // The laser is off.
      {"test-written",
       [](BenchDrive& bench) {
         select_page(bench, 0x70, 0xE5);
         bench.write_blocks(0, 32);
         succeed(bench, kSynchronize);
       }},
      {"test-written-at-once",
       [](BenchDrive& bench) {
         select_page(bench, 0x52, 0x05);
         succeed(bench, kReserve320);
         for (const std::int32_t lba : {0, 32})
           EXPECT_TRUE(bench.write(lba, pattern(lba, 32)).good());
         succeed(bench, kSynchronize);
       }},
      // BD-R.
      {"formatted-pow", [](BenchDrive& bench) { format(bench, 0); }},
      {"formatted-srm", [](BenchDrive& bench) { format(bench, 1); }},
      {"formatted-rrm", [](BenchDrive& bench) { format(bench, 2); }},
      {"pow-written",
       [](BenchDrive& bench) {
         format(bench, 0);
         bench.write_blocks(0, 320);
         succeed(bench, kSynchronize);
       }},
      {"pow-overwritten",
       [](BenchDrive& bench) {
         format(bench, 0);
         bench.write_blocks(0, 320);
         succeed(bench, kSynchronize);
         bench.write_blocks(0, 32);
         succeed(bench, kSynchronize);
       }},
      {"srm-written",
       [](BenchDrive& bench) {
         format(bench, 1);
         bench.write_blocks(0, 320);
         succeed(bench, kSynchronize);
       }},
      {"rrm-written",
       [](BenchDrive& bench) {
         format(bench, 2);
         bench.write_blocks(320, 32);
         bench.write_blocks(640, 10);
         succeed(bench, kSynchronize);
       }},
      // DVD+R DL: a first session that reaches beyond 30 mm, whose fragment the drive pads.
      {"dual-layer-appendable",
       [](BenchDrive& bench) {
         succeed(bench, "53 00 00 00 00 00 04 00 00 00");
         succeed(bench, "5B 00 01 00 00 01 00 00 00 00");
         succeed(bench, kCloseSession);
       }},
      {"layer-break-moved",
       [](BenchDrive& bench) {
         const auto list = pregroove::testing_support::hex("00 0A 00 00 00 00 00 00 00 10 00 00");
         EXPECT_TRUE(bench.send_data("BF 00 00 00 00 00 00 20 00 0C 00 00", list).good());
       }},
  };
  return table;
}

}  // namespace

bool prepare_sequential_state(BenchDrive& bench, const std::string& state) {
  if (bench.drive().disc() == nullptr || !is_sequential(bench)) return false;
  const auto found = preparations().find(state);
  if (found == preparations().end()) return false;
  found->second(bench);
  bench.wait();
  return true;
}

}  // namespace simdrive::testing_support
