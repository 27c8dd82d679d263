// The head of an ISO 9660 image: its system area and volume descriptors (ECMA-119 6.2.1 and 8).
#pragma once

#include <cstddef>
#include <span>

#include "engine/base/error.h"
#include "engine/base/units.h"

namespace pregroove::image {

// Makes the head of a session the head of a disc: every volume descriptor in it counts the blocks
// from LBA 0 to the end of the session. The other addresses in them are absolute already, that in a
// boot record too.
// kCorruptImage when there is no primary volume descriptor. REQUIRES: head begins with the session
// and is a whole number of blocks.
[[nodiscard]] Status make_head_of_disc(std::span<std::byte> head, Lba session_start);

}  // namespace pregroove::image
