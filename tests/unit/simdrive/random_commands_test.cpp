// Whatever a host sends, the drive survives it, the disc keeps its invariants, nothing that was
// written is ever changed on write-once media, and the file says the same as the memory.
#include <fmt/format.h>

#include <array>
#include <random>

#include "simdrive/drive/command_table.h"
#include "tests/unit/simdrive/bench_drive.h"
#include "tests/unit/simdrive/temporary_folder.h"

namespace simdrive {
namespace {

using testing_support::Bytes;
using testing_support::TemporaryFolder;

constexpr int kCommands = 2000;
constexpr std::size_t kBlock = 2048;

class Host {
 public:
  Host(unsigned seed, Drive& drive, VirtualClock& clock)
      : random_(seed), drive_(drive), clock_(clock) {}

  void send_something() {
    const unsigned choice = pick(100);
    if (choice < 40) {
      write_at_next_writable();
    } else if (choice < 50) {
      send("35 00 00 00 00 00 00 00 00 00");
    } else if (choice < 58) {
      send("5B 00 02 00 00 00 00 00 00 00");
    } else if (choice < 62) {
      send("5B 00 01 00 00 FF 00 00 00 00");
    } else if (choice < 70) {
      select_write_parameters();
    } else if (choice < 72) {
      send(fmt::format("53 00 00 00 00 00 00 {:02X} {:02X} 00", pick(16), pick(256)));
    } else if (choice < 73) {
      send("A1 01 00 00 00 00 00 00 00 00 00 00");
    } else if (choice < 76) {
      format_as_offered();
    } else if (choice < 77 && is_cd()) {
      select_way_of_recording();
    } else if (choice < 80 && is_cd()) {
      record_at_once();
    } else if (choice < 82) {
      send(fmt::format("5B 00 {:02X} 00 00 01 00 00 00 00", pick(8)));
    } else {
      send_noise();
    }
    clock_.advance(std::chrono::seconds(pick(8) == 0 ? 500 : 1));
  }

 private:
  unsigned pick(unsigned bound) { return static_cast<unsigned>(random_() % bound); }

  void execute(const Bytes& cdb, const pregroove::scsi::DataPhase& data) {
    const auto done = drive_.execute({.cdb = cdb, .data = data});
    ASSERT_TRUE(done.has_value());
    EXPECT_EQ(done->sense.has_value(),
              done->status == pregroove::scsi::ScsiStatus::kCheckCondition);
  }
  void send(const std::string& cdb) {
    execute(pregroove::testing_support::hex(cdb), pregroove::scsi::NoData{});
  }
  void write_at_next_writable() {
    if (drive_.disc() == nullptr) return;
    const auto next = drive_.disc()->next_writable_address();
    if (!next) return;
    const auto count = static_cast<std::uint16_t>(1 + pick(32));
    if (drive_.disc()->tracks().empty() && *next == Lba{0} && pick(2) == 0) {
      // It may be a disc that can be written anywhere.
      const auto blocks = static_cast<unsigned>(drive_.disc()->layout().capacity().value);
      const auto place = static_cast<std::int32_t>(blocks == 0 ? 0U : pick(blocks) / 16 * 16);
      execute(pregroove::testing_support::hex(testing_support::cdb10(0x2A, place, 16)),
              pregroove::scsi::DataOut{std::span(data_).first(16 * kBlock)});
      return;
    }
    execute(pregroove::testing_support::hex(testing_support::cdb10(0x2A, next->value, count)),
            pregroove::scsi::DataOut{std::span(data_).first(count * kBlock)});
  }
  void format_as_offered() {
    if (drive_.disc() == nullptr) return;
    const auto formats = drive_.disc()->layout().format_capacities().formats;
    if (formats.empty()) return;
    const FormatDescriptor& chosen = formats[pick(static_cast<unsigned>(formats.size()))];
    const std::string list = fmt::format(
        "00 02 00 08 {:02X} {:02X} {:02X} {:02X} {:02X} {:02X} {:02X} {:02X}", chosen.blocks >> 24U,
        (chosen.blocks >> 16U) & 0xFFU, (chosen.blocks >> 8U) & 0xFFU, chosen.blocks & 0xFFU,
        (chosen.type << 2U) | pick(4), chosen.parameter >> 16U, (chosen.parameter >> 8U) & 0xFFU,
        (chosen.parameter & 0xFFU) | (pick(4) == 0 ? 1U : 0U));
    execute(pregroove::testing_support::hex("04 11 00 00 00 00"),
            pregroove::scsi::DataOut{pregroove::testing_support::hex(list)});
  }
  void select_write_parameters() {
    Bytes list(60);
    list[8] = std::byte{0x05};
    list[9] = std::byte{0x32};
    list[10] = static_cast<std::byte>(pick(8) == 0 ? 0x51 : 0x41);
    list[11] = static_cast<std::byte>(pick(16) == 0 ? 0x04 : 0xC4);
    list[12] = static_cast<std::byte>(pick(4) == 0 ? 0x0A : 0x08);
    list[23] = std::byte{0x96};
    execute(pregroove::testing_support::hex("55 10 00 00 00 00 00 00 3C 00"),
            pregroove::scsi::DataOut{list});
  }
  [[nodiscard]] bool is_cd() const {
    return drive_.disc() != nullptr && drive_.disc()->medium().is_cd();
  }
  // Write type, track mode and data block type, now and then such as do not fit together.
  void select_way_of_recording() {
    constexpr std::array<std::array<unsigned, 3>, 8> kWays = {{{0x00, 0x05, 0x08},
                                                               {0x00, 0x25, 0x08},
                                                               {0x01, 0x00, 0x00},
                                                               {0x01, 0x04, 0x0D},
                                                               {0x02, 0x00, 0x00},
                                                               {0x02, 0xC0, 0x00},
                                                               {0x03, 0x00, 0x03},
                                                               {0x03, 0xC0, 0x01}}};
    const auto& way = kWays[pick(kWays.size())];
    Bytes list(60);
    list[8] = std::byte{0x05};
    list[9] = std::byte{0x32};
    list[10] = static_cast<std::byte>(way[0] | (pick(8) == 0 ? 0x10U : 0U));
    list[11] = static_cast<std::byte>(way[1]);
    list[12] = static_cast<std::byte>(pick(16) == 0 ? pick(16) : way[2]);
    list[21] = static_cast<std::byte>(way[1] == 0x25 ? 32 : 0);
    list[23] = std::byte{0x96};
    execute(pregroove::testing_support::hex("55 10 00 00 00 00 00 00 3C 00"),
            pregroove::scsi::DataOut{list});
  }
  // A cue sheet, or the next blocks of what one announced, of raw recording or of any audio.
  void record_at_once() {
    const std::string cue = fmt::format(
        "01 00 00 01 00 00 00 00 01 01 00 00 00 00 00 00 01 01 01 00 00 00 02 00 01 AA 01 01 00 00 "
        "{:02X} {:02X}",
        6 + pick(4), pick(80));
    execute(pregroove::testing_support::hex("5D 00 00 00 00 00 00 00 20 00"),
            pregroove::scsi::DataOut{pregroove::testing_support::hex(cue)});
    const bool raw = pick(4) == 0;
    std::int32_t lba = raw ? -11635 : -150;  // the lead-in of the discs of 21 minutes
    for (unsigned i = 0, commands = pick(20); i < commands; ++i) {
      const auto count = static_cast<std::uint16_t>(raw || pick(16) == 0 ? 1 + pick(25) : 25);
      const Bytes data(std::size_t{count} * 2448);
      execute(pregroove::testing_support::hex(testing_support::cdb10(0x2A, lba, count)),
              pregroove::scsi::DataOut{data});
      clock_.advance(std::chrono::seconds(1));
      lba += count;
    }
  }
  // A command of the table, its bytes at random within what the drive understands, or beyond.
  void send_noise() {
    const auto commands = all_commands();
    const CommandRow& row = commands[pick(static_cast<unsigned>(commands.size()))];
    Bytes cdb(row.cdb_length);
    cdb[0] = std::byte{row.opcode};
    for (std::size_t i = 1; i < cdb.size(); ++i) {
      const unsigned mask = pick(30) == 0 ? 0xFFU : row.usage[i];
      cdb[i] = static_cast<std::byte>(pick(2) == 0 ? 0U : (pick(256) & mask));
    }
    Bytes buffer(pick(5000));
    switch (pick(3)) {
      case 0:
        execute(cdb, pregroove::scsi::NoData{});
        break;
      case 1:
        execute(cdb, pregroove::scsi::DataIn{buffer});
        break;
      default:
        execute(cdb, pregroove::scsi::DataOut{buffer});
        break;
    }
  }

