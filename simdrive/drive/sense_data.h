// Sense data as it goes over a wire (SPC-4 4.5.3, fixed format).
#pragma once

#include <array>
#include <cstddef>

#include "engine/scsi/sense.h"

namespace simdrive {

inline constexpr std::size_t kFixedSenseSize = 18;

[[nodiscard]] std::array<std::byte, kFixedSenseSize> fixed_sense(
    const pregroove::scsi::Sense& sense);

}  // namespace simdrive
