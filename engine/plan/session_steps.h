// Steps that burning a session and closing one have in common. Private to engine/plan.
#pragma once

#include <string>

#include "engine/plan/plan.h"

namespace pregroove::plan {

// How a session ends. What the drive writes by itself: lead-out and lead-in, a border zone, closure
// and intro.
[[nodiscard]] CloseSession closing_step(medium::MediumKind kind, int session_number,
                                        bool keep_open);
// Mode page 05h; media without a page of write parameters need no step.
void add_write_type(BurnPlan& plan, const medium::MediumSnapshot& snapshot, medium::WriteType type,
                    bool keep_open);
// CLOSE TRACK for each that was reserved and not filled: the drive fills it up. SYNCHRONIZE CACHE
// came before.
void add_closing_of_reserved(BurnPlan& plan, const medium::MediumSnapshot& snapshot);
// The track that grows holds data, and is closed behind those that were reserved.
[[nodiscard]] bool growing_track_holds_data(const medium::MediumSnapshot& snapshot);
// Half a sentence, or nothing.
[[nodiscard]] std::string words_for_reserved(const medium::MediumSnapshot& snapshot);

}  // namespace pregroove::plan
