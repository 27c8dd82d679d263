// How the input of fuzz_udf spells a disc: only blocks that are not zero, each behind four bytes
// for its address, least significant byte first. UDF spreads a few blocks over a large volume.
// fixtures/images/udf is spelled so, too.
#pragma once

#include <cstddef>

#include "engine/base/units.h"

namespace pregroove::fuzz {

inline constexpr std::size_t kAddressBytes = 4;
inline constexpr std::size_t kRecordBytes = kAddressBytes + std::size_t{kBlockSize};
// Of the largest input; its last block is the last of the disc.
inline constexpr BlockCount kMedium{4096};

}  // namespace pregroove::fuzz
