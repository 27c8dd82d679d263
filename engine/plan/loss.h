// What erasing and formatting take from the user. Private to engine/plan.
#pragma once

#include <string_view>

#include "engine/plan/plan.h"

namespace pregroove::plan {

// Zeros over these blocks hide every volume: ISO 9660 begins at block 16, the sessions that follow
// at 32 (burning.md 6.4), and UDF has its anchor at 256 (ECMA-167 3/8.4.2.1).
inline constexpr BlockCount kHeadOfVolumes{512};

// "holds 2 session(s) with 1200 blocks (2.3 MiB)"; empty when nothing is lost.
[[nodiscard]] std::string loss_of(const medium::MediumSnapshot& snapshot);
// Refuses to lose what is there without consent; doing: "erasing".
[[nodiscard]] Status check_loss(const medium::MediumSnapshot& snapshot, bool consent,
                                std::string_view doing);
// The summary's last part.
[[nodiscard]] std::string and_what_is_lost(const medium::MediumSnapshot& snapshot);

}  // namespace pregroove::plan
