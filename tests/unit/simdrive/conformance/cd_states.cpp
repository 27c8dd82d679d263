#include "tests/unit/simdrive/conformance/cd_states.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "engine/scsi/sense.h"

namespace simdrive::testing_support {
namespace {

using pregroove::testing_support::hex;

constexpr std::size_t kAudioBlock = 2352;
constexpr std::size_t kDataBlock = 2048;

// Catalogue number 1234567890123, then two tracks of audio: index 1 at LBA 0 and 450, the pause of
// the second from 300 on, the lead-out at 750. The first has an ISRC.
constexpr auto kAudioCue =
    "02 31 32 33 34 35 36 37  02 38 39 30 31 32 33 00  01 00 00 01 00 00 00 00"
    "  03 01 55 53 52 43 31 37  03 01 36 30 37 38 33 39"
    "  01 01 00 00 00 00 00 00  01 01 01 00 00 00 02 00"
    "  01 02 00 00 00 00 06 00  01 02 01 00 00 00 08 00  01 AA 01 01 00 00 0C 00";
// A data track, then an audio track whose pause begins at LBA 300 and that begins at 450.
constexpr auto kMixedCue =
    "41 00 00 14 00 00 00 00  41 01 00 10 00 00 00 00  41 01 01 10 00 00 02 00"
    "  01 02 00 00 00 00 06 00  01 02 01 00 00 00 08 00  01 AA 01 01 00 00 0C 00";

void select_at_once(BenchDrive& bench) {
  EXPECT_TRUE(bench.select_page_5(0x42, 0x00, 0x00).good());
}

void select_packets(BenchDrive& bench, std::uint8_t fixed_size) {
  Bytes list(60);
  list[8] = std::byte{0x05};
  list[9] = std::byte{0x32};
  list[10] = std::byte{0x60};
  list[11] = std::byte{fixed_size == 0 ? std::uint8_t{0xC5} : std::uint8_t{0xE5}};
  list[12] = std::byte{0x08};
  list[13] = std::byte{0x07};
  list[21] = std::byte{fixed_size};
  EXPECT_TRUE(bench.send_data("55 10 00 00 00 00 00 00 3C 00", list).good());
}

void begin_data_session(BenchDrive& bench) {
  select_at_once(bench);
  send_cue_sheet(bench, kDataCue);
  write_octets(bench, -150, 150, kDataBlock);
  write_octets(bench, 0, 40, kDataBlock);
}

const std::map<std::string, std::function<void(BenchDrive&)>>& preparations() {
  static const std::map<std::string, std::function<void(BenchDrive&)>> table = {
      {"sao-selected", select_at_once},
      {"cue-sent",
       [](BenchDrive& bench) {
         select_at_once(bench);
         send_cue_sheet(bench, kDataCue);
       }},
      // The pregap and 40 of 300 blocks are written.
      {"sao-in-progress", begin_data_session},
      {"sao-interrupted",
       [](BenchDrive& bench) {
         begin_data_session(bench);
         bench.drive().open_tray();
         bench.drive().close_tray();
         bench.settle();
       }},
      {"data-session",
       [](BenchDrive& bench) {
         EXPECT_TRUE(bench.select_page_5(0x42, 0xC0, 0x00).good());
         send_cue_sheet(bench, kDataCue);
         write_octets(bench, -150, 450, kDataBlock);
         synchronize(bench);
       }},
      {"audio-session",
       [](BenchDrive& bench) {
         select_at_once(bench);
         send_cue_sheet(bench, kAudioCue);
         write_octets(bench, -150, 900, kAudioBlock);
         synchronize(bench);
       }},
      {"mixed-mode",
       [](BenchDrive& bench) {
         select_at_once(bench);
         send_cue_sheet(bench, kMixedCue);
         write_octets(bench, -150, 450, kDataBlock);
         write_octets(bench, 300, 450, kAudioBlock);
         synchronize(bench);
       }},
      // One track of 300 sectors, with track-at-once, and an open disc.
      {"audio-track",
       [](BenchDrive& bench) {
         EXPECT_TRUE(bench.select_page_5(0x41, 0xC0, 0x00).good());
         write_octets(bench, 0, 300, kAudioBlock);
         synchronize(bench);
         EXPECT_TRUE(bench.send("5B 00 02 00 00 00 00 00 00 00").good());
       }},
      {"raw-selected",
       [](BenchDrive& bench) { EXPECT_TRUE(bench.select_page_5(0x43, 0x00, 0x03).good()); }},
      // One packet of 16 blocks.
      {"packet-track",
       [](BenchDrive& bench) {
         select_packets(bench, 0);
         write_octets(bench, 0, 16, kDataBlock);
         synchronize(bench);
       }},
      {"two-packets",
       [](BenchDrive& bench) {
         select_packets(bench, 0);
         for (const std::int32_t start : {0, 23}) {
           write_octets(bench, start, 16, kDataBlock);
           synchronize(bench);
         }
       }},
      {"packets-selected", [](BenchDrive& bench) { select_packets(bench, 0); }},
      // Two packets of 32 blocks.
      {"fixed-packet-track",
       [](BenchDrive& bench) {
         select_packets(bench, 32);
         write_octets(bench, 0, 64, kDataBlock);
         synchronize(bench);
       }},
      {"packet-track-tao-selected",
       [](BenchDrive& bench) {
         select_packets(bench, 0);
         write_octets(bench, 0, 16, kDataBlock);
         bench.select_multi_session();
       }},
  };
  return table;
}

}  // namespace

Bytes octets(std::int32_t lba, std::size_t count, std::size_t block_size) {
  Bytes data(count * block_size);
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto block = static_cast<std::uint32_t>(lba) + static_cast<std::uint32_t>(i / block_size);
    const std::size_t offset = i % block_size;
    data[i] = static_cast<std::byte>((block >> (8 * (offset % 4))) ^ (offset * 7));
  }
  return data;
}

void write_octets(BenchDrive& bench, std::int32_t lba, std::int32_t count, std::size_t block_size) {
  constexpr SenseCode kBufferFull{2, 0x04, 0x08};
  constexpr std::int32_t kBlocksPerCommand = 32;
  for (std::int32_t done = 0; done < count;) {
    const std::int32_t now = std::min(kBlocksPerCommand, count - done);
    const Answer answer =
        bench.send_data(cdb10(0x2A, lba + done, static_cast<std::uint16_t>(now)),
                        octets(lba + done, static_cast<std::size_t>(now), block_size));
    if (answer.sense == kBufferFull) {
      bench.clock().advance(std::chrono::milliseconds(20));
      continue;
    }
    ASSERT_TRUE(answer.good()) << "WRITE at " << lba + done << ": "
                               << pregroove::scsi::to_string(answer.sense);
    done += now;
  }
}

void synchronize(BenchDrive& bench) {
  EXPECT_TRUE(bench.send("35 00 00 00 00 00 00 00 00 00").good());
}

void send_cue_sheet(BenchDrive& bench, const std::string& entries) {
  const Bytes list = hex(entries);
  const Answer answer =
      bench.send_data(fmt::format("5D 00 00 00 00 00 00 00 {:02X} 00", list.size()), list);
  EXPECT_TRUE(answer.good()) << pregroove::scsi::to_string(answer.sense);
}

bool prepare_cd_state(BenchDrive& bench, const std::string& state) {
  const auto found = preparations().find(state);
  if (found == preparations().end()) return false;
  found->second(bench);
  bench.wait();
  return true;
}

}  // namespace simdrive::testing_support
