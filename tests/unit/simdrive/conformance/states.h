// The states of the conformance rows: brings a drive with a blank disc into one, by commands alone,
// as a host could.
#pragma once

#include "tests/unit/simdrive/bench_drive.h"

namespace simdrive::testing_support {

// An unknown state, or a command that is refused on the way, fails the running test.
void prepare_state(BenchDrive& bench, const std::string& state);

}  // namespace simdrive::testing_support
