// The rules of DVD+R and DVD+R DL: fragments and sessions.
//
// Sources: MMC-6 4.4.4 (DVD+R), ECMA-349, ECMA-364; mmc.md 2.9 and 2.12.
#pragma once

#include "simdrive/disc/sequential_rules.h"

namespace simdrive {

class DvdPlusRules final : public SequentialRules {
 public:
  DvdPlusRules();
  [[nodiscard]] BlockCount session_gap(const Layout& layout, int closed_session) const override;

 protected:
  void begin_track(Track& track, const WriteMode& mode) const override;
};

}  // namespace simdrive
