// What Linux tells about devices as text, read from strings. Pure: who reads the files decides
// which.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pregroove::passthrough {

// Two numbers identify a device node, whatever its names are.
struct DeviceNumber {
  unsigned major = 0;
  unsigned minor = 0;
  bool operator==(const DeviceNumber&) const = default;
};

// "11:0", as /sys/block/*/dev holds it.
[[nodiscard]] std::optional<DeviceNumber> parse_device_number(std::string_view text);

// Where a device is mounted first; nullopt when it is not. mountinfo: /proc/self/mountinfo (Linux
// Documentation/filesystems/proc.rst 3.5).
[[nodiscard]] std::optional<std::string> mount_point_of(std::string_view mountinfo,
                                                        DeviceNumber device);

// The drives of /proc/sys/dev/cdrom/info, as names in /dev, in the order of their numbers.
[[nodiscard]] std::vector<std::string> parse_cdrom_names(std::string_view info);

// What one command may carry: whole blocks, at most the wanted bytes and at most what is known of
// the driver's buffer and the queue (0: not known), at least one block.
struct TransferLimits {
  std::size_t wanted = 0;
  std::size_t reserved = 0;  // SG_GET_RESERVED_SIZE
  std::size_t queue = 0;     // queue/max_sectors_kb, in bytes
};
[[nodiscard]] std::size_t transfer_limit(const TransferLimits& limits);

}  // namespace pregroove::passthrough
