// CLOSE TRACK/SESSION (MMC-6).
#pragma once

#include <cstdint>

#include "engine/mmc/command.h"

namespace pregroove::mmc {

// The function code. It goes into byte 2: one MMC-5 draft printed it in byte 3 by mistake (T10
// reflector, 2006-07-31).
enum class CloseFunction : std::uint8_t {
  kStopBackgroundFormat = 0,
  kTrack = 1,              // or RZone, or fragment
  kSession = 2,            // or border
  kFinalizeFormatted = 3,  // DVD-RW restricted overwrite, DVD+RW
  kSessionDvdPlusRDl = 4,
  kFinalizeMinimalRadius = 5,
  kFinalize = 6,  // DVD+R, BD-R
};

// The track number matters to kTrack alone; 0 otherwise.
[[nodiscard]] Cdb close_track_session(CloseFunction function, std::uint16_t track,
                                      Immediate immediate);

}  // namespace pregroove::mmc
