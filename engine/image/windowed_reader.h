// Blocks of a volume, with a window of what was read last: small structures lie side by side, and
// a drive takes its time for each command. Private to engine/image.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "engine/image/block_reader.h"

namespace pregroove::image {

class WindowedReader {
 public:
  explicit WindowedReader(BlockReader& reader) : reader_(reader) {}

  // Nothing is read ahead beyond it.
  void set_end(Lba end) { end_ = end; }

  // The blocks, until the next call.
  Result<std::span<const std::byte>> blocks(Lba first, BlockCount count) {
    if (!holds(first, count)) PREGROOVE_RETURN_IF_ERROR(load(first, count));
    return std::span<const std::byte>(window_).subspan((first - window_start_).bytes(),
                                                       count.bytes());
  }

 private:
  static constexpr BlockCount kReadAhead{32};

  [[nodiscard]] bool holds(Lba first, BlockCount count) const {
    return first >= window_start_ && (first - window_start_ + count).bytes() <= window_.size();
  }

  Status load(Lba first, BlockCount count) {
    const BlockCount wanted = std::max(count, std::min(kReadAhead, end_ - first));
    window_start_ = first;
    window_.resize(wanted.bytes());
    if (reader_.read(first, window_)) return {};
    // What lies ahead may be unreadable; what was asked for may not be.
    window_.resize(count.bytes());
    auto status = reader_.read(first, window_);
    if (!status) window_.clear();
    return status;
  }

  BlockReader& reader_;
  Lba end_;
  Lba window_start_;
  std::vector<std::byte> window_;
};

}  // namespace pregroove::image
