// The figures of the one drive that is simulated so far.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>

#include "simdrive/mechanics/speeds.h"

namespace simdrive {

inline constexpr std::string_view kVendor = "PREGROOV";           // 8 characters
inline constexpr std::string_view kProduct = "SIMDRIVE CD-RW  ";  // 16
inline constexpr std::string_view kRevision = "0.1 ";             // 4
inline constexpr std::string_view kSerialNumber = "SIMDRIVE00000001";

// CD buffer of Pioneer's DVR-108 and DVR-111 (their command reference).
inline constexpr std::size_t kBufferBytes = 0x131800;
inline constexpr auto kReadSpeeds =
    std::to_array<Speed>({cd_speed(48), cd_speed(40), cd_speed(32), cd_speed(24), cd_speed(16),
                          cd_speed(8), cd_speed(4)});

// Every command takes this long at least, so that polling comes to an end.
inline constexpr Duration kCommandTime = std::chrono::microseconds(200);
// Chosen, not measured: real drives take 5 to 20 seconds to recognise a disc.
inline constexpr Duration kSpinUpTime = std::chrono::seconds(4);
inline constexpr Duration kTrayTime = std::chrono::seconds(2);
inline constexpr Duration kCalibrationTime = std::chrono::seconds(2);
// Table of contents, program memory area and moving about, besides the sectors that are written.
inline constexpr Duration kClosingOverhead = std::chrono::seconds(5);
// Chosen: lead-in and tables of a format, besides what is certified.
inline constexpr Duration kFormattingOverhead = std::chrono::seconds(30);
inline constexpr Duration kTrackClosingTime = std::chrono::seconds(1);

}  // namespace simdrive
