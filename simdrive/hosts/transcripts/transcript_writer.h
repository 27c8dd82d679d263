// Writes down all that happens at a served drive, line by line as it happens: a program that is
// killed leaves whole lines.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/system/file.h"
#include "simdrive/hosts/transcripts/entries.h"

namespace simdrive::hosts::transcripts {

struct WriterOptions {
  std::string program_version;
  bool whole_payload = false;
};

class TranscriptWriter final : public DriveLog {
 public:
  // Listens to the drive from now on. kAlreadyExists when there is such a file. REQUIRES: the drive
  // outlives it.
  [[nodiscard]] static pregroove::Result<std::unique_ptr<TranscriptWriter>> attach(
      ServedDrive& drive, const profiles::Personality& personality, const std::string& path,
      const WriterOptions& options);
  ~TranscriptWriter() override;

  void on_command(const CommandRecord& record) override;
  void on_event(const DriveEvent& event) override;

  // Stops listening. The first error of writing, after which nothing more was written.
  [[nodiscard]] pregroove::Status finish();

 private:
  TranscriptWriter(ServedDrive& drive, pregroove::system::File file, bool whole_payload)
      : drive_(drive), file_(std::move(file)), whole_payload_(whole_payload) {}
  void write(const std::string& line);

  ServedDrive& drive_;
  pregroove::system::File file_;
  bool whole_payload_;
  std::optional<pregroove::Error> error_;
};

}  // namespace simdrive::hosts::transcripts
