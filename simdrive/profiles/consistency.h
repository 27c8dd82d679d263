// Whether the parts of a personality fit together.
#pragma once

#include <vector>

#include "simdrive/profiles/field_reader.h"
#include "simdrive/profiles/json_tree.h"
#include "simdrive/profiles/personality.h"

namespace simdrive::profiles {

// What was taken over and does not fit the drive (speeds of a kind that it does not read) is
// dropped; what the file itself says and does not fit is a problem. `root` is that file.
[[nodiscard]] std::vector<Problem> make_consistent(Personality& drive, const JsonNode& root);

}  // namespace simdrive::profiles
