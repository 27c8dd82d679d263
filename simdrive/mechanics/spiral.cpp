#include "simdrive/mechanics/spiral.h"

#include <algorithm>

namespace simdrive {
namespace {

// The program or data area. ECMA-130 has it from 25 mm to 58 mm, ECMA-267 and the BD books from
// 24 mm to 58 mm; recalled, not read.
constexpr double kCdInnerRadius = 25;
constexpr double kDvdInnerRadius = 24;
constexpr double kOuterRadius = 58;
// Recalled, not read.
constexpr double kSmallDiscOuterRadius = 38;

}  // namespace

Spiral spiral_of(MediumFamily family, DiscSize size, BlockCount blocks_per_layer,
                 std::int64_t layers) {
  const BlockCount blocks = std::max(blocks_per_layer, BlockCount{1});
  return {.family = family,
          .inner_radius_mm = family == MediumFamily::kCd ? kCdInnerRadius : kDvdInnerRadius,
          .outer_radius_mm = size == DiscSize::k8cm ? kSmallDiscOuterRadius : kOuterRadius,
          .blocks_to_outer = blocks,
          .layer_blocks = blocks,
          .layers = std::max<std::int64_t>(layers, 1)};
}

}  // namespace simdrive
