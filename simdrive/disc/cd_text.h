// CD-TEXT: packs of 18 bytes that the sub-channels R to W of a lead-in repeat all along.
//
// A host that records session-at-once with a lead-in of data form 41h writes blocks of 96 bytes:
// four packs, each spread over 24 bytes of six bits. A pack is kept as it was written: 4 bytes of
// header (type 80h to 8Fh, track, sequence number, block and position), 12 of text, 2 of CRC.
//
// Sources: MMC-6 annex "CD-TEXT format in the lead-in area", READ TOC/PMA/ATIP format 5.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "simdrive/disc/subchannel.h"

namespace simdrive {

using CdTextPack = std::array<std::byte, 18>;
using CdTextBlock = Subcode;
inline constexpr std::size_t kPacksPerBlock = 4;

[[nodiscard]] bool pack_crc_holds(const CdTextPack& pack);

// The pack number 0 to 3 of a block. The two high bits of each byte are ignored.
[[nodiscard]] CdTextPack pack_in(const CdTextBlock& block, std::size_t number);
[[nodiscard]] CdTextBlock make_block(std::span<const CdTextPack, kPacksPerBlock> packs);

// The block that lies `index` blocks behind the start of a lead-in that repeats these packs. All
// zeros without packs.
[[nodiscard]] CdTextBlock lead_in_block(std::span<const CdTextPack> packs, std::size_t index);

// What a lead-in holds, each pack once, whatever place in the cycle the first block begins with.
struct CdText {
  std::vector<CdTextPack> packs;  // by block and sequence number
  std::size_t broken = 0;         // packs whose CRC does not hold, or whose type is none; left out
  std::size_t conflicting = 0;    // packs that differ from an earlier one of the same number
};
// Packs that are all zeros are fill, and not counted. Bytes behind the last whole block of 96 are
// ignored.
[[nodiscard]] CdText collect_cd_text(std::span<const std::byte> blocks);

}  // namespace simdrive
