#include "engine/imapi/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <ranges>

#include "engine/burn/disc_reader.h"
#include "engine/drive/inspection.h"
#include "engine/image/image.h"
#include "engine/image/import.h"
#include "engine/imapi/failures.h"
#include "engine/medium/session_cost.h"
#include "engine/plan/plan.h"

namespace pregroove::imapi {
namespace {

using medium::DiscStatus;
using medium::MediumSnapshot;

struct Found {
  std::optional<image::Imported> session;
  int number = 0;
  std::string passed_over;  // what is newer and was not taken, and why
};

const medium::Track* first_data_track(const medium::Session& session) {
  const auto track =
      std::ranges::find(session.tracks, medium::TrackContent::kData, &medium::Track::content);
  return track == session.tracks.end() ? nullptr : &*track;
}

pregroove::Result<image::Imported> import_up_to(drive::Drive& drive, Lba start, Lba end) {
  burn::DiscReader reader(drive);
  return image::import_session(reader, start, {.medium_end = end});
}

// The last two blocks of a track written track at once are its run-out and cannot be read. A
// session that was written at once has none; it is known by these blocks being readable.
pregroove::Result<image::Imported> import_one(drive::Drive& drive, const medium::Session& session,
                                              Lba start) {
  const Lba before_run_out = session.lead_out - medium::kRunOut;
  auto imported = import_up_to(drive, start, before_run_out);
  if (imported || imported.error().code != ErrorCode::kCorruptImage) return imported;
  std::vector<std::byte> run_out(static_cast<std::size_t>(medium::kRunOut.bytes()));
  if (!drive.read(before_run_out, run_out)) return imported;
  return import_up_to(drive, start, session.lead_out);
}

// No file system, or one that ends in nothing: what a burn that died leaves behind.
bool is_no_good_session(const Error& error) {
  return error.code == ErrorCode::kNotFound || error.code == ErrorCode::kCorruptImage;
}

// The drive did not answer about the disc that was in it, whatever is on it.
bool ends_the_selection(const Error& error) {
  return error.code == ErrorCode::kTransport || error.code == ErrorCode::kMediumNotPresent ||
         error.code == ErrorCode::kMediumChanged || error.code == ErrorCode::kTimeout;
}

// The newest session whose files can be taken over. A session that cannot be read for a scratch is
// not passed over: a new session on top of an older one would hide its files.
Result<Found> import_newest(drive::Drive& drive, const MediumSnapshot& disc) {
  Found found;
  for (const medium::Session& session : std::views::reverse(disc.sessions)) {
    const medium::Track* track = first_data_track(session);
    if (track == nullptr) {
      found.passed_over += fmt::format("session {} holds no data; ", session.number);
      continue;
    }
    auto imported = import_one(drive, session, track->start);
    if (imported) {
      found.session = std::move(*imported);
      found.number = session.number;
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
  selection.base = std::move(found.session->tree);
  if (is_usable_label(found.session->volume_id)) selection.volume_id = found.session->volume_id;
  selection.reason +=
      fmt::format("; {}the files of session {} are taken over", found.passed_over, found.number);
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
