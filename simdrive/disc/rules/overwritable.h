// The rules of media whose formatted area can be written anywhere, again and again: DVD-RAM,
// DVD+RW, BD-RE, and DVD-RW in restricted overwrite mode.
//
// One session, one track, always there. Sources: MMC-6 4.4 and 4.5; mmc.md 2.9, 2.13 and 2.16.
#pragma once

#include "simdrive/disc/rules.h"

namespace simdrive {

class OverwritableRules final : public Rules {
 public:
  OverwritableRules() = default;

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
  [[nodiscard]] pregroove::Status check_invariants(const Layout& layout) const override;
  [[nodiscard]] Ruling check_write(const Layout& layout, Lba lba, BlockCount count,
                                   const WriteMode& mode) const override;
  void record_write(Layout& layout, Lba lba, BlockCount count,
                    const WriteMode& mode) const override;
  [[nodiscard]] Effected close(Layout& layout, const CloseRequest& request,
                               const WriteMode& mode) const override;
};

}  // namespace simdrive
