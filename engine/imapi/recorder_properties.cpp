#include "engine/imapi/recorder_properties.h"

#include <algorithm>
#include <cmath>

#include "engine/medium/kind.h"

namespace pregroove::imapi {
namespace {

// VT_BOOL came as a boolean or as an integer (-1 is true).
std::optional<bool> as_bool(const PropertyValue& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth;
  if (const auto* number = std::get_if<std::int32_t>(&value)) return *number != 0;
  return std::nullopt;
}

}  // namespace

void RecorderProperties::reset() {
  RecorderProperties fresh;
  fresh.capabilities_ = std::move(capabilities_);
  *this = std::move(fresh);
}

void RecorderProperties::learn(const medium::WriteCapabilities& capabilities) {
  capabilities_ = capabilities;
}

// kFastestWriteSpeed while the drive has named no speed.
std::int32_t RecorderProperties::max_write_speed() const {
  if (!capabilities_ || capabilities_->speeds_kbs.empty()) return kFastestWriteSpeed;
  return static_cast<std::int32_t>(std::lround(
      capabilities_->speeds_kbs.front() / medium::kilobytes_per_second_at_1x(medium::Family::kCd)));
}

PropertySet RecorderProperties::get() const {
  return {{kWriteSpeed, write_speed_},
          {kMaxWriteSpeed, max_write_speed()},
          {kAudioGapSize, audio_gap_},
          {kBufferUnderrunFreeCapable, capabilities_ && capabilities_->buffer_underrun_free},
          {kEnableBufferUnderrunFree, buffer_underrun_free_}};
}

// Read-only entries are not accepted, whatever their value.
bool RecorderProperties::accept(const std::string& name, const PropertyValue& value) {
  const auto* number = std::get_if<std::int32_t>(&value);
  if (name == kWriteSpeed && number != nullptr) {
    if (*number < 1 && *number != kFastestWriteSpeed) return false;
    const std::int32_t max = max_write_speed();
    write_speed_ = max == kFastestWriteSpeed ? *number : std::min(*number, max);
    return true;
  }
  if (name == kAudioGapSize && number != nullptr && *number >= 0) {
    audio_gap_ = *number;
    return true;
  }
  if (const auto truth = as_bool(value); truth && name == kEnableBufferUnderrunFree) {
    buffer_underrun_free_ = *truth;
    return true;
  }
  return false;
}

ResultCode RecorderProperties::set(const PropertySet& properties) {
  ResultCode result = ResultCode::S_OK;
  for (const auto& [name, value] : properties)
    if (!accept(name, value)) result = ResultCode::IMAPI_S_PROPERTIESIGNORED;
  return result;
}

std::optional<double> RecorderProperties::write_speed() const {
  if (write_speed_ == kFastestWriteSpeed) return std::nullopt;
  return write_speed_;
}

}  // namespace pregroove::imapi
