// Addresses and amounts on an optical disc, as types that cannot be mixed up.
//
// Lba is a position, BlockCount an amount: positions differ by an amount, and two positions do not
// add. Sources: MMC-6 4.2.3 (LBA and MSF), ECMA-130 (75 sectors a second, 2 seconds before LBA 0).
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace pregroove {

// User data bytes in one logical block of every data medium that we write.
inline constexpr std::size_t kBlockSize = 2048;

// A number of logical blocks. Signed, so that a difference of addresses can be one.
struct BlockCount {
  std::int64_t value = 0;

  constexpr auto operator<=>(const BlockCount&) const = default;
  constexpr BlockCount operator+(BlockCount other) const { return {value + other.value}; }
  constexpr BlockCount operator-(BlockCount other) const { return {value - other.value}; }
  constexpr BlockCount& operator+=(BlockCount other) {
    value += other.value;
    return *this;
  }
  constexpr BlockCount& operator-=(BlockCount other) {
    value -= other.value;
    return *this;
  }
  [[nodiscard]] constexpr std::uint64_t bytes() const {
    return static_cast<std::uint64_t>(value) * kBlockSize;
  }
};

// The blocks that hold this many bytes; the last one may be partly filled.
[[nodiscard]] constexpr BlockCount blocks_for_bytes(std::uint64_t bytes) {
  return {static_cast<std::int64_t>((bytes + kBlockSize - 1) / kBlockSize)};
}

// A logical block address. On a CD it may be negative: -150 is the start of the first pregap.
struct Lba {
  std::int32_t value = 0;

  constexpr auto operator<=>(const Lba&) const = default;
  constexpr Lba operator+(BlockCount count) const {
    return {static_cast<std::int32_t>(value + count.value)};
  }
  constexpr Lba operator-(BlockCount count) const {
    return {static_cast<std::int32_t>(value - count.value)};
  }
  constexpr BlockCount operator-(Lba other) const {
    return {static_cast<std::int64_t>(value) - other.value};
  }
  constexpr Lba& operator+=(BlockCount count) { return *this = *this + count; }
};

// A position on a CD in minutes, seconds and frames (75 frames to the second), 00:02:00 being LBA
// 0. Lead-in positions of a blank disc are 90 minutes and more, and stand for negative addresses.
struct Msf {
  std::uint8_t minute = 0;
  std::uint8_t second = 0;
  std::uint8_t frame = 0;

  constexpr auto operator<=>(const Msf&) const = default;
};

inline constexpr std::int32_t kFramesPerSecond = 75;
inline constexpr std::int32_t kFramesPerMinute = 60 * kFramesPerSecond;
inline constexpr std::int32_t kPregapFrames = 150;

// LBA of a program-area position, also beyond 90 minutes (a 99-minute disc ends there).
[[nodiscard]] constexpr Lba lba_from_msf(Msf msf) {
  return {(msf.minute * kFramesPerMinute) + (msf.second * kFramesPerSecond) + msf.frame -
          kPregapFrames};
}

// LBA of a lead-in position: 90:00:00 and above folds to negative addresses (MMC-6 table "LBA to
// MSF").
[[nodiscard]] constexpr Lba lba_from_lead_in_msf(Msf msf) {
  constexpr std::int32_t kFold = 100 * kFramesPerMinute;
  const Lba plain = lba_from_msf(msf);
  return msf.minute >= 90 ? Lba{plain.value - kFold} : plain;
}

// The position as an MSF triple; nullopt below -450150 or above 99:59:74, which no MSF can express.
[[nodiscard]] constexpr std::optional<Msf> msf_from_lba(Lba lba) {
  constexpr std::int32_t kFold = 100 * kFramesPerMinute;
  std::int32_t frames = lba.value + kPregapFrames;
  if (frames < 0) frames += kFold;
  if (frames < 0 || frames >= kFold) return std::nullopt;
  return Msf{static_cast<std::uint8_t>(frames / kFramesPerMinute),
             static_cast<std::uint8_t>(frames / kFramesPerSecond % 60),
             static_cast<std::uint8_t>(frames % kFramesPerSecond)};
}

}  // namespace pregroove
