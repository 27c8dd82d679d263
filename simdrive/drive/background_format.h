// DVD+RW: the formatting that goes on in virtual time while the host works (MMC-6 6.4.2.6).
//
// The disc keeps how far it got. A disc whose record says that its format is running, though this
// drive did not start it, comes from a drive that lost its power: it counts as stopped.
#pragma once

#include "simdrive/drive/drive_state.h"

namespace simdrive {

// The format that the disc's record says is running goes on from this moment.
void begin_background_format(DriveState& state, Duration from);
// Brings the disc up to date. Called before each command.
void update_background_format(DriveState& state);
// What an unloading drive does: the disc says that its format was stopped.
void stop_background_format(DriveState& state);
// Lets the time pass that formatting needs up to a block that a host wants to write; also when the
// format was stopped.
void format_up_to(DriveState& state, Lba lba);
// After a WRITE, which may have written what was left; before: what the disc said until then.
void note_end_of_format(DriveState& state, FormatState before);

}  // namespace simdrive
