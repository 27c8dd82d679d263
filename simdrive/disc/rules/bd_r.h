// The rules of BD-R in sequential recording mode.
//
// Sources: MMC-6 4.5 (BD-R recording model); mmc.md 2.9 and 2.13.
#pragma once

#include "simdrive/disc/sequential_rules.h"

namespace simdrive {

class BdRRules final : public SequentialRules {
 public:
  BdRRules();

 protected:
  void begin_track(Track& track, const WriteMode& mode) const override;
};

}  // namespace simdrive