  std::mt19937 random_;
  Drive& drive_;
  VirtualClock& clock_;
  Bytes data_ = testing_support::pattern(7, 32);
};

// Nothing that was complete before may have changed, unless the disc was erased.
void expect_write_once(const std::vector<Track>& before, const std::vector<Track>& after) {
  ASSERT_GE(after.size(), before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(after[i].start, before[i].start);
    EXPECT_GE(after[i].recorded, before[i].recorded);
    if (before[i].state == TrackState::kComplete) {
      EXPECT_TRUE(after[i] == before[i]);
    }
  }
}

class RandomCommands : public ::testing::TestWithParam<const char*> {};

TEST_P(RandomCommands, NeverBreakTheDiscNorItsFile) {
  const TemporaryFolder folder;
  const std::string path = folder / "random.disc";
  const Medium& medium = *find_medium(GetParam());
  for (unsigned seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE(fmt::format("medium {}, seed {}", medium.name, seed));
    std::filesystem::remove(path);
    VirtualClock clock;
    Drive drive(clock);
    auto disc = Disc::create_file(path, medium);
    ASSERT_TRUE(disc.has_value());
    drive.insert(std::move(*disc));
    Host host(seed, drive, clock);
    std::size_t most_tracks = 0;
    for (int i = 0; i < kCommands && drive.disc() != nullptr; ++i) {
      const std::vector<Track> before = drive.disc()->tracks();
      ASSERT_NO_FATAL_FAILURE(host.send_something());
      drive.close_tray();
      const auto sound = drive.disc()->check_invariants();
      ASSERT_TRUE(sound.has_value()) << sound.error().message;
      if (!medium.erasable()) {
        ASSERT_NO_FATAL_FAILURE(expect_write_once(before, drive.disc()->tracks()));
      }
      most_tracks = std::max(most_tracks, drive.disc()->tracks().size());
    }
    EXPECT_TRUE(most_tracks > 3U || !medium.is_cd());  // the commands did something
    // Taking the disc out stops a format that goes on in the background.
    auto taken = drive.remove_disc();
    const Layout in_memory = taken->layout();
    taken.reset();
    const auto reloaded = Disc::open_file(path);
    ASSERT_TRUE(reloaded.has_value()) << reloaded.error().message;
    EXPECT_TRUE((*reloaded)->layout() == in_memory);
  }
}

INSTANTIATE_TEST_SUITE_P(Media, RandomCommands,
                         ::testing::Values("cd-r-21", "cd-rw-21", "dvd-rw", "dvd-ram", "dvd+rw",
                                           "bd-re-25"));

}  // namespace
}  // namespace simdrive
