// What is on the disc of a desk, asked of the drive and not of the disc.
#pragma once

#include "tests/unit/imapi/desk.h"

namespace pregroove::imapi {

// The files of the newest session. Fails the test when there is none, or it cannot be read.
[[nodiscard]] Files files_in(Desk& desk);

}  // namespace pregroove::imapi
