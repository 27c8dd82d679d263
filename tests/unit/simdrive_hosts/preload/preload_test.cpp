// A program that knows nothing of simdrive (device_probe) on a served drive.
#include <gtest/gtest.h>

#include <array>
#include <fstream>

#include "simdrive/hosts/preload/preload_environment.h"
#include "simdrive/hosts/preload/preload_server.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"

namespace simdrive::hosts::preload {
namespace {

using pregroove::kBlockSize;
using pregroove::testing_support::ScratchFolder;

constexpr std::size_t kBlocks = 700;

// As device_probe expects it.
std::byte pattern(std::uint64_t offset) {
  return static_cast<std::byte>((offset / kBlockSize * 7) + (offset % 251));
}

class PreloadTest : public testing::Test {
 protected:
  // A new disc of this kind, bare or as `prepare` leaves it.
  void insert(const std::string& medium) {
    insert(*Disc::create_file(next_file(), layout(medium)));
  }
  void insert_pressed(const std::string& medium) {
    auto disc = *Disc::begin_pressing(next_file(),
                                      Layout::pressed(*find_medium(medium), BlockCount{kBlocks}));
    std::vector<std::byte> data(kBlocks * kBlockSize);
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = pattern(i);
    ASSERT_TRUE(disc->press(Lba{0}, data));
    ASSERT_TRUE(disc->commit(Layout(disc->layout())));
    insert(std::move(disc));
  }
  void insert(std::unique_ptr<Disc> disc) {
    disc_ = disc.get();
    drive().with_drive([&](Drive& inside) { inside.insert(std::move(disc)); });
  }
  static Layout layout(const std::string& medium) { return Layout(*find_medium(medium)); }

  ServedDrive& drive() {
    if (!drive_) drive_ = *ServedDrive::open({});
    return *drive_;
  }
  PreloadServer& server() {
    if (!server_) {
      auto listening = PreloadServer::listen(drive());
      EXPECT_TRUE(listening) << listening.error().message;
      server_ = *std::move(listening);
    }
    return *server_;
  }
  Disc& disc() { return *disc_; }

  // Of whole blocks: there is nothing to pad.
  void close_session(bool another_may_follow) {
    Layout next = disc().layout();
    ASSERT_TRUE(next.finish_track(static_cast<int>(next.tracks().size())));
    ASSERT_TRUE(next.close_session(another_may_follow, SessionFormat::kCdRom));
    ASSERT_TRUE(disc().commit(std::move(next)));
  }

  void expect_passes(const std::string& name) {
    const auto environment = environment_for(server().socket(), server().folder());
    ASSERT_TRUE(environment) << environment.error().message;
    const auto result =
        pregroove::testing_support::run({DEVICE_PROBE, name}, {.environment = *environment});
    EXPECT_EQ(result.exit_status, 0) << name << ", signal " << result.signal << ": " << result.err;
  }

 private:
  std::string next_file() { return folder_.path(std::to_string(++files_) + ".disc"); }

