#include "simdrive/disc/rules.h"

#include "simdrive/disc/rules/bd_r.h"
#include "simdrive/disc/rules/bd_r_random.h"
#include "simdrive/disc/rules/cd.h"
#include "simdrive/disc/rules/dvd_minus.h"
#include "simdrive/disc/rules/dvd_plus.h"
#include "simdrive/disc/rules/overwritable.h"
#include "simdrive/disc/rules/pressed.h"

namespace simdrive {

FormatCapacities Rules::format_capacities(const Layout& layout) const {
  return {.state = CapacityState::kUnknown,
          .blocks = static_cast<std::uint32_t>(capacity(layout).value)};
}

const Rules& rules_for(const Medium& medium, const Recording& recording) {
  static const CdRules cd;
  static const DvdMinusRules dvd_minus;
  static const DvdPlusRules dvd_plus;
  static const BdRRules bd_r;
  static const BdRRandomRules bd_r_random;
  static const OverwritableRules overwritable;
  static const PressedRules pressed;
  switch (medium.kind) {
    case MediumKind::kCdR:
    case MediumKind::kCdRw:
      return cd;
    case MediumKind::kDvdR:
    case MediumKind::kDvdRDualLayer:
      return dvd_minus;
    case MediumKind::kDvdRw:
      if (recording.formatting.state == FormatState::kUnformatted) return dvd_minus;
      return overwritable;
    case MediumKind::kDvdPlusR:
    case MediumKind::kDvdPlusRDualLayer:
      return dvd_plus;
    case MediumKind::kBdR:
      if (is_random_recording(recording)) return bd_r_random;
      return bd_r;
    case MediumKind::kDvdRam:
    case MediumKind::kDvdPlusRw:
    case MediumKind::kBdRe:
      return overwritable;
    case MediumKind::kCdRom:
    case MediumKind::kDvdRom:
    case MediumKind::kBdRom:
      break;
  }
  return pressed;
}

}  // namespace simdrive
