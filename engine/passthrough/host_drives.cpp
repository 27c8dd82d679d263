#include "engine/passthrough/host_drives.h"

#include "engine/passthrough/linux_devices.h"
#include "engine/passthrough/linux_sg.h"

namespace pregroove::passthrough {

Result<std::unique_ptr<scsi::Transport>> open_host_drive(const std::string& path) {
  return open_linux_device(path);
}

std::vector<std::string> list_host_drives() { return optical_drives(); }

}  // namespace pregroove::passthrough
