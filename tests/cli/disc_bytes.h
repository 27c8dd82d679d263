// A disc file, compared as a whole: what is recorded in it and where, without its holes.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <string>

namespace pregroove::cli_tests {

[[nodiscard]] inline std::string disc_bytes(const std::string& path) {
  std::string bytes;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  for (off_t at = ::lseek(file, 0, SEEK_DATA); at >= 0; at = ::lseek(file, at, SEEK_DATA)) {
    const off_t end = ::lseek(file, at, SEEK_HOLE);
    bytes += "@" + std::to_string(at) + ":";
    const std::size_t before = bytes.size();
    bytes.resize(before + static_cast<std::size_t>(end - at));
    if (::pread(file, bytes.data() + before, static_cast<std::size_t>(end - at), at) != end - at)
      bytes += "unreadable";
    at = end;
  }
  ::close(file);
  return bytes;
}

}  // namespace pregroove::cli_tests
