// The time of a simulated drive: it passes only when somebody lets it pass.
//
// The drive advances it by what its mechanics would have taken; an engine that waits through the
// Clock interface advances it too. So a burn of an hour runs in a second, and always alike.
// Single-threaded.
#pragma once

#include "engine/base/clock.h"

namespace simdrive {

using pregroove::Duration;

class VirtualClock final : public pregroove::Clock {
 public:
  [[nodiscard]] Duration now() const override { return now_; }
  void sleep_for(Duration duration) override { advance(duration); }

  // A negative duration changes nothing: time never goes back.
  void advance(Duration duration) {
    if (duration > Duration::zero()) now_ += duration;
  }
  void advance_to(Duration moment) { advance(moment - now_); }

 private:
  Duration now_{};
};

}  // namespace simdrive
