// Automatic multi-session mode (imapi.md 7.1), and how it is left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/medium/session_cost.h"
#include "simdrive/disc/medium.h"
#include "tests/unit/imapi/desk.h"

namespace pregroove::imapi {
namespace {

using testing::HasSubstr;

TEST(MultiSession, BlankDiscMeansSingleSessionMode) {
  Desk desk;
  desk.insert_blank();
  ASSERT_TRUE(desk.select());
  EXPECT_EQ(desk.master.session_mode(), SessionMode::kSingle);
  EXPECT_THAT(desk.master.session_mode_reason(), HasSubstr("blank"));
}

TEST(MultiSession, IsEnteredUnaskedAndKeepsEarlierFiles) {
  Desk desk;
  desk.insert_blank();
  desk.burn_session({{"/one.txt", "first"}, {"/folder/deep.txt", "deep"}});
  ASSERT_TRUE(desk.select());
  EXPECT_EQ(desk.master.session_mode(), SessionMode::kMulti);
  ASSERT_TRUE(desk.add("/folder/two.txt", "second"));
  const auto report = desk.record();
  ASSERT_TRUE(report) << describe(report.error().cause);
  EXPECT_EQ(report->session_number, 2);
  EXPECT_EQ(
      files_on(desk.disc()),
      (Files{{"/one.txt", "first"}, {"/folder/deep.txt", "deep"}, {"/folder/two.txt", "second"}}));
  EXPECT_EQ(files_on(desk.disc(), 1), (Files{{"/one.txt", "first"}, {"/folder/deep.txt", "deep"}}));
}

TEST(MultiSession, ReplacesAFileOnlyWhenAsked) {
  Desk desk;
  desk.insert_blank();
  desk.burn_session({{"/a.txt", "old"}});
  ASSERT_TRUE(desk.select());
  EXPECT_EQ(code_of(desk.add("/a.txt", "new", false)), ResultCode::IMAPI_E_FILEEXISTS);
  ASSERT_TRUE(desk.add("/a.txt", "new", true));
  ASSERT_TRUE(desk.record());
  EXPECT_EQ(files_on(desk.disc()), (Files{{"/a.txt", "new"}}));
  EXPECT_EQ(files_on(desk.disc(), 1), (Files{{"/a.txt", "old"}}));
}

TEST(MultiSession, KeepsTheLabelOfTheDiscUnlessAnotherIsGiven) {
  Desk desk;
  desk.insert_blank();
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.joliet.SetJolietProperties({{kVolumeName, std::string("Holidays")}}));
  ASSERT_TRUE(desk.add("/a.txt", "a"));
  ASSERT_TRUE(desk.record());
  ASSERT_TRUE(desk.master.Close());
  ASSERT_TRUE(desk.select());
  const auto properties = desk.joliet.GetJolietProperties();
  ASSERT_TRUE(properties);
  EXPECT_EQ(properties->at(kVolumeName), PropertyValue(std::string("Holidays")));
}

TEST(MultiSession, ClearFormatContentLeavesItAndSelectingReturns) {
  Desk desk;
  desk.insert_blank();
  desk.burn_session({{"/one.txt", "first"}});
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.master.ClearFormatContent());
  EXPECT_EQ(desk.master.session_mode(), SessionMode::kSingle);
  ASSERT_TRUE(desk.add("/one.txt", "not the old one"));
  const auto before = desk.disc().layout();
  EXPECT_EQ(code_of(desk.record()), ResultCode::IMAPI_E_MEDIUM_INVALIDTYPE);
  EXPECT_EQ(desk.disc().layout(), before);
  ASSERT_TRUE(desk.select());
  EXPECT_EQ(desk.master.session_mode(), SessionMode::kMulti);
  EXPECT_EQ(code_of(desk.add("/one.txt", "again")), ResultCode::IMAPI_E_FILEEXISTS);
}

