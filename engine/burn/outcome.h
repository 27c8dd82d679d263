// What a burn has achieved so far, step by step: its data and the closing of its session apart
// (burning.md 10, lesson 39).
#pragma once

#include "engine/base/error.h"
#include "engine/medium/medium.h"
#include "engine/plan/plan.h"

namespace pregroove::burn {

class OutcomeTracker {
 public:
  // With the laser off nothing is achieved.
  explicit OutcomeTracker(bool test_write = false) : test_write_(test_write) {}

  void wrote_something();
  // Although the drive had said that it was writing.
  void found_nothing() { outcome_ = {}; }
  void succeeded(const plan::Step& step);
  // disc: as it was found last.
  void failed(const plan::Step& step, const Error& error, const medium::MediumSnapshot& disc);
  [[nodiscard]] const BurnOutcome& outcome() const { return outcome_; }

 private:
  bool test_write_;
  bool head_switched_ = false;  // media that are overwritten
  BurnOutcome outcome_;
};

// What to do about a session that was begun and not ended; empty for any other.
[[nodiscard]] std::string_view advice_for(const BurnOutcome& outcome);

}  // namespace pregroove::burn
