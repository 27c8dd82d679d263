// How a session is written where a medium leaves the choice: track at once or session at once on a
// CD, incrementally or disc at once on a DVD-R or DVD-RW (MMC-6, write parameters; burning.md 5).
#pragma once

#include "engine/base/error.h"
#include "engine/medium/medium.h"
#include "engine/plan/plan.h"

namespace pregroove::plan {

// Disc at once, and nothing else: the drive does not write this disc incrementally, as on a DVD-RW
// that was blanked minimally (burning.md 4.4).
[[nodiscard]] bool takes_disc_at_once_only(const medium::MediumSnapshot& snapshot);

// The one that other sessions can follow; kNone where the medium has no use for the page.
[[nodiscard]] medium::WriteType piecemeal_write_type(medium::MediumKind kind);

// What was asked for, or else what leaves the disc open. kUnsupported, with the reason and what to
// do, when drive, medium, or the other wishes of the request do not allow it.
[[nodiscard]] Result<WriteTypeChoice> choose_write_type(const medium::MediumSnapshot& snapshot,
                                                        const BurnRequest& request);

}  // namespace pregroove::plan
