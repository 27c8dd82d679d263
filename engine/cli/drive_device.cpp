#include "engine/cli/drive_device.h"

#include <fmt/format.h>

#include "engine/cli/say.h"
#include "engine/passthrough/host_drives.h"
#include "engine/system/system_clock.h"
#include "simdrive/disc/disc.h"
#include "simdrive/drive/drive.h"
#include "simdrive/mechanics/virtual_clock.h"

namespace pregroove::cli {
namespace {

constexpr std::string_view kSimulatedPrefix = "sim:";

class SimulatedDevice final : public imapi::RecorderDevice {
 public:
  SimulatedDevice(std::string name, std::unique_ptr<simdrive::Disc> disc)
      : name_(std::move(name)), drive_(clock_) {
    if (disc) drive_.insert(std::move(disc));
  }
  [[nodiscard]] std::string path() const override { return name_; }
  [[nodiscard]] std::string unique_id() const override { return name_; }
  [[nodiscard]] scsi::Transport& transport() override { return drive_; }
  [[nodiscard]] Clock& clock() override { return clock_; }

 private:
  std::string name_;
  simdrive::VirtualClock clock_;
  simdrive::Drive drive_;
};

class HostDevice final : public imapi::RecorderDevice {
 public:
  HostDevice(std::string path, std::unique_ptr<scsi::Transport> transport)
      : path_(std::move(path)), transport_(std::move(transport)) {}
  [[nodiscard]] std::string path() const override { return path_; }
  [[nodiscard]] std::string unique_id() const override { return path_; }
  [[nodiscard]] scsi::Transport& transport() override { return *transport_; }
  [[nodiscard]] Clock& clock() override { return clock_; }

 private:
  std::string path_;
  std::unique_ptr<scsi::Transport> transport_;
  system::SystemClock clock_;
};

Result<std::shared_ptr<imapi::RecorderDevice>> open_simulated(const std::string& name,
                                                              DriveUse use) {
  const std::string file = name.substr(kSimulatedPrefix.size());
  std::unique_ptr<simdrive::Disc> disc;
  if (!file.empty()) {
    PREGROOVE_ASSIGN_OR_RETURN(
        disc,
        simdrive::Disc::open_file(file, use == DriveUse::kRead ? simdrive::Access::kReadOnly
                                                               : simdrive::Access::kReadAndWrite));
    // The drive can only say that writing failed, as a real one would.
    disc->set_failure_observer([](const Error& error) {
      say_aside("pregroove: the simulated disc cannot be kept: {}\n", error.message);
    });
  }
  return std::make_shared<SimulatedDevice>(name, std::move(disc));
}

}  // namespace

Result<std::shared_ptr<imapi::RecorderDevice>> open_drive(const std::string& name, DriveUse use) {
  if (name.starts_with(kSimulatedPrefix)) return open_simulated(name, use);
  PREGROOVE_ASSIGN_OR_RETURN(auto transport, passthrough::open_host_drive(name));
  return std::make_shared<HostDevice>(name, std::move(transport));
}

}  // namespace pregroove::cli
