// What QueryMediaType and QueryMediaInfo say about a disc: pure functions of what was inspected.
#pragma once

#include "engine/imapi/disc_recorder.h"
#include "engine/medium/medium.h"

namespace pregroove::imapi {

// imapi.md 4.1. The types are a sequence, not a mask.
[[nodiscard]] MediaTypeAndFlags media_type_of(const medium::MediumSnapshot& disc);
// imapi.md 7.5.
[[nodiscard]] MediaInfo media_info_of(const medium::MediumSnapshot& disc);

}  // namespace pregroove::imapi
