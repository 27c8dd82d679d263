// The columns of the matrix.
#pragma once

#include <ostream>

namespace pregroove::interop {

enum class Recording : std::uint8_t {
  kSequential,  // sessions, one behind the other
  kAnywhere,    // no sessions: what is added is recorded behind, and the start is written again
};

struct Medium {
  const char* label;
  const char* name;  // of simdrive create
  Recording recording = Recording::kSequential;
  const char* state = nullptr;  // other than it is bought
};
inline void PrintTo(const Medium& medium, std::ostream* out) { *out << medium.name; }

inline constexpr Medium kCdR{"CdR", "cd-r-80"};
inline constexpr Medium kCdRw{"CdRw", "cd-rw-80"};
inline constexpr Medium kDvdR{"DvdR", "dvd-r"};
inline constexpr Medium kDvdRw{"DvdRw", "dvd-rw"};
inline constexpr Medium kDvdPlusR{"DvdPlusR", "dvd+r"};
inline constexpr Medium kDvdPlusRw{"DvdPlusRw", "dvd+rw", Recording::kAnywhere};
inline constexpr Medium kDvdRam{"DvdRam", "dvd-ram", Recording::kAnywhere};
inline constexpr Medium kBdR{"BdR", "bd-r-25"};
inline constexpr Medium kBdRe{"BdRe", "bd-re-25", Recording::kAnywhere};

}  // namespace pregroove::interop
