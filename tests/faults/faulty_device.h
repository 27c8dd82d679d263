// The recorder of a desk (tests/unit/imapi/desk.h) behind a transport in which single commands go
// wrong.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "tests/support/faulting_transport.h"
#include "tests/unit/imapi/desk.h"

namespace pregroove::imapi {

class FaultyDevice final : public RecorderDevice {
 public:
  explicit FaultyDevice(std::shared_ptr<TestDevice> device)
      : device_(std::move(device)), port(device_->transport()) {}
  [[nodiscard]] std::string path() const override { return device_->path(); }
  [[nodiscard]] std::string unique_id() const override { return device_->unique_id(); }
  [[nodiscard]] scsi::Transport& transport() override { return port; }
  [[nodiscard]] Clock& clock() override { return device_->clock(); }

 private:
  std::shared_ptr<TestDevice> device_;

 public:
  testing_support::FaultingTransport port;
};

}  // namespace pregroove::imapi
