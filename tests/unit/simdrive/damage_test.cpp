// Damage lies over what is recorded, and can be taken away.
#include <functional>

#include "tests/unit/simdrive/conformance/states.h"
#include "tests/unit/simdrive/temporary_folder.h"

namespace simdrive {
namespace {

using pregroove::SenseCode;
using testing_support::Answer;
using testing_support::BenchDrive;
using testing_support::Bytes;
using testing_support::pattern;

constexpr SenseCode kUnreadable{3, 0x11, 0x05};

void damage(BenchDrive& bench, const std::function<void(Layout&)>& change) {
  Layout layout = bench.disc().layout();
  change(layout);
  ASSERT_TRUE(layout.check_invariants().has_value());
  ASSERT_TRUE(bench.disc().commit(layout).has_value());
}

TEST(Damage, MakesBlocksUnreadableAndNamesTheFirst) {
  BenchDrive bench("dvd-rom");
  damage(bench, [](Layout& layout) { layout.damage_blocks({Lba{20}, Lba{24}}); });
  const Answer answer = bench.read(16, 16);
  EXPECT_EQ(answer.sense, kUnreadable);
  EXPECT_EQ(answer.information, Lba{20});
  EXPECT_EQ(answer.data, pattern(16, 4));
  EXPECT_EQ(bench.read(23, 1).sense, kUnreadable);
  EXPECT_EQ(bench.read(24, 1).data, pattern(24));
  // The truth is as it was.
  Bytes truth(std::size_t{16} * 2048);
  ASSERT_TRUE(bench.disc().read_recorded(Lba{16}, truth).has_value());
  EXPECT_EQ(truth, pattern(16, 16));
}

TEST(Damage, IsGoneAfterARepair) {
  BenchDrive bench("dvd-rom");
  damage(bench, [](Layout& layout) { layout.damage_blocks({Lba{0}, Lba{1000}}); });
  EXPECT_EQ(bench.read(0, 1).sense, kUnreadable);
  damage(bench, [](Layout& layout) { layout.remove_damage(); });
  EXPECT_EQ(bench.read(0, 1).data, pattern(0));
}

TEST(Damage, RangesThatTouchBecomeOne) {
  Layout layout = Layout::pressed(*find_medium("cd-rom"), BlockCount{1000});
  layout.damage_blocks({Lba{10}, Lba{20}});
  layout.damage_blocks({Lba{40}, Lba{50}});
  layout.damage_blocks({Lba{15}, Lba{40}});
  EXPECT_EQ(layout.recording().damage.unreadable, (std::vector<Extent>{{Lba{10}, Lba{50}}}));
}

TEST(Damage, OfTheLastTrackShowsInTrackAndDiscInformation) {
  BenchDrive bench;
  ASSERT_NO_FATAL_FAILURE(prepare_state(bench, "open-track"));
  damage(bench, [](Layout& layout) { layout.damage_track(1); });
  EXPECT_EQ(bench.receive("52 01 00 00 00 01 00 00 24 00", 36).number(5, 1) & 0x20U, 0x20U);
  EXPECT_EQ(bench.receive("51 00 00 00 00 00 00 00 22 00", 34).number(2, 1) & 0x0CU, 0x08U);
}

TEST(Damage, OutlivesTheProgramAndABlank) {
  const testing_support::TemporaryFolder folder;
  {
    auto disc = Disc::create_file(folder / "a.disc", *find_medium("cd-rw-21"));
    ASSERT_TRUE(disc.has_value());
    Layout layout = (*disc)->layout();
    layout.record_write(Lba{0}, BlockCount{300}, {});
    ASSERT_TRUE(layout.finish_track(1).has_value());
    layout.damage_blocks({Lba{3}, Lba{5}});
    layout.damage_track(1);
    ASSERT_TRUE((*disc)->commit(layout).has_value());
  }
  const auto disc = Disc::open_file(folder / "a.disc");
  ASSERT_TRUE(disc.has_value());
  const Damage expected{.unreadable = {{Lba{3}, Lba{5}}}, .tracks = {1}};
  EXPECT_TRUE((*disc)->layout().recording().damage == expected);
  Layout blanked = (*disc)->layout();
  ASSERT_TRUE(blanked.blank(0, 0).has_value());
  EXPECT_TRUE(blanked.recording().damage.tracks.empty());
  EXPECT_EQ(blanked.recording().damage.unreadable, expected.unreadable);
}

}  // namespace
}  // namespace simdrive
