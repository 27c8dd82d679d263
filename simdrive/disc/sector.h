// Whole CD-ROM sectors around user data: sync, header, EDC and ECC.
//
// Sources: ECMA-130 clause 14 (sector layouts) and annex A (RSPC code); CD-ROM XA for mode 2
// form 1, whose parity is computed as if the header were zero.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "simdrive/disc/layout.h"

namespace simdrive {

inline constexpr std::size_t kRawSectorSize = 2352;
using RawSector = std::array<std::byte, kRawSectorSize>;

// Bytes of each part, in the order in which they lie in the sector.
struct SectorParts {
  std::size_t sync = 12;
  std::size_t header = 4;
  std::size_t sub_header = 0;
  std::size_t user_data = pregroove::kBlockSize;
  std::size_t check = 0;  // EDC, gap, ECC
};
[[nodiscard]] constexpr SectorParts sector_parts(SectorFormat format) {
  return format == SectorFormat::kMode1 ? SectorParts{.check = 288}
                                        : SectorParts{.sub_header = 8, .check = 280};
}

[[nodiscard]] RawSector encode_sector(Lba lba,
                                      std::span<const std::byte, pregroove::kBlockSize> user_data,
                                      SectorFormat format);

// The error detection code of ECMA-130 14.3, of bytes that it follows.
[[nodiscard]] std::uint32_t error_detection_code(std::span<const std::byte> bytes);

}  // namespace simdrive
