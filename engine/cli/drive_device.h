// From the DRIVE argument to a recorder: "sim:FILE" is a simulated recorder in this process with
// that disc in it ("sim:" alone has an empty tray), anything else a device of the operating system.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/imapi/recorder_provider.h"

namespace pregroove::cli {

// What reads only does without permission to write the file of a simulated disc, and several may at
// once.
enum class DriveUse : std::uint8_t { kRead, kRecord };

[[nodiscard]] Result<std::shared_ptr<imapi::RecorderDevice>> open_drive(const std::string& name,
                                                                        DriveUse use);

// The one recorder that the command line names, as the list that the IMAPI objects want.
class SingleRecorder final : public imapi::RecorderProvider {
 public:
  explicit SingleRecorder(std::shared_ptr<imapi::RecorderDevice> device)
      : device_(std::move(device)) {}
  [[nodiscard]] std::vector<std::shared_ptr<imapi::RecorderDevice>> recorders() override {
    return {device_};
  }

 private:
  std::shared_ptr<imapi::RecorderDevice> device_;
};

}  // namespace pregroove::cli
