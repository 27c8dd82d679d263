// The MD5 that libisofs (xorriso, cdrskin's sister) stores of a whole session.
//
// Three tags, each a line of text at the start of a block of its own, follow one another by
// address: one behind the volume descriptors, one behind the folders, one behind the file contents.
// Each says which blocks before it its MD5 is of; the last one's are the whole session. "self" is
// the MD5 of the line before it. Seen in images of xorriso 1.5.4; libisofs describes them in its
// doc/checksums.txt.
#pragma once

#include <optional>

#include "engine/base/error.h"
#include "engine/base/units.h"
#include "engine/image/block_reader.h"
#include "engine/image/digest.h"

namespace pregroove::image {

struct LibisofsSum {
  Lba first;
  BlockCount blocks;
  Md5Sum sum{};
};

// nullopt where there are no such tags, or they are damaged. end: the address after the last block
// that can be read. Fails only when a block before it cannot be read.
[[nodiscard]] Result<std::optional<LibisofsSum>> find_libisofs_sum(BlockReader& reader,
                                                                   Lba session_start, Lba end);

}  // namespace pregroove::image
