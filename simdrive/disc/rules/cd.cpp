#include "simdrive/disc/rules/cd.h"

namespace simdrive {
namespace {

constexpr SequentialTable kTable{.run_out = kRunOut,
                                 .track_gap = kPregap,
                                 .shortest_track = kShortestTrack,
                                 .most_tracks = kMaxTracks};

constexpr std::uint8_t kBlankWholeDisc = 0;
constexpr std::uint8_t kBlankMinimally = 1;
constexpr int kInvisibleTrackNumber = 0xFF;

}  // namespace

CdRules::CdRules() : SequentialRules(kTable) {}

// With track-at-once the end of the data stream ends the track.
Effected CdRules::synchronize(Layout& layout, const WriteMode&) const {
  const Track* open = layout.open_track();
  if (open == nullptr) return Effect{};
  return close_track(layout, open->number);
}

// Closing a track that holds nothing yet is no error, and no work (Pioneer R11).
Effected CdRules::close(Layout& layout, const CloseRequest& request, const WriteMode& mode) const {
  const bool invisible = request.function == CloseFunction::kTrack &&
                         request.track == kInvisibleTrackNumber && !layout.finalised();
  if (!invisible) return SequentialRules::close(layout, request, mode);
  const Track* open = layout.open_track();
  return open == nullptr ? Effect{} : close_track(layout, open->number);
}

Effected CdRules::blank(Layout& layout, std::uint8_t type, std::uint32_t) const {
  if (!layout.medium().erasable()) return std::unexpected(Refusal::kNotErasable);
  if (type != kBlankWholeDisc && type != kBlankMinimally)
    return std::unexpected(Refusal::kInvalidFunction);
  Recording blank;
  blank.calibrations = layout.recording().calibrations;
  layout.edit() = blank;
  if (type == kBlankWholeDisc)
    return Effect{.laser_blocks = layout.capacity(),
                  .changed = true,
                  .cleared = {{Lba{0}, layout.last_possible_lead_out()}}};
  // Minimal: the program memory area, the first lead-in and its pregap.
  return Effect{.laser_blocks = kLeadIn + kPregap, .changed = true};
}

// RT: a reserved track, and on CD also a complete one (Pioneer R8, table of track states).
void CdRules::classify(const Track& track, TrackView& view) const {
  SequentialRules::classify(track, view);
  if (track.state == TrackState::kComplete) view.reserved = true;
  if (!view.blank) view.data_mode = track.format == SectorFormat::kMode1 ? 1 : 2;
}

// Where the lead-in of the session that is open now starts.
std::optional<Lba> CdRules::last_session_lead_in(const Layout& layout) const {
  if (layout.finalised()) return std::nullopt;
  if (layout.closed_sessions() == 0)
    return pregroove::lba_from_lead_in_msf(layout.medium().atip.lead_in);
  return layout.next_session_start() - kPregap - kLeadIn;
}

std::optional<Lba> CdRules::last_possible_lead_out(const Layout& layout) const {
  if (layout.finalised()) return std::nullopt;
  return layout.last_possible_lead_out();
}

std::uint8_t CdRules::disc_type(const Layout& layout) const {
  constexpr std::uint8_t kUndefined = 0xFF;
  if (layout.closed_sessions() == 0) return kUndefined;
  return static_cast<std::uint8_t>(layout.recording().closed_sessions.front().format);
}

BlockCount CdRules::closing_blocks(const Layout& layout, bool) const {
  return kLeadIn + (layout.closed_sessions() == 0 ? kFirstLeadOut : kLaterLeadOut);
}

}  // namespace simdrive
