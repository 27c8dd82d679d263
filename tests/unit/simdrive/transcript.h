// The logs of real programs in fixtures/transcripts, put to a drive.
#pragma once

#include <optional>
#include <string>

#include "simdrive/disc/cd_text.h"
#include "tests/unit/simdrive/bench_drive.h"

namespace simdrive::testing_support {

// A program takes the address of a later session from the drive. Where the recorder of the log gave
// another one than ours, its reads and writes from that address on are moved.
struct Relocation {
  std::int32_t logged = 0;
  std::int32_t actual = 0;
};

// Sends all commands; each must be answered as its line says, GOOD where it says nothing. A command
// that is answered with NOT READY is repeated, as the programs do. Blocks hold pattern(LBA).
void replay(BenchDrive& bench, const std::string& name,
            std::optional<Relocation> relocation = std::nullopt);

// What is put into the lead-in of a replayed session with CD-TEXT.
[[nodiscard]] std::vector<CdTextPack> replayed_cd_text();

}  // namespace simdrive::testing_support
