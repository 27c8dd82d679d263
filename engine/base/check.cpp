#include "engine/base/check.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace pregroove {

void check_failed(const char* expression, const char* file, int line) {
  fmt::print(stderr, "{}:{}: broken invariant: {}\n", file, line, expression);
  std::abort();
}

}  // namespace pregroove
