// BLANK: erase a CD-RW or DVD-RW (MMC-6).
#pragma once

#include <cstdint>

#include "engine/mmc/command.h"

namespace pregroove::mmc {

enum class BlankType : std::uint8_t {
  kDisc = 0,
  kMinimal = 1,  // lead-in, PMA and pregap only; a DVD-RW can then be written at once only
  kTrack = 2,
  kUnreserveTrack = 3,
  kTrackTail = 4,
  kUncloseLastSession = 5,
  kLastSession = 6,
};

// start: a track number (kTrack, kUnreserveTrack), an address (kTrackTail), or 0.
[[nodiscard]] Cdb blank(BlankType type, Immediate immediate, std::uint32_t start = 0);

}  // namespace pregroove::mmc
