// What is on a disc that is overwritten: such a disc knows of no sessions, its file systems do.
//
// The volume at LBA 0 says how much of the disc is used. When the volumes that start at LBA 32, and
// where one ends at the next multiple of 32, lead to that same end, they are the sessions
// (burning.md 6.4); else the volume at LBA 0 is the only one.
#pragma once

#include "engine/drive/drive.h"
#include "engine/medium/medium.h"

namespace pregroove::drive {

// Fills in capacity, formatting, status, sessions and the writable part. REQUIRES: the kind is one
// that is overwritten.
[[nodiscard]] Status describe_overwritable(Drive& drive, medium::MediumSnapshot& snapshot);

}  // namespace pregroove::drive
