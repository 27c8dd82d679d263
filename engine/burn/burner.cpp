#include "engine/burn/burner.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <optional>

#include "engine/base/check.h"
#include "engine/burn/burn_clock.h"
#include "engine/burn/outcome.h"
#include "engine/burn/padded_source.h"
#include "engine/burn/ring.h"
#include "engine/burn/verification.h"
#include "engine/drive/inspection.h"
#include "engine/image/volume_head.h"

namespace pregroove::burn {
namespace {

constexpr SenseCode kIncompleteTrackInSession{0x5, 0x72, 0x03};

// One run through a plan. Each step is one overload; the state that passes from step to step is
// here.
class Run {
 public:
  Run(drive::Drive& drive, const plan::BurnPlan& plan, Observer& observer, BlockSource* source,
      RingSize ring, Phase closing = Phase::kClosing)
      : drive_(drive),
        clock_(drive.clock(), observer, medium::traits_of(plan.kind).family),
        source_(source),
        ring_size_(ring),
        closing_(closing) {
    drive_.set_progress([this](double part) { clock_.note_drive_progress(part); });
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() { drive_.set_progress({}); }

  Status carry_out(const plan::BurnPlan& plan);
  BurnReport take_report() { return std::move(report_); }

 private:
  Status step(const plan::CheckDisc& step);
  Status step(const plan::SetSpeed& step);
  Status step(const plan::SelectWriteType& step);
  Status step(const plan::Format& step);
  Status step(const plan::Blank& step);
  Status step(const plan::FormatAs& step);
  Status step(const plan::Overwrite& step);
  Status step(const plan::CheckNextWritable& step);
  Status step(const plan::SwitchToSession& step);
  Status step(const plan::ReadAhead& step);
  Status step(const plan::CalibratePower& step);
  Status step(const plan::SetLayerBreak& step);
  Status step(const plan::SendCueSheet& step);
  Status step(const plan::ReserveTrack& step);
  Status step(const plan::WriteImage& step);
  Status step(const plan::Synchronize& step);
  Status step(const plan::CheckRecorded& step);
  Status step(const plan::ReadEnd& step);
  Status step(const plan::CloseTrack& step);
  Status step(const plan::CloseSession& step);
  Status step(const plan::CheckResult& step);
  Status step(const plan::CheckRecovered& step);
  Status step(const plan::CheckStatus& step);
  Status step(const plan::ReadBack& step);
  Status step(const plan::Eject& step);
  Status step(const plan::FillUp& step);

  Status write_pregap(const plan::WriteImage& step);
  Status write_zeros(Lba at, BlockCount count);
  Status write_blocks(Lba first, std::span<const std::byte> blocks, const plan::WriteImage& step);
  std::string state_when_stopped() const;
  Status stop_writing(Error error);
  Status wait_for_drive(const Status& begun);
  Error in_context(Error error) const;
  void note_write() {
    drive_wrote_ = true;
    tracker_.wrote_something();
    disc_touched_ = !test_write_;
  }

  drive::Drive& drive_;
  BurnClock clock_;
  BlockSource* source_;
  RingSize ring_size_;
  Phase closing_;
  std::optional<PaddedSource> padded_;
  std::optional<Ring> ring_;
  BurnReport report_;
  std::optional<Error> calibration_;  // how it failed, if it did
  medium::WriteType write_type_ = medium::WriteType::kNone;
  bool test_write_ = false;
  std::vector<std::byte> zeros_;
  Lba reached_;  // what comes before it was taken by the drive
  LastWrite last_write_;
  bool drive_wrote_ = false;  // also with the laser off: then the drive has to be brought to rest
  bool disc_touched_ = false;
  std::string disc_state_;  // in words, for errors
  OutcomeTracker tracker_;
};

// The drive did not take the command: nothing of it reached the disc.
bool was_refused(const Error& error) {
  if (!error.sense) return false;
  const auto key = static_cast<scsi::SenseKey>(error.sense->key);
  return key == scsi::SenseKey::kNotReady || key == scsi::SenseKey::kIllegalRequest ||
         key == scsi::SenseKey::kUnitAttention || key == scsi::SenseKey::kDataProtect;
}

// An error leaves a burn with what the user has to know: which phase, and what state the disc is
// in.
Error Run::in_context(Error error) const {
  if (error.phase.empty()) error.phase = name_of(clock_.phase());
  error.disc_touched = disc_touched_;
  if (disc_touched_ && error.disc_state.empty()) error.disc_state = disc_state_;
  // A recovery tells nothing of the session that was to follow.
  if (source_ == nullptr) return error;
  error.outcome = tracker_.outcome();
  if (error.advice.empty()) error.advice = advice_for(*error.outcome);
  return error;
}

Status Run::carry_out(const plan::BurnPlan& plan) {
  test_write_ = plan.test_write;
  write_type_ = plan.write_type.type;
  tracker_ = OutcomeTracker(plan.test_write);
  for (const plan::Step& next : plan.steps) {
    auto done = std::visit([this](const auto& concrete) { return step(concrete); }, next);
    if (!done) {
      tracker_.failed(next, done.error(), report_.disc);
      return std::unexpected(in_context(std::move(done).error()));
    }
    tracker_.succeeded(next);
  }
  report_.outcome = tracker_.outcome();
  return {};
}

// From here on a unit attention means that somebody changed the disc behind our back.
Status Run::step(const plan::CheckDisc& step) {
  PREGROOVE_ASSIGN_OR_RETURN(report_.disc, drive::inspect(drive_));
  drive_.on_unit_attention(drive::UnitAttention::kReport);
  if (medium::fingerprint(report_.disc) == step.fingerprint) return {};
  return fail(ErrorCode::kMediumChanged,
              "another disc is in the drive than the one that was looked at",
              "Put the first disc back, or start again with this one.");
}

Status Run::step(const plan::SetSpeed& step) {
  // A drive that cannot set a speed still burns, at its own; that is no reason to refuse.
  const Lba last = report_.disc.writable ? report_.disc.writable->next_writable +
                                               report_.disc.writable->free - BlockCount{1}
                                         : Lba{0};
  const auto done = medium::is_cd(report_.disc.kind)
                        ? drive_.set_cd_speed(step.kilobytes_per_second)
                        : drive_.set_streaming_speed(step.kilobytes_per_second, last);
  if (!done && done.error().code != ErrorCode::kDevice &&
      done.error().code != ErrorCode::kUnsupported)
    return done;
  if (done && step.kilobytes_per_second) report_.speed = step;
  return {};
}

// Many drives record nothing at once behind another session, and say so only now (burning.md 2).
Status with_reason(Status refused, medium::WriteType type) {
  if (refused || !was_refused(refused.error()) || !medium::is_at_once(type)) return refused;
  Error& error = refused.error();
  error.code = ErrorCode::kUnsupported;
  error.message =
      fmt::format("the drive does not write this disc {}: {}", name_of(type), error.message);
  error.advice = "Leave the write type to the program (--write-type auto).";
  return refused;
}

Status Run::step(const plan::SelectWriteType& step) {
  return with_reason(drive_.select_write_type({.type = step.type,
                                               .test_write = step.test_write,
                                               .buffer_underrun_free = step.buffer_underrun_free,
                                               .next_session_allowed = step.next_session_allowed}),
                     step.type);
}

// Drives answer a lot to this that means nothing (burning.md 4.6, lesson 17): what counts is
// whether the disc can be written.
Status Run::step(const plan::CalibratePower&) {
  auto calibrated = drive_.calibrate_power();
  if (calibrated || !calibrated.error().sense) return calibrated;
  if (calibrated.error().code == ErrorCode::kMediumChanged) return calibrated;
  calibration_ = std::move(calibrated).error();
  return {};
}

Status Run::step(const plan::SetLayerBreak& step) {
  auto set = drive_.set_layer_break(step.layer_0);
  // Without it the drive writes layer 0 to its end, which is slower, and as good.
  if (!set && was_refused(set.error()) && set.error().code != ErrorCode::kMediumChanged) return {};
  PREGROOVE_RETURN_IF_ERROR(set);
  disc_touched_ = true;
  disc_state_ = "nothing is written, but the disc was divided for this image, and holds no more";
  return {};
}

Status Run::step(const plan::SendCueSheet& step) {
  return with_reason(drive_.send_cue_sheet(step.track, step.start, step.blocks), write_type_);
}

Status Run::step(const plan::ReserveTrack& step) {
  auto reserved = with_reason(drive_.reserve_track(step.blocks), write_type_);
  if (!reserved) return reserved;
  disc_touched_ = !test_write_;
  disc_state_ = "room for the only session of the disc was reserved, and nothing else fits there";
  return {};
}

Status Run::step(const plan::Format& step) {
  clock_.enter(Phase::kPreparing);
  disc_touched_ = true;
  disc_state_ = "the disc is being formatted; nothing that was on it was readable before";
  return drive_.format(report_.disc.kind, step.resume);
}

// Whole units of the medium, where a WRITE can carry one.
std::size_t bytes_of_a_write(BlockCount most, BlockCount alignment) {
  const std::int64_t rest = most >= alignment ? most.value % alignment.value : 0;
  return static_cast<std::size_t>(BlockCount{most.value - rest}.bytes());
}

// What the drive now does by itself cannot be stopped, and takes what was on the disc.
Status Run::wait_for_drive(const Status& begun) {
  const bool not_begun =
      !begun && (was_refused(begun.error()) || begun.error().code == ErrorCode::kCancelled);
  if (not_begun) return begun;
  disc_touched_ = true;
  disc_state_ = fmt::format("{} was begun and has not ended well: what was on the disc is lost",
                            name_of(clock_.phase()));
  PREGROOVE_RETURN_IF_ERROR(begun);
  // Some drives announce the disc anew when they are done.
  drive_.on_unit_attention(drive::UnitAttention::kAbsorb);
  auto ended = drive_.wait_until_ended();
  if (!ended && ended.error().code == ErrorCode::kCancelled) {
    Error& error = ended.error();
    error.disc_state = fmt::format(
        "the drive goes on {} by itself, which nothing can stop: what was on the disc is lost",
        name_of(clock_.phase()));
    error.advice =
        "Leave the disc in the drive until it answers (pregroove info), then do the same again.";
  }
  if (ended)
    disc_state_ = fmt::format("{} is done: what was on the disc is lost", name_of(clock_.phase()));
  return ended;
}

Status Run::step(const plan::Blank& step) {
  clock_.enter(Phase::kErasing);
  return wait_for_drive(drive_.begin_blank(step.whole_disc));
}

Status Run::step(const plan::FormatAs& step) {
  clock_.enter(Phase::kFormatting);
  return wait_for_drive(drive_.begin_format(step.offer, step.certify));
}

// How it reaches the disc, if it does.
Status Run::write_zeros(Lba at, BlockCount count) {
  zeros_.resize(static_cast<std::size_t>(count.bytes()));
  auto written = drive_.write(at, zeros_);
  if (written || !was_refused(written.error())) disc_touched_ = true;
  return written;
}

Status Run::step(const plan::FillUp& step) {
  clock_.enter(closing_, step.blocks);
  disc_state_ =
      "the session that an interrupted burn left is still open; the next burn closes it first";
  const auto chunk = blocks_for_bytes(bytes_of_a_write(drive_.max_transfer(), step.alignment));
  const Lba end = step.start + step.blocks;
  for (Lba at = step.start; at < end;) {
    if (clock_.cancelled())
      return fail(ErrorCode::kCancelled, "closing the interrupted session was cancelled",
                  "Burn again when you are ready.");
    const BlockCount count = std::min(chunk, end - at);
    PREGROOVE_RETURN_IF_ERROR(write_zeros(at, count));
    at += count;
    clock_.count(at - step.start);
  }
  return {};
}

Status Run::step(const plan::Overwrite& step) {
  clock_.enter(Phase::kErasing, step.blocks);
  const auto chunk = blocks_for_bytes(bytes_of_a_write(drive_.max_transfer(), step.alignment));
  const Lba end = step.start + step.blocks;
  for (Lba at = step.start; at < end;) {
    if (clock_.cancelled())
      return fail(ErrorCode::kCancelled, "erasing was cancelled", "Erase the disc again.");
    const BlockCount count = std::min(chunk, end - at);
    const auto written = write_zeros(at, count);
    disc_state_ = fmt::format("it is overwritten up to LBA {}; erase it again", at.value);
    PREGROOVE_RETURN_IF_ERROR(written);
    at += count;
    clock_.count(at - step.start);
  }
  return {};
}

// The image's addresses were computed for this place; anywhere else it would be a broken file
// system.
Status Run::step(const plan::CheckNextWritable& step) {
  PREGROOVE_ASSIGN_OR_RETURN(const Lba now, drive_.next_writable(report_.disc.kind));
  if (now == step.expected || now == step.expected - step.pregap) return {};
  return fail(ErrorCode::kMediumChanged,
              fmt::format("the drive would write to LBA {}, but the image was laid out for LBA {}",
                          now.value, step.expected.value),
              "Look at the disc again (pregroove info) and repeat the burn.");
}

Status Run::write_blocks(Lba first, std::span<const std::byte> blocks,
                         const plan::WriteImage& step) {
  const std::size_t chunk = bytes_of_a_write(drive_.max_transfer(), step.alignment);
  for (std::size_t at = 0; at < blocks.size(); at += chunk) {
    const auto part = blocks.subspan(at, std::min(chunk, blocks.size() - at));
    const Lba lba = first + blocks_for_bytes(at);
    if (clock_.cancelled())
      return fail(ErrorCode::kCancelled, "the burn was cancelled",
                  "Burn again when you are ready.");
    auto written = drive_.write(lba, part);
    if (written || !was_refused(written.error())) note_write();
    if (!written) return written;
    reached_ = lba + blocks_for_bytes(part.size());
    if (reached_ == step.start + step.blocks)
      last_write_ = {.start = lba,
                     .blocks = blocks_for_bytes(part.size()),
                     .checksum = XXH3_64bits(part.data(), part.size())};
    PREGROOVE_RETURN_IF_ERROR(
        clock_.count(lba + blocks_for_bytes(part.size()) - step.start, drive_));
  }
  return {};
}

std::string Run::state_when_stopped() const {
  if (medium::is_overwritten(report_.disc.kind))
    return fmt::format(
        "new data lies on the disc up to LBA {}, and belongs to no session; earlier ones stay as "
        "they were, and the next burn writes over it",
        reached_.value);
  if (write_type_ == medium::WriteType::kDiscAtOnce)
    return fmt::format(
        "the only session of the disc ends at LBA {} and is useless: {}", reached_.value,
        report_.disc.erasable ? "erase the disc before it is burned again" : "the disc is wasted");
  return fmt::format(
      "the new session is unfinished and was left open at LBA {}; earlier sessions stay readable, "
      "and the next burn closes it before it adds another",
      reached_.value);
}

// The track is ended so that the drive comes to rest in a known state, but the session stays open:
// the earlier sessions remain the newest ones that readers see, and the next burn closes the dead
// one first.
Status Run::stop_writing(Error error) {
  if (!drive_wrote_) {
    if (calibration_ && error.sense) error.also.push_back(*calibration_);
    return std::unexpected(std::move(error));
  }
  error = in_context(std::move(error));
  if (calibration_ && error.sense) error.also.push_back(*calibration_);
  drive_.set_cancel({});
  auto flushed = drive_.synchronize_cache();
  if (disc_touched_) error.disc_state = state_when_stopped();
  if (!flushed) error.also.push_back(std::move(flushed).error());
  return std::unexpected(std::move(error));
}

Status Run::step(const plan::ReadAhead& step) {
  PREGROOVE_CHECK(source_ != nullptr && source_->size() <= step.blocks);
  clock_.enter(Phase::kPreparing);
  padded_.emplace(*source_, step.blocks);
  ring_.emplace(*padded_, ring_size_.slots, ring_size_.slot_bytes);
  return ring_->wait_until_primed([this] { return clock_.cancelled(); });
}

// What the drive makes of the blocks between two sessions is its own affair, but it wants them.
Status Run::write_pregap(const plan::WriteImage& step) {
  const std::vector<std::byte> zeros(
      static_cast<std::size_t>(std::min(step.pregap, drive_.max_transfer()).bytes()));
  for (Lba next = step.start - step.pregap; next < step.start;) {
    const auto count =
        std::min<std::int64_t>(blocks_for_bytes(zeros.size()).value, (step.start - next).value);
    auto written = drive_.write(
        next, std::span(zeros).first(static_cast<std::size_t>(BlockCount{count}.bytes())));
    if (written || !was_refused(written.error())) note_write();
    if (!written) return written;
    next += BlockCount{count};
  }
  return {};
}

Status Run::step(const plan::WriteImage& step) {
  PREGROOVE_CHECK(ring_.has_value());
  clock_.enter(Phase::kWriting, step.blocks);
  reached_ = step.start;
  if (auto pregap = write_pregap(step); !pregap) return stop_writing(std::move(pregap).error());
  const Ring::Cancelled cancelled = [this] { return clock_.cancelled(); };
  report_.checksums.stretch = blocks_for_bytes(ring_size_.slot_bytes);
  Lba next = step.start;
  for (;;) {
    auto filled = ring_->next(cancelled);
    if (!filled) return stop_writing(std::move(filled).error());
    if (filled->blocks.empty()) break;
    auto written = write_blocks(next, filled->blocks, step);
    if (!written) return stop_writing(std::move(written).error());
    report_.checksums.values.push_back(filled->checksum);
    next += blocks_for_bytes(filled->blocks.size());
  }
  report_.written = next - step.start;
  report_.problems = source_->problems();
  PREGROOVE_CHECK(report_.written == step.blocks);
  return {};
}

Status Run::step(const plan::Synchronize&) {
  clock_.enter(Phase::kFlushing);
  drive_.set_cancel({});  // the drive works on its own now, and has to be waited for
  disc_touched_ = !test_write_;
  disc_state_ =
      write_type_ == medium::WriteType::kDiscAtOnce
          ? "the data was sent, but the drive could not finish the disc"
          : "the data was sent, but the drive could not finish the track; earlier sessions stay "
            "readable, and the next burn closes it first";
  return drive_.synchronize_cache();
}

Status Run::step(const plan::CheckRecorded& step) {
  if (!report_.disc.writable) return {};
  PREGROOVE_ASSIGN_OR_RETURN(const auto recorded,
                             drive_.recorded_blocks(report_.disc.writable->number));
  if (!recorded || *recorded >= step.blocks) return {};
  const bool nothing = *recorded <= BlockCount{0};
  if (nothing) tracker_.found_nothing();
  disc_state_ = nothing ? "the disc is as it was before"
                        : "the new session is unfinished and was left open; earlier sessions stay "
                          "readable, and the next burn closes it first";
  return fail(ErrorCode::kVerification,
              nothing ? "the drive reported success, but nothing of the session is on the disc"
                      : fmt::format("the drive reported success, but only {} of {} blocks are on "
                                    "the disc",
                                    recorded->value, step.blocks.value),
              "Burn again; when that fails alike, use another drive.");
}

Status Run::step(const plan::ReadEnd&) {
  PREGROOVE_CHECK(last_write_.blocks > BlockCount{0});
  clock_.enter(Phase::kChecking);
  return read_end(drive_, last_write_);
}

// The descriptors come last and in one WRITE, so that the disc has one head at any time.
Status Run::step(const plan::SwitchToSession& step) {
  clock_.enter(Phase::kClosing);
  disc_state_ =
      "the new session is written, but the disc still shows the one before; burn the files again";
  std::vector<std::byte> head(static_cast<std::size_t>(medium::kEmulatedSessionHead.bytes()));
  PREGROOVE_RETURN_IF_ERROR(drive_.read(step.start, head));
  PREGROOVE_RETURN_IF_ERROR(image::make_head_of_disc(head, step.start));
  const auto system_area = std::span(head).first(head.size() / 2);
  PREGROOVE_RETURN_IF_ERROR(drive_.write(Lba{0}, system_area));
  return drive_.write(Lba{0} + blocks_for_bytes(system_area.size()),
                      std::span(head).subspan(system_area.size()));
}

Status Run::step(const plan::CloseTrack& step) {
  drive_.set_cancel({});
  clock_.enter(closing_);
  disc_touched_ = true;
  disc_state_ =
      "the data is written, but its track is not closed; earlier sessions stay readable, and the "
      "next burn closes it first";
  return step.number ? drive_.close_track(*step.number) : drive_.close_last_track();
}

Status Run::step(const plan::CloseSession& step) {
  drive_.set_cancel({});
  clock_.enter(closing_, {}, step.closing);
  disc_touched_ = true;
  disc_state_ = fmt::format(
      "the data is written, but session {} is not closed; earlier sessions stay readable, and the "
      "next burn "
      "closes it first",
      step.session_number);
  auto closed = drive_.close_session(step.finalize);
  const bool track_is_open = !closed && closed.error().sense == kIncompleteTrackInSession;
  if (track_is_open && step.end_track_if_open && drive_.close_last_track())
    closed = drive_.close_session(step.finalize);
  PREGROOVE_RETURN_IF_ERROR(closed);
  disc_state_ = fmt::format("session {} is closed", step.session_number);
  return {};
}

Status Run::step(const plan::CheckResult& step) {
  clock_.enter(Phase::kChecking);
  PREGROOVE_ASSIGN_OR_RETURN(report_.disc, drive::inspect(drive_));
  return compare_with_plan(report_.disc, step);
}

Status Run::step(const plan::CheckRecovered& step) {
  PREGROOVE_ASSIGN_OR_RETURN(report_.disc, drive::inspect(drive_));
  const bool closed = std::ssize(report_.disc.sessions) == step.sessions;
  if (closed && !plan::needs_recovery(report_.disc)) return {};
  return fail(ErrorCode::kVerification,
              "the drive reported success, but the interrupted session is not closed",
              "Read what is on the disc, and use another one.");
}

Status Run::step(const plan::CheckStatus& step) {
  clock_.enter(Phase::kChecking);
  PREGROOVE_ASSIGN_OR_RETURN(report_.disc, drive::inspect(drive_));
  const auto sessions = static_cast<int>(report_.disc.sessions.size());
  if (report_.disc.status == step.status && sessions == step.sessions.value_or(sessions)) return {};
  return fail(ErrorCode::kVerification,
              fmt::format("the drive reported success, but the disc is {} with {} session(s)",
                          name_of(report_.disc.status), sessions),
              "Look at the disc (pregroove info), and try again.");
}

Status Run::step(const plan::ReadBack& step) {
  clock_.enter(Phase::kVerifying, step.blocks);
  PREGROOVE_RETURN_IF_ERROR(read_back(drive_, step, report_.checksums, clock_));
  report_.verified = true;
  return {};
}

// The disc is good whether the tray opens or not.
Status Run::step(const plan::Eject&) {
  auto opened = drive_.prevent_removal(false);
  if (opened) opened = drive_.eject();
  if (!opened) report_.problems.push_back(std::move(opened).error());
  return {};
}

// Keeps the tray shut while a burn runs, and lets go whatever happens.
class TrayLock {
 public:
  explicit TrayLock(drive::Drive& drive) : drive_(drive) {}
  TrayLock(const TrayLock&) = delete;
  TrayLock& operator=(const TrayLock&) = delete;
  Status close() { return drive_.prevent_removal(true); }
  ~TrayLock() {
    drive_.set_cancel({});
    drive_.on_unit_attention(drive::UnitAttention::kAbsorb);
    // A drive that does not unlock has said why before; the first error is the one to report.
    (void)drive_.prevent_removal(false);
  }

