// Erase, on every medium that can be erased (imapi.md 4.2 and 9.11: version 1 knew CD-RW only).
#pragma once

#include "engine/drive/drive.h"
#include "engine/imapi/progress_events.h"
#include "engine/imapi/result_codes.h"

namespace pregroove::imapi {

// Makes the disc count as blank; full: all of it. What needs a format before anything can be
// written is formatted instead. events: NotifyEraseComplete when something was begun; may be null.
[[nodiscard]] Status erase_disc(drive::Drive& drive, bool full, DiscMasterProgressEvents* events);

}  // namespace pregroove::imapi
