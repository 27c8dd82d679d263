// The rules of BD-R: sequential recording (SRM), with pseudo-overwriting (POW) or without, and how
// a blank disc is formatted.
//
// Sources: MMC-6 4.5 (BD-R recording model); mmc.md 2.9, 2.10 and 2.13.
#pragma once

#include "simdrive/disc/sequential_rules.h"

namespace simdrive {

class BdRRules final : public SequentialRules {
 public:
  BdRRules();
  [[nodiscard]] DiscStatus status(const Layout& layout) const override;
  [[nodiscard]] BlockCount capacity(const Layout& layout) const override;
  [[nodiscard]] BlockCount free_blocks(const Layout& layout, const Track& track) const override;
  [[nodiscard]] BlockCount free_blocks(const Layout& layout,
                                       const InvisibleTrack& track) const override;
  [[nodiscard]] BlockCount readable_capacity(const Layout& layout) const override;
  [[nodiscard]] FormatCapacities format_capacities(const Layout& layout) const override;
  [[nodiscard]] pregroove::Status check_invariants(const Layout& layout) const override;
  [[nodiscard]] Ruling check_write(const Layout& layout, Lba lba, BlockCount count,
                                   const WriteMode& mode) const override;
  void record_write(Layout& layout, Lba lba, BlockCount count,
                    const WriteMode& mode) const override;
  [[nodiscard]] Effected close(Layout& layout, const CloseRequest& request,
                               const WriteMode& mode) const override;
  [[nodiscard]] Effected format(Layout& layout, const FormatRequest& request) const override;

 protected:
  [[nodiscard]] Ruling check_mode(const Layout& layout, const Track* track,
                                  const WriteMode& mode) const override;
  void begin_track(Track& track, const WriteMode& mode) const override;
};

// Whether the disc is formatted for pseudo-overwriting; for random recording.
[[nodiscard]] bool is_pseudo_overwritable(const Recording& recording);
[[nodiscard]] bool is_random_recording(const Recording& recording);

}  // namespace simdrive
