#include "engine/imapi/disc_recorder.h"

#include <fmt/format.h>

#include "engine/drive/drive.h"
#include "engine/drive/inspection.h"
#include "engine/imapi/erasing.h"
#include "engine/imapi/failures.h"
#include "engine/imapi/media_type.h"
#include "engine/imapi/order_rules.h"
#include "engine/imapi/progress_events.h"
#include "engine/imapi/recorder_state.h"

namespace pregroove::imapi {
namespace {

Result<medium::MediumSnapshot> inspect(RecorderDevice& device) {
  drive::Drive drive(device.transport(), device.clock());
  return lift(drive::inspect(drive));
}

}  // namespace

Facts DiscRecorder::State::facts() const {
  Facts facts;
  if (!device) return facts;
  const RecorderAccess& access = device->access();
  const bool mine = access.held_by(this);
  const bool free = access.use() == RecorderAccess::Use::kFree;
  facts.set(Requirement::kRecorderBound, true)
      .set(Requirement::kRecorderUnheld, free)
      .set(Requirement::kHeldByCaller, mine)
      .set(Requirement::kHeldByCallerOrActive, mine || active)
      .set(Requirement::kUnheldByOthers, mine || free);
  return facts;
}

DiscRecorder::DiscRecorder() : state_(std::make_unique<State>()) {}
DiscRecorder::DiscRecorder(std::shared_ptr<RecorderDevice> device) : DiscRecorder() {
  state_->device = std::move(device);
}
DiscRecorder::~DiscRecorder() {
  if (state_->device) state_->device->access().release(state_.get());
}

std::shared_ptr<RecorderDevice> DiscRecorder::device() const { return state_->device; }

Result<std::string> DiscRecorder::GetRecorderGUID() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kGetRecorderGUID, state_->facts()));
  return state_->device->unique_id();
}

Result<std::string> DiscRecorder::GetPath() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kGetPath, state_->facts()));
  return state_->device->path();
}

Result<RecorderType> DiscRecorder::GetRecorderType() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kGetRecorderType, state_->facts()));
  PREGROOVE_RETURN_IF_ERROR(state_->learn_capabilities());
  return state_->properties.capabilities()->rewritable_drive ? RecorderType::RECORDER_CDRW
                                                             : RecorderType::RECORDER_CDR;
}

Result<DisplayNames> DiscRecorder::GetDisplayNames() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kGetDisplayNames, state_->facts()));
  drive::Drive drive(state_->device->transport(), state_->device->clock());
  PREGROOVE_ASSIGN_OR_RETURN(auto names, lift(drive.identify()));
  return DisplayNames{std::move(names.vendor), std::move(names.product), std::move(names.revision)};
}

Result<std::string> DiscRecorder::GetBasePnPID() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kGetBasePnPID, state_->facts()));
  drive::Drive drive(state_->device->transport(), state_->device->clock());
  PREGROOVE_ASSIGN_OR_RETURN(const auto names, lift(drive.identify()));
  return fmt::format("{}&{}&{}", names.vendor, names.product, names.revision);
}

Status DiscRecorder::State::learn_capabilities() {
  if (properties.capabilities()) return {};
  drive::Drive drive(device->transport(), device->clock());
  PREGROOVE_ASSIGN_OR_RETURN(const auto writing, lift(drive::write_capabilities(drive)));
  properties.learn(writing);
  return {};
}

Result<PropertySet> DiscRecorder::GetRecorderProperties() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kGetRecorderProperties, state_->facts()));
  PREGROOVE_RETURN_IF_ERROR(state_->learn_capabilities());
  return state_->properties.get();
}

Result<ResultCode> DiscRecorder::SetRecorderProperties(const PropertySet& properties) {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kSetRecorderProperties, state_->facts()));
  return state_->properties.set(properties);
}

Result<RecorderState> DiscRecorder::GetRecorderState() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kGetRecorderState, state_->facts()));
  switch (state_->device->access().use()) {
    case RecorderAccess::Use::kOpened:
      return RecorderState::RECORDER_OPENED;
    case RecorderAccess::Use::kBurning:
      return RecorderState::RECORDER_BURNING;
    case RecorderAccess::Use::kFree:
      break;
  }
  return RecorderState::RECORDER_DOING_NOTHING;
}

// The exchange with the drive comes last, so that an unplugged one is not held.
Status DiscRecorder::OpenExclusive() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kOpenExclusive, state_->facts()));
  RecorderAccess& access = state_->device->access();
  if (!access.acquire(state_.get(), RecorderAccess::Use::kOpened))
    return check_order(Method::kOpenExclusive, state_->facts());
  drive::Drive drive(state_->device->transport(), state_->device->clock());
  auto answered = lift(drive.identify());
  if (answered) return {};
  access.release(state_.get());
  return std::unexpected(std::move(answered).error());
}

// An empty tray is an answer here, not a failure.
Result<MediaTypeAndFlags> DiscRecorder::QueryMediaType() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kQueryMediaType, state_->facts()));
  auto disc = inspect(*state_->device);
  if (disc) return media_type_of(*disc);
  if (disc.error().code == ResultCode::IMAPI_E_MEDIUM_NOTPRESENT) return MediaTypeAndFlags{};
  return std::unexpected(std::move(disc).error());
}

Result<MediaInfo> DiscRecorder::QueryMediaInfo() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kQueryMediaInfo, state_->facts()));
  PREGROOVE_ASSIGN_OR_RETURN(const auto disc, inspect(*state_->device));
  return media_info_of(disc);
}

Result<medium::MediumSnapshot> DiscRecorder::Inspect() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kInspect, state_->facts()));
  return inspect(*state_->device);
}

Status DiscRecorder::Eject() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kEject, state_->facts()));
  drive::Drive drive(state_->device->transport(), state_->device->clock());
  PREGROOVE_RETURN_IF_ERROR(lift(drive.prevent_removal(false)));
  return lift(drive.eject());
}

Status DiscRecorder::Erase(bool full, DiscMasterProgressEvents* events) {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kErase, state_->facts()));
  drive::Drive drive(state_->device->transport(), state_->device->clock());
  return erase_disc(drive, full, events);
}

Status DiscRecorder::Close() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kRecorderClose, state_->facts()));
  state_->device->access().release(state_.get());
  return {};
}

}  // namespace pregroove::imapi
