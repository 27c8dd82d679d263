// What a burn tells while it runs, and how it is asked to stop.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/base/units.h"

namespace pregroove::burn {

enum class Phase : std::uint8_t {
  kPreparing,   // the drive is set up
  kRecovering,  // what an interrupted burn left open is closed
  kWriting,
  kFlushing,   // the drive empties its buffer and ends the track
  kClosing,    // lead-in and lead-out are written
  kChecking,   // disc status and track list are read again
  kVerifying,  // the data is read back
  kErasing,
  kFormatting,
};
[[nodiscard]] std::string_view name_of(Phase phase);

struct Progress {
  Phase phase = Phase::kPreparing;
  BlockCount done;  // of total; both zero in phases that cannot be counted
  BlockCount total;
  Duration elapsed{};                  // since the burn began
  std::optional<Duration> remaining;   // of this phase, estimated
  double speed = 0;                    // recent, as a multiple of the 1x of the medium
  std::optional<double> drive_buffer;  // filled part of the drive's buffer, 0..1
  // Part of what the drive does by itself (close, erase, format), 0..1, as far as it tells.
  std::optional<double> drive_progress;
};

class Observer {
 public:
  virtual ~Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  virtual void on_progress(const Progress& /*progress*/) {}
  // Asked between commands; true ends the burn in a known state.
  [[nodiscard]] virtual bool cancel_requested() { return false; }

 protected:
  Observer() = default;
};

}  // namespace pregroove::burn
