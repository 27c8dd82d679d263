// The rules of CD-R and CD-RW.
//
// Sources: MMC-6 4.3 (CD recording model), ECMA-394 (lengths of lead-in and lead-out), ECMA-130.
#pragma once

#include "simdrive/disc/sequential_rules.h"

namespace simdrive {

// Sectors that closing a session costs (ECMA-394; MMC-6 4.3): 90 seconds of lead-out after the
// first session and 30 after each later one, then a minute of lead-in and the pregap of the next
// track.
inline constexpr BlockCount kFirstLeadOut{6750};
inline constexpr BlockCount kLaterLeadOut{2250};
inline constexpr BlockCount kLeadIn{4500};
inline constexpr BlockCount kPregap{150};
// ECMA-130 clause 20: no track is shorter than 4 seconds; the drive pads.
inline constexpr BlockCount kShortestTrack{300};
inline constexpr int kMaxTracks = 99;

// The sectors between the lead-out start of a closed session and the first track of the next one.
[[nodiscard]] constexpr BlockCount session_gap(int closed_session) {
  return (closed_session == 1 ? kFirstLeadOut : kLaterLeadOut) + kLeadIn + kPregap;
}

class CdRules final : public SequentialRules {
 public:
  CdRules();

  [[nodiscard]] BlockCount session_gap(const Layout&, int closed_session) const override {
    return simdrive::session_gap(closed_session);
  }
  [[nodiscard]] Effected synchronize(Layout& layout, const WriteMode& mode) const override;
  [[nodiscard]] Effected close(Layout& layout, const CloseRequest& request,
                               const WriteMode& mode) const override;
  [[nodiscard]] Effected blank(Layout& layout, std::uint8_t type,
                               std::uint32_t address) const override;

 protected:
  void classify(const Track& track, TrackView& view) const override;
  [[nodiscard]] std::optional<Lba> last_session_lead_in(const Layout& layout) const override;
  [[nodiscard]] std::optional<Lba> last_possible_lead_out(const Layout& layout) const override;
  [[nodiscard]] std::uint8_t disc_type(const Layout& layout) const override;
  [[nodiscard]] BlockCount closing_blocks(const Layout& layout,
                                          bool another_may_follow) const override;
};

}  // namespace simdrive
