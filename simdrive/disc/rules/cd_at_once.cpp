// Session-at-once and raw recording on CD: one stream from the lead-in or the first pregap to the
// lead-out (MMC-6 4.3, 6.33).
#include <algorithm>

#include "simdrive/disc/at_once_session.h"
#include "simdrive/disc/rules/cd.h"

namespace simdrive {
namespace {

constexpr Lba kProgramArea{-pregroove::kPregapFrames};

int open_session(const Layout& layout) { return layout.closed_sessions() + 1; }

// The number of tracks before the session that is being recorded.
std::size_t tracks_before(const Layout& layout) {
  return static_cast<std::size_t>(std::ranges::count_if(
      layout.tracks(), [&](const Track& track) { return track.session < open_session(layout); }));
}

// The session was announced for the disc as it is now.
bool belongs_here(const Layout& layout, const AtOnceSession& session) {
  const bool begun = has_unfinished_session(layout);
  if (begun != session.begun()) return false;
  if (!begun && layout.tracks().size() != tracks_before(layout)) return false;
  if (!session.program_known()) return true;
  return session.cue.program.front().track == tracks_before(layout) + 1;
}

Ruling check_raw(const Layout& layout, Lba lba, BlockCount count, const AtOnceSession& session) {
  if (!session.program_known())
    return count <= kProgramArea - lba ? Ruling{} : std::unexpected(Refusal::kOutOfSequence);
  const Lba lead_out = session.cue.lead_out_start;
  if (lead_out > layout.last_possible_lead_out() || count > lead_out - lba + kFirstLeadOut)
    return std::unexpected(Refusal::kDoesNotFit);
  return {};
}

SectorFormat format_of(const CueRegion& region, bool raw) {
  const bool data = (region.control & control::kData) != 0;
  return raw && data ? SectorFormat::kAny : sector_format(region.form.main);
}

std::uint8_t control_of(const CueRegion& region) { return region.control & 0x0FU; }

void add_index_points(Recording& recording, const AtOnceSession& session, Lba end) {
  auto& points = recording.index_points;
  for (const CueRegion& region : session.cue.program) {
    const bool known = !points.empty() && points.back().start >= region.start;
    if (known || region.start >= end) continue;
    points.push_back({.start = region.start,
                      .track = region.track,
                      .index = region.index,
                      .control = control_of(region),
                      .format = format_of(region, session.raw)});
  }
}

// Where the region with index 1 of the track behind this one starts, or the lead-out.
Lba end_of_track(const AtOnceSession& session, std::uint8_t track) {
  const auto found = std::ranges::find_if(session.cue.program, [track](const CueRegion& region) {
    return region.track == track + 1 && region.index == 1;
  });
  return found == session.cue.program.end() ? session.cue.lead_out_start : found->start;
}

Track track_of(const CueRegion& region, const AtOnceSession& session, int session_number) {
  Track track{.number = region.track,
              .session = session_number,
              .start = region.start,
              .state = TrackState::kOpen,
              .format = format_of(region, session.raw),
              .method = session.raw ? RecordingMethod::kRaw : RecordingMethod::kSessionAtOnce,
              .control = control_of(region)};
  const auto isrc = session.cue.isrc.find(region.track);
  if (isrc != session.cue.isrc.end())
    std::ranges::copy_n(isrc->second.begin(), std::ssize(track.isrc), track.isrc.begin());
  return track;
}

void add_tracks(Layout& layout, const AtOnceSession& session, Lba end) {
  auto& tracks = layout.edit().tracks;
  const int number = open_session(layout);
  const std::size_t before = tracks_before(layout);
  // What was begun before the tracks were known.
  if (session.raw && tracks.size() == before + 1 && tracks.back().recorded.value == 0)
    tracks.pop_back();
  for (const CueRegion& region : session.cue.program) {
    if (region.index != 1) continue;
    const bool first = region.track == before + 1;
    if (region.track > tracks.size() && (first || region.start < end))
      tracks.push_back(track_of(region, session, number));
    if (region.track > tracks.size()) break;
    Track& track = tracks[region.track - 1U];
    const Lba stop = std::min(end, end_of_track(session, region.track));
    track.recorded = std::max(stop - track.start, BlockCount{});
    // A track is complete as soon as the next one begins.
    track.state = end > end_of_track(session, region.track) &&
                          region.track != session.cue.program.back().track
                      ? TrackState::kComplete
                      : TrackState::kOpen;
  }
}

}  // namespace

bool has_unfinished_session(const Layout& layout) {
  return std::ranges::any_of(layout.tracks(), [](const Track& track) {
    return track.at_once() && track.state == TrackState::kOpen;
  });
}

Ruling check_at_once(const Layout& layout, Lba lba, BlockCount count, const WriteMode& mode) {
  if (layout.finalised()) return std::unexpected(Refusal::kDiscComplete);
  if (mode.session == nullptr || !belongs_here(layout, *mode.session))
    return std::unexpected(Refusal::kOutOfSequence);
  const Track* open = layout.open_track();
  if (open != nullptr && open->damaged) return std::unexpected(Refusal::kOutOfSequence);
  const AtOnceSession& session = *mode.session;
  if (!session.raw && session.complete()) return std::unexpected(Refusal::kOutOfSequence);
  if (lba != session.next) return std::unexpected(Refusal::kNotNextWritableAddress);
  if (session.raw) return check_raw(layout, lba, count, session);
  // As a difference: a count of 32 bits added to an address may wrap around.
  if (count > session.end_of_write() - lba) return std::unexpected(Refusal::kOutOfSequence);
  return {};
}

void record_at_once(Layout& layout, Lba lba, BlockCount count, const WriteMode& mode) {
  const AtOnceSession& session = *mode.session;
  const Lba end = session.next_after(lba + count);
  if (!session.program_known()) {
    if (!has_unfinished_session(layout))
      layout.edit().tracks.push_back({.number = static_cast<int>(layout.tracks().size()) + 1,
                                      .session = open_session(layout),
                                      .method = RecordingMethod::kRaw});
    return;
  }
  add_tracks(layout, session, end);
  add_index_points(layout.edit(), session, end);
  const std::string& catalogue = session.cue.catalog_number;
  if (catalogue.size() == layout.recording().catalogue.size())
    std::ranges::copy(catalogue, layout.edit().catalogue.begin());
}

Effect complete_at_once(Layout& layout, const WriteMode& mode, BlockCount laser_blocks) {
  const AtOnceSession& session = *mode.session;
  const bool first = layout.closed_sessions() == 0;
  Recording& recording = layout.edit();
  for (Track& track : recording.tracks) track.state = TrackState::kComplete;
  if (first) {
    for (const CdTextPack& pack : collect_cd_text(session.cd_text_blocks).packs) {
      auto& kept = recording.cd_text.emplace_back();
      std::ranges::transform(pack, kept.begin(),
                             [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
    }
  }
  // Raw: the lead-in of the host tells whether it points to a next session.
  constexpr std::uint8_t kPointNextSession = 0xB0;
  const bool points_on = std::ranges::any_of(session.toc, [](const QTocEntry& entry) {
    return entry.adr == 5 && entry.point == kPointNextSession && entry.time[0] != 0xFF;
  });
  const bool wanted = session.raw ? points_on : mode.another_session_may_follow;
  const bool room = session.cue.lead_out_start + session_gap(layout.closed_sessions() + 1) <=
                    layout.last_possible_lead_out();
  recording.closed_sessions.push_back({mode.session_format});
  recording.finalised = !wanted || !room;
  return {.laser_blocks = laser_blocks, .changed = true};
}

}  // namespace simdrive
