// What reading commands share: finding out how far a range can be read.
#pragma once

#include "simdrive/drive/command_table.h"

namespace simdrive {

// The blocks from lba on that are recorded user data, at most count.
[[nodiscard]] BlockCount readable_blocks(const Layout& layout, Lba lba, BlockCount count);
// Why the block cannot be read. REQUIRES: it is not recorded user data.
[[nodiscard]] Fault unreadable_fault(const Layout& layout, Lba lba);

}  // namespace simdrive
