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

// How much of the disc is erased or checked.
enum class Thoroughness : std::uint8_t { kUsual, kFast, kFull };

struct EraseRequest {
  Thoroughness thoroughness = Thoroughness::kUsual;
  bool consent = false;  // to the loss of what is on the disc
};

// Afterwards the disc counts as empty. CD-RW: its minimal blank, or (full) the whole disc. DVD-RW:
// the whole disc, since a minimal blank (fast) leaves one that takes a single session, at once only
// (burning.md 4.4 and lesson 14). Media that are overwritten: zeros over what file systems start
// with, or (full) over everything. Also for discs of which nothing but the kind is known
// (DiscStatus::kOther).
[[nodiscard]] Result<BurnPlan> make_erase_plan(const medium::MediumSnapshot& snapshot,
                                               const EraseRequest& request);

// Of Blu-ray discs: room for blocks that turn out to be bad.
enum class SpareAreas : std::uint8_t { kDefault, kNone, kSmallest, kLargest };

struct FormatRequest {
  Thoroughness thoroughness = Thoroughness::kUsual;  // full: every block is checked
  std::optional<SpareAreas> spares;
  bool pseudo_overwrite = false;  // BD-R; always refused, with the reason
  bool consent = false;           // to the loss of what is on the disc
};

// offers: what the drive lists for the disc. A DVD+RW whose format was interrupted only goes on
// with it, and keeps what it holds.
[[nodiscard]] Result<BurnPlan> make_format_plan(const medium::MediumSnapshot& snapshot,
                                                const std::vector<medium::FormatOffer>& offers,
                                                const FormatRequest& request);

}  // namespace pregroove::plan
