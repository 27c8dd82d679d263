// What to do when a drive answers CHECK CONDITION: one table, from sense code to reaction.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/scsi/sense.h"

namespace pregroove::drive {

enum class Reaction : std::uint8_t {
  kFail,     // tell the caller
  kAccept,   // the command did what it should; the drive only remarks on it
  kAgain,    // a unit attention was in the way of the command: send it again at once
  kWait,     // the drive is busy: send it again after a while
  kStart,    // the drive waits to be told to start: do that once, then as kWait
  kChanged,  // another disc may be in the drive: again, or fail, as the caller wishes
};

struct ReactionRow {
  std::uint8_t key;
  std::uint8_t asc;
  std::uint8_t ascq;  // kAnyQualifier: whatever it is
  Reaction reaction;
  std::string_view reason;
};
inline constexpr std::uint8_t kAnyQualifier = 0xFF;
inline constexpr std::uint8_t kAnyCode = 0xFF;

[[nodiscard]] Reaction reaction_to(const scsi::Sense& sense);

// The pause before the n-th repetition (counted from 0) of a command that the drive is too busy
// for: short at first, since a full buffer drains in milliseconds, then up to a second, since
// closing takes minutes.
[[nodiscard]] Duration pause_before_retry(int repetition);
// A drive that is still busy after this long is not coming back (growisofs and the kernel allow as
// much).
inline constexpr Duration kBusyPatience = std::chrono::hours(1);
// Formatting a BD-RE with certification, or blanking slowly (burning.md 4.5: libburn allows 5 h); a
// disc of 100 GB at 2x is written and read for longer than that [K].
inline constexpr Duration kFormatPatience = std::chrono::hours(12);
// Unit attentions that may queue up for one initiator.
inline constexpr int kMaxUnitAttentions = 16;

}  // namespace pregroove::drive
