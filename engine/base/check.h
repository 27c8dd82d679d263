// Assertions that stay on in every build. They state what the programmer guarantees; nothing that a
// drive, a disc or a file can do may trip one.
#pragma once

namespace pregroove {
[[noreturn]] void check_failed(const char* expression, const char* file, int line);
}  // namespace pregroove

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage)
#define PREGROOVE_CHECK(expression)       \
  (static_cast<bool>(expression) ? void() \
                                 : ::pregroove::check_failed(#expression, __FILE__, __LINE__))
