// Where a command says what it did, and how it ends.
#pragma once

#include <iosfwd>

#include "engine/base/error.h"

namespace simdrive {

enum class ExitStatus : int { kDone = 0, kFailed = 1, kWrongUsage = 2, kRefused = 3 };

// Where the answers go; errors go there too when they are JSON.
struct Console {
  std::ostream& out;
  std::ostream& err;
  bool json = false;
};

// Says what is wrong; the exit status that belongs to it: refused means that nothing was written,
// failed that something broke on the way.
ExitStatus report(const Console& console, const pregroove::Error& error);
// What the options ask for does not fit together; nothing was touched.
ExitStatus report_wrong_usage(const Console& console, const pregroove::Error& error);

}  // namespace simdrive
