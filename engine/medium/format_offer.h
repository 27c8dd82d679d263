// A way in which a drive offers to format the disc in it, as READ FORMAT CAPACITIES lists it.
//
// Source: MMC-6 tables "formattable capacity descriptor" and "format types"; burning.md 4.3.
#pragma once

#include <cstdint>

#include "engine/base/units.h"

namespace pregroove::medium {

enum class FormatType : std::uint8_t {
  kFull = 0x00,  // DVD-RAM, DVD-RW, BD-RE, BD-R
  kDvdPlusRw = 0x26,
  kBdReWithSpares = 0x30,
  kBdReWithoutSpares = 0x31,
  kBdRWithSpares = 0x32,
};

// Sub-types of BD-R and of BD-RE (MMC-6, FORMAT UNIT).
inline constexpr std::uint8_t kBdRSequentialWithoutOverwrite = 1;
inline constexpr std::uint8_t kBdReFullCertification = 2;
inline constexpr std::uint8_t kBdReQuickCertification = 3;

struct FormatOffer {
  FormatType type = FormatType::kFull;  // also numbers that have no name here
  std::uint8_t sub_type = 0;
  BlockCount blocks;            // of the user area
  std::uint32_t parameter = 0;  // depends on the type

  bool operator==(const FormatOffer&) const = default;
};

}  // namespace pregroove::medium
