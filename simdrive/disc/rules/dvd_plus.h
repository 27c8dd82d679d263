// The rules of DVD+R and DVD+R DL: fragments and sessions.
//
// A fragment is a track that the host reserved, or the one that grows behind them. Closing the
// session merges its fragments into one track. Whether another session may follow is a matter of
// the close function and of the room that is left, never of the write parameters page.
// Sources: MMC-6 4.4.4 (DVD+R), ECMA-349, ECMA-364; mmc.md 2.9 and 2.12 (Pioneer R8, R11).
#pragma once

#include "simdrive/disc/sequential_rules.h"

namespace simdrive {

class DvdPlusRules final : public SequentialRules {
 public:
  DvdPlusRules();
  [[nodiscard]] BlockCount capacity(const Layout& layout) const override;
  [[nodiscard]] BlockCount session_gap(const Layout& layout, int closed_session) const override;
  [[nodiscard]] Effected close(Layout& layout, const CloseRequest& request,
                               const WriteMode& mode) const override;
  [[nodiscard]] Ruling close_session(Layout& layout, bool another_may_follow,
                                     SessionFormat format) const override;
  [[nodiscard]] Ruling set_layer_boundary(Layout& layout, BlockCount layer_0) const override;
  [[nodiscard]] pregroove::Status check_invariants(const Layout& layout) const override;

 protected:
  [[nodiscard]] Ruling check_mode(const Layout& layout, const Track* track,
                                  const WriteMode& mode) const override;
  void begin_track(Track& track, const WriteMode& mode) const override;
  [[nodiscard]] std::optional<Lba> last_session_lead_in(const Layout& layout) const override;
  [[nodiscard]] std::optional<Lba> last_possible_lead_out(const Layout& layout) const override;
  [[nodiscard]] BlockCount closing_blocks(const Layout& layout,
                                          bool another_may_follow) const override;

 private:
  // The session that is open now is the last one, whether the host wants it or not.
  [[nodiscard]] bool becomes_final(const Layout& layout) const;
};

}  // namespace simdrive
