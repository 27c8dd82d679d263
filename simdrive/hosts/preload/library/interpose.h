// How a function of the C library is taken over: a function with another name in the sources and
// the symbol of the original in the library, so that it need not repeat declarations of headers
// that differ from one version of the C library to the next.
//
//   PREGROOVE_INTERPOSE(int, opened, (const char* path, int flags), "open") { ... }
//
// and the original by its own name:  next<int(const char*, int)>("open")(path, flags)
#pragma once

#include <dlfcn.h>

namespace simdrive::hosts::preload {

// The function that would have been called without this library. Looked up each time it is asked
// for with a new name; callers keep it in a static variable through PREGROOVE_NEXT.
template <typename Function>
using Pointer = Function*;

template <typename Function>
Function* next(const char* symbol) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, symbol));
}

}  // namespace simdrive::hosts::preload

// NOLINTBEGIN(cppcoreguidelines-macro-usage,bugprone-macro-parentheses)
// Two threads that look it up at once store the same value.
#define PREGROOVE_NEXT(type, symbol)                                            \
  ([]() -> simdrive::hosts::preload::Pointer<type> {                            \
    static simdrive::hosts::preload::Pointer<type> found = nullptr;             \
    if (found == nullptr) found = simdrive::hosts::preload::next<type>(symbol); \
    return found;                                                               \
  }())
#define PREGROOVE_INTERPOSE(result, name, parameters, symbol)                                     \
  extern "C" __attribute__((visibility("default"), used)) result name parameters __asm__(symbol); \
  result name parameters
// NOLINTEND(cppcoreguidelines-macro-usage,bugprone-macro-parentheses)
