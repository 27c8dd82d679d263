// What a burn that died leaves behind, and how the next one carries on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/imapi/desk.h"

namespace pregroove::imapi {
namespace {

using testing::HasSubstr;

constexpr std::byte kWrite10{0x2A};
constexpr std::byte kSynchronizeCache{0x35};
constexpr std::byte kCloseTrackSession{0x5B};

// The plug is pulled before the n-th (from 1) command with this operation code.
struct Death {
  const char* name;
  std::byte operation;
  int occurrence;
};

void die_at(Desk& desk, const Death& death) {
  desk.device->before = [&desk, death, seen = 0](const scsi::Command& command) mutable {
    if (command.cdb[0] == death.operation && ++seen == death.occurrence)
      desk.device->drive().unplug();
  };
}

void repair(Desk& desk) {
  desk.device->before = nullptr;
  desk.device->plug_in_again();
}

const std::string kLong(500'000, 'n');
const Files kOld{{"/old.txt", "old"}};
const Files kMerged{{"/old.txt", "old"}, {"/new.txt", kLong}};

// One session, and after it what an append left that died there.
void leave_a_dead_append(Desk& desk, const Death& death, const std::string& path = "/dead.txt") {
  desk.insert_blank();
  desk.burn_session(kOld);
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.add(path, kLong));
  die_at(desk, death);
  EXPECT_FALSE(desk.record());
  repair(desk);
}

class KilledBurn : public testing::TestWithParam<Death> {};

TEST_P(KilledBurn, CanBeRepeatedAtOnceFromTheKeptStage) {
  Desk desk;
  desk.insert_blank();
  desk.burn_session(kOld);
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.add("/new.txt", kLong));
  die_at(desk, GetParam());
  EXPECT_EQ(name_of(code_of(desk.record())), "IMAPI_E_DEVICE_NOTPRESENT");
  repair(desk);
  EXPECT_EQ(files_on(desk.disc(), 1), kOld);
  const auto report = desk.record();
  ASSERT_TRUE(report) << describe(report.error().cause);
  EXPECT_EQ(files_on(desk.disc()), kMerged);
  EXPECT_TRUE(desk.disc().check_invariants());
}

TEST_P(KilledBurn, IsNeverTakenForTheNewestSession) {
  Desk desk;
  leave_a_dead_append(desk, GetParam());
  // Another client: it knows nothing of the burn that died.
  desk.burn_session({{"/new.txt", kLong}});
  EXPECT_EQ(files_on(desk.disc()), kMerged);
}

TEST_P(KilledBurn, OnABlankDiscCanBeRepeated) {
  Desk desk;
  desk.insert_blank();
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.add("/new.txt", kLong));
  die_at(desk, GetParam());
  EXPECT_FALSE(desk.record());
  repair(desk);
  const auto report = desk.record();
  ASSERT_TRUE(report) << describe(report.error().cause);
  EXPECT_EQ(files_on(desk.disc()), (Files{{"/new.txt", kLong}}));
}

TEST_P(KilledBurn, LeavesADiscThatAnotherClientCanUse) {
  Desk desk;
  desk.insert_blank();
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.add("/dead.txt", kLong));
  die_at(desk, GetParam());
  EXPECT_FALSE(desk.record());
  repair(desk);
  desk.burn_session({{"/new.txt", kLong}});
  EXPECT_EQ(files_on(desk.disc()), (Files{{"/new.txt", kLong}}));
}

// 64 KiB to a command: the image has at least 300 blocks, nine commands and a little.
constexpr Death kDeaths[] = {
    {"AtTheFirstWrite", kWrite10, 1},
    {"AfterTheDescriptors", kWrite10, 2},
    {"InTheMiddle", kWrite10, 5},
    {"AtTheFlush", kSynchronizeCache, 1},
};
INSTANTIATE_TEST_SUITE_P(Imapi, KilledBurn, testing::ValuesIn(kDeaths),
                         [](const auto& tested) { return std::string(tested.param.name); });

// All of the image is on the disc, and only the session was left open: what is closed by the next
// burn is whole, so that its files stay.
TEST(KilledAtTheClose, KeepsTheFilesOfAnImageThatWasWrittenToItsEnd) {
  Desk desk;
  desk.insert_blank();
  desk.burn_session(kOld);
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.add("/new.txt", kLong));
  die_at(desk, {"", kCloseTrackSession, 1});
  EXPECT_FALSE(desk.record());
  repair(desk);
  const auto report = desk.record();
  ASSERT_TRUE(report) << describe(report.error().cause);
  EXPECT_EQ(files_on(desk.disc()), kMerged);
}

TEST(DeadSession, ThatWasClosedIsPassedOverWithTheReason) {
  Desk desk;
  leave_a_dead_append(desk, {"", kWrite10, 5});
  // The repetition dies, too, after it has closed what the first one left.
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.add("/dead.txt", kLong));
  die_at(desk, {"", kWrite10, 5});
  EXPECT_FALSE(desk.record());
  repair(desk);
  ASSERT_EQ(desk.disc().layout().closed_sessions(), 2);

  ASSERT_TRUE(desk.select());
  EXPECT_EQ(desk.master.session_mode(), SessionMode::kMulti);
  EXPECT_THAT(desk.master.session_mode_reason(), HasSubstr("session 2 was passed over"));
  EXPECT_THAT(desk.master.session_mode_reason(), HasSubstr("session 1"));
  ASSERT_TRUE(desk.add("/new.txt", kLong));
  ASSERT_TRUE(desk.record());
  EXPECT_EQ(files_on(desk.disc()), kMerged);
}

TEST(DeadSession, IsShownInThePreviewAndClosedFirst) {
  Desk desk;
  leave_a_dead_append(desk, {"", kWrite10, 5}, "/new.txt");
  const auto before = desk.disc().layout();
  const auto preview = desk.master.PreviewRecordDisc(false, false);
  ASSERT_TRUE(preview);
  ASSERT_EQ(preview->plans.size(), 2U);
  EXPECT_EQ(desk.disc().layout(), before);
  const auto report = desk.record();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->session_start, preview->plans.back().target.start);
  EXPECT_EQ(report->session_number, preview->plans.back().target.session_number);
}

TEST(DeadSession, CannotBeClosedInASimulation) {
  Desk desk;
  leave_a_dead_append(desk, {"", kWrite10, 5}, "/new.txt");
  const auto before = desk.disc().layout();
  EXPECT_EQ(code_of(desk.master.RecordDisc(true, false)), ResultCode::IMAPI_E_MEDIUM_INVALIDTYPE);
  EXPECT_EQ(desk.disc().layout(), before);
}

}  // namespace
}  // namespace pregroove::imapi
