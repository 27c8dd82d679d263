// What Linux knows of its optical drives without a command being sent: sysfs and /proc.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/passthrough/system_tables.h"

namespace pregroove::passthrough {

// Device files of SCSI devices of type 5 ("CD/DVD device", SPC-4); the generic one where no block
// device stands for the drive.
[[nodiscard]] std::vector<std::string> optical_drives();

// The block device behind an open descriptor of /dev/sr0 or /dev/sg0.
[[nodiscard]] std::optional<DeviceNumber> block_device_of(int descriptor);
// The same, of a path that could not be opened.
[[nodiscard]] std::optional<DeviceNumber> block_device_of(const std::string& path);

// Where it is mounted in this process's view of the system.
[[nodiscard]] std::optional<std::string> mount_point_of(DeviceNumber device);

// The most bytes that its queue takes at once; 0 when the system does not say.
[[nodiscard]] std::size_t queue_limit_of(DeviceNumber device);

}  // namespace pregroove::passthrough
