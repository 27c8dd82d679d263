// Two songs of known samples, and how a recorded disc is compared with them.
#pragma once

#include <string>
#include <vector>

#include "tests/interop/burners/burner_test.h"

namespace pregroove::interop {

inline constexpr std::size_t kAudioBlock = 2352;
inline constexpr const char* kAlbum = "The Album";

struct Song {
  std::string title;
  std::string performer;
  std::string wave_file;
  std::string samples;  // whole blocks, 16 bits, little-endian, two channels: as on a disc
};

// Each with a file for wodim's -useinfo beside its WAVE file.
[[nodiscard]] std::vector<Song> make_songs(const ScratchFolder& below);

// What cdrdao read-cd gives for audio: the samples high byte first.
[[nodiscard]] std::string with_bytes_swapped(std::string samples);

// The blocks of the disc file from this address on, as recorded, 2352 bytes each: the back door.
[[nodiscard]] std::string recorded_sectors(const std::string& disc, std::int32_t lba,
                                           std::size_t count);

// The disc has one track for each song, and its samples in it.
void expect_songs(const BurnerTest& test, const std::vector<Song>& songs);

}  // namespace pregroove::interop
