#include "engine/image/susp.h"

namespace pregroove::image {
namespace {

constexpr std::uint32_t kOldMinorMax = 0xFF;
constexpr std::uint32_t kOldMinorBits = 8;
constexpr std::uint32_t kOldMajorMax = 0xFFF;  // what is left of the lower half of a dev_t today

}  // namespace

RockRidgeDevice device_field(DeviceNumber device) {
  const bool old_form = device.minor <= kOldMinorMax && device.major <= kOldMajorMax;
  RockRidgeDevice field;
  field.high = Both32(old_form ? 0 : device.major);
  field.low = Both32(old_form ? device.major << kOldMinorBits | device.minor : device.minor);
  return field;
}

DeviceNumber device_from(std::uint32_t high, std::uint32_t low) {
  if (high == 0 && low > kOldMinorMax)
    return {.major = low >> kOldMinorBits, .minor = low & kOldMinorMax};
  return {.major = high, .minor = low};
}

}  // namespace pregroove::image
