#include "engine/image/overlays.h"

#include <algorithm>

namespace pregroove::image {

void Overlays::add(std::uint64_t at, std::span<const std::byte> bytes) {
  overlays_.push_back({.at = at, .bytes = {bytes.begin(), bytes.end()}});
}

void Overlays::apply(std::uint64_t at, std::span<std::byte> piece) const {
  for (const Overlay& overlay : overlays_) {
    const std::uint64_t begin = std::max(at, overlay.at);
    const std::uint64_t end = std::min(at + piece.size(), overlay.at + overlay.bytes.size());
    if (begin >= end) continue;
    std::ranges::copy(std::span(overlay.bytes)
                          .subspan(static_cast<std::size_t>(begin - overlay.at),
                                   static_cast<std::size_t>(end - begin)),
                      piece.begin() + static_cast<std::ptrdiff_t>(begin - at));
  }
}

}  // namespace pregroove::image
