#include <fmt/format.h>

#include <algorithm>

#include "engine/plan/loss.h"
#include "engine/plan/upkeep.h"

namespace pregroove::plan {
namespace {

using medium::DiscStatus;
using medium::Formatting;
using medium::MediumKind;
using medium::MediumSnapshot;

bool has_blank_command(MediumKind kind) {
  return kind == MediumKind::kCdRw || kind == MediumKind::kDvdRw ||
         kind == MediumKind::kDvdRwOverwrite;
}

// Only what is formatted can be overwritten.
bool can_be_overwritten(const MediumSnapshot& disc) {
  return medium::is_overwritten(disc.kind) && disc.formatting != Formatting::kNeeded &&
         disc.status != DiscStatus::kOther;
}

bool is_blanked(const MediumSnapshot& disc, const EraseRequest& request) {
  if (disc.kind != MediumKind::kDvdRwOverwrite) return has_blank_command(disc.kind);
  return request.thoroughness != Thoroughness::kFast || !can_be_overwritten(disc);
}

Status check_erasable(const MediumSnapshot& disc, const EraseRequest& request) {
  if (!has_blank_command(disc.kind) && !medium::is_overwritten(disc.kind))
    return fail(
        ErrorCode::kWrongMedium,
        fmt::format("a {} cannot be erased: what is written on it stays", name_of(disc.kind)),
        "Insert a rewritable disc.");
  if (disc.kind == MediumKind::kCdRw && disc.status != DiscStatus::kOther &&
      !disc.writing.rewritable_drive)
    return fail(ErrorCode::kUnsupported, "this drive cannot erase CD-RW discs",
                "Use a recorder that writes CD-RW.");
  if (is_blanked(disc, request) || can_be_overwritten(disc)) return {};
  if (disc.status == DiscStatus::kOther)
    return fail(ErrorCode::kWrongMedium,
                fmt::format("the {} cannot be read, and what cannot be read is not overwritten",
                            name_of(disc.kind)),
                "Format it: pregroove format --yes.");
  return fail(
      ErrorCode::kWrongMedium,
      fmt::format("the {} is not formatted: there is nothing on it to erase", name_of(disc.kind)),
      "Burn on it as it is, or format it: pregroove format.");
}

bool blanks_whole_disc(const MediumSnapshot& disc, const EraseRequest& request) {
  if (disc.kind == MediumKind::kCdRw) return request.thoroughness == Thoroughness::kFull;
  return disc.kind == MediumKind::kDvdRwOverwrite || request.thoroughness != Thoroughness::kFast;
}

std::string blanking_in_words(const MediumSnapshot& disc, bool whole_disc) {
  if (disc.kind == MediumKind::kCdRw)
    return whole_disc ? "erase the whole CD-RW, which takes as long as writing it"
                      : "erase the CD-RW fast: it counts as blank, and its data stays until it is "
                        "overwritten";
  if (whole_disc)
    return "erase the whole DVD-RW, which takes as long as writing it: it can then take sessions";
  return "erase the DVD-RW fast: it then takes a single session, at once only, and no further ones "
         "until it was erased as a whole";
}

void add_overwriting(BurnPlan& plan, const MediumSnapshot& disc, const EraseRequest& request) {
  const bool interrupted = disc.formatting == Formatting::kInterrupted;
  if (interrupted) plan.steps.emplace_back(Format{.resume = true});
  const BlockCount all = disc.last_possible_lead_out.value_or(Lba{0}) - Lba{0};
  const bool full = request.thoroughness == Thoroughness::kFull;
  const BlockCount blocks = full ? all : std::min(all, kHeadOfVolumes);
  plan.steps.emplace_back(Overwrite{Lba{0}, blocks, medium::traits_of(disc.kind).alignment});
  plan.steps.emplace_back(Synchronize{});
  // Ends the format in the background, so that the disc can be taken out (burning.md 5).
  if (interrupted) plan.steps.emplace_back(CloseSession{.session_number = 1});
  plan.summary =
      full ? fmt::format("overwrite all {} blocks of the {} with zeros", blocks.value,
                         name_of(disc.kind))
           : fmt::format(
                 "overwrite the first {} blocks of the {} with zeros: it counts as empty, "
                 "and the rest of its data stays until it is overwritten",
                 blocks.value, name_of(disc.kind));
}

}  // namespace

Result<BurnPlan> make_erase_plan(const MediumSnapshot& snapshot, const EraseRequest& request) {
  PREGROOVE_RETURN_IF_ERROR(check_erasable(snapshot, request));
  PREGROOVE_RETURN_IF_ERROR(check_loss(snapshot, request.consent, "erasing"));
  BurnPlan plan;
  plan.kind = snapshot.kind;
  plan.needs_consent = !loss_of(snapshot).empty();
  if (snapshot.status != DiscStatus::kOther)
    plan.steps.emplace_back(CheckDisc{medium::fingerprint(snapshot)});
  if (is_blanked(snapshot, request)) {
    const bool whole_disc = blanks_whole_disc(snapshot, request);
    plan.steps.emplace_back(Blank{whole_disc});
    plan.summary = blanking_in_words(snapshot, whole_disc);
  } else {
    add_overwriting(plan, snapshot, request);
  }
  plan.steps.emplace_back(CheckStatus{DiscStatus::kBlank, 0});
  plan.summary += and_what_is_lost(snapshot);
  return plan;
}

}  // namespace pregroove::plan
