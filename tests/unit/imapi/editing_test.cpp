// What the stage has of earlier sessions is taken out, renamed, or taken from an older one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/imapi/desk.h"

namespace pregroove::imapi {
namespace {

using testing::HasSubstr;

class Editing : public testing::Test {
 protected:
  Editing() {
    desk.insert_blank();
    desk.burn_session({{"/a.txt", "a"}, {"/folder/b.txt", "b"}, {"/folder/c.txt", "c"}});
  }
  void record() {
    const auto report = desk.record();
    ASSERT_TRUE(report) << describe(report.error().cause);
  }
  Desk desk;
};

TEST_F(Editing, RemovesAndRenames) {
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.joliet.Remove("/folder/b.txt"));
  ASSERT_TRUE(desk.joliet.Rename("/a.txt", "/folder/z.txt"));
  ASSERT_TRUE(desk.joliet.Rename("/folder", "/other"));
  record();
  EXPECT_EQ(files_on(desk.disc()), (Files{{"/other/c.txt", "c"}, {"/other/z.txt", "a"}}));
  EXPECT_EQ(files_on(desk.disc(), 1).size(), 3U);
}

TEST_F(Editing, RefusesWhatIsNotThereAndWhatNoDiscCanHold) {
  EXPECT_FALSE(desk.joliet.Remove("/a.txt")) << "without a recorder";
  ASSERT_TRUE(desk.select());
  const BlockCount before = desk.joliet.GetUsedDataBlocks().value();
  EXPECT_FALSE(desk.joliet.Remove("/x"));
  EXPECT_FALSE(desk.joliet.Rename("/a.txt", "/folder/b.txt"));
  const auto refused = desk.joliet.Rename("/a.txt", "/" + std::string(111, 'x'));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().cause.message, HasSubstr("xxx"));
  EXPECT_EQ(desk.joliet.GetUsedDataBlocks().value(), before);
  EXPECT_EQ(code_of(desk.record()), ResultCode::IMAPI_E_INVALIDIMAGE)
      << "what was refused is no change";
}

TEST_F(Editing, GoesBackToChangePoints) {
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.add("/d.txt", "d"));
  EXPECT_EQ(desk.joliet.LockInChangePoint().value_or(0), 1);
  ASSERT_TRUE(desk.joliet.Remove("/folder"));
  EXPECT_EQ(desk.joliet.LockInChangePoint().value_or(0), 2);
  ASSERT_TRUE(desk.joliet.Remove("/d.txt"));
  EXPECT_EQ(code_of(desk.joliet.RollbackToChangePoint(3)), ResultCode::E_INVALIDARG);
  EXPECT_EQ(code_of(desk.joliet.RollbackToChangePoint(0)), ResultCode::E_INVALIDARG);
  ASSERT_TRUE(desk.joliet.RollbackToChangePoint(1));
  EXPECT_EQ(code_of(desk.joliet.RollbackToChangePoint(2)), ResultCode::E_INVALIDARG)
      << "it came later";
  ASSERT_TRUE(desk.joliet.RollbackToChangePoint(1));
  record();
  EXPECT_EQ(
      files_on(desk.disc()),
      (Files{{"/a.txt", "a"}, {"/d.txt", "d"}, {"/folder/b.txt", "b"}, {"/folder/c.txt", "c"}}));
}

TEST_F(Editing, ChangePointsEndWithTheSelection) {
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.joliet.LockInChangePoint());
  ASSERT_TRUE(desk.select());
  EXPECT_EQ(code_of(desk.joliet.RollbackToChangePoint(1)), ResultCode::E_INVALIDARG);
}

TEST_F(Editing, TakesOverAnOlderSession) {
  desk.burn_session({{"/a.txt", "newer"}, {"/d.txt", "d"}});
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.joliet.TakeOverSession(1));
  EXPECT_THAT(desk.master.session_mode_reason(), HasSubstr("files of session 1"));
  record();
  EXPECT_EQ(files_on(desk.disc()), files_on(desk.disc(), 1));
  EXPECT_EQ(files_on(desk.disc(), 2).at("/a.txt"), "newer");
}

TEST_F(Editing, TakesOverNoSessionThatIsNotThere) {
  ASSERT_TRUE(desk.select());
  EXPECT_FALSE(desk.joliet.TakeOverSession(2));
  EXPECT_EQ(desk.master.session_mode(), SessionMode::kMulti);
  ASSERT_TRUE(desk.add("/d.txt", "d"));
  record();
  EXPECT_EQ(files_on(desk.disc()).size(), 4U) << "the selection was as it had been";

  Desk blank;
  blank.insert_blank();
  ASSERT_TRUE(blank.select());
  EXPECT_EQ(code_of(blank.joliet.TakeOverSession(1)), ResultCode::IMAPI_E_MEDIUM_INVALIDTYPE);
}

}  // namespace
}  // namespace pregroove::imapi