 private:
  drive::Drive& drive_;
};

Status run_locked(drive::Drive& drive, const plan::BurnPlan& plan, Observer& observer, Run& run) {
  TrayLock lock(drive);
  drive.set_cancel([&observer] { return observer.cancel_requested(); });
  PREGROOVE_RETURN_IF_ERROR(lock.close());
  return run.carry_out(plan);
}

}  // namespace

Result<BurnReport> burn(drive::Drive& drive, const plan::BurnPlan& plan, BlockSource& source,
                        Observer& observer, RingSize ring) {
  Run run(drive, plan, observer, &source, ring);
  PREGROOVE_RETURN_IF_ERROR(run_locked(drive, plan, observer, run));
  return run.take_report();
}

Status recover(drive::Drive& drive, const plan::BurnPlan& plan, Observer& observer) {
  Run run(drive, plan, observer, nullptr, {}, Phase::kRecovering);
  return run_locked(drive, plan, observer, run);
}

Result<BurnReport> carry_out(drive::Drive& drive, const plan::BurnPlan& plan, Observer& observer) {
  Run run(drive, plan, observer, nullptr, {});
  PREGROOVE_RETURN_IF_ERROR(run_locked(drive, plan, observer, run));
  return run.take_report();
}

}  // namespace pregroove::burn
