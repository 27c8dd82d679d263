// Looks at the drive and the disc in it, and says what there is as plain values.
//
// Reads only: nothing here changes the disc, and nothing is probed outside the program area (READ
// CD at LBA -1 upset real drives).
#pragma once

#include <cstdint>
#include <optional>

#include "engine/drive/drive.h"
#include "engine/medium/medium.h"

namespace pregroove::drive {

// Waits until the disc is ready and describes it. kMediumNotPresent when the tray is empty. Two
// different answers to what should be one fact are an error (kProtocol), except where drives are
// known to differ.
[[nodiscard]] Result<medium::MediumSnapshot> inspect(Drive& drive);

// The kind alone, of a disc that cannot be described: damaged, or half written. The rest of the
// snapshot says that nothing is known (DiscStatus::kOther).
[[nodiscard]] Result<medium::MediumSnapshot> inspect_kind(Drive& drive);

// The first, and the second of a disc that the drive answers about, but not sensibly: erasing is
// how such a disc is repaired.
[[nodiscard]] Result<medium::MediumSnapshot> inspect_even_damaged(Drive& drive);

// What the drive can write, asked without waiting for a disc; the speeds are those for the disc
// that is in it, if there is one.
[[nodiscard]] Result<medium::WriteCapabilities> write_capabilities(Drive& drive);

// What tells the session's file system from another one of the same size; absent for a session
// without data, or one that cannot be read.
[[nodiscard]] std::optional<std::uint64_t> descriptors_hash(Drive& drive,
                                                            const medium::Session& session);

}  // namespace pregroove::drive
