// A source that is followed by blocks of zeros: media are written in units of several blocks.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/burn/block_source.h"

namespace pregroove::burn {

class PaddedSource final : public BlockSource {
 public:
  // REQUIRES: source outlives it and is not longer than size.
  PaddedSource(BlockSource& source, BlockCount size)
      : source_(source), size_(size), padding_((size - source.size()).bytes()) {}

  [[nodiscard]] BlockCount size() const override { return size_; }
  [[nodiscard]] Result<std::size_t> read(std::span<std::byte> blocks) override {
    PREGROOVE_ASSIGN_OR_RETURN(const std::size_t filled, source_.read(blocks));
    const auto rest = blocks.subspan(filled);
    const auto zeros = static_cast<std::size_t>(std::min<std::uint64_t>(padding_, rest.size()));
    std::ranges::fill(rest.first(zeros), std::byte{0});
    padding_ -= zeros;
    return filled + zeros;
  }
  [[nodiscard]] std::vector<Error> problems() const override { return source_.problems(); }

 private:
  BlockSource& source_;
  BlockCount size_;
  std::uint64_t padding_;  // bytes that are still to come
};

}  // namespace pregroove::burn
