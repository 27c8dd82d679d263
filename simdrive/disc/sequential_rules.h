// What all sequentially recorded media share: tracks that grow at their next writable address, an
// invisible track behind the last one, sessions that are closed one after the other.
//
// Invariants (check_invariants states them as code):
//   * tracks are numbered 1, 2, 3 ... and lie in ascending order without overlap;
//   * sessions are numbered likewise; a closed session holds at least one track, all complete;
//   * every track starts where the rules put it: at LBA 0, behind its predecessor and the gap
//     between tracks, or behind the gap between sessions;
//   * a complete track is not shorter than the medium's shortest;
//   * nothing ends behind the last possible lead-out start.
#pragma once

#include "simdrive/disc/rules.h"

namespace simdrive {

struct SequentialTable {
  BlockCount alignment{1};  // tracks start at a multiple, and what is flushed is padded to one
  BlockCount run_out;       // room that a track needs behind its last block
  BlockCount track_gap;     // between two tracks of a session
  BlockCount shortest_track;
  int most_tracks = 99;
  int most_sessions = 99;
  int most_open_tracks = 1;          // written in turn
  int most_reserved_tracks = 99;     // reservations that are not complete yet
  bool tells_last_recorded = false;  // LRA_V of READ TRACK INFORMATION
};

class SequentialRules : public Rules {
 public:
  explicit SequentialRules(const SequentialTable& table) : table_(table) {}

  [[nodiscard]] DiscStatus status(const Layout& layout) const override;
  [[nodiscard]] std::optional<InvisibleTrack> invisible_track(const Layout& layout) const override;
  [[nodiscard]] std::optional<Lba> next_writable_address(const Layout& layout) const override;
  [[nodiscard]] BlockCount free_blocks(const Layout& layout, const Track& track) const override;
  [[nodiscard]] BlockCount free_blocks(const Layout& layout,
                                       const InvisibleTrack& track) const override;
  [[nodiscard]] Readability readability(const Layout& layout, Lba lba) const override;
  [[nodiscard]] BlockCount readable_run(const Layout& layout, Lba lba,
                                        BlockCount count) const override;
  [[nodiscard]] DiscView disc_view(const Layout& layout) const override;
  [[nodiscard]] std::vector<TrackView> track_views(const Layout& layout) const override;
  [[nodiscard]] TrackLimits track_limits() const override;
  [[nodiscard]] BlockCount readable_capacity(const Layout& layout) const override;
  [[nodiscard]] pregroove::Status check_invariants(const Layout& layout) const override;

  [[nodiscard]] Ruling check_write(const Layout& layout, Lba lba, BlockCount count,
                                   const WriteMode& mode) const override;
  void record_write(Layout& layout, Lba lba, BlockCount count,
                    const WriteMode& mode) const override;
  [[nodiscard]] Ruling reserve(Layout& layout, BlockCount size,
                               const WriteMode& mode) const override;
  [[nodiscard]] Effected synchronize(Layout& layout, const WriteMode& mode) const override;
  // Functions 1 and 2, which all of them know; the kinds add theirs.
  [[nodiscard]] Effected close(Layout& layout, const CloseRequest& request,
                               const WriteMode& mode) const override;
  [[nodiscard]] std::expected<Padding, Refusal> finish_track(Layout& layout,
                                                             int number) const override;
  [[nodiscard]] Ruling close_session(Layout& layout, bool another_may_follow,
                                     SessionFormat format) const override;

 protected:
  [[nodiscard]] const SequentialTable& table() const { return table_; }
  // Whether this way of writing is possible on the disc; track: the one that would be continued or
  // filled, nullptr for a new one.
  [[nodiscard]] virtual Ruling check_mode(const Layout& layout, const Track* track,
                                          const WriteMode& mode) const;
  // The properties of a track that a first write begins.
  virtual void begin_track(Track& track, const WriteMode& mode) const;
  // The length that a track has at least once it is complete.
  [[nodiscard]] virtual BlockCount least_length(const Track& track) const;
  // RT, Blank, Packet, FP and the modes of READ TRACK INFORMATION.
  virtual void classify(const Track& track, TrackView& view) const;
  virtual void classify_invisible(const Layout& layout, TrackView& view) const;
  // Why a session cannot be closed while this track of it is incomplete.
  [[nodiscard]] virtual Refusal hindrance(const Track& track) const;
  // What READ DISC INFORMATION gives; none when no session can follow.
  [[nodiscard]] virtual std::optional<Lba> last_session_lead_in(const Layout& layout) const;
  [[nodiscard]] virtual std::optional<Lba> last_possible_lead_out(const Layout& layout) const;
  [[nodiscard]] virtual std::uint8_t disc_type(const Layout&) const { return 0; }
  // What closing the session that is open now writes besides the tracks.
  [[nodiscard]] virtual BlockCount closing_blocks(const Layout& layout,
                                                  bool another_may_follow) const;
  // Where the session that is open now would be followed by another one.
  [[nodiscard]] Lba start_of_following_session(const Layout& layout) const;
  // A track, complete or not, belongs to the session that is not closed yet.
  [[nodiscard]] static bool holds_open_session(const Layout& layout);
  // No more sessions: closes the open one, or ends the disc behind the last one. A blank disc stays
  // blank.
  [[nodiscard]] Effected finalise(Layout& layout, SessionFormat format) const;
  // Completes a track by CLOSE TRACK; nothing happens to one that is complete or still invisible.
  [[nodiscard]] Effected close_track(Layout& layout, int number) const;
  [[nodiscard]] Effected close_session_with_effect(Layout& layout, bool another_may_follow,
                                                   SessionFormat format) const;
  [[nodiscard]] Lba align(Lba lba) const;
  [[nodiscard]] BlockCount align(BlockCount count) const;

 private:
  [[nodiscard]] Lba expected_start(const Layout& layout, std::size_t index) const;
  [[nodiscard]] std::optional<Lba> next_track_start(const Layout& layout) const;
  [[nodiscard]] int open_tracks(const Layout& layout) const;
  // The existing track that a write at the address would go to.
  [[nodiscard]] const Track* track_to_write(const Layout& layout, Lba lba) const;
  [[nodiscard]] TrackView view_of(const Layout& layout, const Track& track) const;
  [[nodiscard]] TrackView view_of(const Layout& layout, const InvisibleTrack& track) const;
  [[nodiscard]] pregroove::Status check_track(const Layout& layout, std::size_t index) const;

  SequentialTable table_;
};

}  // namespace simdrive
