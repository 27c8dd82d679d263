// DiscMaster::RecordDisc: the checks before a recording, and what follows from its outcome.
#include <utility>

#include "engine/drive/drive.h"
#include "engine/imapi/disc_master.h"
#include "engine/imapi/failures.h"
#include "engine/imapi/master_state.h"
#include "engine/imapi/recorder_state.h"

namespace pregroove::imapi {
namespace {

// The recorder belongs to the burn while this lives.
class BurnHold {
 public:
  explicit BurnHold(RecorderAccess& access)
      : access_(access), acquired_(access.acquire(this, RecorderAccess::Use::kBurning)) {}
  BurnHold(const BurnHold&) = delete;
  BurnHold& operator=(const BurnHold&) = delete;
  ~BurnHold() { access_.release(this); }
  [[nodiscard]] bool acquired() const { return acquired_; }

 private:
  RecorderAccess& access_;
  bool acquired_;
};

// IMAPI's clients are told of no speeds: the nearest is taken.
std::optional<plan::SpeedWish> wish_of(const RecorderProperties& properties) {
  const auto times = properties.write_speed();
  if (!times) return std::nullopt;
  return plan::SpeedWish{.value = *times, .or_slowest = true};
}

}  // namespace

RecordSettings DiscMaster::record_settings(bool simulate, bool eject,
                                           const RecordOptions& options) const {
  const RecorderProperties& properties = state_->recorder->state_->properties;
  return {.simulate = simulate,
          .eject = eject,
          .options = options,
          .image = state_->image_options(),
          .speed = options.speed ? options.speed : wish_of(properties),
          .buffer_underrun_free = properties.buffer_underrun_free()};
}

Result<RecordReport> DiscMaster::RecordDisc(bool simulate, bool eject_after_burn,
                                            RecordOptions options) {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kRecordDisc, state_->facts()));
  RecorderDevice& device = *state_->recorder->device();
  const BurnHold hold(device.access());
  if (!hold.acquired())
    return refuse(ResultCode::IMAPI_E_DEVICE_NOTACCESSIBLE, ErrorCode::kBusy,
                  "RecordDisc: the recorder was taken at this moment", "Try again later.");
  const BusyMark busy(state_->busy);
  drive::Drive drive(device.transport(), device.clock());
  BurnEvents events(state_->events);
  Recording recording(drive, state_->selection, state_->stage,
                      record_settings(simulate, eject_after_burn, options));
  auto report = recording.record(events);
  if (report) {
    state_->stage = {};
    state_->change_points.clear();
    state_->spent = true;
  }
  const ResultCode code = report ? ResultCode::S_OK : report.error().code;
  state_->events.notify([&](DiscMasterProgressEvents& sink) { sink.NotifyBurnComplete(code); });
  return report;
}

Result<RecordPreview> DiscMaster::PreviewRecordDisc(bool simulate, bool eject_after_burn,
                                                    RecordOptions options) {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kRecordDisc, state_->facts()));
  RecorderDevice& device = *state_->recorder->device();
  drive::Drive drive(device.transport(), device.clock());
  return Recording(drive, state_->selection, state_->stage,
                   record_settings(simulate, eject_after_burn, options))
      .preview();
}

}  // namespace pregroove::imapi
