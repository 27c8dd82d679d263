#include "simdrive/mechanics/speeds.h"

#include <algorithm>

#include "engine/base/check.h"

namespace simdrive {
namespace {

constexpr std::uint64_t kRawSectorBytes = 2352;
constexpr std::uint64_t kNanosecondsPerSecond = 1'000'000'000;

}  // namespace

std::uint32_t kilobytes_per_second(Speed speed) {
  const std::uint64_t bytes =
      std::uint64_t{speed.times} * pregroove::kFramesPerSecond * kRawSectorBytes;
  return static_cast<std::uint32_t>((bytes + 500) / 1000);
}

std::uint64_t user_bytes_per_second(Speed speed) {
  return std::uint64_t{speed.times} * pregroove::kFramesPerSecond * pregroove::kBlockSize;
}

Duration time_to_pass(BlockCount blocks, Speed speed) {
  const auto count = static_cast<std::uint64_t>(std::max<std::int64_t>(blocks.value, 0));
  const std::uint64_t blocks_per_second =
      std::uint64_t{std::max(speed.times, 1U)} * pregroove::kFramesPerSecond;
  return Duration(static_cast<std::int64_t>(count * kNanosecondsPerSecond / blocks_per_second));
}

Speed fastest_within(std::span<const Speed> speeds, std::uint32_t kilobytes) {
  PREGROOVE_CHECK(!speeds.empty());
  const auto found = std::ranges::find_if(
      speeds, [&](Speed speed) { return kilobytes_per_second(speed) <= kilobytes; });
  return found == speeds.end() ? speeds.back() : *found;
}

}  // namespace simdrive
