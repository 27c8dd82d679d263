// A transport that stands between the engine and a drive, and lets single commands go wrong.
//
// A rule picks commands by operation code and by their count; what then happens is one of: the
// drive answers with a sense code instead, the exchange fails, the drive says GOOD and does
// nothing, or something happens to the world right before the command (a disc is swapped). It also
// counts commands, for cost tests.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "engine/scsi/numbers.h"
#include "engine/scsi/transport.h"

namespace pregroove::testing_support {

struct FaultRule {
  std::optional<scsi::Opcode> opcode;  // any command when absent
  int after = 0;                       // so many matching commands pass first
  int times = 1;                       // so many are then hit; -1: all

  std::optional<scsi::Sense>
      sense;  // answer CHECK CONDITION with this; the drive never sees the command
  bool exchange_fails = false;    // the device is gone
  bool swallow = false;           // answer GOOD; the drive never sees the command
  std::function<void()> before;   // then pass the command on
  bool flip_bit = false;          // pass it on, then damage the first byte of what was read
  bool flip_bit_on_disc = false;  // pass it on with a damaged first byte of what is written
};

class FaultingTransport final : public scsi::Transport {
 public:
  explicit FaultingTransport(scsi::Transport& drive) : drive_(drive) {}

  void add(FaultRule rule) { rules_.push_back({std::move(rule), 0}); }
  void clear() { rules_.clear(); }

  [[nodiscard]] Result<scsi::Completion> execute(const scsi::Command& command) override;
  [[nodiscard]] std::size_t max_transfer_bytes() const override {
    return drive_.max_transfer_bytes();
  }

  [[nodiscard]] int commands() const { return commands_; }
  [[nodiscard]] int count(scsi::Opcode opcode) const;
  // Of these, the ones that were answered with GOOD: a drive that is busy makes the engine ask
  // again.
  [[nodiscard]] int accepted(scsi::Opcode opcode) const;
  // Rules that have hit at least once: a fault that never happened proves nothing.
  [[nodiscard]] int hits() const { return hits_; }
  void reset_counts();

 private:
  struct Counted {
    FaultRule rule;
    int seen = 0;
  };
  const FaultRule* match(scsi::Opcode opcode);
  Result<scsi::Completion> execute_damaged(const scsi::Command& command,
                                           std::span<const std::byte> data);

  scsi::Transport& drive_;
  std::vector<Counted> rules_;
  std::map<scsi::Opcode, int> counts_;
  std::map<scsi::Opcode, int> accepted_;
  int commands_ = 0;
  int hits_ = 0;
};

}  // namespace pregroove::testing_support
