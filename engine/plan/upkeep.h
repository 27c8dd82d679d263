// Decides what is done to a disc without adding a session to it: pure functions like those of
// plan.h, whose steps they use.
//
// What would make data unreachable that somebody may want is refused, with the number of sessions
// and blocks, until the user consents.
#pragma once

#include "engine/plan/plan.h"

namespace pregroove::plan {

struct CloseRequest {
  bool consent = false;  // to a dead session becoming the one that readers find
};

// No session is ever added after this. Refuses media that are overwritten, blank and closed discs,
// and CDs and DVD-Rs whose last session is closed: there only a further session can say that it is
// the last one (mmc.md 2.9, 2.4: an empty session is closed with GOOD, and nothing is written).
[[nodiscard]] Result<BurnPlan> make_close_plan(const medium::MediumSnapshot& snapshot,
                                               const CloseRequest& request);

}  // namespace pregroove::plan
