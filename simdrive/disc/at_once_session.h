// A session of a CD that is recorded in one stream, session-at-once or raw, while it is being
// recorded: what was announced for it, and how far it got.
//
// The drive keeps one between SEND CUE SHEET (session-at-once) or the first WRITE (raw) and
// SYNCHRONIZE CACHE; it is lost with the power. What the disc keeps of a session that was never
// completed is the tracks that were begun.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "simdrive/disc/cd_text.h"
#include "simdrive/disc/cue_sheet.h"
#include "simdrive/disc/host_block.h"

namespace simdrive {

struct AtOnceSession {
  bool raw = false;
  CueSheet cue;  // raw: of the entries in the lead-in; without program until they are known
  Lba start;     // of the lead-in, if the host writes that, else of the program area
  Lba next;      // where the next WRITE has to start
  std::vector<std::byte> cd_text_blocks;  // what the lead-in carries in R to W
  std::vector<QTocEntry> toc;             // raw: the entries found so far, each once

  [[nodiscard]] bool begun() const { return next > start; }
  [[nodiscard]] bool program_known() const { return !cue.program.empty(); }
  // Everything that was announced is written.
  [[nodiscard]] bool complete() const { return program_known() && next >= cue.lead_out_start; }
  // Blocks from `next` on that may come in one WRITE; raw: as many as fit before the disc ends.
  [[nodiscard]] Lba end_of_write() const;
  // How the block at `next` looks, session-at-once; nullopt where the host sends nothing.
  [[nodiscard]] std::optional<HostBlock> block() const { return block_at(next); }
  [[nodiscard]] std::optional<HostBlock> block_at(Lba lba) const;
  // Where the host goes on after it wrote up to `end`: behind what the drive records by itself.
  [[nodiscard]] Lba next_after(Lba end) const;
};

// What SEND CUE SHEET begins. `lead_in` is where the lead-in of the session starts on the disc.
[[nodiscard]] AtOnceSession begin_session(CueSheet cue, Lba lead_in);
// Raw recording begins with the lead-in.
[[nodiscard]] AtOnceSession begin_raw_session(Lba lead_in);

// After blocks were written at session.next: notices CD-TEXT and table of contents in the lead-in,
// and moves on, also over regions that the drive records by itself.
void advance(AtOnceSession& session, std::span<const std::byte> blocks, const HostBlock& block);

}  // namespace simdrive
