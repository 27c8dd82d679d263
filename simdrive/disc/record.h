// The record of a disc as bytes: what a slot of the disc's file holds. README.md gives the layout.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/error.h"
#include "simdrive/disc/recording.h"

namespace simdrive {

inline constexpr std::size_t kMaxRecordSize = std::size_t{256} << 10U;

// Replaces what is in the buffer. kNoRoom when the record is larger than a slot.
[[nodiscard]] pregroove::Status encode_record(const Recording& recording, std::uint64_t generation,
                                              std::vector<std::byte>& buffer);

struct StoredRecord {
  std::uint64_t generation = 0;
  std::size_t size = 0;  // bytes, header included
};
// Nothing when the slot holds no whole record with a right checksum.
[[nodiscard]] std::optional<StoredRecord> find_record(std::span<const std::byte> slot);

// REQUIRES: find_record found it. kCorruptFile for values that cannot be; whether they fit together
// is for Layout::restored to say.
[[nodiscard]] pregroove::Result<Recording> decode_record(std::span<const std::byte> slot);

}  // namespace simdrive
