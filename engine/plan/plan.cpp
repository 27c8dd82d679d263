#include "engine/plan/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/plan/session_steps.h"
#include "engine/plan/speed.h"
#include "engine/plan/write_type.h"

namespace pregroove::plan {
namespace {

using medium::DiscStatus;
using medium::MediumSnapshot;
using medium::SessionState;
using medium::WriteType;

double megabytes(BlockCount count) {
  constexpr double kMebibyte = 1024.0 * 1024.0;
  return static_cast<double>(count.bytes()) / kMebibyte;
}

std::string why_not_written(medium::MediumKind kind) {
  switch (medium::traits_of(kind).recording) {
    case medium::Recording::kTrackAtOnce:
      return "this drive does not write CD track at once";
    case medium::Recording::kIncremental:
      return fmt::format("this drive does not write this {} incrementally", name_of(kind));
    default:
      return fmt::format("this drive does not write {}", name_of(kind));
  }
}

// A DVD-RW that was blanked minimally takes one session, disc at once (burning.md 4.4).
std::string advice_for(medium::MediumKind kind) {
  return kind == medium::MediumKind::kDvdRw
             ? "Blank the whole disc: one that was blanked in a hurry takes no further sessions."
             : "Use another recorder.";
}

// A disc that cannot take a session at all, whatever its size.
Status check_recordable(const MediumSnapshot& snapshot) {
  if (!medium::is_recordable(snapshot.kind))
    return fail(ErrorCode::kWrongMedium,
                fmt::format("a {} cannot be recorded on by this program", name_of(snapshot.kind)),
                "Insert a recordable or rewritable disc.");
  if (snapshot.status == DiscStatus::kComplete)
    return fail(ErrorCode::kWrongMedium,
                fmt::format("the disc is closed: {} session(s), and no more can be added",
                            snapshot.sessions.size()),
                snapshot.erasable ? "Erase the disc, or insert another one."
                                  : "Insert a blank or appendable disc.");
  if (snapshot.formatting == medium::Formatting::kIntermediate)
    return fail(ErrorCode::kUnsupported,
                "the DVD-RW is in its intermediate state: a program formatted or grew it in a "
                "hurry, and did not write it to the end",
                "Save what is on it, then erase or format the whole disc.");
  if (!snapshot.foreign_content.empty())
    return fail(ErrorCode::kWrongMedium,
                fmt::format("the {} holds {}, which a session would destroy",
                            name_of(snapshot.kind), snapshot.foreign_content),
                "If that may be lost, erase the disc first (pregroove erase --yes), or insert "
                "another one.");
  if (snapshot.is_reserved_to_its_end())
    return fail(ErrorCode::kWrongMedium,
                "a program reserved the rest of this disc for itself, and has not filled it",
                snapshot.erasable
                    ? "Go on with that program, or erase the disc."
                    : "Go on with that program, or end the disc as it is (pregroove close).");
  if (!snapshot.writable)
    return fail(ErrorCode::kWrongMedium, "the drive offers no track to write to on this disc",
                snapshot.erasable ? "Erase the disc, or insert another one."
                                  : "Insert another disc; this one can still be read.");
  if (snapshot.writable->at_once && !medium::is_cd(snapshot.kind))
    return fail(
        ErrorCode::kWrongMedium,
        "a burn disc at once was interrupted on this disc, and no other can follow it",
        snapshot.erasable ? "Erase the disc, or insert another one." : "Insert another disc.");
  if (medium::takes_one_session(snapshot.kind) && needs_recovery(snapshot))
    return fail(ErrorCode::kWrongMedium,
                fmt::format("a burn was interrupted on this {}, which takes one session alone",
                            name_of(snapshot.kind)),
                "End the disc as it is (pregroove close), or leave it; insert another one.");
  if (snapshot.writing.pseudo_overwrite)
    return fail(ErrorCode::kUnsupported,
                "the disc was formatted for pseudo-overwriting, which has no sessions to add",
                "Append with the program that formatted it, or insert another disc.");
  if (snapshot.writing.writes_medium || takes_disc_at_once_only(snapshot)) return {};
  if (medium::is_cd(snapshot.kind) && snapshot.writing.at_once) return {};
  return fail(ErrorCode::kUnsupported, why_not_written(snapshot.kind), advice_for(snapshot.kind));
}

std::string reason_for(const MediumSnapshot& snapshot, int session_number) {
  if (needs_recovery(snapshot))
    return fmt::format(
        "an earlier burn was interrupted: what it left is closed first, then session {} follows",
        session_number);
  if (takes_disc_at_once_only(snapshot))
    return "the disc is blank, and takes one session, disc at once (--close)";
  if (snapshot.status == DiscStatus::kBlank) return "the disc is blank: this is session 1";
  return fmt::format("the disc holds {} session(s) and is open: session {} is added",
                     snapshot.sessions.size(), session_number);
}

// Whole units of the medium. Nobody can tell a session at once from a track at once afterwards: the
// blocks that readers do not try at the end of the one are not the image's in the other, either.
BlockCount blocks_to_write(const MediumSnapshot& snapshot, BlockCount image, WriteType type) {
  const medium::Traits& traits = medium::traits_of(snapshot.kind);
  if (type == WriteType::kSessionAtOnce)
    return std::max(image + traits.run_out, traits.shortest_track);
  const std::int64_t unit = traits.alignment.value;
  return BlockCount{(image.value + unit - 1) / unit * unit};
}

Status check_request(const MediumSnapshot& snapshot, const BurnRequest& request) {
  if (request.afterwards == Afterwards::kCloseDisc && medium::is_overwritten(snapshot.kind))
    return fail(
        ErrorCode::kWrongMedium,
        fmt::format("a {} cannot be closed: it can always be overwritten", name_of(snapshot.kind)),
        "Burn without --close.");
  return {};
}

// Drives finalise a DVD+R DL behind a first session that ends short of 30 mm, and at one of two
// numbers of sessions, by whether somebody moved the layer break (mmc.md 2.9).
bool closes_by_itself(medium::MediumKind kind) {
  return kind == medium::MediumKind::kDvdPlusRDualLayer;
}

// The drive finalises the disc with it, whatever it was told.
bool is_last_session(const BurnPlan& plan) {
  const auto most = medium::most_sessions(plan.kind);
  return most && plan.target.session_number >= *most;
}

std::string_view end_of_disc(const BurnPlan& plan, bool keep_open, bool successor_fits) {
  const medium::MediumKind kind = plan.kind;
  if (keep_open) return "";
  if (is_last_session(plan)) return ", and the disc is closed: it takes no more sessions";
  if (medium::takes_one_session(kind)) return ", and the disc is closed: it takes one session";
  return successor_fits ? ", and the disc is closed"
                        : ", and the disc is closed, because no further session would fit";
}

struct Ending {
  bool keep_open = true;
  bool unasked = false;  // the disc is closed, although that was not asked for
  std::string_view words;
};

// Drives refuse to point to a next session that could not exist (5/63/00 at CLOSE SESSION).
Ending ending_of(const BurnPlan& plan, const BurnRequest& request, BlockCount blocks) {
  if (medium::is_overwritten(plan.kind)) return {};
  const BlockCount to_stay_open =
      std::max(blocks, medium::shortest_open_session(plan.kind, plan.target.session_number));
  const bool successor_fits = to_stay_open <= plan.room.largest_image_with_successor;
  const bool wanted_open = request.afterwards == Afterwards::kLeaveAppendable;
  const bool keep_open = wanted_open && successor_fits;
  return {.keep_open = keep_open,
          .unasked = wanted_open && !keep_open,
          .words = end_of_disc(plan, keep_open, successor_fits)};
}

// A session that is to be followed may not be short (medium::shortest_open_session); what the drive
// pads by itself is left to it.
BlockCount filled_up(const BurnPlan& plan, BlockCount blocks, const Ending& ending) {
  if (!ending.keep_open || !closes_by_itself(plan.kind)) return blocks;
  return std::max(blocks, medium::shortest_open_session(plan.kind, plan.target.session_number));
}

// The track number that a cue sheet gives, which counts on through all sessions.
int next_track(const MediumSnapshot& snapshot) {
  if (snapshot.sessions.empty() || snapshot.sessions.back().tracks.empty()) return 1;
  return snapshot.sessions.back().tracks.back().number + 1;
}

// What is recorded at once is announced.
void add_announcement(BurnPlan& plan, const MediumSnapshot& snapshot, BlockCount blocks) {
  if (plan.write_type.type == WriteType::kSessionAtOnce)
    plan.steps.emplace_back(SendCueSheet{next_track(snapshot), plan.target.start, blocks});
  if (plan.write_type.type == WriteType::kDiscAtOnce) plan.steps.emplace_back(ReserveTrack{blocks});
}

// burning.md 4.6: growisofs calibrates where the drive lists no result for the disc. A test write
// does without, since trying out marks the disc.
bool is_calibration_due(const BurnPlan& plan, const MediumSnapshot& snapshot) {
  return !plan.test_write && !snapshot.calibrated &&
         medium::traits_of(plan.kind).family != medium::Family::kBd;
}

// Half of the image on each layer, in whole ECC blocks, as growisofs balances them. Only where the
// host may choose (a blank DVD+R DL), and the disc takes nothing more: what is given up of layer 0
// is lost on both.
void add_layer_break(BurnPlan& plan, const MediumSnapshot& snapshot, BlockCount blocks) {
  const bool possible = plan.kind == medium::MediumKind::kDvdPlusRDualLayer &&
                        snapshot.status == DiscStatus::kBlank && !plan.test_write;
  if (!possible) return;
  const std::int64_t unit = medium::traits_of(plan.kind).alignment.value;
  const std::int64_t half = (blocks.value + 1) / 2;
  plan.steps.emplace_back(SetLayerBreak{{(half + unit - 1) / unit * unit}});
}

void add_closing_steps(BurnPlan& plan, bool keep_open) {
  if (!medium::is_cd(plan.kind)) plan.steps.emplace_back(CloseTrack{});
  plan.steps.emplace_back(closing_step(plan.kind, plan.target.session_number, keep_open));
}

// Everything, or what drives are known to lose in silence.
void add_reading(BurnPlan& plan, BlockCount blocks, bool verify) {
  if (verify)
    plan.steps.emplace_back(ReadBack{plan.target.start, blocks});
  else
    plan.steps.emplace_back(ReadEnd{});
}

void add_session_steps(BurnPlan& plan, const MediumSnapshot& snapshot, BlockCount blocks,
                       bool keep_open, bool verify) {
  const WriteType type = plan.write_type.type;
  const BlockCount pregap = type == WriteType::kSessionAtOnce ? medium::kPregap : BlockCount{};
  add_write_type(plan, snapshot, type, keep_open);
  plan.steps.emplace_back(CheckNextWritable{plan.target.start, pregap});
  plan.steps.emplace_back(ReadAhead{blocks});
  if (is_calibration_due(plan, snapshot)) plan.steps.emplace_back(CalibratePower{});
  if (!keep_open) add_layer_break(plan, snapshot, blocks);
  add_announcement(plan, snapshot, blocks);
  plan.steps.emplace_back(
      WriteImage{plan.target.start, blocks, medium::traits_of(plan.kind).alignment, pregap});
  plan.steps.emplace_back(Synchronize{});
  if (plan.test_write) return;
  if (!medium::is_at_once(type)) {
    plan.steps.emplace_back(CheckRecorded{plan.target.start, blocks});
    add_closing_steps(plan, keep_open);
  }
  plan.steps.emplace_back(
      CheckResult{.status = keep_open ? DiscStatus::kAppendable : DiscStatus::kComplete,
                  .may_be_complete = keep_open && closes_by_itself(plan.kind),
                  .sessions = plan.target.session_number,
                  .track_start = plan.target.start,
                  .track_blocks = blocks});
  add_reading(plan, blocks, verify);
}

// The old sessions stay what readers find until the last write (burning.md 6.4). A volume at LBA 0
// that is not the head of such a session is replaced as a whole. What is read back is read before
// the switch, so that a session that is wrong never becomes the newest one.
void add_overwriting_steps(BurnPlan& plan, const MediumSnapshot& snapshot, BlockCount image,
                           BlockCount blocks, bool verify) {
  const bool format = snapshot.formatting != medium::Formatting::kReady;
  if (format)
    plan.steps.emplace_back(
        Format{.resume = snapshot.formatting == medium::Formatting::kInterrupted});
  plan.steps.emplace_back(ReadAhead{blocks});
  plan.steps.emplace_back(
      WriteImage{plan.target.start, blocks, medium::traits_of(plan.kind).alignment, {}});
  plan.steps.emplace_back(Synchronize{});
  add_reading(plan, blocks, verify);
  plan.steps.emplace_back(SwitchToSession{plan.target.start});
  plan.steps.emplace_back(Synchronize{});
  // Ends the format in the background, so that the disc can be taken out (burning.md 5).
  if (format && plan.kind == medium::MediumKind::kDvdPlusRw)
    plan.steps.emplace_back(CloseSession{.session_number = plan.target.session_number});
  const bool alone = !snapshot.sessions.empty() && snapshot.sessions.front().start() == Lba{0};
  plan.steps.emplace_back(CheckResult{.status = DiscStatus::kAppendable,
                                      .sessions = alone ? 1 : plan.target.session_number,
                                      .track_start = alone ? Lba{0} : plan.target.start,
                                      .track_blocks = image});
}

// So that the drive does not end the disc with the dead session.
void add_filling(BurnPlan& plan, const MediumSnapshot& snapshot) {
  if (!closes_by_itself(snapshot.kind)) return;
  const BlockCount missing = medium::missing_in_open_session(snapshot);
  if (missing > BlockCount{})
    plan.steps.emplace_back(FillUp{snapshot.writable->next_writable, missing,
                                   medium::traits_of(snapshot.kind).alignment});
}

Status check_fits(const SessionTarget& target, BlockCount image) {
  if (image <= target.largest_image) return {};
  return fail(ErrorCode::kNoRoom,
              fmt::format("the image needs {} blocks ({:.1f} MiB), and {} blocks ({:.1f} MiB) are "
                          "free for session {}",
                          image.value, megabytes(image), target.largest_image.value,
                          megabytes(target.largest_image), target.session_number),
              fmt::format("Leave out at least {:.1f} MiB, or insert an emptier disc.",
                          megabytes(image - target.largest_image)));
}

// filling: zeros behind the image, whole units of the medium apart.
void add_warnings(BurnPlan& plan, const Ending& ending, BlockCount filling) {
  constexpr std::string_view kConjunction = ", and ";
  if (ending.unasked && !plan.test_write)
    plan.warnings.emplace_back(ending.words.substr(kConjunction.size()));
  if (filling > BlockCount{}) {
    plan.summary += ", zeros at its end among them";
    plan.warnings.push_back(
        fmt::format("the first session is filled up with {:.0f} MiB of zeros: drives close a {} "
                    "behind a shorter one. Burn with --close if it is the only one",
                    megabytes(filling), name_of(plan.kind)));
  }
  if (plan.kind == medium::MediumKind::kBdR &&
      plan.target.session_number >= medium::kManySessionsOfBdR)
    plan.warnings.push_back(
        fmt::format("this is session {}: BD-Rs with {} sessions and more tend to fail; use another "
                    "disc for the next one",
                    plan.target.session_number, medium::kManySessionsOfBdR));
}

}  // namespace

// What the drive writes by itself: lead-out and lead-in, a border zone, closure and intro.
CloseSession closing_step(medium::MediumKind kind, int session_number, bool keep_open) {
  const bool by_function = medium::traits_of(kind).recording == medium::Recording::kSequential;
  return {.session_number = session_number,
          .closing = medium::gap_after_session(kind, session_number),
          .finalize = by_function && !keep_open,
          .end_track_if_open = medium::is_cd(kind)};
}

// Media without a page of write parameters need no step.
void add_write_type(BurnPlan& plan, const MediumSnapshot& snapshot, medium::WriteType type,
                    bool keep_open) {
  if (type == medium::WriteType::kNone) return;
  plan.steps.emplace_back(
      SelectWriteType{.type = type,
                      .test_write = plan.test_write,
                      .buffer_underrun_free = snapshot.writing.buffer_underrun_free,
                      .next_session_allowed = keep_open});
}

void add_closing_of_reserved(BurnPlan& plan, const MediumSnapshot& snapshot) {
  for (const int number : snapshot.reserved_tracks) plan.steps.emplace_back(CloseTrack{number});
}

bool growing_track_holds_data(const MediumSnapshot& snapshot) {
  return snapshot.writable && snapshot.writable->holds_data() && !snapshot.is_reserved_to_its_end();
}

std::string words_for_reserved(const MediumSnapshot& snapshot) {
  if (snapshot.reserved_tracks.empty()) return "";
  return fmt::format("; {} track(s) that were reserved for it are filled up with zeros",
                     snapshot.reserved_tracks.size());
}

bool needs_recovery(const MediumSnapshot& snapshot) {
  if (!medium::is_recordable(snapshot.kind) || snapshot.status != DiscStatus::kAppendable)
    return false;
  if (!snapshot.writable) return snapshot.is_reserved_to_its_end();
  return snapshot.last_session == SessionState::kIncomplete ||
         snapshot.last_session == SessionState::kDamaged || snapshot.writable->holds_data();
}

Result<SessionTarget> choose_target(const MediumSnapshot& snapshot, SessionMode mode) {
  PREGROOVE_RETURN_IF_ERROR(check_recordable(snapshot));
  if (mode == SessionMode::kNew && snapshot.status != DiscStatus::kBlank)
    return fail(ErrorCode::kWrongMedium,
                "single-session mode wants a blank disc, and this one is used",
                "Insert a blank disc, or add a session instead.");
  const medium::Traits& traits = medium::traits_of(snapshot.kind);
  const medium::SessionRoom room = medium::room_for_session(snapshot);
  SessionTarget target;
  target.session_number = room.session_number;
  target.start = snapshot.writable->next_writable;
  if (needs_recovery(snapshot)) {
    target.start += snapshot.writable->free - traits.run_out - room.largest_image;
  }
  target.largest_image = room.largest_image;
  target.reason = reason_for(snapshot, target.session_number);
  if (target.largest_image < traits.shortest_track)
    return fail(
        ErrorCode::kNoRoom,
        fmt::format("the disc is full: {} blocks are left for session {}, and the smallest "
                    "track takes {}",
                    target.largest_image.value, target.session_number, traits.shortest_track.value),
        "Insert another disc; this one stays readable.");
  return target;
}

Result<BurnPlan> make_burn_plan(const MediumSnapshot& snapshot, const BurnRequest& request) {
  if (needs_recovery(snapshot))
    return fail(
        ErrorCode::kVerification,
        "the session that an interrupted burn left is still open, although the drive closed it",
        "Read what is on the disc, and use another one.");
  BurnPlan plan;
  plan.kind = snapshot.kind;
  PREGROOVE_ASSIGN_OR_RETURN(plan.target, choose_target(snapshot, request.mode));
  PREGROOVE_RETURN_IF_ERROR(check_request(snapshot, request));
  PREGROOVE_RETURN_IF_ERROR(check_fits(plan.target, request.image));
  plan.room = medium::room_for_session(snapshot);
  plan.test_write = request.test_write;

  PREGROOVE_ASSIGN_OR_RETURN(plan.write_type, choose_write_type(snapshot, request));
  PREGROOVE_ASSIGN_OR_RETURN(
      const SetSpeed speed,
      choose_speed(snapshot.kind, snapshot.writing.speeds_kbs, request.speed));

  const BlockCount needed = blocks_to_write(snapshot, request.image, plan.write_type.type);
  const Ending ending = ending_of(plan, request, needed);
  const BlockCount blocks = filled_up(plan, needed, ending);
  plan.steps.emplace_back(CheckDisc{medium::fingerprint(snapshot)});
  plan.steps.emplace_back(speed);
  if (medium::is_overwritten(snapshot.kind))
    add_overwriting_steps(plan, snapshot, request.image, blocks, request.verify);
  else
    add_session_steps(plan, snapshot, blocks, ending.keep_open, request.verify);
  if (request.eject) plan.steps.emplace_back(Eject{});
  plan.summary =
      fmt::format("{}; {} blocks ({:.1f} MiB) from LBA {}{}", plan.target.reason, blocks.value,
                  megabytes(blocks), plan.target.start.value, ending.words);
  add_warnings(plan, ending, blocks - needed);
  if (plan.write_type.type != WriteType::kNone)
    plan.summary +=
        fmt::format("; written {}: {}", name_of(plan.write_type.type), plan.write_type.reason);
  return plan;
}

Result<BurnPlan> make_recovery_plan(const MediumSnapshot& snapshot) {
  PREGROOVE_RETURN_IF_ERROR(check_recordable(snapshot));
  if (snapshot.writable->damaged && snapshot.last_session == SessionState::kDamaged &&
      snapshot.writable->free <= BlockCount{0})
    return fail(ErrorCode::kWrongMedium,
                "an interrupted burn damaged the disc beyond what the drive can close",
                "Read what is on it, and use another disc.");
  BurnPlan plan;
  plan.kind = snapshot.kind;
  PREGROOVE_ASSIGN_OR_RETURN(plan.target, choose_target(snapshot, SessionMode::kAppend));
  plan.room = medium::room_for_session(snapshot);
  const int dead_session = plan.target.session_number - 1;
  plan.steps.emplace_back(CheckDisc{medium::fingerprint(snapshot)});
  add_write_type(plan, snapshot, piecemeal_write_type(snapshot.kind), true);
  const std::size_t before = plan.steps.size();
  add_filling(plan, snapshot);
  const bool grows = plan.steps.size() > before || growing_track_holds_data(snapshot);
  if (grows) plan.steps.emplace_back(Synchronize{});
  add_closing_of_reserved(plan, snapshot);
  if (grows && (!medium::is_cd(snapshot.kind) || snapshot.writable->at_once))
    plan.steps.emplace_back(CloseTrack{});
  plan.steps.emplace_back(closing_step(snapshot.kind, dead_session, true));
  plan.steps.emplace_back(CheckRecovered{dead_session});
  plan.summary = fmt::format("close session {}, which an interrupted burn left open{}",
                             dead_session, words_for_reserved(snapshot));
  return plan;
}

}  // namespace pregroove::plan
