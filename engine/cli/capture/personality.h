// The personality of the drive that was validated: what it says of itself, and the oddities that
// its answers show, in the schema of simdrive/profiles. What nothing tells is as in "bd-writer".
#pragma once

#include <string>
#include <vector>

#include "engine/validate/validation.h"
#include "simdrive/profiles/personality.h"

namespace pregroove::cli {

// The drive's words are not trusted: what the schema does not allow is bent until it does, or left
// out. kProtocol when nothing that simdrive can be comes of it.
[[nodiscard]] Result<simdrive::profiles::Personality> personality_of(
    const validate::Validation& validation);

// The kinds of disc that the drive writes and of whose write speeds it told nothing, by their names
// in the file: there the personality has those of "bd-writer". A drive tells those for the disc
// that is in it.
[[nodiscard]] std::vector<std::string> kinds_with_assumed_speeds(
    const validate::Validation& validation, const simdrive::profiles::Personality& drive);

// The quirks in which it differs from a well-behaved drive, as "key" and the value of each; the
// keys are those of the file ("sense.opc").
struct QuirkFound {
  std::string key;
  std::string value;  // JSON
};
[[nodiscard]] std::vector<QuirkFound> quirks_of(const simdrive::profiles::Personality& drive);

}  // namespace pregroove::cli
