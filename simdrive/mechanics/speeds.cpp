#include "simdrive/mechanics/speeds.h"

#include <algorithm>

#include "engine/base/check.h"

namespace simdrive {
namespace {

constexpr std::uint64_t kNanosecondsPerSecond = 1'000'000'000;

}  // namespace

std::uint32_t tenths_of_single_speed(Speed speed, MediumFamily family) {
  const std::uint64_t single = single_speed(family).bytes_per_second;
  return static_cast<std::uint32_t>(((std::uint64_t{speed.bytes_per_second} * 10) + (single / 2)) /
                                    single);
}

std::uint64_t user_bytes_per_second(Speed speed, MediumFamily family) {
  return std::uint64_t{speed.bytes_per_second} * pregroove::kBlockSize /
         passing_block_bytes(family);
}

Duration time_to_pass(BlockCount blocks, Speed speed, MediumFamily family) {
  const auto count = static_cast<std::uint64_t>(std::max<std::int64_t>(blocks.value, 0));
  const std::uint64_t rate = std::max(speed, kSlowestSpeed).bytes_per_second;
  const std::uint64_t bytes = count * passing_block_bytes(family);
  // Whole seconds first: nanoseconds of a whole disc would not fit before the division.
  const std::uint64_t nanoseconds =
      (bytes / rate * kNanosecondsPerSecond) + (bytes % rate * kNanosecondsPerSecond / rate);
  return Duration(static_cast<std::int64_t>(nanoseconds));
}

Speed fastest_within(std::span<const Speed> speeds, std::uint32_t kilobytes) {
  PREGROOVE_CHECK(!speeds.empty());
  const auto found = std::ranges::find_if(
      speeds, [&](Speed speed) { return kilobytes_per_second(speed) <= kilobytes; });
  return found == speeds.end() ? speeds.back() : *found;
}

}  // namespace simdrive
