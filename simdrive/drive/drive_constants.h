// Figures that do not come from the drive's personality.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>

#include "simdrive/mechanics/speeds.h"

namespace simdrive {

// CD buffer of Pioneer's DVR-108 and DVR-111 (their command reference).
inline constexpr std::size_t kBufferBytes = 0x131800;
inline constexpr auto kReadSpeeds =
    std::to_array<Speed>({cd_speed(48), cd_speed(40), cd_speed(32), cd_speed(24), cd_speed(16),
                          cd_speed(8), cd_speed(4)});

inline constexpr Duration kCalibrationTime = std::chrono::seconds(2);
// Table of contents, program memory area and moving about, besides the sectors that are written.
inline constexpr Duration kClosingOverhead = std::chrono::seconds(5);
// Chosen: lead-in and tables of a format, besides what is certified.
inline constexpr Duration kFormattingOverhead = std::chrono::seconds(30);
inline constexpr Duration kTrackClosingTime = std::chrono::seconds(1);

}  // namespace simdrive
