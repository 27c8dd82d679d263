#include "simdrive/disc/rules.h"

#include "simdrive/disc/rules/bd_r.h"
#include "simdrive/disc/rules/bd_r_random.h"
#include "simdrive/disc/rules/bd_re.h"
#include "simdrive/disc/rules/cd.h"
#include "simdrive/disc/rules/dvd_minus.h"
#include "simdrive/disc/rules/dvd_plus.h"
#include "simdrive/disc/rules/dvd_plus_rw.h"
#include "simdrive/disc/rules/dvd_ram.h"
#include "simdrive/disc/rules/dvd_rw_overwrite.h"
#include "simdrive/disc/rules/pressed.h"

namespace simdrive {

// MMC-6 6.23, current/maximum capacity descriptor: what could be recorded while nothing is, then
// what can be read.
FormatCapacities Rules::format_capacities(const Layout& layout) const {
  const BlockCount readable = readable_capacity(layout);
  const bool recorded = readable.value > 0;
  const BlockCount blocks = recorded ? readable : capacity(layout);
  return {.state = recorded ? CapacityState::kFormatted : CapacityState::kUnformatted,
          .blocks = static_cast<std::uint32_t>(blocks.value)};
}

Recording fresh_recording(const Medium& medium) {
  if (medium.kind == MediumKind::kDvdRam) return {.formatting = fresh_dvd_ram(medium)};
  return {};
}

const Rules& rules_for(const Medium& medium, const Recording& recording) {
  static const CdRules cd;
  static const DvdMinusRules dvd_minus;
  static const DvdPlusRules dvd_plus;
  static const BdRRules bd_r;
  static const BdRRandomRules bd_r_random;
  static const DvdRwOverwriteRules dvd_rw_overwrite;
  static const DvdRamRules dvd_ram;
  static const DvdPlusRwRules dvd_plus_rw;
  static const BdReRules bd_re;
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
      return dvd_rw_overwrite;
    case MediumKind::kDvdPlusR:
    case MediumKind::kDvdPlusRDualLayer:
      return dvd_plus;
    case MediumKind::kBdR:
      if (is_random_recording(recording)) return bd_r_random;
      return bd_r;
    case MediumKind::kDvdRam:
      return dvd_ram;
    case MediumKind::kDvdPlusRw:
      return dvd_plus_rw;
    case MediumKind::kBdRe:
      return bd_re;
    case MediumKind::kCdRom:
    case MediumKind::kDvdRom:
    case MediumKind::kBdRom:
      break;
  }
  return pressed;
}

}  // namespace simdrive
