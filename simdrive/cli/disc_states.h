// The states in which a disc can be made without a burner: as it is bought, formatted or blanked.
#pragma once

#include <string>
#include <vector>

#include "simdrive/disc/layout.h"

namespace simdrive {

// Names for "simdrive create --state"; the first is how the disc is bought. Empty for a pressed
// disc.
[[nodiscard]] std::vector<std::string> states_of(MediumKind kind);

// kInvalidArgument, with advice, for a state that the medium does not have. REQUIRES: the medium is
// not pressed.
[[nodiscard]] pregroove::Result<Layout> layout_in_state(const Medium& medium,
                                                        const std::string& state);

}  // namespace simdrive
