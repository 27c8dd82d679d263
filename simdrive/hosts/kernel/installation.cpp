#include "simdrive/hosts/kernel/installation.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace simdrive::hosts::kernel {
namespace {

using pregroove::ErrorCode;
using pregroove::Result;

// Where Debian's package puts them (user-mode-linux 6.1).
constexpr const char* kKernel = "linux.uml";
constexpr const char* kModules = "/usr/lib/uml/modules";
// Besides the caller's: the shell of an ordinary user does not look there.
constexpr const char* kSystemPath = "/usr/sbin:/usr/bin:/sbin:/bin";

std::string in_path(std::string_view name, std::string_view path) {
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find(':', at), path.size());
    const std::string candidate = fmt::format("{}/{}", path.substr(at, end - at), name);
    if (candidate.starts_with('/') && ::access(candidate.c_str(), X_OK) == 0) return candidate;
    at = end + 1;
  }
  return {};
}

std::unexpected<pregroove::Error> missing(const std::string& what, const char* package) {
  return pregroove::fail(
      ErrorCode::kNotFound, fmt::format("{} is not installed", what),
      fmt::format("Install the package {}: apt-get install user-mode-linux kmod", package));
}

}  // namespace

Result<Installation> find_installation() {
  const char* const path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe)
  Installation found{.kernel = in_path(kKernel, path != nullptr ? path : kSystemPath),
                     .modules = kModules};
  if (found.kernel.empty()) return missing(kKernel, "user-mode-linux");
  std::error_code error;
  if (!std::filesystem::is_directory(found.modules, error))
    return missing("what is loaded into it", "user-mode-linux");
  if (in_path("modprobe", kSystemPath).empty()) return missing("modprobe", "kmod");
  return found;
}

}  // namespace simdrive::hosts::kernel
