// SEND CUE SHEET: a whole session of a CD, announced before it is recorded at once (MMC-6).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/mmc/command.h"

namespace pregroove::mmc {

// What the main channel holds, and how many bytes of a block the host sends for it.
enum class CueDataForm : std::uint8_t {
  kMode1 = 0x10,       // 2048
  kMode1Pause = 0x14,  // none: the drive makes the blocks
};

struct CueEntry {
  std::uint8_t track = 0;
  std::uint8_t index = 0;
  CueDataForm form = CueDataForm::kMode1;
  Msf start;  // from the start of the disc; zero for a lead-in
};

// One track of data in mode 1: lead-in, pregap, track, lead-out.
// REQUIRES: 1 <= track <= 99; the start and the end of the track can be said in minutes.
[[nodiscard]] std::vector<CueEntry> data_session_cue(std::uint8_t track, Lba start,
                                                     BlockCount blocks);

// The parameter list. Control and ADR are those of positions of data that may not be copied, as
// xorriso sends them.
[[nodiscard]] std::vector<std::byte> encode_cue_sheet(std::span<const CueEntry> entries);
// bytes: the length of the parameter list. REQUIRES: < 2^24.
[[nodiscard]] Cdb send_cue_sheet(std::size_t bytes);

}  // namespace pregroove::mmc
