// Looks at the drive and the disc in it, and says what there is as plain values.
//
// Reads only: nothing here changes the disc, and nothing is probed outside the program area (READ
// CD at LBA -1 upset real drives).
#pragma once

#include "engine/drive/drive.h"
#include "engine/medium/medium.h"

namespace pregroove::drive {

// Waits until the disc is ready and describes it. kMediumNotPresent when the tray is empty. Two
// different answers to what should be one fact are an error (kProtocol), except where drives are
// known to differ.
[[nodiscard]] Result<medium::MediumSnapshot> inspect(Drive& drive);

// What the drive can write, asked without waiting for a disc; the speeds are those for the disc
// that is in it, if there is one.
[[nodiscard]] Result<medium::WriteCapabilities> write_capabilities(Drive& drive);

}  // namespace pregroove::drive
