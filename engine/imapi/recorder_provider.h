// How the application hands its recorders to the IMAPI objects: a list of devices, each of which
// can be used as a transport with a clock. The objects know nothing else of hardware.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/error.h"
#include "engine/imapi/recorder_access.h"
#include "engine/scsi/transport.h"

namespace pregroove::imapi {

// One physical recorder. Outlives every DiscRecorder that refers to it; stays valid when it is
// unplugged, and its transport then fails with kTransport.
class RecorderDevice {
 public:
  virtual ~RecorderDevice() = default;
  RecorderDevice(const RecorderDevice&) = delete;
  RecorderDevice& operator=(const RecorderDevice&) = delete;

  // How the operating system names it ("/dev/sr0", "sim:disc.file").
  [[nodiscard]] virtual std::string path() const = 0;
  // The same drive gives the same string, also after it was unplugged and found again.
  [[nodiscard]] virtual std::string unique_id() const = 0;
  [[nodiscard]] virtual scsi::Transport& transport() = 0;
  [[nodiscard]] virtual Clock& clock() = 0;
  // Who uses it; shared by all DiscRecorder objects that refer to this device.
  [[nodiscard]] RecorderAccess& access() { return access_; }

 protected:
  RecorderDevice() = default;

 private:
  RecorderAccess access_;
};

class RecorderProvider {
 public:
  virtual ~RecorderProvider() = default;
  RecorderProvider(const RecorderProvider&) = delete;
  RecorderProvider& operator=(const RecorderProvider&) = delete;

  // The recorders that are there now.
  [[nodiscard]] virtual std::vector<std::shared_ptr<RecorderDevice>> recorders() = 0;

 protected:
  RecorderProvider() = default;
};

}  // namespace pregroove::imapi
