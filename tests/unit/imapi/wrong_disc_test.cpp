// IMAPI_E_WRONGDISC: the disc that set multi-session mode must be the one that is written (imapi.md
// 7.1 M6), whenever it was swapped, and nothing is written to another one.
#include <gtest/gtest.h>

#include "tests/unit/imapi/desk.h"

namespace pregroove::imapi {
namespace {

constexpr std::byte kPreventAllow{0x1E};
constexpr std::byte kModeSelect{0x55};
constexpr std::byte kWrite10{0x2A};
constexpr std::byte kSendOpc{0x54};

std::unique_ptr<simdrive::Disc> disc_with(const Files& files) {
  Desk other;
  other.insert_blank();
  other.burn_session(files);
  return other.device->drive().remove_disc();
}

// A burn died on a blank disc of mine; then somebody puts in a disc of theirs, of the same make.
TEST(DiscAfterAFailedBurn, IsNotTakenForMineWhenItHoldsOtherFiles) {
  Desk desk;
  desk.insert_blank();
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.add("/new.txt", std::string(500'000, 'n')));
  desk.device->before = [&desk, writes = 0](const scsi::Command& command) mutable {
    if (command.cdb[0] == kWrite10 && ++writes == 5) desk.device->drive().unplug();
  };
  EXPECT_FALSE(desk.record());
  desk.device->before = nullptr;
  desk.device->plug_in_again();

  desk.device->drive().insert(disc_with({{"/theirs.txt", "theirs"}}));
  const auto theirs = desk.disc().layout();
  EXPECT_FALSE(desk.record());
  EXPECT_EQ(desk.disc().layout(), theirs);
  EXPECT_EQ(files_on(desk.disc()), (Files{{"/theirs.txt", "theirs"}}));
}

struct Continued : Desk {
  Continued() {
    insert_blank();
    burn_session({{"/old.txt", "old"}});
    EXPECT_TRUE(select());
    EXPECT_TRUE(add("/new.txt", "new"));
  }
};

// The disc goes into the drive right before the first command with this operation code: by then
// RecordDisc has looked at the right one.
struct Swap {
  const char* name;
  std::byte before;
};
class SwappedDuringRecordDisc : public testing::TestWithParam<Swap> {};

TEST_P(SwappedDuringRecordDisc, IsTheWrongDiscAndStaysUntouched) {
  Continued desk;
  auto other = disc_with({{"/old.txt", "old"}, {"/theirs.txt", "theirs"}});
  const auto other_before = other->layout();
  std::unique_ptr<simdrive::Disc> mine;
  desk.device->before = [&](const scsi::Command& command) {
    if (command.cdb[0] != GetParam().before || other == nullptr) return;
    mine = desk.device->drive().remove_disc();
    desk.device->drive().insert(std::move(other));
  };
  auto mine_before = desk.disc().layout();
  EXPECT_EQ(name_of(code_of(desk.record())), "IMAPI_E_WRONGDISC");
  ASSERT_NE(mine, nullptr) << "the disc was never swapped";
  EXPECT_EQ(desk.disc().layout(), other_before);
  // By then the laser was tried out, which uses up a piece of the calibration area.
  if (GetParam().before == kWrite10) ++mine_before.edit().calibrations;
  EXPECT_EQ(mine->layout(), mine_before);
  EXPECT_EQ(desk.log.lines.back(), "BurnComplete IMAPI_E_WRONGDISC");

  // The stage was kept, and the right disc is still welcome.
  desk.device->before = nullptr;
  desk.device->drive().insert(std::move(mine));
  ASSERT_TRUE(desk.record());
  EXPECT_EQ(files_on(desk.disc()), (Files{{"/old.txt", "old"}, {"/new.txt", "new"}}));
}

// Between the look at the disc and the lock of the tray; between the check under the lock and the
// set-up; and between the set-up and the first block.
constexpr Swap kSwaps[] = {
    {"BeforeTheLock", kPreventAllow},
    {"BeforeTheSetUp", kModeSelect},
    {"BeforeTheCalibration", kSendOpc},
    {"BeforeTheFirstWrite", kWrite10},
};
INSTANTIATE_TEST_SUITE_P(Imapi, SwappedDuringRecordDisc, testing::ValuesIn(kSwaps),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(WrongDisc, AfterSelectionIsNotTouchedAndTheRightOneIsTakenAgain) {
  Continued desk;
  auto mine = desk.device->drive().remove_disc();
  desk.device->drive().insert(disc_with({{"/theirs.txt", "theirs"}}));
  const auto before = desk.disc().layout();
  EXPECT_EQ(code_of(desk.record()), ResultCode::IMAPI_E_WRONGDISC);
  EXPECT_EQ(desk.disc().layout(), before);
  desk.device->drive().insert(std::move(mine));
  ASSERT_TRUE(desk.record());
  EXPECT_EQ(files_on(desk.disc()), (Files{{"/old.txt", "old"}, {"/new.txt", "new"}}));
}

// The very disc, but somebody else added a session to it meanwhile.
TEST(WrongDisc, IsAlsoTheSameDiscInAnotherState) {
  Continued desk;
  desk.burn_session({{"/meanwhile.txt", "meanwhile"}});
  const auto before = desk.disc().layout();
  EXPECT_EQ(code_of(desk.record()), ResultCode::IMAPI_E_WRONGDISC);
  EXPECT_EQ(desk.disc().layout(), before);
}

TEST(WrongDisc, IsNotTheSameDiscTakenOutAndPutBack) {
  Continued desk;
  desk.device->drive().insert(desk.device->drive().remove_disc());
  EXPECT_TRUE(desk.record());
}

}  // namespace
}  // namespace pregroove::imapi
