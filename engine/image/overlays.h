// Bytes that lie over what an image has at their place otherwise: boot catalog, partition tables,
// and what is written into boot files. Private to engine/image.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/bytes.h"

namespace pregroove::image {

class Overlays {
 public:
  // at: bytes from the start of the image.
  void add(std::uint64_t at, std::span<const std::byte> bytes);
  template <typename Struct>
  void add_struct(std::uint64_t at, const Struct& value) {
    add(at, bytes_of(value));
  }
  // Changes those bytes of a piece of the image, which begins at `at`, that have one.
  void apply(std::uint64_t at, std::span<std::byte> piece) const;

 private:
  struct Overlay {
    std::uint64_t at = 0;
    std::vector<std::byte> bytes;
  };
  std::vector<Overlay> overlays_;
};

}  // namespace pregroove::image
