// Carries a plan out, step by step, and proves afterwards that the disc holds what was sent.
//
// A burn is not finished when the drive says GOOD: the disc status and the track list are read
// again and compared with the plan; with verification the data is read back and compared with
// checksums that were taken while it was written. Errors say whether the disc was touched, and what
// state it is in.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/error.h"
#include "engine/burn/block_source.h"
#include "engine/burn/observer.h"
#include "engine/drive/drive.h"
#include "engine/medium/medium.h"
#include "engine/plan/plan.h"

namespace pregroove::burn {

// One checksum per stretch of the image, in order; the last stretch may be shorter.
struct Checksums {
  BlockCount stretch;                 // blocks that each value covers
  std::vector<std::uint64_t> values;  // XXH3
};

struct BurnReport {
  BlockCount written;
  Checksums checksums;
  bool verified = false;
  // What was set; absent when the drive chose itself, because nothing was wished for or because it
  // would not be told.
  std::optional<plan::SetSpeed> speed;
  BurnOutcome outcome;          // nothing after a test write
  medium::MediumSnapshot disc;  // as it is now; after a test write as it was
  // What went wrong although the disc is good: files that changed while they were read, a tray that
  // stays shut.
  std::vector<Error> problems;
};

// The memory between the reading thread and the drive.
struct RingSize {
  std::size_t slots = 16;
  std::size_t slot_bytes = std::size_t{1} << 20U;
};

// REQUIRES: source.size() equals the blocks of the plan's WriteImage step. The drive is locked
// meanwhile. kMediumChanged, with the disc untouched, when the drive reports another disc before
// the first write.
[[nodiscard]] Result<BurnReport> burn(drive::Drive& drive, const plan::BurnPlan& plan,
                                      BlockSource& source, Observer& observer, RingSize ring = {});

// Closes what an interrupted burn left open (plan::make_recovery_plan).
[[nodiscard]] Status recover(drive::Drive& drive, const plan::BurnPlan& plan, Observer& observer);

// Work on the disc itself: closes, erases or formats it (plan/upkeep.h).
[[nodiscard]] Result<BurnReport> carry_out(drive::Drive& drive, const plan::BurnPlan& plan,
                                           Observer& observer);

}  // namespace pregroove::burn
