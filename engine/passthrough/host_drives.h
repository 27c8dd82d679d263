// The recorders of this machine, by whatever way there is to them. A program links one library that
// implements this: pregroove_passthrough (Linux' SG_IO) or pregroove_passthrough_cdio (libcdio).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/scsi/transport.h"

namespace pregroove::passthrough {

// Opened for this process alone. kNotFound, kAccessDenied, kBusy (mounted or in use), kUnsupported
// (no drive, or one that takes no commands).
[[nodiscard]] Result<std::unique_ptr<scsi::Transport>> open_host_drive(const std::string& path);

// The optical drives that the system knows ("/dev/sr0", ...), whether they may be opened or not.
[[nodiscard]] std::vector<std::string> list_host_drives();

}  // namespace pregroove::passthrough
