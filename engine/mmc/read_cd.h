// READ CD: sectors of any type with chosen parts (MMC-6).
#pragma once

#include <cstdint>

#include "engine/mmc/command.h"

namespace pregroove::mmc {

enum class ExpectedSectorType : std::uint8_t {
  kAny = 0,
  kCdDa = 1,
  kMode1 = 2,
  kMode2 = 3,
  kMode2Form1 = 4,
  kMode2Form2 = 5,
};

// Main channel selection bits (byte 9), combined with |.
inline constexpr std::uint8_t kReadSync = 0x80;
inline constexpr std::uint8_t kReadSubHeader = 0x40;
inline constexpr std::uint8_t kReadHeader = 0x20;
inline constexpr std::uint8_t kReadUserData = 0x10;
inline constexpr std::uint8_t kReadEdcEcc = 0x08;
inline constexpr std::uint8_t kReadWholeSector =
    kReadSync | kReadSubHeader | kReadHeader | kReadUserData | kReadEdcEcc;

enum class SubChannel : std::uint8_t { kNone = 0, kRaw = 1, kQ = 2, kRw = 4 };

// REQUIRES: 0 <= blocks < 2^24.
[[nodiscard]] Cdb read_cd(Lba lba, BlockCount blocks, ExpectedSectorType type,
                          std::uint8_t main_channel, SubChannel sub_channel = SubChannel::kNone);

}  // namespace pregroove::mmc
