// Where the addresses of a disc lie, nominally: a spiral of constant track pitch and density
// between the radii of the family. So the capacity goes with the square of the radius.
#pragma once

#include <cstdint>

#include "engine/base/units.h"
#include "simdrive/mechanics/speeds.h"

namespace simdrive {

using pregroove::Lba;

enum class DiscSize : std::uint8_t { k12cm, k8cm };

// With several layers the odd ones run back from the outside (opposite track path): the radius
// turns round where a layer ends.
struct Spiral {
  MediumFamily family = MediumFamily::kCd;
  double inner_radius_mm = 0;
  double outer_radius_mm = 0;
  BlockCount blocks_to_outer;  // in one layer, from the inner radius to the outer one
  // In use in each layer; fewer than blocks_to_outer where the layer break was moved inwards.
  BlockCount layer_blocks;
  std::int64_t layers = 1;
};

// A disc whose layers are used to their end. A capacity or number of layers below 1 counts as 1.
[[nodiscard]] Spiral spiral_of(MediumFamily family, DiscSize size, BlockCount blocks_per_layer,
                               std::int64_t layers = 1);

}  // namespace simdrive
