// The marks at both ends of every image of ours: the last block is the proof that the image was
// written to its end, and the primary volume descriptor says that there has to be such a block.
//
// A burn that is interrupted can leave a session whose descriptors and folders are complete while
// file contents are missing, and a drive pads a short track, so that its length proves nothing. A
// session that says it is ours and does not end with this block is a dead attempt and is never
// continued. Other writers that add a session take over identifiers of the one before (xorriso
// does): a descriptor is ours only when its mark speaks of the very blocks that it describes.
//
// Layout of both, all else zero: 0..15 "PREGROOVE-END", or "PREGROOVE-START" in the application use
// field (ECMA-119 8.4.32), and zeros; 16..19 LBA of the image's first block, 20..23 blocks of the
// image, both most significant byte first. In the end mark alone, 24..27 LBA of the checksums and
// 28..31 their blocks (checksums.h), zeros where there are none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "engine/base/units.h"
#include "engine/image/checksums.h"

namespace pregroove::image {

// Which program wrote an image; stands in the primary volume descriptor (ECMA-119 8.4.20).
inline constexpr const char* kOurApplicationId = "PREGROOVE";

// Fills the application use field of the primary descriptor.
void write_start_mark(std::span<std::uint8_t> application_use, Lba session_start, BlockCount size);
// Whether the volume is an image of ours; the same rule as for is_end_mark.
[[nodiscard]] bool is_start_mark(std::span<const std::uint8_t> application_use, Lba session_start,
                                 BlockCount size);

// Fills one block. REQUIRES: block.size() == kBlockSize.
void write_end_mark(std::span<std::byte> block, Lba session_start, BlockCount size,
                    std::optional<ChecksumPlace> checksums);
// A volume that starts earlier and ends with the image counts as well: the head of a disc that is
// overwritten, which is a copy of its newest session's.
[[nodiscard]] bool is_end_mark(std::span<const std::byte> block, Lba session_start,
                               BlockCount size);
// What an end mark says. nullopt also when that place is not between session_start and the mark.
[[nodiscard]] std::optional<ChecksumPlace> checksums_of_end_mark(std::span<const std::byte> block,
                                                                 Lba session_start,
                                                                 BlockCount size);

}  // namespace pregroove::image
