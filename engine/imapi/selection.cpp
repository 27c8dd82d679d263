#include "engine/imapi/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <ranges>

#include "engine/burn/session_import.h"
#include "engine/drive/inspection.h"
#include "engine/image/image.h"
#include "engine/imapi/failures.h"
#include "engine/medium/session_cost.h"
#include "engine/plan/plan.h"

namespace pregroove::imapi {
namespace {

using medium::DiscStatus;
using medium::MediumSnapshot;

bool is_usable_label(const std::string& label) {
  return image::Image::measure(image::Tree{}, {.volume_id = label}).has_value();
}

// Firmware looks for the boot record in the first session or in the last: both name the catalog.
void take_over_boot(Selection& selection, const std::optional<image::BootCatalog>& boot) {
  if (!boot) return;
  if (boot->entries.empty()) {
    selection.reason += "; its boot catalog is damaged, and is not taken over";
    return;
  }
  selection.boot = boot;
  selection.reason +=
      fmt::format("; the disc goes on booting what it boots now ({})", platforms_of(*boot));
}

void take_over(Selection& selection, burn::ImportedSession session) {
  image::Imported& content = session.content;
  selection.base = std::move(content.tree);
  selection.checksums = content.checksums;
  selection.begun = content.created;
  selection.rock_ridge = content.names == image::NameTree::kRockRidge;
  if (is_usable_label(content.volume_id)) selection.volume_id = content.volume_id;
  selection.reason += fmt::format("; the files of session {} are taken over", session.number);
  if (content.has_udf)
    selection.reason +=
        "; systems that prefer UDF, Windows among them, will go on showing what it had in it";
  take_over_boot(selection, content.boot);
}

void enter_multi_session(Selection& selection, const plan::SessionTarget& target) {
  selection.mode = SessionMode::kMulti;
  selection.start = target.start;
  selection.image_max = target.largest_image;
  selection.reason = target.reason;
}

// All that is on the disc are burns of ours that died: nothing is lost when another session
// follows.
bool holds_only_dead_attempts(const MediumSnapshot& disc, const burn::NewestSession& newest) {
  if (disc.sessions.empty()) return plan::needs_recovery(disc);
  return newest.dead_attempts == disc.sessions.size();
}

// A closed disc, and one without a track to write to, count as full: none takes another session.
Status check_open(const MediumSnapshot& disc,
                  const pregroove::Result<plan::SessionTarget>& target) {
  if (target) return {};
  const bool nowhere = disc.status == DiscStatus::kComplete || !disc.writable;
  if (medium::is_recordable(disc.kind) && nowhere)
    return as_failure(target.error(), ResultCode::IMAPI_E_DISCFULL);
  return as_failure(target.error());
}

// The disc that a failed burn of ours left behind: all that it had before is still there.
bool is_continuation(const Selection& selection, const MediumSnapshot& now, drive::Drive& drive) {
  const MediumSnapshot& before = selection.disc;
  const bool same_make = now.kind == before.kind && now.lead_in_start == before.lead_in_start &&
                         now.last_possible_lead_out == before.last_possible_lead_out;
  if (!same_make || now.status == DiscStatus::kComplete) return false;
  if (now.sessions.size() < before.sessions.size()) return false;
  // What came since must be what we closed, or what a burn of ours left: not another disc's files.
  const auto newer = now.sessions | std::views::drop(before.sessions.size());
  const auto unexplained = std::ranges::count_if(newer, [&](const medium::Session& session) {
    return !burn::is_dead_attempt(drive, session);
  });
  if (unexplained > selection.sessions_closed) return false;
  if (!std::ranges::equal(before.sessions, now.sessions | std::views::take(before.sessions.size())))
    return false;
  return before.sessions.empty() ||
         drive::descriptors_hash(drive, before.sessions.back()) == before.descriptors_hash;
}

}  // namespace

void leave_multi_session(Selection& selection, std::string reason) {
  selection.mode = SessionMode::kSingle;
  selection.reason = std::move(reason);
  selection.base = {};
  selection.rock_ridge = false;
  selection.volume_id.clear();
  selection.boot.reset();
  selection.checksums.reset();
  selection.start = {};
  selection.interrupted = false;
  selection.nothing_to_continue = false;
  const auto& disc = selection.disc;
  if (disc.status == DiscStatus::kBlank)
    selection.image_max = medium::room_for_session(disc).largest_image;
  else if (disc.last_possible_lead_out)
    selection.image_max =
        *disc.last_possible_lead_out - Lba{0} - medium::traits_of(disc.kind).run_out;
  else if (disc.writable)
    selection.image_max = disc.writable->next_writable - Lba{0} + disc.writable->free -
                          medium::traits_of(disc.kind).run_out;
}

Result<Selection> select_disc(drive::Drive& drive) {
  Selection selection;
  auto inspected = drive::inspect(drive);
  if (!inspected) return as_failure(std::move(inspected).error());
  selection.disc = *std::move(inspected);
  selection.fingerprint = medium::fingerprint(selection.disc);
  const auto target = plan::choose_target(selection.disc, plan::SessionMode::kAppend);
  PREGROOVE_RETURN_IF_ERROR(check_open(selection.disc, target));
  if (selection.disc.status == DiscStatus::kBlank) {
    leave_multi_session(selection, target->reason);
    return selection;
  }
  auto newest = burn::import_newest_session(drive, selection.disc);
  if (!newest) return as_failure(std::move(newest).error());
  if (newest->session || holds_only_dead_attempts(selection.disc, *newest)) {
    enter_multi_session(selection, *target);
    for (const std::string& reason : newest->passed_over) selection.reason += "; " + reason;
    if (newest->session) take_over(selection, *std::move(newest->session));
    return selection;
  }
  leave_multi_session(selection,
                      fmt::format("no earlier session can be continued: {}; a blank disc is needed",
                                  fmt::join(newest->passed_over, "; ")));
  selection.nothing_to_continue = true;
  return selection;
}

Status take_over_session(Selection& selection, drive::Drive& drive, int number) {
  if (selection.mode == SessionMode::kSingle && !selection.nothing_to_continue)
    return refuse(
        ResultCode::IMAPI_E_MEDIUM_INVALIDTYPE, ErrorCode::kWrongMedium,
        fmt::format("session {} cannot be taken over: in single-session mode nothing is", number),
        "Insert a disc with sessions, and do not ask for a blank one.");
  auto session = burn::import_session(drive, selection.disc, number);
  if (!session) return as_failure(std::move(session).error());
  const auto target = plan::choose_target(selection.disc, plan::SessionMode::kAppend);
  PREGROOVE_RETURN_IF_ERROR(check_open(selection.disc, target));
  leave_multi_session(selection, "");
  enter_multi_session(selection, *target);
  take_over(selection, *std::move(session));
  return {};
}

Status check_same_disc(const Selection& selection, const MediumSnapshot& now, drive::Drive& drive) {
  if (selection.interrupted && is_continuation(selection, now, drive)) return {};
  if (selection.mode == SessionMode::kMulti) {
    if (medium::fingerprint(now) == selection.fingerprint) return {};
    return refuse(ResultCode::IMAPI_E_WRONGDISC, ErrorCode::kMediumChanged,
                  "the disc in the recorder is not the one that is to be continued",
                  "Put back the disc that was in the recorder when it was selected, or select the "
                  "recorder again.");
  }
  if (now.status == DiscStatus::kBlank) return {};
  const bool cannot_continue =
      selection.nothing_to_continue && medium::fingerprint(now) == selection.fingerprint;
  if (cannot_continue)
    return refuse(ResultCode::IMAPI_E_MEDIUM_INVALIDTYPE, ErrorCode::kWrongMedium,
                  "the disc is used, and " + selection.reason,
                  "Insert a blank disc; a new session would hide what is on this one.");
  return refuse(ResultCode::IMAPI_E_MEDIUM_INVALIDTYPE, ErrorCode::kWrongMedium,
                fmt::format("single-session mode wants a blank disc, and this one is {}",
                            medium::name_of(now.status)),
                "Insert a blank disc, or select the recorder again to continue this one.");
}

}  // namespace pregroove::imapi
