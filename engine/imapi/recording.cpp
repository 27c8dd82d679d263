#include "engine/imapi/recording.h"

#include <fmt/format.h>

#include "engine/burn/burner.h"
#include "engine/burn/disc_reader.h"
#include "engine/drive/inspection.h"
#include "engine/imapi/failures.h"
#include "engine/medium/session_cost.h"
#include "engine/plan/image_plan.h"

namespace pregroove::imapi {
namespace {

using medium::MediumSnapshot;

// IMAPI has codes for the step at which a drive gave up.
ResultCode code_for_burn(const Error& error) {
  const ResultCode code = code_for(error);
  if (code != ResultCode::IMAPI_E_GENERIC || error.code != ErrorCode::kDevice) return code;
  if (error.phase == name_of(burn::Phase::kPreparing)) return ResultCode::IMAPI_E_INITIALIZE_WRITE;
  if (error.phase == name_of(burn::Phase::kFlushing) ||
      error.phase == name_of(burn::Phase::kClosing) ||
      error.phase == name_of(burn::Phase::kRecovering))
    return ResultCode::IMAPI_E_INITIALIZE_ENDWRITE;
  return code;
}

// A drive that answers, but not about the disc.
ResultCode code_for_inspection(const Error& error) {
  return error.code == ErrorCode::kDevice ? ResultCode::IMAPI_E_DISCINFO : code_for(error);
}

// What the disc will be when the interrupted session is closed; as choose_target counts it.
MediumSnapshot as_recovered(MediumSnapshot disc, const plan::SessionTarget& target) {
  medium::Session dead;
  dead.number = target.session_number - 1;
  dead.lead_out = target.start - medium::gap_after_session(disc.kind, dead.number);
  disc.sessions.push_back(std::move(dead));
  disc.last_session = medium::SessionState::kEmpty;
  disc.descriptors_hash.reset();
  disc.writable->start = target.start;
  disc.writable->next_writable = target.start;
  disc.writable->free = target.largest_image + medium::traits_of(disc.kind).run_out;
  return disc;
}

bool session_is_complete(const Error& error) {
  return error.code == ErrorCode::kVerification || error.phase == name_of(burn::Phase::kVerifying);
}

}  // namespace

Result<MediumSnapshot> Recording::look_at_disc() {
  auto disc = drive::inspect(drive_);
  if (!disc) {
    const ResultCode code = code_for_inspection(disc.error());
    return as_failure(std::move(disc).error(), code);
  }
  PREGROOVE_RETURN_IF_ERROR(check_same_disc(selection_, *disc, drive_));
  return *std::move(disc);
}

// Closing what an interrupted burn left open cannot be simulated, and writing beyond it without
// closing neither.
Status Recording::check_recoverable(const MediumSnapshot& disc) const {
  if (!settings_.simulate || !plan::needs_recovery(disc)) return {};
  return refuse(ResultCode::IMAPI_E_MEDIUM_INVALIDTYPE, ErrorCode::kWrongMedium,
                "an interrupted burn has to be closed on this disc first, and that cannot be "
                "simulated",
                "Burn without simulation, or look at the plan.");
}

// Some firmware boots the first session and some the last (burning.md 6.5): a disc would boot
// different things. IMAPI refuses it, too (imapi.md M10).
Status Recording::check_bootable(const MediumSnapshot& disc) const {
  if (settings_.image.boot.files.empty() || disc.status == medium::DiscStatus::kBlank) return {};
  return refuse(ResultCode::IMAPI_E_BOOTIMAGE_AND_NONBLANK_DISC, ErrorCode::kWrongMedium,
                fmt::format("boot files can only be in the first session of a disc, and this one "
                            "is {}",
                            medium::name_of(disc.status)),
                "Insert a blank disc, or leave out the boot files: what a disc boots already "
                "stays bootable.");
}

// Its anchors are where a disc begins and ends.
Status Recording::check_udf_alone(const MediumSnapshot& disc) const {
  if (!is_udf_alone() || disc.status == medium::DiscStatus::kBlank) return {};
  return refuse(ResultCode::IMAPI_E_MEDIUM_INVALIDTYPE, ErrorCode::kWrongMedium,
                fmt::format("a volume of UDF alone wants a blank disc, and this one is {}",
                            medium::name_of(disc.status)),
                "Insert a blank disc, or leave out --udf-only.");
}

// The image is laid out for the place at which the drive will write it, and the plan made for both.
Result<Recording::Prepared> Recording::prepare(MediumSnapshot disc) const {
  // Only a blank disc is taken in single-session mode, unless it is the one that a burn of this
  // stage left behind (check_same_disc).
  const auto mode = disc.status == medium::DiscStatus::kBlank ? plan::SessionMode::kNew
                                                              : plan::SessionMode::kAppend;
  PREGROOVE_ASSIGN_OR_RETURN(const auto target, lift(plan::choose_target(disc, mode)));
  PREGROOVE_RETURN_IF_ERROR(check_bootable(disc));
  PREGROOVE_RETURN_IF_ERROR(check_udf_alone(disc));
  image::ImageOptions options = settings_.image;
  // Alone it is the whole disc, also where sessions of ours begin behind its head; and nothing can
  // follow, so that a disc that can be closed is.
  options.session_start = is_udf_alone() ? Lba{0} : target.start;
  PREGROOVE_ASSIGN_OR_RETURN(image::Image image, lift(image::Image::create(stage_.tree, options)));
  plan::BurnRequest request;
  request.mode = mode;
  const bool closed = is_udf_alone() && !medium::is_overwritten(disc.kind);
  request.afterwards = settings_.options.close_disc || closed ? plan::Afterwards::kCloseDisc
                                                              : plan::Afterwards::kLeaveAppendable;
  request.image = image.size();
  request.write_type = settings_.options.write_type;
  request.test_write = settings_.simulate;
  request.verify = settings_.options.verify;
  request.eject = settings_.eject;
  request.speed = settings_.speed;
  // What the client does not want counts as what the drive cannot do.
  disc.writing.buffer_underrun_free &= settings_.buffer_underrun_free;
  PREGROOVE_ASSIGN_OR_RETURN(plan::BurnPlan plan,
                             lift(is_udf_alone() ? plan::make_image_plan(disc, request)
                                                 : plan::make_burn_plan(disc, request)));
  return Prepared{std::move(image), std::move(plan)};
}

// What happened to the disc decides by what it is known at the next attempt. In single-session mode
// a disc with a complete session is a used one, whatever verification says.
std::unexpected<Failure> Recording::burn_failed(Error error) {
  const bool used_up = selection_.mode == SessionMode::kSingle && session_is_complete(error);
  if (error.disc_touched) selection_.interrupted = !used_up;
  const ResultCode code = code_for_burn(error);
  return as_failure(std::move(error), code);
}

// Nothing is closed for a burn that would then be refused.
Result<MediumSnapshot> Recording::recover(const MediumSnapshot& disc, burn::Observer& observer) {
  PREGROOVE_ASSIGN_OR_RETURN(auto plan, lift(plan::make_recovery_plan(disc)));
  PREGROOVE_RETURN_IF_ERROR(prepare(as_recovered(disc, plan.target)));
  // Counted before: a drive that dies meanwhile may have done it.
  ++selection_.sessions_closed;
  auto closed = burn::recover(drive_, plan, observer);
  if (!closed) return burn_failed(std::move(closed).error());
  selection_.interrupted = true;
  return look_at_disc();
}

Result<RecordPreview> Recording::preview() {
  RecordPreview preview;
  PREGROOVE_ASSIGN_OR_RETURN(MediumSnapshot disc, look_at_disc());
  PREGROOVE_RETURN_IF_ERROR(check_recoverable(disc));
  if (plan::needs_recovery(disc)) {
    PREGROOVE_ASSIGN_OR_RETURN(auto recovery, lift(plan::make_recovery_plan(disc)));
    disc = as_recovered(std::move(disc), recovery.target);
    preview.plans.push_back(std::move(recovery));
  }
  PREGROOVE_ASSIGN_OR_RETURN(Prepared prepared, prepare(std::move(disc)));
  preview.plans.push_back(std::move(prepared.plan));
  preview.image = prepared.image.size();
  return preview;
}

Result<RecordReport> Recording::record(burn::Observer& observer) {
  drive_.set_cancel([&observer] { return observer.cancel_requested(); });
  PREGROOVE_ASSIGN_OR_RETURN(MediumSnapshot disc, look_at_disc());
  PREGROOVE_RETURN_IF_ERROR(check_recoverable(disc));
  if (plan::needs_recovery(disc)) {
    PREGROOVE_ASSIGN_OR_RETURN(disc, recover(disc, observer));
  }
  PREGROOVE_ASSIGN_OR_RETURN(const Prepared prepared, prepare(std::move(disc)));
  burn::ImageSource source(prepared.image);
  auto burned = burn::burn(drive_, prepared.plan, source, observer);
  if (!burned) return burn_failed(std::move(burned).error());
  RecordReport report;
  report.written = burned->written;
  report.session_number = prepared.plan.target.session_number;
  report.session_start = prepared.plan.target.start;
  report.verified = burned->verified;
  report.speed = burned->speed;
  report.outcome = burned->outcome;
  report.problems = std::move(burned->problems);
  report.warnings = prepared.image.warnings();
  report.warnings.insert(report.warnings.end(), prepared.plan.warnings.begin(),
                         prepared.plan.warnings.end());
  report.disc = std::move(burned->disc);
  return report;
}

}  // namespace pregroove::imapi
