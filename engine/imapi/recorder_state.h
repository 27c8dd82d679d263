// What a DiscRecorder holds; the disc master looks at it, too.
#pragma once

#include <memory>
#include <utility>

#include "engine/imapi/disc_recorder.h"
#include "engine/imapi/order_rules.h"
#include "engine/imapi/recorder_properties.h"

namespace pregroove::imapi {

struct DiscRecorder::State {
  std::shared_ptr<RecorderDevice> device;  // empty: not bound to a drive
  RecorderProperties properties;
  bool active = false;  // the active recorder of an open disc master

  [[nodiscard]] Facts facts() const;
  // Asks the drive once.
  [[nodiscard]] Status learn_capabilities();
};

}  // namespace pregroove::imapi
