// Which of the speeds that a drive offers for a disc is set.
//
// 1x is 176.4 kB/s on CD, 1385 on DVD, 4495.5 on BD (mmc.md 2.15).
#pragma once

#include <string>
#include <vector>

#include "engine/plan/plan.h"

namespace pregroove::plan {

// As a multiple of 1x of the medium.
[[nodiscard]] double times_of(medium::MediumKind kind, double kilobytes_per_second);
// "2.4x", "16x".
[[nodiscard]] std::string in_times(double times);

// The fastest offered speed that is not faster than the wish; the wish itself when the drive offers
// none. offered: kB/s. kInvalidArgument for a wish that is no speed; kUnsupported when everything
// that is offered is faster.
[[nodiscard]] Result<SetSpeed> choose_speed(medium::MediumKind kind,
                                            const std::vector<std::uint32_t>& offered,
                                            const std::optional<SpeedWish>& wish);

}  // namespace pregroove::plan
