// The rules of DVD-R, DVD-R DL and sequential DVD-RW: RZones and borders.
//
// Sources: MMC-6 4.4 (DVD-R recording model), ECMA-359, ECMA-338; mmc.md 2.9 and 2.12.
#pragma once

#include "simdrive/disc/sequential_rules.h"

namespace simdrive {

class DvdMinusRules final : public SequentialRules {
 public:
  DvdMinusRules();
  [[nodiscard]] BlockCount session_gap(const Layout& layout, int closed_session) const override;

 protected:
  void begin_track(Track& track, const WriteMode& mode) const override;
  void classify(const Track& track, TrackView& view) const override;
  void classify_invisible(TrackView& view) const override;
};

}  // namespace simdrive
