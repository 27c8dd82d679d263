#include "engine/passthrough/linux_devices.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <charconv>
#include <span>

#include "engine/base/bytes.h"
#include "engine/system/file.h"

namespace pregroove::passthrough {
namespace {

// Whole files of /proc and sysfs, whose sizes are not known before; empty when there is none.
std::string text_of(const std::string& path) {
  constexpr std::size_t kPiece = 4096;
  constexpr std::size_t kMost = std::size_t{4} * 1024 * 1024;
  const auto file = system::File::open_for_reading(path);
  std::string text;
  while (file && text.size() < kMost) {
    const std::size_t before = text.size();
    text.resize(before + kPiece);
    const auto count =
        file->read_at(before, std::as_writable_bytes(std::span(text).subspan(before)));
    text.resize(before + count.value_or(0));
    if (count.value_or(0) == 0) break;
  }
  return text;
}

std::vector<std::string> names_in(const std::string& folder) {
  return system::list_directory(folder).value_or(std::vector<std::string>{});
}

std::optional<DeviceNumber> block_device_of(const struct stat& node) {
  const DeviceNumber number{::major(node.st_rdev), ::minor(node.st_rdev)};
  if (S_ISBLK(node.st_mode)) return number;
  if (!S_ISCHR(node.st_mode)) return std::nullopt;
  const std::string siblings =
      fmt::format("/sys/dev/char/{}:{}/device/block", number.major, number.minor);
  for (const std::string& name : names_in(siblings))
    return parse_device_number(text_of(fmt::format("{}/{}/dev", siblings, name)));
  return std::nullopt;
}

}  // namespace

std::vector<std::string> optical_drives() {
  const std::string devices = "/sys/bus/scsi/devices";
  std::vector<std::string> paths;
  for (const std::string& device : names_in(devices)) {
    const std::string folder = fmt::format("{}/{}", devices, device);
    if (text_of(folder + "/type") != "5\n") continue;
    auto nodes = names_in(folder + "/block");
    if (nodes.empty()) nodes = names_in(folder + "/scsi_generic");
    for (const std::string& node : nodes) paths.push_back("/dev/" + node);
  }
  // A container may show the one and not the other.
  for (const std::string& name : parse_cdrom_names(text_of("/proc/sys/dev/cdrom/info")))
    if (std::ranges::find(paths, "/dev/" + name) == paths.end()) paths.push_back("/dev/" + name);
  return paths;
}

std::optional<DeviceNumber> block_device_of(int descriptor) {
  struct stat node {};
  if (::fstat(descriptor, &node) != 0) return std::nullopt;
  return block_device_of(node);
}

std::optional<DeviceNumber> block_device_of(const std::string& path) {
  struct stat node {};
  if (::stat(path.c_str(), &node) != 0) return std::nullopt;
  return block_device_of(node);
}

std::optional<std::string> mount_point_of(DeviceNumber device) {
  return mount_point_of(text_of("/proc/self/mountinfo"), device);
}

std::size_t queue_limit_of(DeviceNumber device) {
  constexpr std::size_t kKibibyte = 1024;
  const std::string text =
      text_of(fmt::format("/sys/dev/block/{}:{}/queue/max_sectors_kb", device.major, device.minor));
  std::size_t kibibytes = 0;
  std::from_chars(text.data(), text.data() + text.size(), kibibytes);
  return kibibytes * kKibibyte;
}

}  // namespace pregroove::passthrough
