#include "engine/medium/session_cost.h"

#include <algorithm>

namespace pregroove::medium {

SessionRoom room_for_session(const MediumSnapshot& snapshot) {
  SessionRoom room;
  room.session_number = static_cast<int>(snapshot.sessions.size()) + 1;
  room.gap_after = gap_after_session(room.session_number);
  if (!snapshot.writable) return room;
  BlockCount free = snapshot.writable->free;
  if (snapshot.last_session == SessionState::kIncomplete ||
      snapshot.last_session == SessionState::kDamaged) {
    // The session that was left open has to be closed first: it becomes one of the earlier
    // sessions.
    const BlockCount held = snapshot.writable->next_writable - snapshot.writable->start;
    if (held.value > 0)
      free -= std::max(BlockCount{0}, kMinimumTrack - held) + kRunOut;
    else
      free += kPregap;  // of the track that is not begun: the lead-out starts before it
    free -= room.gap_after;
    ++room.session_number;
    room.gap_after = gap_after_session(room.session_number);
  }
  room.largest_image = std::max(BlockCount{0}, free - kRunOut);
  room.largest_image_with_successor = room.largest_image - room.gap_after - kMinimumTrack - kRunOut;
  return room;
}

}  // namespace pregroove::medium
