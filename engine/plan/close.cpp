#include <fmt/format.h>

#include "engine/plan/session_steps.h"
#include "engine/plan/upkeep.h"
#include "engine/plan/write_type.h"

namespace pregroove::plan {
namespace {

using medium::DiscStatus;
using medium::MediumSnapshot;
using medium::Recording;

// DVD+R and BD-R have a function that ends the disc; elsewhere the session that is closed says
// whether another may follow (burning.md 4.2).
bool has_function_to_finalize(medium::MediumKind kind) {
  return medium::traits_of(kind).recording == Recording::kSequential;
}

Status check_kind(const MediumSnapshot& disc) {
  if (medium::is_overwritten(disc.kind))
    return fail(ErrorCode::kWrongMedium,
                fmt::format("a {} has nothing to close: it holds no sessions but those of its file "
                            "system, and can be overwritten at any time",
                            name_of(disc.kind)),
                "Use it as it is: every reader of this kind of disc reads it.");
  if (!medium::is_recordable(disc.kind))
    return fail(ErrorCode::kWrongMedium,
                fmt::format("a {} cannot be closed by this program", name_of(disc.kind)),
                "Insert a disc that was recorded in sessions.");
  if (disc.writing.pseudo_overwrite)
    return fail(ErrorCode::kUnsupported,
                "the disc was formatted for pseudo-overwriting: drives refuse to close its session",
                "Use it as it is, or copy its files to another disc.");
  return {};
}

Status check_state(const MediumSnapshot& disc) {
  if (disc.status == DiscStatus::kBlank)
    return fail(ErrorCode::kWrongMedium, "the disc is blank: there is no session to close",
                "Burn something on it with --close.");
  if (disc.status == DiscStatus::kComplete)
    return fail(ErrorCode::kWrongMedium, "the disc is closed already",
                "Nothing needs to be done: it can be read, and takes no more sessions.");
  if (!disc.writable && !disc.is_reserved_to_its_end())
    return fail(ErrorCode::kWrongMedium,
                "the drive offers no track of this disc that could be closed",
                "Read what is on the disc, and use another one.");
  if (needs_recovery(disc) || has_function_to_finalize(disc.kind)) return {};
  return fail(ErrorCode::kUnsupported,
              fmt::format("the last session of this {} is closed and says that another may follow; "
                          "only a further session can say that it is the last",
                          name_of(disc.kind)),
              "Leave it as it is, since every reader reads it, or add the last session with: "
              "pregroove burn --close.");
}

// Readers show the newest session, and the dead one has no whole file system.
bool hides_sessions(const MediumSnapshot& disc) {
  return needs_recovery(disc) && !disc.sessions.empty();
}

Status check_consent(const MediumSnapshot& disc, const CloseRequest& request) {
  if (request.consent || !hides_sessions(disc)) return {};
  return fail(ErrorCode::kWrongMedium,
              fmt::format("the last session was left open by an interrupted burn: closed as the "
                          "last one it would hide the {} session(s) before it from most readers",
                          disc.sessions.size()),
              "Burn once more with --close, which ends the disc with a whole session, or add --yes "
              "to close it as it is.");
}

void add_dead_session(BurnPlan& plan, const MediumSnapshot& disc) {
  if (disc.writable && disc.writable->holds_data()) plan.steps.emplace_back(Synchronize{});
  add_closing_of_reserved(plan, disc);
  if (growing_track_holds_data(disc) && !medium::is_cd(disc.kind))
    plan.steps.emplace_back(CloseTrack{});
}

std::string summary_of(const MediumSnapshot& disc, int sessions) {
  if (!needs_recovery(disc))
    return fmt::format("close the disc after its {} session(s); none can be added any more",
                       sessions);
  return fmt::format(
      "close session {}, which an interrupted burn left open, as the last one of the disc{}{}",
      sessions,
      disc.sessions.empty() ? "" : "; most readers will show it, and not the ones before it",
      words_for_reserved(disc));
}

}  // namespace

Result<BurnPlan> make_close_plan(const MediumSnapshot& snapshot, const CloseRequest& request) {
  PREGROOVE_RETURN_IF_ERROR(check_kind(snapshot));
  PREGROOVE_RETURN_IF_ERROR(check_state(snapshot));
  PREGROOVE_RETURN_IF_ERROR(check_consent(snapshot, request));
  const bool dead = needs_recovery(snapshot);
  const int sessions = static_cast<int>(snapshot.sessions.size()) + (dead ? 1 : 0);
  BurnPlan plan;
  plan.kind = snapshot.kind;
  plan.needs_consent = hides_sessions(snapshot);
  plan.target.session_number = sessions;
  plan.steps.emplace_back(CheckDisc{medium::fingerprint(snapshot)});
  add_write_type(plan, snapshot, piecemeal_write_type(snapshot.kind), false);
  if (dead) add_dead_session(plan, snapshot);
  plan.steps.emplace_back(closing_step(snapshot.kind, sessions, false));
  plan.steps.emplace_back(CheckStatus{DiscStatus::kComplete, sessions});
  plan.summary = summary_of(snapshot, sessions);
  return plan;
}

}  // namespace pregroove::plan
