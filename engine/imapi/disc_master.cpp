#include "engine/imapi/disc_master.h"

#include <utility>

#include "engine/drive/drive.h"
#include "engine/imapi/failures.h"
#include "engine/imapi/master_state.h"
#include "engine/imapi/recorder_state.h"

namespace pregroove::imapi {
namespace {

constexpr const char* kCleared =
    "the content was cleared: a blank disc is needed until the recorder is selected again";

}  // namespace

Facts DiscMaster::State::facts() const {
  Facts facts;
  facts.set(Requirement::kMasterClosed, !open)
      .set(Requirement::kMasterOpen, open)
      .set(Requirement::kFormatActive, format.has_value())
      .set(Requirement::kJolietActive, format == DiscMasterFormat::kJoliet)
      .set(Requirement::kRecorderSelected, recorder != nullptr)
      .set(Requirement::kIdle, !busy)
      .set(Requirement::kDiscRead, !spent)
      .set(Requirement::kDataStaged, stage.added);
  if (recorder)
    facts.set(Requirement::kRecorderUnheld,
              recorder->device()->access().use() == RecorderAccess::Use::kFree);
  return facts;
}

void DiscMaster::State::clear_content(std::string reason) {
  if (recorder) leave_multi_session(selection, std::move(reason));
  start_stage();
}

void DiscMaster::State::forget_recorder() {
  if (recorder) recorder->state_->active = false;
  recorder.reset();
  selection = {};
  spent = false;
  start_stage();
}

void DiscMaster::State::start_stage() {
  stage = {.tree = selection.base};
  change_points.clear();
}

void DiscMaster::State::select(std::shared_ptr<DiscRecorder> next, Selection found) {
  forget_recorder();
  recorder = std::move(next);
  recorder->state_->active = true;
  recorder->state_->properties.learn(found.disc.writing);
  selection = std::move(found);
  start_stage();
}

DiscMaster::DiscMaster(RecorderProvider& provider, TimeSource now)
    : state_(std::make_unique<State>(*this, provider, now)) {}
DiscMaster::~DiscMaster() { state_->forget_recorder(); }

Status DiscMaster::Open() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kOpen, state_->facts()));
  state_->open = true;
  return {};
}

Status DiscMaster::Close() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kMasterClose, state_->facts()));
  for (const auto& handle : state_->handed_out)
    if (const auto recorder = handle.lock()) recorder->state_->properties.reset();
  if (state_->recorder) state_->recorder->state_->properties.reset();
  state_->handed_out.clear();
  state_->forget_recorder();
  state_->format.reset();
  state_->volume_name.clear();
  state_->formats = {};
  state_->rock_ridge.reset();
  state_->boot_files.clear();
  state_->checksums = true;
  state_->events.clear();
  state_->open = false;
  return {};
}

// Red Book has no interface here yet, and what cannot be selected is not listed.
Result<std::vector<DiscMasterFormat>> DiscMaster::EnumDiscMasterFormats() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kEnumDiscMasterFormats, state_->facts()));
  return std::vector{DiscMasterFormat::kJoliet};
}

Result<DiscMasterFormat> DiscMaster::GetActiveDiscMasterFormat() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kGetActiveDiscMasterFormat, state_->facts()));
  return *state_->format;
}

Result<JolietDiscMaster*> DiscMaster::SetActiveDiscMasterFormat(DiscMasterFormat format) {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kSetActiveDiscMasterFormat, state_->facts()));
  if (format != DiscMasterFormat::kJoliet)
    return refuse(ResultCode::E_NOINTERFACE, ErrorCode::kUnsupported,
                  "audio discs cannot be recorded through this interface yet",
                  "Select the Joliet format.");
  const bool changed = state_->format != format;
  state_->format = format;
  state_->clear_content(kCleared);
  if (changed)
    state_->events.notify([](DiscMasterProgressEvents& sink) { sink.NotifyPnPActivity(); });
  return &state_->joliet;
}

// A drive that does not answer any more is not there, and one that cannot write CDs track at once
// is none for this format.
Result<std::vector<std::shared_ptr<DiscRecorder>>> DiscMaster::EnumDiscRecorders() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kEnumDiscRecorders, state_->facts()));
  std::vector<std::shared_ptr<DiscRecorder>> found;
  for (auto& device : state_->provider.recorders()) {
    auto recorder = std::make_shared<DiscRecorder>(device);
    // Whoever is using it must not be disturbed.
    if (device->access().use() == RecorderAccess::Use::kFree) {
      if (!recorder->state_->learn_capabilities()) continue;
      if (!recorder->state_->properties.capabilities()->writes_medium) continue;
    }
    state_->handed_out.emplace_back(recorder);
    found.push_back(std::move(recorder));
  }
  return found;
}

Result<std::shared_ptr<DiscRecorder>> DiscMaster::GetActiveDiscRecorder() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kGetActiveDiscRecorder, state_->facts()));
  if (!state_->busy) PREGROOVE_RETURN_IF_ERROR(state_->recorder->GetDisplayNames());
  return state_->recorder;
}

// A failed selection changes nothing: the recorder and the stage from before stay.
Status DiscMaster::SetActiveDiscRecorder(std::shared_ptr<DiscRecorder> recorder) {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kSetActiveDiscRecorder, state_->facts()));
  if (!recorder)
    return refuse(ResultCode::E_INVALIDARG, ErrorCode::kInvalidArgument, "no recorder was given");
  // The same rows as for every other look at the disc: bound, and nobody else has it.
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kInspect, recorder->state_->facts()));
  drive::Drive drive(recorder->device()->transport(), recorder->device()->clock());
  PREGROOVE_ASSIGN_OR_RETURN(Selection found, select_disc(drive));
  state_->select(std::move(recorder), std::move(found));
  return {};
}

Status DiscMaster::ClearFormatContent() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kClearFormatContent, state_->facts()));
  state_->clear_content(kCleared);
  return {};
}

Result<std::uintptr_t> DiscMaster::ProgressAdvise(DiscMasterProgressEvents& events) {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kProgressAdvise, state_->facts()));
  return state_->events.add(events);
}

Status DiscMaster::ProgressUnadvise(std::uintptr_t cookie) {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kProgressUnadvise, state_->facts()));
  if (state_->events.remove(cookie)) return {};
  return refuse(ResultCode::E_INVALIDARG, ErrorCode::kInvalidArgument,
                "no progress sink has this cookie");
}

SessionMode DiscMaster::session_mode() const { return state_->selection.mode; }
const std::string& DiscMaster::session_mode_reason() const { return state_->selection.reason; }

}  // namespace pregroove::imapi