  ScratchFolder folder_;
  int files_ = 0;
  std::unique_ptr<ServedDrive> drive_;
  std::unique_ptr<PreloadServer> server_;
  Disc* disc_ = nullptr;
};

class PressedDisc : public PreloadTest, public testing::WithParamInterface<const char*> {};

TEST_P(PressedDisc, IsSeenAsByAKernel) {
  insert_pressed("cd-rom");
  expect_passes(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Preload, PressedDisc,
    testing::Values("stat-family", "statx", "paths", "open-family", "truncation", "duplicates",
                    "forked", "executed", "closed-under-it", "exclusive-block", "exclusive-generic",
                    "record-locks", "capability-text", "others-untouched", "data-in", "scattered",
                    "data-out", "to-and-from", "sense-data", "padded-cdbs", "refusals", "large",
                    "packets", "in-threads", "in-handlers", "table-of-contents", "disc", "sectors",
                    "block-layer", "generic", "tray", "reads", "reads-at-offsets", "through-paths",
                    "mapped", "sent", "not-writable", "waits"),
    [](const auto& name) {
      std::string words(name.param);
      std::erase(words, '-');
      return words;
    });

TEST_F(PreloadTest, ReportsCommandsThatTakeLongerThanTheirTimeOut) {
  insert("cd-rw-80");
  expect_passes("timed-out");
}

TEST_F(PreloadTest, SaysThatADriveWithoutPowerCannotBeReached) {
  insert_pressed("cd-rom");
  static_cast<void>(server());
  drive().cut_power();
  expect_passes("without-power");
}

TEST_F(PreloadTest, HasNoMediumInAnEmptyDrive) { expect_passes("no-disc"); }

TEST_F(PreloadTest, HidesTheUnitAttentionOfANewDiscFromWhoOpensTheDevice) {
  insert_pressed("cd-rom");
  static_cast<void>(server());
  insert_pressed("cd-rom");
  expect_passes("after-loading");
}

TEST_F(PreloadTest, TellsWhereTheLastSessionIs) {
  insert("cd-r-80");
  std::vector<std::byte> data(300 * kBlockSize);
  for (const Lba start : {Lba{0}, Lba{11'702}}) {
    ASSERT_TRUE(disc().write(start, data, {}));
    close_session(true);
  }
  expect_passes("second-session");
}

TEST_F(PreloadTest, ReadsAudio) {
  insert("cd-r-80");
  const WriteMode audio{.format = SectorFormat::kAudio, .control = 0};
  const HostBlock block{.format = SectorFormat::kAudio, .main_bytes = 2352};
  const std::vector<std::byte> data(std::size_t{400} * 2352, std::byte{0x11});
  ASSERT_TRUE(disc().write_blocks(Lba{0}, data, block, audio));
  close_session(false);
  expect_passes("audio");
}

// CD-ROM XA, forms mixed (data block type 13): kept as sectors, not as user data.
TEST_F(PreloadTest, GivesStreamsBlocksThatAreKeptAsSectors) {
  insert(Disc::in_memory(layout("cd-r-80")));
  constexpr std::size_t kSubHeader = 8;
  const HostBlock block = host_block(13).value_or(HostBlock{});
  std::vector<std::byte> data(400 * block.size());
  for (std::size_t i = 0; i < 400 * kBlockSize; ++i)
    data[(i / kBlockSize * block.size()) + kSubHeader + (i % kBlockSize)] = pattern(i);
  const WriteMode mixed{.format = block.format, .session_format = SessionFormat::kCdRomXa};
  ASSERT_TRUE(disc().write_blocks(Lba{0}, data, block, mixed));
  close_session(false);
  ASSERT_EQ(disc().end_of_user_data(), Lba{0});
  expect_passes("streamed");
}

TEST_F(PreloadTest, TellsOfTheStructuresOfADvd) {
  insert_pressed("dvd-rom");
  expect_passes("dvd-structures");
}

TEST_F(PreloadTest, FailsWhereTheDiscIsDamaged) {
  insert_pressed("cd-rom");
  Layout scratched = disc().layout();
  scratched.damage_blocks({.start = Lba{20}, .end = Lba{21}});
  ASSERT_TRUE(disc().commit(std::move(scratched)));
  expect_passes("damaged");
}

TEST_F(PreloadTest, WritesWhereLinuxWrites) {
  insert("dvd-ram");
  expect_passes("written");
  std::vector<std::byte> block(kBlockSize);
  ASSERT_TRUE(disc().read_recorded(Lba{5}, block));
  EXPECT_EQ(block[0], pattern(5 * kBlockSize));
}

TEST_F(PreloadTest, ReadsWhatACommandHasWritten) {
  insert("dvd-ram");
  expect_passes("read-after-command");
}

// The library is loaded into programs of every kind.
TEST(PreloadLibrary, IsFoundFromTheBuildTree) {
  const auto library = find_library();
  ASSERT_TRUE(library) << library.error().message;
  std::ifstream file(*library, std::ios::binary);
  std::array<char, 4> magic{};
  file.read(magic.data(), magic.size());
  EXPECT_EQ(std::string(magic.data(), magic.size()),
            "\x7F"
            "ELF");
}

TEST(PreloadLibrary, KeepsTheLibrariesThatAreThere) {
  ASSERT_EQ(::setenv("LD_PRELOAD", "/somewhere/other.so", 1), 0);
  const auto environment = environment_for("/a/socket", "/a");
  ::unsetenv("LD_PRELOAD");
  ASSERT_TRUE(environment);
  EXPECT_EQ(environment->front(), "LD_PRELOAD=/somewhere/other.so:" + *find_library());
}

}  // namespace
}  // namespace simdrive::hosts::preload
