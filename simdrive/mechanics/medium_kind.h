// The kinds of disc and what they have in common.
#pragma once

#include <cstddef>
#include <cstdint>

#include "simdrive/mechanics/speeds.h"

namespace simdrive {

enum class MediumKind : std::uint8_t {
  kCdRom,
  kCdR,
  kCdRw,
  kDvdRom,
  kDvdR,
  kDvdRDualLayer,
  kDvdRw,
  kDvdRam,
  kDvdPlusR,
  kDvdPlusRDualLayer,
  kDvdPlusRw,
  kBdRom,
  kBdR,
  kBdRe,
};
inline constexpr std::size_t kMediumKinds = 14;

[[nodiscard]] constexpr MediumFamily family_of(MediumKind kind) {
  if (kind <= MediumKind::kCdRw) return MediumFamily::kCd;
  return kind <= MediumKind::kDvdPlusRw ? MediumFamily::kDvd : MediumFamily::kBd;
}
[[nodiscard]] constexpr bool is_pressed(MediumKind kind) {
  return kind == MediumKind::kCdRom || kind == MediumKind::kDvdRom || kind == MediumKind::kBdRom;
}

}  // namespace simdrive
