#include "simdrive/hosts/preload/private_folder.h"

#include <fmt/format.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace simdrive::hosts::preload {

namespace fs = std::filesystem;

pregroove::Result<PrivateFolder> PrivateFolder::create() {
  constexpr std::size_t kLengthMax = 80;             // of the 108 bytes of a socket address
  const char* const preferred = ::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe)
  std::string parent = preferred != nullptr ? preferred : "";
  // The loader splits the path of a library at these (ld.so(8), LD_PRELOAD).
  const bool usable = parent.starts_with('/') && parent.size() < kLengthMax &&
                      parent.find_first_of(" :") == std::string::npos;
  if (!usable) parent = "/tmp";
  std::string path = parent + "/simdrive-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr)
    return pregroove::fail(pregroove::ErrorCode::kIo,
                           fmt::format("cannot make a folder in \"{}\": {}", parent,
                                       std::generic_category().message(errno)),
                           "Name a folder that can be written to with TMPDIR.");
  return PrivateFolder(std::move(path));
}

PrivateFolder::~PrivateFolder() {
  if (path_.empty()) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace simdrive::hosts::preload
