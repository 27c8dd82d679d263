// cdrdao on CD-R and CD-RW: discs at once with audio and CD-TEXT, or data and audio; read back.
#include "tests/interop/burners/audio.h"
#include "tests/interop/burners/programs.h"

namespace pregroove::interop {
namespace {

using testing::HasSubstr;

class Cdrdao : public MediumTest {
 public:
  [[nodiscard]] testing::AssertionResult burns(const std::string& toc) const {
    return ran(cdrdao_command("write", {"-n", "-v", "2", folder().write("disc.toc", toc)}));
  }
  // The bytes of all tracks, and the table of contents beside them.
  [[nodiscard]] std::string read_back() {
    const std::string bytes = folder().path("read.bin");
    EXPECT_TRUE(ran(cdrdao_command("read-cd", {"--datafile", bytes, folder().path("read.toc")})));
    read_toc_ = content_of_file(folder().path("read.toc"));
    return content_of_file(bytes);
  }
  [[nodiscard]] const std::string& read_toc() const { return read_toc_; }

 private:
  std::string read_toc_;
};

std::string cd_text(const std::string& title, const std::string& performer) {
  return "LANGUAGE 0 { TITLE \"" + title + "\" PERFORMER \"" + performer + "\" } }\n";
}

std::string audio_track(const Song& song, const std::string& code) {
  return "TRACK AUDIO\nISRC \"" + code + "\"\nCD_TEXT { " + cd_text(song.title, song.performer) +
         "FILE \"" + song.wave_file + "\" 0\n";
}

TEST_P(Cdrdao, RecordsAudioWithCdText) {
  make_disc();
  const auto songs = make_songs(folder());
  ASSERT_TRUE(burns("CD_DA\nCATALOG \"1234567890128\"\nCD_TEXT { LANGUAGE_MAP { 0 : EN } " +
                    cd_text(kAlbum, "Several") + audio_track(songs[0], "DEXXX0800001") +
                    audio_track(songs[1], "DEXXX0800002")));
  expect_songs(*this, songs);
  EXPECT_EQ(info()["state"], "complete");
  EXPECT_TRUE(read_back() == with_bytes_swapped(songs[0].samples + songs[1].samples));
  for (const std::string& text :
       {std::string("1234567890128"), std::string("DEXXX0800001"), std::string("DEXXX0800002"),
        std::string(kAlbum), songs[0].title, songs[1].title, songs[1].performer})
    EXPECT_THAT(read_toc(), HasSubstr("\"" + text + "\""));
}

TEST_P(Cdrdao, RecordsDataAndAudioOnOneDisc) {
  make_disc();
  const SourceTree first = tree("first");
  const auto songs = make_songs(folder());
  const std::string image = image_of(*this, first);
  ASSERT_TRUE(burns("CD_ROM\nTRACK MODE1\nDATAFILE \"" + image +
                    "\"\nTRACK AUDIO\nPREGAP 00:02:00\n" + "FILE \"" + songs[0].wave_file +
                    "\" 0\nTRACK AUDIO\nFILE \"" + songs[1].wave_file + "\" 0\n"));
  const nlohmann::json tracks = info()["tracks"];
  ASSERT_EQ(tracks.size(), 3U);
  EXPECT_TRUE(recorded_sectors(disc(), tracks[1]["start"], songs[0].samples.size() / kAudioBlock) ==
              songs[0].samples);
  EXPECT_TRUE(read_back() ==
              content_of_file(image) + with_bytes_swapped(songs[0].samples + songs[1].samples));
  EXPECT_THAT(read_toc(), HasSubstr("TRACK MODE1"));
}

INSTANTIATE_TEST_SUITE_P(Media, Cdrdao, testing::Values(kCdR, kCdRw), name_of_medium);

}  // namespace
}  // namespace pregroove::interop