TEST(MultiSession, ClearedContentGoesToABlankDisc) {
  Desk desk;
  desk.insert_blank();
  desk.burn_session({{"/one.txt", "first"}});
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.master.ClearFormatContent());
  ASSERT_TRUE(desk.add("/two.txt", "second"));
  desk.insert_blank();
  ASSERT_TRUE(desk.record());
  EXPECT_EQ(files_on(desk.disc()), (Files{{"/two.txt", "second"}}));
}

TEST(MultiSession, SettingTheFormatClearsTheStageAndLeavesIt) {
  Desk desk;
  desk.insert_blank();
  desk.burn_session({{"/one.txt", "first"}});
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.add("/two.txt", "second"));
  ASSERT_TRUE(desk.master.SetActiveDiscMasterFormat(DiscMasterFormat::kJoliet));
  EXPECT_EQ(desk.master.session_mode(), SessionMode::kSingle);
  EXPECT_EQ(code_of(desk.record()), ResultCode::IMAPI_E_INVALIDIMAGE);
}

// A disc that can be continued, but holds nothing that could be taken over.
TEST(MultiSession, StaysOffWhenNoSessionCanBeImported) {
  Desk desk;
  const simdrive::Medium& medium = *simdrive::find_medium("cd-r-80");
  simdrive::Track track{.number = 1, .session = 1, .state = simdrive::TrackState::kComplete};
  track.recorded = BlockCount{300};
  auto layout = simdrive::Layout::restored(
      medium, {.tracks = {track}, .closed_sessions = {simdrive::ClosedSession{}}});
  ASSERT_TRUE(layout);
  desk.device->drive().insert(simdrive::Disc::in_memory(*std::move(layout)));
  ASSERT_TRUE(desk.select());
  EXPECT_EQ(desk.master.session_mode(), SessionMode::kSingle);
  EXPECT_THAT(desk.master.session_mode_reason(), HasSubstr("session 1"));
  ASSERT_TRUE(desk.add("/a.txt", "a"));
  EXPECT_EQ(code_of(desk.record()), ResultCode::IMAPI_E_MEDIUM_INVALIDTYPE);
}

// DESIGN.md section 2: what a session really costs, 11 400 sectors after the first and 6 900 after
// each later one.
TEST(Room, IsCountedInRealSectors) {
  Desk desk;
  desk.insert_blank();
  ASSERT_TRUE(desk.select());
  // The drive keeps the run-out free, and the engine once more, since not every drive does.
  const BlockCount capacity = simdrive::find_medium("cd-r-80")->capacity();
  BlockCount expected = capacity - medium::kRunOut - medium::kRunOut;
  EXPECT_EQ(desk.joliet.GetTotalDataBlocks().value(), expected);
  for (int session = 1; session <= 3; ++session) {
    ASSERT_TRUE(desk.add("/file" + std::to_string(session), "content"));
    const BlockCount image = desk.joliet.GetUsedDataBlocks().value();
    const auto report = desk.record();
    ASSERT_TRUE(report);
    EXPECT_EQ(report->written, image);
    ASSERT_TRUE(desk.select());
    expected -=
        image + medium::kRunOut + medium::gap_after_session(medium::MediumKind::kCdR, session);
    EXPECT_EQ(desk.joliet.GetTotalDataBlocks().value(), expected) << "after session " << session;
  }
  const auto sessions = desk.disc().sessions();
  EXPECT_EQ(sessions.at(1).start - sessions.at(0).lead_out_start, BlockCount{11'400});
  EXPECT_EQ(sessions.at(2).start - sessions.at(1).lead_out_start, BlockCount{6'900});
}

TEST(Room, OfSingleSessionModeIsThatOfABlankDisc) {
  Desk desk;
  desk.insert_blank();
  desk.burn_session({{"/one.txt", "first"}});
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.master.ClearFormatContent());
  EXPECT_EQ(desk.joliet.GetTotalDataBlocks().value(),
            simdrive::find_medium("cd-r-80")->capacity() - medium::kRunOut);
}

}  // namespace
}  // namespace pregroove::imapi
