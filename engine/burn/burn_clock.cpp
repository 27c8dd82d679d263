#include "engine/burn/burn_clock.h"

#include <algorithm>

namespace pregroove::burn {
namespace {

constexpr Duration kReportInterval = std::chrono::milliseconds(200);

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::kPreparing:
      return "preparing";
    case Phase::kRecovering:
      return "closing an interrupted session";
    case Phase::kWriting:
      return "writing";
    case Phase::kFlushing:
      return "flushing the drive's buffer";
    case Phase::kClosing:
      return "closing the session";
    case Phase::kChecking:
      return "checking the disc";
    case Phase::kVerifying:
      return "verifying";
    case Phase::kErasing:
      return "erasing";
    case Phase::kFormatting:
      return "formatting";
  }
  return "";
}

BurnClock::BurnClock(Clock& clock, Observer& observer, medium::Family family)
    : clock_(clock),
      observer_(observer),
      blocks_per_second_at_1x_(medium::blocks_per_second_at_1x(family)),
      burn_start_(clock.now()),
      phase_start_(burn_start_),
      last_report_(burn_start_) {}

Duration BurnClock::at_speed(BlockCount blocks, double speed) const {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(
      static_cast<double>(blocks.value) / (speed * blocks_per_second_at_1x_)));
}

void BurnClock::enter(Phase phase, BlockCount total, BlockCount expected) {
  progress_.phase = phase;
  progress_.done = {};
  progress_.total = total;
  progress_.drive_buffer.reset();
  progress_.drive_progress.reset();
  progress_.remaining.reset();
  if (expected.value > 0 && progress_.speed > 0)
    progress_.remaining = at_speed(expected, progress_.speed);
  phase_start_ = clock_.now();
  last_done_ = {};
  report();
}

bool BurnClock::due(BlockCount done) const {
  return done == progress_.total || clock_.now() - last_report_ >= kReportInterval;
}

void BurnClock::update_rates(BlockCount done) {
  const Duration since = clock_.now() - last_report_;
  // At first the drive only fills its buffer, at the speed of the bus.
  constexpr Duration kSettled = std::chrono::seconds(2);
  const bool settled = clock_.now() - phase_start_ >= kSettled;
  if (settled && since > Duration::zero() && done > last_done_)
    progress_.speed =
        static_cast<double>((done - last_done_).value) / seconds(since) / blocks_per_second_at_1x_;
  const double spent = seconds(clock_.now() - phase_start_);
  if (done.value > 0 && spent > 0) {
    const double overall = static_cast<double>(done.value) / spent / blocks_per_second_at_1x_;
    progress_.remaining = at_speed(progress_.total - done, overall);
  }
  progress_.done = done;
  last_done_ = done;
}

Status BurnClock::count(BlockCount done, drive::Drive& drive) {
  if (!due(done)) return {};
  update_rates(done);
  // Asked rarely: some drives take frequent questions about their buffer badly (burning.md 4.6).
  PREGROOVE_ASSIGN_OR_RETURN(const auto fill, drive.buffer_fill());
  progress_.drive_buffer.reset();
  if (fill && fill->total > 0)
    progress_.drive_buffer = static_cast<double>(fill->used) / static_cast<double>(fill->total);
  report();
  return {};
}

void BurnClock::count(BlockCount done) {
  if (!due(done)) return;
  update_rates(done);
  report();
}

// While blocks are counted the drive's own news are about its buffer, not about the phase.
void BurnClock::note_drive_progress(double part) {
  if (progress_.total.value > 0 || progress_.drive_progress == part) return;
  progress_.drive_progress = part;
  const Duration spent = clock_.now() - phase_start_;
  if (part > 0)
    progress_.remaining = std::chrono::duration_cast<Duration>(
        std::chrono::duration<double>(seconds(spent) * (1 - part) / part));
  if (clock_.now() - last_report_ >= kReportInterval) report();
}

void BurnClock::report() {
  last_report_ = clock_.now();
  progress_.elapsed = last_report_ - burn_start_;
  observer_.on_progress(progress_);
}

}  // namespace pregroove::burn
