// Decides how an image that is ready is put on a disc as it is: from LBA 0, where its addresses
// count from.
#pragma once

#include "engine/plan/plan.h"

namespace pregroove::plan {

// Only on a disc that is blank or counts as empty; refuses others, and what does not fit, as
// make_burn_plan does. request.mode is of no account.
[[nodiscard]] Result<BurnPlan> make_image_plan(const medium::MediumSnapshot& snapshot,
                                               const BurnRequest& request);

}  // namespace pregroove::plan
