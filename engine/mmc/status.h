// TEST UNIT READY and REQUEST SENSE (SPC-4). The reply to the latter is read by
// scsi::decode_sense.
#pragma once

#include <cstdint>

#include "engine/mmc/command.h"

namespace pregroove::mmc {

// Fixed format sense data, which every recorder gives (SPC-4).
inline constexpr std::uint8_t kFixedSenseSize = 18;

[[nodiscard]] Cdb test_unit_ready();
[[nodiscard]] Cdb request_sense(std::uint8_t allocation = kFixedSenseSize);

}  // namespace pregroove::mmc
