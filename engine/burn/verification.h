// The proof after the burn: is the disc what the plan promised, and does it give back what was
// sent?
#pragma once

#include "engine/burn/burn_clock.h"
#include "engine/burn/burner.h"

namespace pregroove::burn {

// Disc status, number of sessions, place and length of the last track. kVerification names every
// difference.
[[nodiscard]] Status compare_with_plan(const medium::MediumSnapshot& disc,
                                       const plan::CheckResult& expected);

// The end of what was sent; a WRITE carries few enough blocks to be read at once.
struct LastWrite {
  Lba start;
  BlockCount blocks;
  std::uint64_t checksum = 0;  // XXH3
};
// kVerification when the disc holds something else there.
[[nodiscard]] Status read_end(drive::Drive& drive, const LastWrite& expected);

// Reads the track and compares stretch by stretch; kVerification names the first LBA of a bad
// stretch.
[[nodiscard]] Status read_back(drive::Drive& drive, const plan::ReadBack& step,
                               const Checksums& expected, BurnClock& clock);

}  // namespace pregroove::burn
