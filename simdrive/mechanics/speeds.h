// Recording and reading speeds of every family of media, and what passes under the laser in a time.
#pragma once

#include <cstdint>
#include <span>

#include "engine/base/clock.h"
#include "engine/base/units.h"

namespace simdrive {

using pregroove::BlockCount;
using pregroove::Duration;

// What decides how fast 1x is, and what a block takes on the disc.
enum class MediumFamily : std::uint8_t { kCd, kDvd, kBd };

// The rate that commands speak of, more finely than their units of 1000 bytes: on a CD raw sectors
// of 2352 bytes, of which a data block is 2048; on DVD and BD user data.
struct Speed {
  std::uint32_t bytes_per_second = 0;

  constexpr auto operator<=>(const Speed&) const = default;
};

// What a slower speed, also 0, counts as: a host may ask for anything, and the time to pass any
// 2^31 blocks shall fit into Duration.
inline constexpr Speed kSlowestSpeed{1000};

// 1x: 75 sectors of 2352 bytes (MMC-6, SET CD SPEED).
inline constexpr Speed kCdSingleSpeed{176'400};
// 1x as burning programs count it: 1385 and 4495.6 units of 1000 bytes.
inline constexpr Speed kDvdSingleSpeed{1'385'000};
inline constexpr Speed kBdSingleSpeed{4'495'600};

[[nodiscard]] constexpr Speed single_speed(MediumFamily family) {
  switch (family) {
    case MediumFamily::kCd:
      return kCdSingleSpeed;
    case MediumFamily::kDvd:
      return kDvdSingleSpeed;
    case MediumFamily::kBd:
      return kBdSingleSpeed;
  }
  return kCdSingleSpeed;
}

[[nodiscard]] constexpr Speed cd_speed(std::uint32_t times) {
  return {times * kCdSingleSpeed.bytes_per_second};
}
[[nodiscard]] constexpr Speed dvd_speed(std::uint32_t times) {
  return {times * kDvdSingleSpeed.bytes_per_second};
}
// dvd_speed_tenths(24) is 2.4x.
[[nodiscard]] constexpr Speed dvd_speed_tenths(std::uint32_t tenths) {
  return {tenths * (kDvdSingleSpeed.bytes_per_second / 10)};
}
[[nodiscard]] constexpr Speed bd_speed(std::uint32_t times) {
  return {times * kBdSingleSpeed.bytes_per_second};
}

// As commands report it, in units of 1000 bytes, rounded: 48x of a CD is 8467.
[[nodiscard]] constexpr std::uint32_t kilobytes_per_second(Speed speed) {
  return (speed.bytes_per_second / 1000) + (speed.bytes_per_second % 1000 >= 500 ? 1 : 0);
}
// What a command asks for; the largest speed that can be said when it is more than that.
[[nodiscard]] constexpr Speed speed_from_kilobytes(std::uint32_t kilobytes) {
  constexpr std::uint32_t kMost = UINT32_MAX / 1000;
  return {(kilobytes < kMost ? kilobytes : kMost) * 1000};
}
// For people: 24 is 2.4x. Rounded.
[[nodiscard]] std::uint32_t tenths_of_single_speed(Speed speed, MediumFamily family);

// Bytes that a block takes in the units of Speed: 2352 on a CD, whatever its sectors hold.
[[nodiscard]] constexpr std::uint32_t passing_block_bytes(MediumFamily family) {
  return family == MediumFamily::kCd ? 2352 : 2048;
}

// User data of data blocks (2048 bytes) that passes in a second.
[[nodiscard]] std::uint64_t user_bytes_per_second(Speed speed, MediumFamily family);

// Rounded down. A negative count takes no time. REQUIRES: not more than 2^31 blocks.
[[nodiscard]] Duration time_to_pass(BlockCount blocks, Speed speed, MediumFamily family);

// The fastest of the speeds that is not faster than the request in kB/s; the slowest when all are.
// REQUIRES: speeds is not empty and descends.
[[nodiscard]] Speed fastest_within(std::span<const Speed> speeds, std::uint32_t kilobytes);

}  // namespace simdrive
