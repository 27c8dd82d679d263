#include "simdrive/mechanics/write_buffer.h"

#include <algorithm>

namespace simdrive {
namespace {

constexpr std::uint64_t kMicrosecondsPerSecond = 1'000'000;
constexpr std::uint64_t kNanosecondsPerMicrosecond = 1'000;

}  // namespace

std::size_t WriteBuffer::level(Duration now) const {
  if (empty(now)) return 0;
  const auto remaining = static_cast<std::uint64_t>((empty_at_ - now).count());
  const std::uint64_t microseconds = (remaining / kNanosecondsPerMicrosecond) + 1;
  const std::uint64_t bytes = microseconds * bytes_per_second_ / kMicrosecondsPerSecond;
  return static_cast<std::size_t>(std::min<std::uint64_t>(bytes, capacity_));
}

void WriteBuffer::fill(std::size_t bytes, std::uint64_t bytes_per_second, Duration now) {
  bytes_per_second_ = std::max<std::uint64_t>(bytes_per_second, 1);
  const std::uint64_t microseconds = bytes * kMicrosecondsPerSecond / bytes_per_second_;
  empty_at_ = std::max(empty_at_, now) +
              Duration(static_cast<std::int64_t>(microseconds * kNanosecondsPerMicrosecond));
}

}  // namespace simdrive
