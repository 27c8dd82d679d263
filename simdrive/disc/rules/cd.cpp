#include "simdrive/disc/rules/cd.h"

#include <algorithm>

#include "simdrive/disc/at_once_session.h"
#include "simdrive/disc/cd_sectors.h"

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

Ruling CdRules::check_mode(const Layout&, const Track* track, const WriteMode& mode) const {
  if (track == nullptr || track->state != TrackState::kOpen) return {};
  const bool same = track->method == mode.method && track->format == mode.format;
  if (!same) return std::unexpected(Refusal::kOtherSectorFormat);
  return {};
}

void CdRules::begin_track(Track& track, const WriteMode& mode) const {
  SequentialRules::begin_track(track, mode);
  track.method = mode.method;
  track.packet = mode.method == RecordingMethod::kFixedPacket ? mode.packet : BlockCount{};
  track.isrc = mode.isrc;
}

Ruling CdRules::check_write(const Layout& layout, Lba lba, BlockCount count,
                            const WriteMode& mode) const {
  switch (mode.method) {
    case RecordingMethod::kSessionAtOnce:
    case RecordingMethod::kRaw:
      return check_at_once(layout, lba, count, mode);
    case RecordingMethod::kVariablePacket:
    case RecordingMethod::kFixedPacket:
      return check_packets(layout, lba, count, mode);
    default:
      return SequentialRules::check_write(layout, lba, count, mode);
  }
}

void CdRules::record_write(Layout& layout, Lba lba, BlockCount count, const WriteMode& mode) const {
  if (mode.catalogue.front() != '\0') layout.edit().catalogue = mode.catalogue;
  switch (mode.method) {
    case RecordingMethod::kSessionAtOnce:
    case RecordingMethod::kRaw:
      return record_at_once(layout, lba, count, mode);
    case RecordingMethod::kVariablePacket:
    case RecordingMethod::kFixedPacket:
      return record_packets(layout, lba, count, mode);
    default:
      return SequentialRules::record_write(layout, lba, count, mode);
  }
}

// What is recorded at once comes from a cue sheet or a lead-in, and fills no reservation.
Ruling CdRules::reserve(Layout& layout, BlockCount size, const WriteMode& mode) const {
  const bool at_once =
      mode.method == RecordingMethod::kSessionAtOnce || mode.method == RecordingMethod::kRaw;
  if (at_once && !layout.finalised()) return std::unexpected(Refusal::kOtherSectorFormat);
  return SequentialRules::reserve(layout, size, mode);
}

// The end of the data stream ends a track-at-once track, a packet, or a session that is complete.
Effected CdRules::synchronize(Layout& layout, const WriteMode& mode) const {
  if (mode.session != nullptr && mode.session->complete())
    return complete_at_once(layout, mode, closing_blocks(layout, mode.another_session_may_follow));
  const Track* open = layout.open_track();
  if (open == nullptr || open->at_once()) return Effect{};
  if (is_packet_track(*open)) return end_packet(layout, *open);
  return close_track(layout, open->number);
}

std::expected<Padding, Refusal> CdRules::finish_track(Layout& layout, int number) const {
  if (const Track* track = layout.track(number)) {
    // Of a session that was interrupted; others have this room from the start.
    const bool incomplete = track->state == TrackState::kOpen && track->recorded < kShortestTrack;
    if (incomplete && track->start + kShortestTrack > layout.last_possible_lead_out())
      return std::unexpected(Refusal::kDoesNotFit);
    drop_pending_link(layout, *track);
  }
  return SequentialRules::finish_track(layout, number);
}

std::optional<Lba> CdRules::next_writable_address(const Layout& layout) const {
  const Track* open = layout.open_track();
  if (open != nullptr && is_packet_track(*open)) return next_packet(layout, *open);
  return SequentialRules::next_writable_address(layout);
}

BlockCount CdRules::free_blocks(const Layout& layout, const Track& track) const {
  if (track.at_once()) return {};
  const BlockCount free = SequentialRules::free_blocks(layout, track);
  if (!is_packet_track(track) || track.state != TrackState::kOpen) return free;
  const BlockCount left =
      std::max(free - (next_packet(layout, track) - track.next_writable()), BlockCount{});
  return track.packet.value > 0 ? BlockCount{left.value / track.packet.value * track.packet.value}
                                : left;
}

Readability CdRules::readability(const Layout& layout, Lba lba) const {
  const auto place = sector_place(layout, lba);
  if (!place) return SequentialRules::readability(layout, lba);
  const bool blocks = has_user_blocks(place->format) && link_at(layout, lba) == nullptr;
  return blocks ? Readability::kUserData : Readability::kLink;
}

BlockCount CdRules::readable_run(const Layout& layout, Lba lba, BlockCount count) const {
  BlockCount run{};
  while (run < count) {
    const auto place = sector_place(layout, lba + run);
    if (!place || readability(layout, lba + run) != Readability::kUserData) break;
    Lba end = place->run_end;
    for (const Extent& link : layout.recording().links) {
      if (link.start > lba + run) end = std::min(end, link.start);
    }
    run = end - lba;
  }
  return std::min(run, count);
}

DiscView CdRules::disc_view(const Layout& layout) const {
  DiscView view = SequentialRules::disc_view(layout);
  if (has_unfinished_session(layout)) view.last_session = LastSessionState::kDamaged;
  return view;
}

std::vector<TrackView> CdRules::track_views(const Layout& layout) const {
  auto views = SequentialRules::track_views(layout);
  for (TrackView& view : views) {
    const Track* track = layout.track(view.number);
    if (track != nullptr && view.next_writable && is_packet_track(*track))
      view.next_writable = next_packet(layout, *track);
  }
  return views;
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
  // Minimal: the program memory area, the first lead-in and its pregap. What is left on the disc
  // cannot be read there either; what the next session leaves to the drive is zeros.
  return Effect{.laser_blocks = type == kBlankWholeDisc ? layout.capacity() : kLeadIn + kPregap,
                .changed = true,
                .cleared = {{Lba{0}, layout.last_possible_lead_out()}}};
}

// RT: a reserved track, and on CD also a complete one (Pioneer R8, table of track states).
void CdRules::classify(const Track& track, TrackView& view) const {
  SequentialRules::classify(track, view);
  if (track.state == TrackState::kComplete) view.reserved = true;
  view.track_mode = track.control;
  view.packet = is_packet_track(track);
  view.fixed_packet = track.method == RecordingMethod::kFixedPacket;
  view.damaged = track.damaged || (track.at_once() && track.state == TrackState::kOpen);
  if (view.blank) return;
  // Recalled, not read: no data mode is told of audio.
  constexpr std::uint8_t kUnknown = 0x0F;
  const bool tells = track.format != SectorFormat::kAudio && track.format != SectorFormat::kAny;
  view.data_mode = !tells ? kUnknown : track.format == SectorFormat::kMode1 ? 1 : 2;
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
