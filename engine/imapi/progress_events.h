// IDiscMasterProgressEvents: what a client is told while it stages, burns and erases (imapi.md 8).
//
// All callbacks come on the thread of the call that causes them. NotifyBurnComplete comes exactly
// once for every RecordDisc that got past the checks of arguments and state.
#pragma once

#include <cstdint>

#include "engine/burn/observer.h"
#include "engine/imapi/result_codes.h"

namespace pregroove::imapi {

class DiscMasterProgressEvents {
 public:
  virtual ~DiscMasterProgressEvents() = default;
  DiscMasterProgressEvents(const DiscMasterProgressEvents&) = delete;
  DiscMasterProgressEvents& operator=(const DiscMasterProgressEvents&) = delete;

  [[nodiscard]] virtual bool QueryCancel() { return false; }
  virtual void NotifyPnPActivity() {}
  virtual void NotifyAddProgress(std::int64_t /*completed_steps*/, std::int64_t /*total_steps*/) {}
  virtual void NotifyBlockProgress(std::int64_t /*completed*/, std::int64_t /*total*/) {}
  virtual void NotifyTrackProgress(std::int64_t /*current*/, std::int64_t /*total*/) {}
  virtual void NotifyPreparingBurn(std::int64_t /*estimated_seconds*/) {}
  virtual void NotifyClosingDisc(std::int64_t /*estimated_seconds*/) {}
  virtual void NotifyBurnComplete(ResultCode /*status*/) {}
  virtual void NotifyEraseComplete(ResultCode /*status*/) {}

  // Beyond IMAPI: phase, speed, drive buffer, remaining time.
  virtual void NotifyProgress(const burn::Progress& /*progress*/) {}

 protected:
  DiscMasterProgressEvents() = default;
};

}  // namespace pregroove::imapi
