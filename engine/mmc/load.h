// START STOP UNIT and PREVENT ALLOW MEDIUM REMOVAL: spindle, tray and its lock (MMC-6).
#pragma once

#include <cstdint>

#include "engine/mmc/command.h"

namespace pregroove::mmc {

// The LoEj and Start bits together.
enum class LoadAction : std::uint8_t { kStop = 0, kStart = 1, kEject = 2, kLoad = 3 };

// The Persistent and Prevent bits together.
enum class Prevent : std::uint8_t {
  kAllow = 0,
  kPrevent = 1,
  kPersistentAllow = 2,
  kPersistentPrevent = 3,
};

[[nodiscard]] Cdb start_stop_unit(LoadAction action, Immediate immediate);
[[nodiscard]] Cdb prevent_allow_medium_removal(Prevent prevent);

}  // namespace pregroove::mmc
