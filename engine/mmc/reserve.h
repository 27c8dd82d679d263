// RESERVE TRACK (MMC-6).
#pragma once

#include "engine/mmc/command.h"

namespace pregroove::mmc {

// By size. REQUIRES: 0 <= size < 2^32.
[[nodiscard]] Cdb reserve_track(BlockCount size);

}  // namespace pregroove::mmc
