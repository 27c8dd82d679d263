// The machine's own time, for real drives.
#pragma once

#include "engine/base/clock.h"
#include "engine/system/file.h"

namespace pregroove::system {

class SystemClock final : public Clock {
 public:
  SystemClock() = default;
  [[nodiscard]] Duration now() const override;
  void sleep_for(Duration duration) override;
};

// The time of day, for volume descriptors; SOURCE_DATE_EPOCH in the environment takes its place, so
// that images can be reproduced (reproducible-builds.org/specs/source-date-epoch).
[[nodiscard]] FileTime current_time_or_source_date_epoch();

}  // namespace pregroove::system
