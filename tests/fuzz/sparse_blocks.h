// How the input of fuzz_udf spells a disc: only blocks that are not zero, each behind two bytes for
// its address, least significant byte first. UDF spreads a few blocks over a large volume.
#pragma once

#include <cstddef>

#include "engine/base/units.h"

namespace pregroove::fuzz {

inline constexpr std::size_t kAddressBytes = 2;
inline constexpr std::size_t kRecordBytes = kAddressBytes + std::size_t{kBlockSize};
// Of every input.
inline constexpr BlockCount kMedium{4096};

}  // namespace pregroove::fuzz
