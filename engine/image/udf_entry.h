// A file entry of UDF (ECMA-167 4/14.9 and 4/14.17) as values, and its allocation descriptors.
// Private to engine/image.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/image/tree.h"
#include "engine/image/udf_descriptors.h"

namespace pregroove::image::udf {

// A block of a partition; the partition by its place among the volume's maps.
struct Address {
  std::uint32_t block = 0;
  std::uint16_t partition = 0;
  auto operator<=>(const Address&) const = default;
};
[[nodiscard]] inline Address address_of(const LongAd& place) {
  return {.block = place.block.value(), .partition = place.partition.value()};
}

enum class Allocation : std::uint8_t { kShort = 0, kLong = 1, kEmbedded = 3 };

struct Entry {
  Address at;
  std::uint8_t type = kTypeUnspecified;
  Allocation allocation = Allocation::kShort;
  std::uint64_t bytes = 0;
  system::FileTime modified;
  Attributes attributes;
  std::uint32_t links = 1;
  bool has_streams = false;
  std::vector<std::byte> descriptors;  // the bytes themselves when they are embedded
};

// block: the one at `at`. kCorruptImage, kUnsupported.
[[nodiscard]] Result<Entry> parse_entry(std::span<const std::byte> block, Address at);

// One allocation descriptor (4/14.14, 4/14.14.1.1).
struct Piece {
  enum class Kind : std::uint8_t { kRecorded, kAllocated, kHole, kContinued };
  Kind kind = Kind::kRecorded;
  Address at;
  std::uint32_t bytes = 0;  // 0: there are no more
};
// Those of the entry, or of one of the extents in which they go on.
[[nodiscard]] std::vector<Piece> parse_pieces(const Entry& entry,
                                              std::span<const std::byte> descriptors);

}  // namespace pregroove::image::udf
