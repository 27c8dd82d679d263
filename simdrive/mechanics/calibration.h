// The power calibration area: each calibration of the laser uses up a piece of the disc.
#pragma once

#include <algorithm>
#include <cstdint>

namespace simdrive {

// What SEND OPC INFORMATION tells: GOOD, 1/73/01 and 3/73/02.
enum class CalibrationResult : std::uint8_t { kOk, kAlmostFull, kFull };

// Recalled, not read: the test area of a CD has 100 partitions.
inline constexpr std::uint32_t kCalibrationTries = 100;
// Chosen: with fewer tries left than this the host is warned.
inline constexpr std::uint32_t kCalibrationReserve = 10;

// A plain value; the number of used tries belongs to the disc. A stored number that exceeds the
// tries counts as full.
struct CalibrationArea {
  std::uint32_t tries = kCalibrationTries;
  std::uint32_t used = 0;
  std::uint32_t reserve = kCalibrationReserve;

  [[nodiscard]] constexpr std::uint32_t left() const { return tries - std::min(used, tries); }

  // Calibrates: kFull when nothing was left for it, and then nothing was used.
  constexpr CalibrationResult use_one() {
    if (left() == 0) return CalibrationResult::kFull;
    ++used;
    return left() < reserve ? CalibrationResult::kAlmostFull : CalibrationResult::kOk;
  }

  constexpr bool operator==(const CalibrationArea&) const = default;
};

}  // namespace simdrive
