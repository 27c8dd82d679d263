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

struct Found {
  std::optional<burn::ImportedSession> session;
  std::string passed_over;  // what is newer and was not taken, and why
};

// No data, no file system, or one that a burn that died left behind: an older session may be taken.
bool is_no_good_session(const Error& error) {
  return error.code == ErrorCode::kNotFound || error.code == ErrorCode::kWrongMedium ||
         error.code == ErrorCode::kCorruptImage;
}

// The drive did not answer about the disc that was in it, whatever is on it.
bool ends_the_selection(const Error& error) {
  return error.code == ErrorCode::kTransport || error.code == ErrorCode::kMediumNotPresent ||
         error.code == ErrorCode::kMediumChanged || error.code == ErrorCode::kTimeout;
}

// The newest session whose files can be taken over. Unlike burn::import_newest_session it does not
// pass over a session that cannot be read for a scratch: a new session that was made from an older
// one would hide the files of the scratched one for good.
Result<Found> import_newest(drive::Drive& drive, const MediumSnapshot& disc) {
  Found found;
  for (const medium::Session& session : std::views::reverse(disc.sessions)) {
    auto imported = burn::import_session(drive, disc, session.number);
    if (imported) {
      found.session = *std::move(imported);
      return found;
    }
    if (ends_the_selection(imported.error())) return as_failure(std::move(imported).error());
    found.passed_over +=
        fmt::format("session {} was passed over ({}); ", session.number, imported.error().message);
    if (!is_no_good_session(imported.error())) break;
  }
  return found;
}

bool is_usable_label(const std::string& label) {
  return image::Image::measure(image::Tree{}, {.volume_id = label}).has_value();
}

void enter_multi_session(Selection& selection, const plan::SessionTarget& target, Found found) {
  selection.mode = SessionMode::kMulti;
  selection.start = target.start;
  selection.image_max = target.largest_image;
  selection.reason = target.reason;
  if (!found.session) return;
  image::Imported& content = found.session->content;
  selection.base = std::move(content.tree);
  if (is_usable_label(content.volume_id)) selection.volume_id = content.volume_id;
  selection.reason += fmt::format("; {}the files of session {} are taken over", found.passed_over,
                                  found.session->number);
}

// All that is on the disc is a burn that died: nothing is lost when another session follows it.
bool holds_only_a_dead_attempt(const MediumSnapshot& disc) {
  return disc.sessions.empty() && plan::needs_recovery(disc);
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
  selection.volume_id.clear();
  selection.start = {};
  selection.interrupted = false;
  const auto& disc = selection.disc;
  if (disc.status == DiscStatus::kBlank)
    selection.image_max = medium::room_for_session(disc).largest_image;
  else if (disc.last_possible_lead_out)
    selection.image_max = *disc.last_possible_lead_out - Lba{0} - medium::kRunOut;
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
  PREGROOVE_ASSIGN_OR_RETURN(Found found, import_newest(drive, selection.disc));
  if (found.session || holds_only_a_dead_attempt(selection.disc))
    enter_multi_session(selection, *target, std::move(found));
  else
    leave_multi_session(selection,
                        fmt::format("no earlier session can be continued: {}a blank disc is needed",
                                    found.passed_over));
  return selection;
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
  return refuse(ResultCode::IMAPI_E_MEDIUM_INVALIDTYPE, ErrorCode::kWrongMedium,
                fmt::format("single-session mode wants a blank disc, and this one is {}",
                            medium::name_of(now.status)),
                "Insert a blank disc, or select the recorder again to continue this one.");
}

}  // namespace pregroove::imapi
