// What GET CONFIGURATION tells: the profile of the disc, and the features of the drive with whether
// each is current, by personality, medium and state (MMC-6 chapter 5; mmc.md 2.2).
#pragma once

#include <cstdint>
#include <vector>

#include "engine/scsi/numbers.h"
#include "simdrive/drive/drive_state.h"

namespace simdrive {

struct FeatureDescriptor {
  std::uint16_t code = 0;
  std::uint8_t version = 0;
  bool persistent = false;
  bool current = false;
  std::vector<std::uint8_t> payload;  // a multiple of four bytes
};

// kNone without a disc, and with one that the drive cannot read (recalled, not read).
[[nodiscard]] pregroove::scsi::Profile current_profile(const DriveState& state);
// Every feature that the drive has, ascending by code.
[[nodiscard]] std::vector<FeatureDescriptor> features_of(const DriveState& state);

}  // namespace simdrive
