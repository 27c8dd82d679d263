// Which rows can be put to a drive as it is.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/conformance/rows.h"
#include "engine/validate/situation.h"

namespace pregroove::validate {

enum class Fit : std::uint8_t {
  kPut,
  kChanges,        // the command may change the disc or the drive
  kOtherMedium,    // it is for another medium
  kOtherState,     // for another state of the disc
  kOtherSize,      // the answer depends on the size of the disc
  kOtherContents,  // on what is on it
  kToldOnce,       // it is about an event, and each is told once
  kStalls,         // some drives stall at it
  kTooLarge,       // more than one command may carry
  kNotAllowed,     // the operating system does not let it through
  // When the disc may be lost.
  kNeverSent,       // it is none of the commands that may be sent then
  kConsumes,        // it would use up the disc, or take it out of a state for good
  kErasedTooOften,  // the disc would have to be erased once more for it
  kNotReached,      // the disc did not come into the state
};
// "for another medium": ends the sentence "12 rows are ...".
[[nodiscard]] std::string_view words_for(Fit fit);

struct Circumstances {
  Situation situation;
  std::size_t max_transfer = 0;  // bytes
  bool may_change = false;
  bool prepared = false;  // the disc was brought into the state: its contents are known
};
[[nodiscard]] Fit fit_of(const conformance::Row& row, const Circumstances& now);

}  // namespace pregroove::validate
