// READ CAPACITY: the last block that can be read (MMC-6).
#pragma once

#include <cstdint>

#include "engine/mmc/command.h"

namespace pregroove::mmc {

inline constexpr std::size_t kCapacityReplySize = 8;

[[nodiscard]] Cdb read_capacity();

struct Capacity {
  // LBA 0 on a blank disc, and on one without a complete session. On a CD with a track written at
  // once its two run-out blocks are counted, and cannot be read.
  Lba last_lba;
  std::uint32_t block_length = 0;  // bytes

  bool operator==(const Capacity&) const = default;
};

[[nodiscard]] Result<Capacity> decode_capacity(std::span<const std::byte> reply);

}  // namespace pregroove::mmc
