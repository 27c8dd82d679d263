// The commands of the program simdrive: discs in every state, pressed discs, damage, exports.
#include <algorithm>
#include <fstream>
#include <sstream>

#include "simdrive/cli/commands.h"
#include "simdrive/cli/disc_states.h"
#include "tests/unit/simdrive/bench_drive.h"
#include "tests/unit/simdrive/temporary_folder.h"

namespace simdrive {
namespace {

using testing_support::Bytes;
using testing_support::pattern;
using testing_support::TemporaryFolder;

constexpr std::size_t kBlock = 2048;

class DiscProgram : public ::testing::Test {
 protected:
  std::string path(const std::string& name) { return folder_ / name; }
  Console console() { return {out_, err_, false}; }
  std::string said() { return out_.str() + err_.str(); }
  ExitStatus create(const std::string& name, const CreateOptions& options) {
    return run_create(console(), path(name), options);
  }
  void write_file(const std::string& name, const Bytes& bytes) {
    std::ofstream file(path(name), std::ios::binary);
    for (const std::byte byte : bytes) file.put(static_cast<char>(byte));
  }
  Bytes read_file(const std::string& name) {
    std::ifstream file(path(name), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    const std::string characters = text.str();
    Bytes bytes(characters.size());
    std::ranges::transform(characters, bytes.begin(),
                           [](char c) { return static_cast<std::byte>(c); });
    return bytes;
  }

 private:
  TemporaryFolder folder_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(DiscProgram, EveryStateOfEveryMediumCanBeMadeAndOpened) {
  for (const Medium& medium : all_media()) {
    for (const std::string& state : states_of(medium.kind)) {
      const auto made = layout_in_state(medium, state);
      ASSERT_TRUE(made.has_value()) << medium.name << " " << state;
      EXPECT_TRUE(made->check_invariants().has_value());
      std::filesystem::remove(path("a.disc"));
      ASSERT_EQ(create("a.disc", {.medium = std::string(medium.name), .state = state}),
                ExitStatus::kDone)
          << said();
      const auto disc = Disc::open_file(path("a.disc"));
      ASSERT_TRUE(disc.has_value()) << medium.name << " " << state;
      EXPECT_TRUE((*disc)->layout() == *made);
    }
  }
}

TEST_F(DiscProgram, StateThatDoesNotFitTheMediumIsWrongUsageAndNamesThoseThatDo) {
  EXPECT_EQ(create("a.disc", {.medium = "bd-re-25", .state = "blank"}), ExitStatus::kWrongUsage);
  EXPECT_NE(said().find("unformatted formatted formatted-no-spares"), std::string::npos) << said();
  EXPECT_FALSE(std::filesystem::exists(path("a.disc")));
  EXPECT_EQ(create("a.disc", {.medium = "cd-r-80", .state = "formatted"}), ExitStatus::kWrongUsage);
  EXPECT_EQ(create("a.disc", {.medium = "cd-rom", .state = "blank"}), ExitStatus::kWrongUsage);
}

TEST_F(DiscProgram, PressedDiscHoldsItsImageInWholeBlocks) {
  Bytes image = pattern(0, 700);
  image.resize(image.size() - 100);
  write_file("x.iso", image);
  for (const char* medium : {"cd-rom", "dvd-rom", "bd-rom"}) {
    std::filesystem::remove(path("a.disc"));
    ASSERT_EQ(create("a.disc", {.medium = medium, .image = path("x.iso")}), ExitStatus::kDone)
        << said();
    const auto disc = Disc::open_file(path("a.disc"));
    ASSERT_TRUE(disc.has_value());
    EXPECT_EQ((*disc)->layout().capacity(), BlockCount{700});
    Bytes pressed(700 * kBlock);
    ASSERT_TRUE((*disc)->read_recorded(Lba{0}, pressed).has_value());
    Bytes expected = image;
    expected.resize(pressed.size());
    EXPECT_EQ(pressed, expected);
  }
}

TEST_F(DiscProgram, PressingWantsAnImageThatFits) {
  EXPECT_EQ(create("a.disc", {.medium = "cd-rom"}), ExitStatus::kWrongUsage);
  EXPECT_NE(said().find("--image"), std::string::npos);
  EXPECT_EQ(create("a.disc", {.medium = "cd-rom", .image = path("absent.iso")}),
            ExitStatus::kRefused);
  write_file("empty.iso", {});
  EXPECT_EQ(create("a.disc", {.medium = "cd-rom", .image = path("empty.iso")}),
            ExitStatus::kWrongUsage);
  std::filesystem::resize_file(path("empty.iso"), std::uintmax_t{1} << 30U);
  EXPECT_NE(create("a.disc", {.medium = "cd-rom", .image = path("empty.iso")}), ExitStatus::kDone);
  EXPECT_NE(said().find("holds"), std::string::npos);
  write_file("x.iso", pattern(0));
  EXPECT_EQ(create("a.disc", {.medium = "cd-r-80", .image = path("x.iso")}),
            ExitStatus::kWrongUsage);
  EXPECT_FALSE(std::filesystem::exists(path("a.disc")));
}

// A program that is killed while it presses leaves no disc that could be taken for a whole one.
TEST_F(DiscProgram, HalfPressedDiscCountsAsDamaged) {
  const Layout layout = Layout::pressed(*find_medium("cd-rom"), BlockCount{400});
  {
    auto disc = Disc::begin_pressing(path("half.disc"), layout);
    ASSERT_TRUE(disc.has_value());
    ASSERT_TRUE((*disc)->press(Lba{0}, pattern(0, 10)).has_value());
  }
  const auto reopened = Disc::open_file(path("half.disc"));
  ASSERT_FALSE(reopened.has_value());
  EXPECT_EQ(reopened.error().code, pregroove::ErrorCode::kCorruptFile);
}

TEST_F(DiscProgram, DiscIsNeverExportedOverItself) {
  ASSERT_EQ(create("a.disc", {.medium = "dvd+rw", .state = "formatted"}), ExitStatus::kDone);
  EXPECT_EQ(run_export(console(), path("a.disc"), path("a.disc"), {.overwrite = true}),
            ExitStatus::kRefused);
  EXPECT_TRUE(Disc::open_file(path("a.disc")).has_value());
}

TEST_F(DiscProgram, SeveralMayLookAtADiscThatNobodyChanges) {
  ASSERT_EQ(create("a.disc", {.medium = "cd-r-80"}), ExitStatus::kDone);
  {
    const auto reader = Disc::open_file(path("a.disc"), Access::kReadOnly);
    ASSERT_TRUE(reader);
    EXPECT_EQ(run_info(console(), path("a.disc")), ExitStatus::kDone);
    EXPECT_EQ(Disc::open_file(path("a.disc")).error().code, pregroove::ErrorCode::kBusy);
  }
  const auto recorder = Disc::open_file(path("a.disc"));
  ASSERT_TRUE(recorder);
  EXPECT_EQ(run_info(console(), path("a.disc")), ExitStatus::kRefused);
}

TEST_F(DiscProgram, ADiscIsReadFromAFileThatCannotBeWritten) {
  ASSERT_EQ(create("a.disc", {.medium = "cd-r-80"}), ExitStatus::kDone);
  const auto disc = Disc::open_file(path("a.disc"), Access::kReadOnly);
  ASSERT_TRUE(disc);
  const std::vector<std::byte> block(pregroove::kBlockSize);
  EXPECT_FALSE((*disc)->write(Lba{0}, block, {}));
}

TEST_F(DiscProgram, DamageIsDoneShownAndTakenAway) {
  write_file("x.iso", pattern(0, 100));
  ASSERT_EQ(create("a.disc", {.medium = "dvd-rom", .image = path("x.iso")}), ExitStatus::kDone);
  const std::string disc = path("a.disc");
  EXPECT_EQ(run_damage(console(), disc, {.blocks = {"10-19", "50"}, .tracks = {1}}),
            ExitStatus::kDone);
  EXPECT_NE(said().find("blocks 10 to 19"), std::string::npos) << said();
  EXPECT_NE(said().find("blocks 50 to 50"), std::string::npos);
  EXPECT_NE(said().find("damaged: track 1"), std::string::npos);
  EXPECT_EQ(Disc::open_file(disc).value()->layout().readable_run(Lba{0}, BlockCount{100}),
            BlockCount{10});
  EXPECT_EQ(run_damage(console(), disc, {.repair = true}), ExitStatus::kDone);
  EXPECT_EQ(Disc::open_file(disc).value()->layout().readable_run(Lba{0}, BlockCount{100}),
            BlockCount{100});
}

TEST_F(DiscProgram, DamageThatCannotBeIsRefusedAndChangesNothing) {
  write_file("x.iso", pattern(0, 100));
  ASSERT_EQ(create("a.disc", {.medium = "dvd-rom", .image = path("x.iso")}), ExitStatus::kDone);
  const std::string disc = path("a.disc");
  EXPECT_EQ(run_damage(console(), disc, {}), ExitStatus::kWrongUsage);
  for (const char* range :
       {"", "-", "a", "5-", "-1", "9-5", "100", "0-100", "1-2-3", "99999999999"})
    EXPECT_EQ(run_damage(console(), disc, {.blocks = {"1", range}}), ExitStatus::kRefused) << range;
  EXPECT_EQ(run_damage(console(), disc, {.tracks = {2}}), ExitStatus::kRefused);
  EXPECT_TRUE(Disc::open_file(disc).value()->layout().recording().damage.empty());
}

TEST_F(DiscProgram, ExportOfADiscThatCanBeWrittenAnywhereEndsBehindItsData) {
  ASSERT_EQ(create("a.disc", {.medium = "bd-re-25", .state = "formatted"}), ExitStatus::kDone);
  EXPECT_EQ(run_export(console(), path("a.disc"), path("o.iso"), {}), ExitStatus::kRefused);
  {
    auto disc = Disc::open_file(path("a.disc"));
    ASSERT_TRUE(disc.has_value());
    ASSERT_TRUE((*disc)->write(Lba{0}, pattern(5, 20), {}).has_value());
    ASSERT_TRUE((*disc)->write(Lba{900}, pattern(900, 3), {}).has_value());
    ASSERT_TRUE((*disc)->write(Lba{903}, Bytes(7 * kBlock), {}).has_value());
  }
  ASSERT_EQ(run_export(console(), path("a.disc"), path("o.iso"), {}), ExitStatus::kDone) << said();
  const Bytes image = read_file("o.iso");
  ASSERT_EQ(image.size(), 903 * kBlock);
  EXPECT_TRUE(std::equal(image.end() - 3 * kBlock, image.end(), pattern(900, 3).begin()));
  EXPECT_EQ(run_export(console(), path("a.disc"), path("p.iso"), {.session = 1}),
            ExitStatus::kRefused);
}

TEST_F(DiscProgram, ExportOfAnIsoVolumeHasTheSizeOfTheVolume) {
  ASSERT_EQ(create("a.disc", {.medium = "dvd+rw", .state = "formatted"}), ExitStatus::kDone);
  {
    auto disc = Disc::open_file(path("a.disc"));
    ASSERT_TRUE(disc.has_value());
    // ECMA-119 8.4: type 1, CD001, version 1; volume space size 300 at byte 80, both orders.
    Bytes descriptor(kBlock);
    const Bytes head = pregroove::testing_support::hex("01 43 44 30 30 31 01");
    const Bytes size = pregroove::testing_support::hex("2C 01 00 00 00 00 01 2C");
    std::ranges::copy(head, descriptor.begin());
    std::ranges::copy(size, descriptor.begin() + 80);
    ASSERT_TRUE((*disc)->write(Lba{16}, descriptor, {}).has_value());
    ASSERT_TRUE((*disc)->write(Lba{5000}, pattern(1), {}).has_value());
  }
  ASSERT_EQ(run_export(console(), path("a.disc"), path("o.iso"), {}), ExitStatus::kDone);
  EXPECT_EQ(std::filesystem::file_size(path("o.iso")), 300 * kBlock);
  ASSERT_EQ(run_export(console(), path("a.disc"), path("p.iso"), {.plain = true}),
            ExitStatus::kDone);
  EXPECT_EQ(std::filesystem::file_size(path("p.iso")), 5001 * kBlock);
}

}  // namespace
}  // namespace simdrive
