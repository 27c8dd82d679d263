// READ, WRITE and SYNCHRONIZE CACHE (MMC-6).
#pragma once

#include "engine/mmc/command.h"

namespace pregroove::mmc {

// The Streaming bit: defects are passed over for the sake of speed.
enum class Streaming : bool { kNo, kYes };

// REQUIRES: 0 <= blocks <= 65535. Negative addresses are written as two's complement.
[[nodiscard]] Cdb read10(Lba lba, BlockCount blocks);
[[nodiscard]] Cdb write10(Lba lba, BlockCount blocks);

// REQUIRES: 0 <= blocks < 2^32.
[[nodiscard]] Cdb read12(Lba lba, BlockCount blocks, Streaming streaming = Streaming::kNo);
[[nodiscard]] Cdb write12(Lba lba, BlockCount blocks, Streaming streaming = Streaming::kNo);

// Everything in the buffer goes to the disc. Ends a session at once, and closes a track at once.
[[nodiscard]] Cdb synchronize_cache(Immediate immediate);

}  // namespace pregroove::mmc
