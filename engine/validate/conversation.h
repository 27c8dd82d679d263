// Puts single commands to a drive and takes the answers as they are; waits while the drive is busy.
//
// A command that could change something is never sent unless that was allowed, and then only those
// that the rules for it list: an attempt is a mistake of the program and ends it (base/check.h).
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>

#include "engine/base/clock.h"
#include "engine/base/error.h"
#include "engine/scsi/transport.h"
#include "engine/validate/answer.h"

namespace pregroove::validate {

// kAllowed: the disc may be lost (write_rules.h).
enum class Changes : bool { kForbidden, kAllowed };

// What a drive said before it was ready.
struct Greeting {
  bool power_on_reported = false;           // 6/29
  int medium_changes_reported = 0;          // 6/28
  bool get_configuration_reported = false;  // GET CONFIGURATION was the one that was told
  std::optional<SenseCode> becoming_ready;  // 2/04/xx
  std::optional<SenseCode> without_medium;  // 2/3A/xx
  std::optional<SenseCode> unreadable;      // anything else: the disc cannot be used
};

class Conversation {
 public:
  // REQUIRES: both outlive it.
  Conversation(scsi::Transport& transport, Clock& clock, Changes changes)
      : transport_(transport), clock_(clock), changes_(changes) {}

  // Asks until the drive is ready, or has said why it will not be. kTimeout after a minute of
  // spinning up, kProtocol when unit attentions do not end.
  [[nodiscard]] Result<Greeting> greet();

  // One command. Repeated while the drive says that it is busy (2/04/xx, BUSY; kTimeout after
  // `patience`), and after a unit attention that does not concern the disc. kMediumChanged when the
  // disc was exchanged, kBusy when another host has reserved the drive; the errors of the
  // transport.
  [[nodiscard]] Result<Answer> ask(std::span<const std::byte> cdb, std::size_t room,
                                   std::span<const std::byte> out = {},
                                   Duration patience = kPatience);

  // One command that may go on in the drive: as ask(), but that the drive is busy is an answer.
  [[nodiscard]] Result<Answer> begin(std::span<const std::byte> cdb, std::size_t room,
                                     std::span<const std::byte> out = {});
  // Waits until the drive does nothing more of that kind, and tells of the disc again.
  [[nodiscard]] Status settle(Duration patience);

  [[nodiscard]] std::size_t max_transfer() const { return transport_.max_transfer_bytes(); }
  [[nodiscard]] bool may_change() const { return changes_ == Changes::kAllowed; }
  // Something was sent that changes the disc or the drive.
  [[nodiscard]] bool has_changed() const { return has_changed_; }

  static constexpr Duration kPatience = std::chrono::minutes(1);

 private:
  // Exactly once; nullopt: the status BUSY.
  [[nodiscard]] Result<std::optional<Answer>> send(std::span<const std::byte> cdb, std::size_t room,
                                                   std::span<const std::byte> out);

  scsi::Transport& transport_;
  Clock& clock_;
  Changes changes_;
  bool has_changed_ = false;
};

}  // namespace pregroove::validate
