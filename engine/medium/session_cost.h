// What a session costs besides its data (mmc.md 2.12; for CD, MMC-6 and the recorders' manuals
// agree with measured discs: 188537 -> 199937).
#pragma once

#include <optional>

#include "engine/base/units.h"
#include "engine/medium/medium.h"

namespace pregroove::medium {

inline constexpr BlockCount kFirstLeadOut{6750};  // 90 seconds
inline constexpr BlockCount kLaterLeadOut{2250};  // 30 seconds
inline constexpr BlockCount kLeadIn{4500};        // 60 seconds
inline constexpr BlockCount kPregap{150};         // 2 seconds
// After the last block of a track that was written track at once (Pioneer command references).
inline constexpr BlockCount kRunOut{2};
// A track shorter than four seconds is padded by the drive (MMC-6, "minimum track length").
inline constexpr BlockCount kMinimumTrack{300};

// Recalled, not read (ECMA-359): the border zones of a DVD-R grow with the radius; the largest
// ones.
inline constexpr BlockCount kMostFirstBorder{47'104};
inline constexpr BlockCount kMostLaterBorder{9'728};
// Recalled, not read (ECMA-349): closure and intro of 64 ECC blocks each.
inline constexpr BlockCount kClosureAndIntro{2048};

// Sessions that a disc takes at the most; the drive finalises it with the last one (burning.md 4.2
// and 10, lesson 23). Absent where room ends first, or nobody knows.
[[nodiscard]] std::optional<int> most_sessions(MediumKind kind);
// A DVD-R DL that is recorded sequentially takes one session in practice (mmc.md 2.9).
[[nodiscard]] bool takes_one_session(MediumKind kind);
// Drives finalise a DVD+R DL whose first session does not reach the radius of 30 mm (mmc.md 2.9).
// Recalled, not read: that radius is reached after some 242,500 of the blocks of layer 0, by the
// area of the rings from 24 mm on; the rest is margin.
inline constexpr BlockCount kFirstSessionToStayOpen{262'144};
// The fewest blocks of a session that another one can follow; a shorter one has to be filled up.
[[nodiscard]] BlockCount shortest_open_session(MediumKind kind, int session_number);
// So many blocks have to be added to the session that was left open. REQUIRES: writable.
[[nodiscard]] BlockCount missing_in_open_session(const MediumSnapshot& snapshot);
// From this many sessions on a BD-R tends to fail, as libburn warns (lesson 23).
inline constexpr int kManySessionsOfBdR = 300;

// The most blocks between the end of a session's last track (on a CD: the start of its lead-out)
// and the start of the next session's first track. Exact but for DVD-R and DVD-RW.
[[nodiscard]] BlockCount gap_after_session(MediumKind kind, int session_number);

// What Microsoft's documentation says closing costs on a CD; shown beside the real numbers, never
// calculated with.
[[nodiscard]] constexpr int documented_megabytes_after_session(int session_number) {
  return session_number <= 1 ? 21 : 11;
}

// The room that a snapshot leaves for one more session. All zero when nothing can be written.
struct SessionRoom {
  int session_number = 0;    // the session that would be written
  BlockCount largest_image;  // the most blocks that still fit and can be closed
  BlockCount gap_after;      // lost to the session after it, if there is to be one
  // The most blocks that leave room for a smallest further session; negative when none is possible,
  // or the disc takes no more.
  BlockCount largest_image_with_successor;
};
[[nodiscard]] SessionRoom room_for_session(const MediumSnapshot& snapshot);

}  // namespace pregroove::medium
