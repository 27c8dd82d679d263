// The property set of a recorder (imapi.md 4.3): what can be set, and what the drive says.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/imapi/properties.h"
#include "engine/imapi/result_codes.h"
#include "engine/medium/medium.h"

namespace pregroove::imapi {

inline constexpr std::int32_t kFastestWriteSpeed = -1;
// The pause between audio tracks that the Red Book asks for: two seconds.
inline constexpr std::int32_t kDefaultAudioGap = 150;

class RecorderProperties {
 public:
  // As after Close: what was set is forgotten.
  void reset();
  void learn(const medium::WriteCapabilities& capabilities);
  [[nodiscard]] const std::optional<medium::WriteCapabilities>& capabilities() const {
    return capabilities_;
  }

  [[nodiscard]] PropertySet get() const;
  [[nodiscard]] ResultCode set(const PropertySet& properties);

  // For a plan: nothing when the drive shall choose.
  [[nodiscard]] std::optional<double> write_speed() const;
  [[nodiscard]] bool buffer_underrun_free() const { return buffer_underrun_free_; }

 private:
  [[nodiscard]] std::int32_t max_write_speed() const;
  [[nodiscard]] bool accept(const std::string& name, const PropertyValue& value);

  std::optional<medium::WriteCapabilities> capabilities_;
  std::int32_t write_speed_ = kFastestWriteSpeed;
  std::int32_t audio_gap_ = kDefaultAudioGap;
  bool buffer_underrun_free_ = true;
};

}  // namespace pregroove::imapi
