#include "engine/drive/reactions.h"

#include <algorithm>
#include <array>

namespace pregroove::drive {
namespace {

// The first row that fits decides. Sources: mmc.md 2.3 and 2.4, burning.md 4.5.
constexpr auto kReactions = std::to_array<ReactionRow>({
    {0x0, kAnyCode, kAnyQualifier, Reaction::kAccept, "no sense: nothing went wrong"},
    {0x1, kAnyCode, kAnyQualifier, Reaction::kAccept,
     "recovered error, also 1/73/01: the calibration area is almost full"},
    {0x2, 0x04, 0x01, Reaction::kWait, "becoming ready"},
    {0x2, 0x04, 0x02, Reaction::kStart,
     "initializing command required; some say so while they spin up"},
    {0x2, 0x04, 0x04, Reaction::kWait, "format in progress"},
    {0x2, 0x04, 0x07, Reaction::kWait, "close or blank in progress"},
    {0x2, 0x04, 0x08, Reaction::kWait, "long write in progress: the buffer is full"},
    {0x6, 0x28, kAnyQualifier, Reaction::kChanged, "a disc was inserted"},
    {0x6, 0x29, kAnyQualifier, Reaction::kChanged,
     "power on or reset: the tray may have been open"},
    {0x6, 0x2E, kAnyQualifier, Reaction::kWait, "old Mitsumi drives say so while they fixate"},
    {0x6, kAnyCode, kAnyQualifier, Reaction::kAgain,
     "any other unit attention is news, not failure"},
});

bool fits(const ReactionRow& row, const SenseCode& code) {
  return row.key == code.key && (row.asc == kAnyCode || row.asc == code.asc) &&
         (row.ascq == kAnyQualifier || row.ascq == code.ascq);
}

}  // namespace

Reaction reaction_to(const scsi::Sense& sense) {
  const auto* const row = std::ranges::find_if(
      kReactions, [&](const auto& candidate) { return fits(candidate, sense.code); });
  return row == kReactions.end() ? Reaction::kFail : row->reaction;
}

Duration pause_before_retry(int repetition) {
  constexpr Duration kFirst = std::chrono::milliseconds(5);
  constexpr Duration kLongest = std::chrono::seconds(1);
  constexpr int kQuickTries = 20;  // the waits after 2/04/08 that drives ask for are 4 to 220 ms
  if (repetition < kQuickTries) return kFirst + std::chrono::milliseconds(repetition);
  return std::min(kLongest, kFirst * (repetition - kQuickTries + 2) * 4);
}

}  // namespace pregroove::drive
