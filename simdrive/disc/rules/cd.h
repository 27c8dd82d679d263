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

// Link, run-in and run-out between two packets of variable length (Pioneer's command references:
// the link size is 7).
inline constexpr BlockCount kPacketLink{7};

class CdRules final : public SequentialRules {
 public:
  CdRules();

  [[nodiscard]] BlockCount session_gap(const Layout&, int closed_session) const override {
    return simdrive::session_gap(closed_session);
  }
  [[nodiscard]] std::optional<Lba> next_writable_address(const Layout& layout) const override;
  [[nodiscard]] BlockCount free_blocks(const Layout& layout, const Track& track) const override;
  using SequentialRules::free_blocks;
  [[nodiscard]] Readability readability(const Layout& layout, Lba lba) const override;
  [[nodiscard]] BlockCount readable_run(const Layout& layout, Lba lba,
                                        BlockCount count) const override;
  [[nodiscard]] DiscView disc_view(const Layout& layout) const override;
  [[nodiscard]] std::vector<TrackView> track_views(const Layout& layout) const override;
  // cd_invariants.cpp
  [[nodiscard]] pregroove::Status check_invariants(const Layout& layout) const override;

  [[nodiscard]] Ruling check_write(const Layout& layout, Lba lba, BlockCount count,
                                   const WriteMode& mode) const override;
  void record_write(Layout& layout, Lba lba, BlockCount count,
                    const WriteMode& mode) const override;
  [[nodiscard]] Ruling reserve(Layout& layout, BlockCount size,
                               const WriteMode& mode) const override;
  [[nodiscard]] Effected synchronize(Layout& layout, const WriteMode& mode) const override;
  [[nodiscard]] Effected close(Layout& layout, const CloseRequest& request,
                               const WriteMode& mode) const override;
  [[nodiscard]] Effected blank(Layout& layout, std::uint8_t type,
                               std::uint32_t address) const override;
  [[nodiscard]] std::expected<Padding, Refusal> finish_track(Layout& layout,
                                                             int number) const override;

 protected:
  [[nodiscard]] Ruling check_mode(const Layout& layout, const Track* track,
                                  const WriteMode& mode) const override;
  void begin_track(Track& track, const WriteMode& mode) const override;
  void classify(const Track& track, TrackView& view) const override;
  [[nodiscard]] std::optional<Lba> last_session_lead_in(const Layout& layout) const override;
  [[nodiscard]] std::optional<Lba> last_possible_lead_out(const Layout& layout) const override;
  [[nodiscard]] std::uint8_t disc_type(const Layout& layout) const override;
  [[nodiscard]] BlockCount closing_blocks(const Layout& layout,
                                          bool another_may_follow) const override;

 private:
  // cd_packet.cpp
  [[nodiscard]] Ruling check_packets(const Layout& layout, Lba lba, BlockCount count,
                                     const WriteMode& mode) const;
  void record_packets(Layout& layout, Lba lba, BlockCount count, const WriteMode& mode) const;
};

// cd_packet.cpp: where the next packet of an open track goes, which may be behind link blocks.
[[nodiscard]] bool is_packet_track(const Track& track);
[[nodiscard]] Lba next_packet(const Layout& layout, const Track& track);
// SYNCHRONIZE CACHE ends a packet of variable length.
[[nodiscard]] Effect end_packet(Layout& layout, const Track& track);
// Takes back link blocks that no packet followed.
void drop_pending_link(Layout& layout, const Track& track);

// cd_at_once.cpp: session-at-once and raw.
[[nodiscard]] Ruling check_at_once(const Layout& layout, Lba lba, BlockCount count,
                                   const WriteMode& mode);
void record_at_once(Layout& layout, Lba lba, BlockCount count, const WriteMode& mode);
// Ends the session that is written completely; `laser_blocks` of lead-in and lead-out.
[[nodiscard]] Effect complete_at_once(Layout& layout, const WriteMode& mode,
                                      BlockCount laser_blocks);
// The last session has a track of which only a drive that knows the cue sheet can write the rest.
[[nodiscard]] bool has_unfinished_session(const Layout& layout);

}  // namespace simdrive
