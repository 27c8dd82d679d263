// What the program tells its caller (README.md): 0 done, 1 failed and the disc may have changed, 2
// wrong usage, 3 refused before anything was written.
#pragma once

namespace pregroove::cli {

enum ExitStatus : int { kDone = 0, kFailed = 1, kWrongUsage = 2, kRefused = 3 };

}  // namespace pregroove::cli
