// What libcdio says about an exchange, turned into the port's Completion or Error. Pure.
//
// Source: libcdio's cdio/device.h (driver return codes) and cdio/mmc.h (mmc_last_cmd_sense).
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "engine/base/error.h"
#include "engine/scsi/transport.h"

namespace pregroove::passthrough {

struct CdioOutcome {
  int return_code = 0;               // driver_return_code_t
  std::size_t requested = 0;         // bytes
  std::span<const std::byte> sense;  // of this command; empty when the drive gave none
};

// libcdio does not say how much was moved: after GOOD it counts as everything, so what a short
// reply left of the buffer has to be zero beforehand.
[[nodiscard]] Result<scsi::Completion> completion_of(const CdioOutcome& outcome,
                                                     const std::string& device);

}  // namespace pregroove::passthrough
