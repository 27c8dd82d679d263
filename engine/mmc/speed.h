// SET CD SPEED (MMC-6).
#pragma once

#include <cstdint>

#include "engine/mmc/command.h"

namespace pregroove::mmc {

// Units of 1000 bytes a second; 176.4 is 1x.
struct CdSpeed {
  std::uint16_t kb_per_s = 0;

  constexpr auto operator<=>(const CdSpeed&) const = default;
};
inline constexpr CdSpeed kMaximumCdSpeed{0xFFFF};

[[nodiscard]] Cdb set_cd_speed(CdSpeed read, CdSpeed write);

}  // namespace pregroove::mmc
