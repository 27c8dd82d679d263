// Where a burn is and how fast it goes: turns what was done into progress reports.
#pragma once

#include "engine/base/clock.h"
#include "engine/burn/observer.h"
#include "engine/drive/drive.h"
#include "engine/medium/kind.h"

namespace pregroove::burn {

class BurnClock {
 public:
  // Speeds are multiples of the 1x of the family.
  BurnClock(Clock& clock, Observer& observer, medium::Family family);

  [[nodiscard]] Phase phase() const { return progress_.phase; }
  // A phase begins. total: what will be counted; expected: blocks that the drive writes by itself,
  // from which the remaining time is estimated at the speed seen last.
  void enter(Phase phase, BlockCount total = {}, BlockCount expected = {});
  // So many blocks of the phase are done. Reports now and then, not for every command.
  // Fails with what the drive tells when it is asked for its buffer: an earlier write that failed.
  [[nodiscard]] Status count(BlockCount done, drive::Drive& drive);
  void count(BlockCount done);
  // How far the drive says that it is with what it does by itself: 0 to 1.
  void note_drive_progress(double part);
  [[nodiscard]] bool cancelled() { return observer_.cancel_requested(); }

 private:
  bool due(BlockCount done) const;
  void update_rates(BlockCount done);
  void report();

  [[nodiscard]] Duration at_speed(BlockCount blocks, double speed) const;

  Clock& clock_;
  Observer& observer_;
  double blocks_per_second_at_1x_;
  Progress progress_;
  Duration burn_start_;
  Duration phase_start_;
  Duration last_report_;
  BlockCount last_done_;
};

}  // namespace pregroove::burn
