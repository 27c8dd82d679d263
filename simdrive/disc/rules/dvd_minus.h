// The rules of DVD-R, DVD-R DL and sequential DVD-RW: RZones and borders, written incrementally or
// disc-at-once.
//
// Sources: MMC-6 4.4 (DVD-R recording model), ECMA-359, ECMA-338; mmc.md 2.9, 2.12 and 2.14.
#pragma once

#include "simdrive/disc/sequential_rules.h"

namespace simdrive {

class DvdMinusRules final : public SequentialRules {
 public:
  DvdMinusRules();
  [[nodiscard]] BlockCount session_gap(const Layout& layout, int closed_session) const override;
  [[nodiscard]] Ruling reserve(Layout& layout, BlockCount size,
                               const WriteMode& mode) const override;
  // Ends disc-at-once recording.
  [[nodiscard]] Effected synchronize(Layout& layout, const WriteMode& mode) const override;
  [[nodiscard]] Effected close(Layout& layout, const CloseRequest& request,
                               const WriteMode& mode) const override;
  [[nodiscard]] Ruling close_session(Layout& layout, bool another_may_follow,
                                     SessionFormat format) const override;
  [[nodiscard]] Effected blank(Layout& layout, std::uint8_t type,
                               std::uint32_t address) const override;
  [[nodiscard]] Effected repair(Layout& layout, int number) const override;
  // DVD-RW can be formatted for restricted overwrite (rules/dvd_rw_overwrite.h).
  [[nodiscard]] FormatCapacities format_capacities(const Layout& layout) const override;
  [[nodiscard]] Effected format(Layout& layout, const FormatRequest& request) const override;

 protected:
  [[nodiscard]] Ruling check_mode(const Layout& layout, const Track* track,
                                  const WriteMode& mode) const override;
  void begin_track(Track& track, const WriteMode& mode) const override;
  void classify(const Track& track, TrackView& view) const override;
  void classify_invisible(const Layout& layout, TrackView& view) const override;
  [[nodiscard]] Refusal hindrance(const Track& track) const override;
  [[nodiscard]] BlockCount closing_blocks(const Layout& layout,
                                          bool another_may_follow) const override;
};

}  // namespace simdrive
