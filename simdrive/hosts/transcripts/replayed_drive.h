// The drive that a transcript is run on: hosts, discs and events as the transcript has them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "simdrive/hosts/transcripts/entries.h"

namespace simdrive::hosts::transcripts {

class ReplayedDrive {
 public:
  // `discs`: the file for each disc name of the transcript.
  ReplayedDrive(profiles::Personality personality, std::map<std::string, std::string> discs)
      : drive_(clock_, std::move(personality)), discs_(std::move(discs)) {}

  // As load() of a served drive. kNotFound for a name that is not among the discs.
  [[nodiscard]] pregroove::Status load(const std::string& name);
  [[nodiscard]] const Disc* disc() { return drive_.disc(); }
  // Lets time pass until the event, and has it happen.
  [[nodiscard]] pregroove::Status happen(const DriveEvent& event);
  // The same with a command and the data for the drive; buffer is where data from it goes.
  [[nodiscard]] pregroove::Result<pregroove::scsi::Completion> execute(
      const CommandEntry& entry, std::span<const std::byte> out, std::span<std::byte> in);

 private:
  VirtualClock clock_;
  Drive drive_;
  std::map<std::string, std::string> discs_;
  std::vector<std::unique_ptr<pregroove::scsi::Transport>> hosts_;
  std::optional<std::string> loaded_;
};

}  // namespace simdrive::hosts::transcripts
