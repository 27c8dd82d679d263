// The kinds of disc, and what each is to a recording engine: one row of a table.
//
// Sources: MMC-6 (profiles), burning.md 4.1, 4.2 and 5 (how each is recorded).
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/units.h"

namespace pregroove::medium {

enum class MediumKind : std::uint8_t {
  kUnknown,
  kCdRom,
  kCdR,
  kCdRw,
  kDvdRom,
  kDvdR,
  kDvdRDualLayer,
  kDvdRw,           // sequential recording
  kDvdRwOverwrite,  // restricted overwrite
  kDvdRam,
  kDvdPlusRw,
  kDvdPlusR,
  kDvdPlusRDualLayer,
  kBdRom,
  kBdR,        // sequential recording
  kBdRRandom,  // random recording
  kBdRe,
};

// How data gets onto it.
enum class Recording : std::uint8_t {
  kNone,         // read only, or a way that this engine does not record in
  kTrackAtOnce,  // CD: mode page 05h, write type 1
  kIncremental,  // DVD-R, DVD-RW: mode page 05h, write type 0, an RZone
  kSequential,   // DVD+R, BD-R: no mode page, a fragment or a sequential recording range
  // DVD-RAM, DVD+RW, BD-RE, formatted DVD-RW: anywhere and again; the sessions are those of the
  // file system (burning.md 6.4)
  kOverwritten,
};

// What mode page 05h says of a session, on the media that have use for it (MMC-6, write
// parameters).
enum class WriteType : std::uint8_t {
  kNone,
  kTrackAtOnce,    // CD: write type 1
  kSessionAtOnce,  // CD: write type 2, announced by a cue sheet
  kIncremental,    // DVD-R, DVD-RW: write type 0
  kDiscAtOnce,  // DVD-R, DVD-RW: write type 2, announced by RESERVE TRACK; the disc's only session
};
[[nodiscard]] std::string_view name_of(WriteType type);
[[nodiscard]] constexpr bool is_at_once(WriteType type) {
  return type == WriteType::kSessionAtOnce || type == WriteType::kDiscAtOnce;
}

enum class Family : std::uint8_t { kCd, kDvd, kBd };

struct Traits {
  MediumKind kind = MediumKind::kUnknown;
  std::string_view name;
  Family family = Family::kCd;
  Recording recording = Recording::kNone;
  BlockCount alignment{1};    // of the blocks of a session; the drive pads or refuses what is not
  BlockCount shortest_track;  // what is shorter is padded by the drive
  BlockCount run_out;         // blocks that count to a track but cannot be read
};
[[nodiscard]] const Traits& traits_of(MediumKind kind);

[[nodiscard]] std::string_view name_of(MediumKind kind);
[[nodiscard]] inline bool is_cd(MediumKind kind) { return traits_of(kind).family == Family::kCd; }
// By this engine.
[[nodiscard]] inline bool is_recordable(MediumKind kind) {
  return traits_of(kind).recording != Recording::kNone;
}

[[nodiscard]] inline bool is_overwritten(MediumKind kind) {
  return traits_of(kind).recording == Recording::kOverwritten;
}

// Whether what is on it can be taken off again.
[[nodiscard]] inline bool is_rewritable(MediumKind kind) {
  return is_overwritten(kind) || kind == MediumKind::kCdRw || kind == MediumKind::kDvdRw;
}

// Where the first session of a disc that is overwritten starts; blocks before it are a copy of the
// newest session's head (burning.md 6.4, as libisoburn does it). Later ones start at a multiple.
inline constexpr Lba kFirstEmulatedSession{32};
inline constexpr BlockCount kEmulatedSessionHead{32};

// 1x in units of 1000 bytes a second (mmc.md 2.15). That of a CD counts raw sectors.
[[nodiscard]] constexpr double kilobytes_per_second_at_1x(Family family) {
  switch (family) {
    case Family::kCd:
      return 176.4;
    case Family::kDvd:
      return 1385.0;
    case Family::kBd:
      return 4495.6;
  }
  return 176.4;
}
// Blocks of user data in a second at 1x.
[[nodiscard]] constexpr double blocks_per_second_at_1x(Family family) {
  constexpr double kCdBlocks = 75.0;
  constexpr double kKilobyte = 1000.0;
  return family == Family::kCd
             ? kCdBlocks
             : kilobytes_per_second_at_1x(family) * kKilobyte / static_cast<double>(kBlockSize);
}

}  // namespace pregroove::medium
