// The port over Linux' SG_IO ioctl: real recorders as /dev/sr0 or /dev/sg0.
#pragma once

#include <memory>
#include <string>

#include "engine/base/error.h"
#include "engine/scsi/transport.h"

namespace pregroove::passthrough {

// Opened for this process alone (O_EXCL). kNotFound, kAccessDenied, kBusy (mounted or in use),
// kUnsupported (not a SCSI device).
[[nodiscard]] Result<std::unique_ptr<scsi::Transport>> open_linux_device(const std::string& path);

}  // namespace pregroove::passthrough
