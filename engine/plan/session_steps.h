// Steps that burning a session and closing one have in common. Private to engine/plan.
#pragma once

#include "engine/plan/plan.h"

namespace pregroove::plan {

// How a session ends. What the drive writes by itself: lead-out and lead-in, a border zone, closure
// and intro.
[[nodiscard]] CloseSession closing_step(medium::MediumKind kind, int session_number,
                                        bool keep_open);
// Mode page 05h; media without a page of write parameters need no step.
void add_write_type(BurnPlan& plan, const medium::MediumSnapshot& snapshot, medium::WriteType type,
                    bool keep_open);

}  // namespace pregroove::plan
