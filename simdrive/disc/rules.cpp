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

pregroove::Status broken_record(const std::string& what) {
  return pregroove::fail(pregroove::ErrorCode::kCorruptFile,
                         "the record of the disc contradicts itself: " + what);
}

const Rules& rules_for(const Medium& medium, const Recording& recording) {
  static const CdRules kCd;
  static const DvdMinusRules kDvdMinus;
  static const DvdPlusRules kDvdPlus;
  static const BdRRules kBdR;
  static const BdRRandomRules kBdRRandom;
  static const DvdRwOverwriteRules kDvdRwOverwrite;
  static const DvdRamRules kDvdRam;
  static const DvdPlusRwRules kDvdPlusRw;
  static const BdReRules kBdRe;
  static const PressedRules kPressed;
  switch (medium.kind) {
    case MediumKind::kCdR:
    case MediumKind::kCdRw:
      return kCd;
    case MediumKind::kDvdR:
    case MediumKind::kDvdRDualLayer:
      return kDvdMinus;
    case MediumKind::kDvdRw:
      if (recording.formatting.state == FormatState::kUnformatted) return kDvdMinus;
      return kDvdRwOverwrite;
    case MediumKind::kDvdPlusR:
    case MediumKind::kDvdPlusRDualLayer:
      return kDvdPlus;
    case MediumKind::kBdR:
      if (is_random_recording(recording)) return kBdRRandom;
      return kBdR;
    case MediumKind::kDvdRam:
      return kDvdRam;
    case MediumKind::kDvdPlusRw:
      return kDvdPlusRw;
    case MediumKind::kBdRe:
      return kBdRe;
    case MediumKind::kCdRom:
    case MediumKind::kDvdRom:
    case MediumKind::kBdRom:
      break;
  }
  return kPressed;
}

}  // namespace simdrive
