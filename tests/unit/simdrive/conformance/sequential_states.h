// The states of sequentially recorded DVD and BD: DVD-R, DVD-RW, DVD+R, BD-R.
#pragma once

#include "tests/unit/simdrive/bench_drive.h"

namespace simdrive::testing_support {

// False when the disc is another one, or the state is none of these. A command that is refused on
// the way fails the running test.
bool prepare_sequential_state(BenchDrive& bench, const std::string& state);

}  // namespace simdrive::testing_support
