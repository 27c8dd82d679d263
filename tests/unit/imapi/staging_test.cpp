// AddData: all or nothing (imapi.md 3.3).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/burn/session_import.h"
#include "engine/drive/inspection.h"
#include "tests/unit/imapi/desk.h"

namespace pregroove::imapi {
namespace {

using testing::ElementsAre;

struct RefusedAddition {
  const char* name;
  Files files;
  bool overwrite;
  int cancel_after;  // questions; negative: never
  ResultCode expected;
};

class AddDataRefused : public testing::TestWithParam<RefusedAddition> {};

// Each addition holds good files besides the one that is refused.
TEST_P(AddDataRefused, LeavesTheStageAsItWas) {
  Desk desk;
  desk.insert_blank();
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.add("/kept.txt", "kept"));
  const BlockCount used = desk.joliet.GetUsedDataBlocks().value();
  const RefusedAddition& addition = GetParam();
  if (addition.cancel_after >= 0) desk.log.cancel_at = desk.log.questions + addition.cancel_after;
  const auto added = desk.joliet.AddData(tree_of(addition.files), addition.overwrite);
  EXPECT_EQ(name_of(code_of(added)), name_of(addition.expected));
  EXPECT_EQ(desk.joliet.GetUsedDataBlocks().value(), used);
  ASSERT_TRUE(desk.record());
  EXPECT_EQ(files_on(desk.disc()), (Files{{"/kept.txt", "kept"}}));
}

const RefusedAddition kRefused[] = {
    {"NameTaken",
     {{"/a.txt", "a"}, {"/kept.txt", "new"}, {"/z.txt", "z"}},
     false,
     -1,
     ResultCode::IMAPI_E_FILEEXISTS},
    {"FolderWhereAFileIs",
     {{"/a.txt", "a"}, {"/kept.txt/below", "b"}},
     true,
     -1,
     ResultCode::IMAPI_E_FILEEXISTS},
    {"BadName", {{"/a.txt", "a"}, {"/what?", "b"}}, true, -1, ResultCode::IMAPI_E_BADJOLIETNAME},
    {"CancelledAtOnce", {{"/a.txt", "a"}}, true, 0, ResultCode::IMAPI_E_USERABORT},
    {"CancelledAtTheEnd", {{"/a.txt", "a"}}, true, 2, ResultCode::IMAPI_E_USERABORT},
};
INSTANTIATE_TEST_SUITE_P(Imapi, AddDataRefused, testing::ValuesIn(kRefused),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(AddData, TellsTheFirstAndTheLastStep) {
  Desk desk;
  desk.insert_blank();
  ASSERT_TRUE(desk.select());
  desk.log.lines.clear();
  ASSERT_TRUE(desk.add("/a.txt", "a"));
  EXPECT_THAT(desk.log.lines, ElementsAre("AddProgress 0/2", "AddProgress 1/2", "AddProgress 2/2"));
}

TEST(AddData, MergesFolders) {
  Desk desk;
  desk.insert_blank();
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.add("/folder/a.txt", "a"));
  ASSERT_TRUE(desk.add("/folder/b.txt", "b"));
  ASSERT_TRUE(desk.record());
  EXPECT_EQ(files_on(desk.disc()), (Files{{"/folder/a.txt", "a"}, {"/folder/b.txt", "b"}}));
}

TEST(AddData, OfNothingStagesNothing) {
  Desk desk;
  desk.insert_blank();
  ASSERT_TRUE(desk.select());
  ASSERT_TRUE(desk.joliet.AddData(image::Tree{}, false));
  EXPECT_EQ(code_of(desk.record()), ResultCode::IMAPI_E_INVALIDIMAGE);
}

TEST(JolietProperties, AreForgottenAtClose) {
  Desk desk;
  desk.open();
  const auto fresh = desk.joliet.GetJolietProperties();
  EXPECT_EQ(desk.joliet.SetJolietProperties({{kVolumeName, std::string("Mine")}}),
            ResultCode::S_OK);
  EXPECT_EQ(desk.joliet.GetJolietProperties()->at(kVolumeName), PropertyValue(std::string("Mine")));
  ASSERT_TRUE(desk.master.Close());
  desk.open();
  EXPECT_EQ(desk.joliet.GetJolietProperties().value(), *fresh);
}

// Joliet's volume identifier holds 16 characters (imapi.md 4.4).
// Ours: a volume of UDF alone, on a blank disc of any kind.
class UdfAlone : public testing::TestWithParam<const char*> {};

TEST_P(UdfAlone, IsRecordedOnABlankDisc) {
  Desk desk;
  desk.insert_blank(GetParam());
  ASSERT_TRUE(desk.select());
  ASSERT_EQ(desk.joliet.SetJolietProperties({{kUdfAlone, std::int32_t{0x0250}}}), ResultCode::S_OK);
  EXPECT_EQ(desk.joliet.GetJolietProperties()->at(kUdfAlone), PropertyValue(std::int32_t{0x0250}));
  ASSERT_TRUE(desk.add("/a.txt", "content"));
  const auto report = desk.record();
  ASSERT_TRUE(report) << describe(report.error().cause);
  EXPECT_EQ(report->session_start, Lba{0});
  drive::Drive drive(desk.device->transport(), desk.device->clock());
  const auto disc = drive::inspect(drive);
  ASSERT_TRUE(disc);
  const auto udf = burn::find_udf_session(drive, *disc);
  ASSERT_TRUE(udf);
  EXPECT_EQ(udf->volume.revision, 0x0250);
  const auto newest = burn::import_newest_session(drive, *disc, burn::FileSystems::kAll);
  ASSERT_TRUE(newest && newest->session);
  EXPECT_NE(newest->session->content.tree.find_file("/a.txt"), nullptr);
}

TEST_P(UdfAlone, IsRefusedOnADiscWithSessions) {
  Desk desk;
  desk.insert_blank(GetParam());
  desk.burn_session({{"/first.txt", "first"}});
  ASSERT_TRUE(desk.select());
  ASSERT_EQ(desk.joliet.SetJolietProperties({{kUdfAlone, std::int32_t{0x0201}}}), ResultCode::S_OK);
  EXPECT_FALSE(desk.add("/a.txt", "content"));
  EXPECT_FALSE(desk.record());
  EXPECT_EQ(files_on(desk.disc()), (Files{{"/first.txt", "first"}}));
}

INSTANTIATE_TEST_SUITE_P(Media, UdfAlone, testing::Values("cd-r-80", "dvd+rw", "bd-r-25"),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::ranges::replace_if(
                               name, [](char c) { return c == '-' || c == '+'; }, '_');
                           return name;
                         });

TEST(JolietProperties, KeepWhatTheyWereWhenAValueCannotBeUsed) {
  Desk desk;
  desk.open();
  const auto before = desk.joliet.GetJolietProperties();
  EXPECT_EQ(desk.joliet.SetJolietProperties({{kVolumeName, std::string(17, 'x')}}),
            ResultCode::IMAPI_S_PROPERTIESIGNORED);
  EXPECT_EQ(desk.joliet.SetJolietProperties({{kUdfAlone, std::int32_t{0x0199}}}),
            ResultCode::IMAPI_S_PROPERTIESIGNORED);
  EXPECT_EQ(desk.joliet.SetJolietProperties({{kVolumeName, std::int32_t{7}}}),
            ResultCode::IMAPI_S_PROPERTIESIGNORED);
  EXPECT_EQ(desk.joliet.SetJolietProperties({{kPlaceBootImageOnDisc, true}}),
            ResultCode::IMAPI_S_PROPERTIESIGNORED);
  EXPECT_EQ(desk.joliet.GetJolietProperties().value(), *before);
  EXPECT_EQ(desk.joliet.SetJolietProperties(*before), ResultCode::S_OK);
}

}  // namespace
}  // namespace pregroove::imapi
