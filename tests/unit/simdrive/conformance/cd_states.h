// The states of the conformance rows that are peculiar to CD: sessions recorded at once, audio,
// packets.
#pragma once

#include "tests/unit/simdrive/bench_drive.h"

namespace simdrive::testing_support {

// False for a state that is none of these.
[[nodiscard]] bool prepare_cd_state(BenchDrive& bench, const std::string& state);

// Bytes that tell blocks of any size apart.
[[nodiscard]] Bytes octets(std::int32_t lba, std::size_t count, std::size_t block_size);
// Writes such blocks, a few at a time, waiting when the buffer is full.
void write_octets(BenchDrive& bench, std::int32_t lba, std::int32_t count, std::size_t block_size);
void synchronize(BenchDrive& bench);
// Of one data track of 300 blocks.
inline constexpr auto kDataCue =
    "41 00 00 14 00 00 00 00  41 01 00 10 00 00 00 00  41 01 01 10 00 00 02 00"
    "  41 AA 01 14 00 00 06 00";
void send_cue_sheet(BenchDrive& bench, const std::string& entries);

}  // namespace simdrive::testing_support
