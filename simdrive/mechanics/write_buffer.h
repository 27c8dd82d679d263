// The drive's write buffer: WRITE fills it at once, the laser empties it at the recording speed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/base/clock.h"

namespace simdrive {

using pregroove::Duration;

class WriteBuffer {
 public:
  explicit WriteBuffer(std::size_t capacity) : capacity_(capacity) {}

  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] std::size_t level(Duration now) const;
  [[nodiscard]] std::size_t available(Duration now) const { return capacity_ - level(now); }
  [[nodiscard]] bool empty(Duration now) const { return now >= empty_at_; }
  [[nodiscard]] Duration empty_at() const { return empty_at_; }

  // Takes the bytes; they leave at this rate. More than the free space makes level() read full for
  // as long as the surplus needs.
  void fill(std::size_t bytes, std::uint64_t bytes_per_second, Duration now);
  void discard() { empty_at_ = Duration::zero(); }

 private:
  std::size_t capacity_;
  std::uint64_t bytes_per_second_ = 1;
  Duration empty_at_{};
};

}  // namespace simdrive
