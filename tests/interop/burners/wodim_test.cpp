// wodim on CD-R and CD-RW: sessions track at once, session at once, audio with CD-TEXT, raw with
// sub-channels, blanking.
#include "tests/interop/burners/audio.h"
#include "tests/interop/burners/programs.h"

namespace pregroove::interop {
namespace {

using testing::HasSubstr;

class Wodim : public MediumTest {};

TEST_P(Wodim, RecordsSessionsTrackAtOnce) {
  make_disc();
  const SourceTree first = tree("first");
  const SourceTree second = tree("second");
  ASSERT_TRUE(wodim_adds(*this, first, Session::kFirst));
  EXPECT_EQ(info()["state"], "appendable");
  ASSERT_TRUE(ran(wodim_command({"-tao", image_of(*this, second, session_addresses(*this))})));
  EXPECT_EQ(info()["state"], "complete");
  EXPECT_EQ(closed_sessions(), 2U);
  EXPECT_TRUE(same_files(recorded_files(1), first.files));
  EXPECT_TRUE(same_files(recorded_files(), both(first.files, second.files)));
}

TEST_P(Wodim, RecordsASessionAtOnce) {
  make_disc();
  const SourceTree first = tree("first");
  ASSERT_TRUE(ran(wodim_command({"-sao", image_of(*this, first)})));
  EXPECT_EQ(info()["state"], "complete");
  EXPECT_TRUE(same_files(recorded_files(), first.files));
}

TEST_P(Wodim, RecordsAudioWithCdText) {
  make_disc();
  const auto songs = make_songs(folder());
  ASSERT_TRUE(ran(wodim_command(
      {"-sao", "-audio", "-text", "-useinfo", songs[0].wave_file, songs[1].wave_file})));
  expect_songs(*this, songs);
  // Read by the library that players use.
  const Ended read = run_on_disc({"cd-info", "-C", kDrive, "--no-device-info", "--no-cddb"});
  ASSERT_TRUE(read.succeeded());
  for (const std::string& text : {std::string(kAlbum), songs[0].title, songs[1].performer})
    EXPECT_THAT(read.output, HasSubstr(text));
}

TEST_P(Wodim, RecordsRawWithSubChannels) {
  make_disc();
  const SourceTree first = tree("first");
  ASSERT_TRUE(ran(wodim_command({"-raw96r", image_of(*this, first)})));
  EXPECT_EQ(info()["state"], "complete");
  EXPECT_TRUE(same_files(recorded_files(), first.files));
}

INSTANTIATE_TEST_SUITE_P(Media, Wodim, testing::Values(kCdR, kCdRw), name_of_medium);

class WodimBlanking : public BurnerTest, public testing::WithParamInterface<const char*> {};

TEST_P(WodimBlanking, MakesRoomForAnotherSession) {
  make_disc(kCdRw.name);
  const SourceTree first = tree("first");
  const SourceTree second = tree("second");
  ASSERT_TRUE(wodim_adds(*this, first, Session::kFirst));
  ASSERT_TRUE(ran(wodim_command({std::string("blank=") + GetParam()})));
  EXPECT_EQ(info()["state"], "blank");
  ASSERT_TRUE(wodim_adds(*this, second, Session::kFirst));
  EXPECT_TRUE(same_files(recorded_files(), second.files));
}

INSTANTIATE_TEST_SUITE_P(Kinds, WodimBlanking, testing::Values("fast", "all"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace pregroove::interop
