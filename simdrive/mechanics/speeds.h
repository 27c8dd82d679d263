// Recording and reading speeds of a CD, as multiples of 1x and in the units that commands use.
#pragma once

#include <cstdint>
#include <span>

#include "engine/base/clock.h"
#include "engine/base/units.h"

namespace simdrive {

using pregroove::BlockCount;
using pregroove::Duration;

// A multiple of 1x: 75 blocks a second.
struct Speed {
  std::uint32_t times = 1;

  constexpr auto operator<=>(const Speed&) const = default;
};

// What commands call the speed: units of 1000 bytes of raw sectors a second, 1x being 176.4
// (75 sectors of 2352 bytes; MMC-6, SET CD SPEED).
[[nodiscard]] std::uint32_t kilobytes_per_second(Speed speed);

// User data (2048 of 2352 bytes) that passes in a second.
[[nodiscard]] std::uint64_t user_bytes_per_second(Speed speed);

[[nodiscard]] Duration time_to_pass(BlockCount blocks, Speed speed);

// The fastest of the speeds that is not faster than the request in kB/s; the slowest when all are.
// REQUIRES: speeds is not empty and descends.
[[nodiscard]] Speed fastest_within(std::span<const Speed> speeds, std::uint32_t kilobytes);

}  // namespace simdrive
