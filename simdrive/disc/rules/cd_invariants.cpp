// What holds on every CD, however it was recorded.
#include <fmt/format.h>

#include <algorithm>

#include "simdrive/disc/rules/cd.h"

namespace simdrive {
namespace {

using pregroove::Status;

Lba earliest_start(const Layout& layout, std::size_t index) {
  if (index == 0) return Lba{0};
  const Track& previous = layout.tracks()[index - 1];
  const Track& track = layout.tracks()[index];
  if (previous.session != track.session) return previous.end() + session_gap(previous.session);
  return previous.at_once() && track.at_once() ? previous.end() : previous.end() + kPregap;
}

// The first pause of a session that is recorded at once is as long as the host wants.
bool starts_well(const Layout& layout, std::size_t index) {
  const Track& track = layout.tracks()[index];
  const bool first = index == 0 || layout.tracks()[index - 1].session != track.session;
  const Lba earliest = earliest_start(layout, index);
  return first && track.at_once() ? track.start >= earliest : track.start == earliest;
}

bool belongs_to_possible_session(const Layout& layout, std::size_t index) {
  const Track& track = layout.tracks()[index];
  const int previous = index == 0 ? 1 : layout.tracks()[index - 1].session;
  const bool follows = track.session == previous || (index > 0 && track.session == previous + 1);
  const int closed = layout.closed_sessions();
  return follows && track.session <= (layout.finalised() ? closed : closed + 1) &&
         (track.session > closed || track.state == TrackState::kComplete);
}

bool has_possible_length(const Layout& layout, const Track& track) {
  const BlockCount capacity = layout.capacity();
  const auto possible = [&](BlockCount count) {
    return count >= BlockCount{} && count <= capacity;
  };
  // The start first: an end that is computed from an impossible one wraps around.
  return track.start >= Lba{0} && track.start <= layout.last_possible_lead_out() &&
         possible(track.recorded) && possible(track.reserved) && possible(track.packet) &&
         track.end() <= layout.last_possible_lead_out() &&
         (track.reserved.value == 0 || track.recorded <= track.reserved);
}

Status check_open(const Layout& layout, std::size_t index) {
  const Track& track = layout.tracks()[index];
  const auto name = fmt::format("track {}", track.number);
  if (track.reserved.value == 0 && index + 1 != layout.tracks().size())
    return broken_record(name + " is open but not the last one");
  if (track.at_once()) return {};
  if (track.recorded.value == 0) return broken_record(name + " is open but empty");
  const BlockCount least = std::max({track.recorded, kShortestTrack, track.reserved});
  if (track.start + least + track.run_out() > layout.last_possible_lead_out())
    return broken_record(name + " cannot be finished any more");
  return {};
}

Status check_cd_track(const Layout& layout, std::size_t index) {
  const Track& track = layout.tracks()[index];
  const auto name = fmt::format("track {}", track.number);
  if (track.number != static_cast<int>(index) + 1)
    return broken_record(fmt::format("track {} is listed at place {}", track.number, index + 1));
  if (!belongs_to_possible_session(layout, index))
    return broken_record(name + " belongs to a session that cannot be");
  if (!has_possible_length(layout, track)) return broken_record(name + " has an impossible length");
  if (!starts_well(layout, index)) return broken_record(name + " starts at a wrong address");
  switch (track.state) {
    case TrackState::kReserved:
      if (track.reserved < kShortestTrack || track.recorded.value != 0)
        return broken_record(name + " is a reservation that cannot be");
      return {};
    case TrackState::kOpen:
      return check_open(layout, index);
    case TrackState::kComplete:
      // What a host records raw is its own affair.
      if (track.recorded < kShortestTrack && track.method != RecordingMethod::kRaw)
        return broken_record(name + " is too short");
      return {};
  }
  return {};
}

Status check_details(const Layout& layout) {
  const Recording& recording = layout.recording();
  const auto not_behind = [](const IndexPoint& a, const IndexPoint& b) {
    return b.start <= a.start;
  };
  if (std::ranges::adjacent_find(recording.index_points, not_behind) !=
      recording.index_points.end())
    return broken_record("the index points do not ascend");
  const bool index_of_no_track = std::ranges::any_of(
      recording.index_points,
      [&](const IndexPoint& point) { return point.track > layout.tracks().size() + 1; });
  if (index_of_no_track) return broken_record("an index point belongs to no track");
  for (const Extent& link : recording.links) {
    const bool in_track = std::ranges::any_of(layout.tracks(), [&](const Track& track) {
      const bool ends_in_it =
          link.end <= track.next_writable() ||
          (track.state == TrackState::kOpen && link.start == track.next_writable());
      return track.method == RecordingMethod::kVariablePacket && link.start >= track.start &&
             ends_in_it && link.count() == kPacketLink;
    });
    if (!in_track) return broken_record("link blocks outside of a track of packets");
  }
  return {};
}

}  // namespace

Status CdRules::check_invariants(const Layout& layout) const {
  const auto tracks = layout.tracks();
  if (static_cast<int>(tracks.size()) > kMaxTracks) return broken_record("too many tracks");
  const int closed = layout.closed_sessions();
  if (closed > (tracks.empty() ? 0 : tracks.back().session))
    return broken_record("a closed session without a track");
  if (layout.finalised() && closed == 0) return broken_record("finalised without a session");
  for (std::size_t index = 0; index < tracks.size(); ++index)
    PREGROOVE_RETURN_IF_ERROR(check_cd_track(layout, index));
  if (std::ranges::count(tracks, TrackState::kOpen, &Track::state) > 1)
    return broken_record("too many open tracks");
  return check_details(layout);
}

}  // namespace simdrive
