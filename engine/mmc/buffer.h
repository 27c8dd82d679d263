// READ BUFFER CAPACITY (MMC-6).
#pragma once

#include <cstdint>

#include "engine/mmc/command.h"

namespace pregroove::mmc {

inline constexpr std::uint16_t kBufferCapacityReplySize = 12;

// In bytes: the Block bit is left 0.
[[nodiscard]] Cdb read_buffer_capacity(std::uint16_t allocation = kBufferCapacityReplySize);

struct BufferCapacity {
  std::uint32_t total = 0;      // bytes
  std::uint32_t available = 0;  // bytes that are free

  bool operator==(const BufferCapacity&) const = default;
};

// A drive that has more room free than it has room contradicts itself: kProtocol.
[[nodiscard]] Result<BufferCapacity> decode_buffer_capacity(std::span<const std::byte> reply);

}  // namespace pregroove::mmc
