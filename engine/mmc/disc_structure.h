// SEND DISC STRUCTURE, format 20h: where the layers of a dual-layer disc meet (MMC-6).
#pragma once

#include <array>

#include "engine/mmc/command.h"

namespace pregroove::mmc {

inline constexpr std::size_t kLayerBoundaryListSize = 12;

[[nodiscard]] Cdb send_layer_boundary();
// layer_0: how many blocks lie on layer 0. REQUIRES: 0 <= layer_0 < 2^32.
[[nodiscard]] std::array<std::byte, kLayerBoundaryListSize> encode_layer_boundary(
    BlockCount layer_0);

}  // namespace pregroove::mmc
