// The port over Linux' SG_IO ioctl: real recorders as /dev/sr0 or /dev/sg0.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/scsi/transport.h"

namespace pregroove::passthrough {

// Opened for this process alone (O_EXCL). kNotFound, kAccessDenied, kBusy (mounted or in use),
// kUnsupported (not a SCSI device).
[[nodiscard]] Result<std::unique_ptr<scsi::Transport>> open_linux_device(const std::string& path);

// The optical drives that the kernel knows ("/dev/sr0", ...), whether they may be opened or not.
[[nodiscard]] std::vector<std::string> list_linux_devices();

}  // namespace pregroove::passthrough
