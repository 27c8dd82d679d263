// What the drive keeps of a CD session that is recorded at once, from its announcement to its end,
// and how the blocks of a WRITE to a CD look.
#pragma once

#include <expected>
#include <span>

#include "simdrive/drive/command_table.h"
#include "simdrive/drive/write_parameters.h"

namespace simdrive {

// What the drive and its disc allow in the write parameters page.
[[nodiscard]] WriteConditions write_conditions(const DriveState& state);

// How the next block at this address has to look; raw recording begins here. REQUIRES:
// medium_present().
[[nodiscard]] std::expected<HostBlock, Fault> block_to_write(DriveState& state, Lba lba);

// To be called after blocks were recorded, or would have been in a test.
void note_written(DriveState& state, std::span<const std::byte> data, const HostBlock& block);

// The session is ended when everything that was announced is written; what begins next is another.
void forget_complete_session(DriveState& state);

}  // namespace simdrive
