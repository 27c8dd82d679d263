// The bytes of the table that checksums.h describes. Private to engine/image.
#pragma once

#include <array>

#include "engine/base/bytes.h"
#include "engine/image/digest.h"

namespace pregroove::image {

using ChecksumMagic = std::array<char, 16>;
inline constexpr ChecksumMagic kChecksumMagic{'P', 'R', 'E', 'G', 'R', 'O', 'O', 'V',
                                              'E', '-', 'S', 'H', 'A', '2', '5', '6'};

struct ChecksumHeader {
  ChecksumMagic magic = kChecksumMagic;
  Be32 records;
  Be32 previous_lba;
  Be32 previous_blocks;
  Be32 reserved;
  Sha256Sum sum{};
};
static_assert(wire_struct<ChecksumHeader, 64>());

struct ChecksumRecord {
  Be32 lba;
  Be64 bytes;
  Be32 not_whole;
  Sha256Sum sum{};
};
static_assert(wire_struct<ChecksumRecord, 48>());

}  // namespace pregroove::image
