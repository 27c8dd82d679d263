// Time as the engine knows it. Everything that waits or stamps takes a Clock, so that tests and
// simulated drives run on a time of their own.
#pragma once

#include <chrono>

namespace pregroove {

using Duration = std::chrono::nanoseconds;

class Clock {
 public:
  virtual ~Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;

  // Time since an arbitrary start; never goes back.
  [[nodiscard]] virtual Duration now() const = 0;
  // Returns when now() has advanced by at least this much.
  virtual void sleep_for(Duration duration) = 0;

 protected:
  Clock() = default;
};

}  // namespace pregroove
