// The columns of the matrix.
#pragma once

#include <cstdint>
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
  const char* mediainfo = nullptr;  // profile (MMC-6 table) as dvd+rw-mediainfo shows it
};
inline void PrintTo(const Medium& medium, std::ostream* out) { *out << medium.name; }

inline constexpr Medium kCdR{"CdR", "cd-r-80"};
inline constexpr Medium kCdRw{"CdRw", "cd-rw-80"};
inline constexpr Medium kDvdR{"DvdR", "dvd-r", Recording::kSequential, "11h, DVD-R"};
inline constexpr Medium kDvdRw{"DvdRw", "dvd-rw", Recording::kSequential, "14h, DVD-RW"};
inline constexpr Medium kDvdPlusR{"DvdPlusR", "dvd+r", Recording::kSequential, "1Bh, DVD+R"};
inline constexpr Medium kDvdPlusRDl{"DvdPlusRDl", "dvd+r-dl"};
inline constexpr Medium kDvdPlusRw{"DvdPlusRw", "dvd+rw", Recording::kAnywhere, "1Ah, DVD+RW"};
inline constexpr Medium kDvdRam{"DvdRam", "dvd-ram", Recording::kAnywhere, "12h, DVD-RAM"};
inline constexpr Medium kBdR{"BdR", "bd-r-25", Recording::kSequential, "41h, BD-R"};
inline constexpr Medium kBdRe{"BdRe", "bd-re-25", Recording::kAnywhere, "43h, BD-RE"};

}  // namespace pregroove::interop
