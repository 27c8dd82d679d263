#include "engine/passthrough/system_tables.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "engine/base/units.h"

namespace pregroove::passthrough {
namespace {

// Cuts the text up to the separator off; all that is left when there is none.
std::string_view take(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const std::string_view piece = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return piece;
}

std::optional<unsigned> parse_number(std::string_view text, int base = 10) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The kernel writes blanks, tabs, line ends and backslashes as "\ooo".
std::string unescape(std::string_view text) {
  constexpr std::size_t kDigits = 3;
  constexpr unsigned kLargestByte = 0xFF;
  std::string plain;
  while (!text.empty()) {
    const bool escaped = text.front() == '\\' && text.size() > kDigits;
    const auto value = escaped ? parse_number(text.substr(1, kDigits), 8) : std::nullopt;
    const bool known = value && *value <= kLargestByte;
    plain += known ? static_cast<char>(*value) : text.front();
    text.remove_prefix(known ? 1 + kDigits : 1);
  }
  return plain;
}

}  // namespace

std::optional<DeviceNumber> parse_device_number(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  const auto major = parse_number(take(text, ':'));
  const auto minor = parse_number(text);
  if (!major || !minor) return std::nullopt;
  return DeviceNumber{*major, *minor};
}

std::optional<std::string> mount_point_of(std::string_view mountinfo, DeviceNumber device) {
  while (!mountinfo.empty()) {
    std::string_view line = take(mountinfo, '\n');
    take(line, ' ');  // mount ID
    take(line, ' ');  // parent ID
    const auto number = parse_device_number(take(line, ' '));
    take(line, ' ');  // root
    if (number == device) return unescape(take(line, ' '));
  }
  return std::nullopt;
}

std::vector<std::string> parse_cdrom_names(std::string_view info) {
  constexpr std::string_view kLabel = "drive name:";
  std::vector<std::string> names;
  while (!info.empty()) {
    std::string_view line = take(info, '\n');
    if (!line.starts_with(kLabel)) continue;
    line.remove_prefix(kLabel.size());
    while (!line.empty())
      if (const std::string_view name = take(line, '\t'); !name.empty()) names.emplace_back(name);
  }
  // The kernel lists the newest drive first.
  std::ranges::reverse(names);
  return names;
}

std::size_t transfer_limit(const TransferLimits& limits) {
  std::size_t most = limits.wanted;
  if (limits.reserved != 0) most = std::min(most, limits.reserved);
  if (limits.queue != 0) most = std::min(most, limits.queue);
  return std::max(most - most % kBlockSize, std::size_t{kBlockSize});
}

}  // namespace pregroove::passthrough
