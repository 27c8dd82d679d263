// A short name by which a user says which disc may be lost.
#pragma once

#include <string>

#include "engine/validate/conversation.h"
#include "engine/validate/observations.h"
#include "engine/validate/situation.h"

namespace pregroove::validate {

// "cd-rw-80-3f9a21c0": what it is, and a checksum of what the drive tells of it and of the blocks
// that volumes begin with. Another disc, or the same one after something was written, has another
// name; two blank discs of one make have not. Empty without a disc of a kind that the rows know.
// Reads three blocks at most.
[[nodiscard]] Result<std::string> name_of_disc(Conversation& drive, const Observations& observed,
                                               const Situation& situation);

}  // namespace pregroove::validate
