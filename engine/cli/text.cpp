#include "engine/cli/text.h"

#include <fmt/chrono.h>

#include <algorithm>

namespace pregroove::cli {

std::string mebibytes(BlockCount blocks) {
  constexpr double kMebibyte = 1024.0 * 1024.0;
  return fmt::format("{:.1f} MiB", static_cast<double>(blocks.bytes()) / kMebibyte);
}

std::string minutes(Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
}

std::string date_time(system::FileTime time) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::gmtime(time.time_since_epoch().count()));
}

std::string printable(std::string_view name) {
  std::string text(name);
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
  return text;
}

}  // namespace pregroove::cli
