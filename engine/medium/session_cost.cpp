#include "engine/medium/session_cost.h"

#include <algorithm>
#include <climits>

namespace pregroove::medium {

namespace {

BlockCount whole(BlockCount count, BlockCount alignment) {
  return BlockCount{count.value - (count.value % alignment.value)};
}

}  // namespace

std::optional<int> most_sessions(MediumKind kind) {
  constexpr int kDvdPlusR = 153;
  constexpr int kDvdPlusRDualLayer = 127;
  if (kind == MediumKind::kDvdPlusR) return kDvdPlusR;
  if (kind == MediumKind::kDvdPlusRDualLayer) return kDvdPlusRDualLayer;
  return std::nullopt;
}

bool takes_one_session(MediumKind kind) { return kind == MediumKind::kDvdRDualLayer; }

BlockCount shortest_open_session(MediumKind kind, int session_number) {
  if (kind == MediumKind::kDvdPlusRDualLayer && session_number <= 1) return kFirstSessionToStayOpen;
  return traits_of(kind).shortest_track;
}

BlockCount gap_after_session(MediumKind kind, int session_number) {
  const bool first = session_number <= 1;
  switch (kind) {
    case MediumKind::kCdRom:
    case MediumKind::kCdR:
    case MediumKind::kCdRw:
      return (first ? kFirstLeadOut : kLaterLeadOut) + kLeadIn + kPregap;
    case MediumKind::kDvdR:
    case MediumKind::kDvdRDualLayer:
    case MediumKind::kDvdRw:
      return first ? kMostFirstBorder : kMostLaterBorder;
    case MediumKind::kDvdPlusR:
    case MediumKind::kDvdPlusRDualLayer:
      return kClosureAndIntro;
    default:
      return {};
  }
}

BlockCount missing_in_open_session(const MediumSnapshot& snapshot) {
  const WritableTrack& track = *snapshot.writable;
  const bool holds_something = track.holds_data() || !snapshot.reserved_tracks.empty();
  if (!holds_something || snapshot.is_reserved_to_its_end()) return {};
  // Only of the first session it matters what was reserved before this track.
  const Lba start = snapshot.sessions.empty() ? std::min(track.start, Lba{0}) : track.start;
  const int session_number = static_cast<int>(snapshot.sessions.size()) + 1;
  return std::max(BlockCount{0}, shortest_open_session(snapshot.kind, session_number) -
                                     (track.next_writable - start));
}

SessionRoom room_for_session(const MediumSnapshot& snapshot) {
  const Traits& traits = traits_of(snapshot.kind);
  SessionRoom room;
  room.session_number = static_cast<int>(snapshot.sessions.size()) + 1;
  room.gap_after = gap_after_session(snapshot.kind, room.session_number);
  if (!snapshot.writable) return room;
  // Where the disc is reserved to its end, the reservation is the track that the drive tells of.
  BlockCount free = snapshot.is_reserved_to_its_end() ? BlockCount{} : snapshot.writable->free;
  if (snapshot.last_session == SessionState::kIncomplete ||
      snapshot.last_session == SessionState::kDamaged) {
    // The session that was left open has to be closed first: it becomes one of the earlier
    // sessions.
    free -= missing_in_open_session(snapshot);
    if (snapshot.writable->holds_data())
      free -= traits.run_out;
    else if (is_cd(snapshot.kind))
      free += kPregap;  // of the track that is not begun: the lead-out starts before it
    free -= room.gap_after;
    ++room.session_number;
    room.gap_after = gap_after_session(snapshot.kind, room.session_number);
  }
  room.largest_image = std::max(BlockCount{0}, whole(free - traits.run_out, traits.alignment));
  const bool is_last = takes_one_session(snapshot.kind) ||
                       room.session_number >= most_sessions(snapshot.kind).value_or(INT_MAX);
  room.largest_image_with_successor =
      is_last ? BlockCount{-1}
              : room.largest_image - room.gap_after - traits.shortest_track - traits.run_out;
  return room;
}

}  // namespace pregroove::medium
