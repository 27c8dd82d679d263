// What a hostile volume can make its reader hold while it is read, over all folders and files.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/error.h"
#include "engine/image/directory_parser.h"

namespace pregroove::image {

class Holdings {
 public:
  // most: bytes (ImportOptions::held_bytes_max).
  explicit Holdings(std::uint64_t most) : most_(most) {}

  // kCorruptImage: it would be more; the path is where.
  [[nodiscard]] Status take(std::uint64_t bytes, std::string_view path) {
    held_ += bytes;
    if (held_ <= most_) return {};
    return corrupt_image(path, "paths, links and files within entries are unreasonably many");
  }
  void give_back(std::uint64_t bytes) { held_ -= bytes; }

 private:
  std::uint64_t most_;
  std::uint64_t held_ = 0;
};

}  // namespace pregroove::image
