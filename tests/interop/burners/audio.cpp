#include "tests/interop/burners/audio.h"

#include "simdrive/disc/disc.h"

namespace pregroove::interop {
namespace {

std::string little_endian(std::size_t value, std::size_t bytes) {
  constexpr unsigned kByteBits = 8;
  constexpr std::size_t kByteMask = 0xFF;
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i)
    text += static_cast<char>((value >> (kByteBits * i)) & kByteMask);
  return text;
}

// RIFF with the canonical header of 44 bytes.
std::string wave(const std::string& samples) {
  constexpr std::size_t kRate = 44100;
  constexpr std::size_t kFrame = 4;  // two channels of two bytes
  constexpr std::size_t kHeaderBehindItsSize = 36;
  return "RIFF" + little_endian(kHeaderBehindItsSize + samples.size(), 4) + "WAVEfmt " +
         little_endian(16, 4) + little_endian(1, 2) + little_endian(2, 2) +
         little_endian(kRate, 4) + little_endian(kRate * kFrame, 4) + little_endian(kFrame, 2) +
         little_endian(16, 2) + "data" + little_endian(samples.size(), 4) + samples;
}

std::string info_file(const Song& song, int number) {
  return std::string("Albumtitle=\t'") + kAlbum + "'\nAlbumperformer=\t'Several'\nPerformer=\t'" +
         song.performer + "'\nTracktitle=\t'" + song.title + "'\nTracknumber=\t" +
         std::to_string(number) + "\nChannels=\t2\n";
}

}  // namespace

std::vector<Song> make_songs(const ScratchFolder& below) {
  constexpr std::size_t kShortestTrack = 300;  // blocks: four seconds (Red Book)
  std::vector<Song> songs;
  for (const int number : {1, 2}) {
    const std::string name = std::to_string(number);
    Song song{
        .title = "Song " + name,
        .performer = "Singer " + name,
        .wave_file = {},
        .samples = noise((kShortestTrack + static_cast<std::size_t>(number) * 11) * kAudioBlock,
                         "song" + name)};
    song.wave_file = below.write("song" + name + ".wav", wave(song.samples));
    (void)below.write("song" + name + ".inf", info_file(song, number));
    songs.push_back(std::move(song));
  }
  return songs;
}

std::string with_bytes_swapped(std::string samples) {
  for (std::size_t i = 0; i + 1 < samples.size(); i += 2) std::swap(samples[i], samples[i + 1]);
  return samples;
}

std::string recorded_sectors(const std::string& disc, std::int32_t lba, std::size_t count) {
  const auto opened = simdrive::Disc::open_file(disc);
  EXPECT_TRUE(opened.has_value()) << disc;
  std::string sectors(count * kAudioBlock, '\0');
  if (opened) {
    EXPECT_TRUE(
        (*opened)->read_sectors(Lba{lba}, std::as_writable_bytes(std::span(sectors))).has_value());
  }
  return sectors;
}

void expect_songs(const BurnerTest& test, const std::vector<Song>& songs) {
  const nlohmann::json tracks = test.info()["tracks"];
  ASSERT_EQ(tracks.size(), songs.size());
  for (std::size_t i = 0; i < songs.size(); ++i) {
    const std::size_t blocks = songs[i].samples.size() / kAudioBlock;
    EXPECT_EQ(tracks[i]["recorded_blocks"], blocks);
    EXPECT_TRUE(recorded_sectors(test.disc(), tracks[i]["start"], blocks) == songs[i].samples);
  }
}

}  // namespace pregroove::interop
