// The rules of BD-R in random recording mode (RRM): every cluster can be written once, in any
// order.
//
// One session, one track, always there. A cluster may be filled by several writes that follow each
// other, until SYNCHRONIZE CACHE pads it. Sources: MMC-6 4.5; mmc.md 2.9 and 2.13.
#pragma once

#include "simdrive/disc/rules.h"

namespace simdrive {

class BdRRandomRules final : public Rules {
 public:
  BdRRandomRules() = default;

  [[nodiscard]] DiscStatus status(const Layout& layout) const override;
  [[nodiscard]] BlockCount capacity(const Layout& layout) const override;
  [[nodiscard]] std::optional<Lba> next_writable_address(const Layout& layout) const override;
  [[nodiscard]] BlockCount free_blocks(const Layout& layout, const Track& track) const override;
  [[nodiscard]] Readability readability(const Layout& layout, Lba lba) const override;
  [[nodiscard]] BlockCount readable_run(const Layout& layout, Lba lba,
                                        BlockCount count) const override;
  [[nodiscard]] DiscView disc_view(const Layout& layout) const override;
  [[nodiscard]] std::vector<TrackView> track_views(const Layout& layout) const override;
  [[nodiscard]] BlockCount readable_capacity(const Layout& layout) const override;
  [[nodiscard]] FormatCapacities format_capacities(const Layout& layout) const override;
  [[nodiscard]] pregroove::Status check_invariants(const Layout& layout) const override;
  [[nodiscard]] Ruling check_write(const Layout& layout, Lba lba, BlockCount count,
                                   const WriteMode& mode) const override;
  void record_write(Layout& layout, Lba lba, BlockCount count,
                    const WriteMode& mode) const override;
  [[nodiscard]] Effected synchronize(Layout& layout, const WriteMode& mode) const override;
  [[nodiscard]] Effected close(Layout& layout, const CloseRequest& request,
                               const WriteMode& mode) const override;
};

}  // namespace simdrive
