// Runs a transcript again, on a drive of this process whose clock is set to each recorded time, and
// compares the replies.
//
// Blocks that were written and are not in the transcript are replaced by their hash, repeated in
// eight bytes, most significant first; from then on, what READs return is not compared.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simdrive/hosts/transcripts/entries.h"

namespace simdrive::hosts::transcripts {

struct ReplayOptions {
  // Disc files, for the discs of the transcript in the order in which they appear there. No path in
  // a transcript is ever opened. They are written to.
  std::vector<std::string> discs;
  std::optional<profiles::Personality> personality;  // instead of the recorded one
};

struct Difference {
  std::size_t line = 0;
  std::string command;  // its name and CDB
  std::string expected;
  std::string actual;
};

struct ReplayReport {
  std::size_t commands = 0;
  std::optional<Difference> difference;  // the first; nothing was run after it
  std::size_t replaced_writes = 0;
  std::size_t uncompared_reads = 0;
  bool cut_off = false;  // the transcript ends in the middle of a line
};

// Before anything is run, all of the transcript is checked: kCorruptFile ("FILE:LINE: ..."),
// kInvalidArgument for another number of discs than it needs, kWrongMedium for another kind of disc
// than the first one was.
[[nodiscard]] pregroove::Result<ReplayReport> replay(const std::string& path,
                                                     const ReplayOptions& options);

}  // namespace simdrive::hosts::transcripts
