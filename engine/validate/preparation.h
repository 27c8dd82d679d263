// Carries out the steps of disc_states.h: the disc comes into a state of the rows.
//
// Only for a disc that may be lost. Each command is sent once, since asked again it would be
// another one; then the drive is waited for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/validate/conversation.h"
#include "engine/validate/disc_states.h"
#include "engine/validate/observations.h"

namespace pregroove::validate {

// A step that the drive would not do. Not an error: a drive that differs is what is looked for.
struct Refusal {
  std::string command;  // in MMC words
  SenseCode code;
};

class Preparation {
 public:
  // REQUIRES: drive and clock outlive it; the drive may be changed.
  // observed: for the write parameters that the drive has by default.
  Preparation(Conversation& drive, Clock& clock, medium::MediumKind kind,
              const Observations& observed);

  // nullopt when it is done. Errors as of Conversation::ask.
  [[nodiscard]] Result<std::optional<Refusal>> carry_out(const Step& step);
  // The write parameters of the last step that selected some.
  [[nodiscard]] Status select_again();
  // The write parameters as the drive has them by default.
  [[nodiscard]] Status select_defaults();
  // Waits until the drive has ended what goes on; a format in the background may go on.
  [[nodiscard]] Status settle();
  // What is still in the drive's buffer is written.
  [[nodiscard]] Status flush();

  // The drive took a MODE SELECT with BUFE, or none was sent.
  [[nodiscard]] bool protects_from_underrun() const { return underrun_protection_; }

 private:
  using Outcome = Result<std::optional<Refusal>>;

  [[nodiscard]] Outcome send(std::span<const std::byte> cdb, std::span<const std::byte> out = {});
  [[nodiscard]] Outcome select(const std::vector<std::byte>& list);
  [[nodiscard]] Outcome write(std::int64_t first, std::int64_t count);
  [[nodiscard]] Outcome do_step(const SelectDefaults& step);
  [[nodiscard]] Outcome do_step(const SelectWriting& step);
  [[nodiscard]] Outcome do_step(const EraseDisc& step);
  [[nodiscard]] Outcome do_step(const FormatDisc& step);
  [[nodiscard]] Outcome do_step(const FillTrack& step);
  [[nodiscard]] Outcome do_step(const FillStart& step);
  [[nodiscard]] Outcome do_step(const EndTrack& step);
  [[nodiscard]] Outcome do_step(const EndTrackLeftOpen& step);
  [[nodiscard]] Outcome do_step(const Flush& step);
  [[nodiscard]] Outcome do_step(const Reserve& step);
  [[nodiscard]] Outcome do_step(const Close& step);
  [[nodiscard]] Outcome do_step(const StopFormat& step);
  [[nodiscard]] Outcome do_step(const AwaitFormat& step);

  Conversation& drive_;
  Clock& clock_;
  medium::MediumKind kind_;
  std::vector<std::byte> defaults_;  // the parameter list; empty when the drive has none
  std::vector<std::byte> selected_;  // the last one that was sent
  bool underrun_protection_ = true;
};

}  // namespace pregroove::validate
