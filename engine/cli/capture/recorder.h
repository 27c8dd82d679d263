// Writes down what passes between a program and a drive, so that simdrive can run it again
// ("simdrive replay").
//
// Left out are the answers that only say "busy" (2/04/xx, BUSY): how often a host asks depends on
// the time that passes, which is another one on a simulated drive. For the same reason the times
// count from when the disc has long been in the drive.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/scsi/transport.h"
#include "engine/system/file.h"
#include "engine/validate/observations.h"
#include "simdrive/hosts/transcripts/entries.h"

namespace pregroove::cli {

class RecordingTransport final : public scsi::Transport {
 public:
  // REQUIRES: both outlive it.
  RecordingTransport(scsi::Transport& transport, Clock& clock)
      : transport_(transport), clock_(clock), begun_(clock.now()) {}

  [[nodiscard]] Result<scsi::Completion> execute(const scsi::Command& command) override;
  [[nodiscard]] std::size_t max_transfer_bytes() const override {
    return transport_.max_transfer_bytes();
  }
  [[nodiscard]] const std::vector<simdrive::hosts::transcripts::CommandEntry>& entries() const {
    return entries_;
  }

 private:
  scsi::Transport& transport_;
  Clock& clock_;
  Duration begun_;
  std::vector<simdrive::hosts::transcripts::CommandEntry> entries_;
};

// What the header and the first events of the transcript say.
struct TranscriptHead {
  std::string program_version;
  std::optional<std::string> medium;  // as "simdrive media" lists it
  bool disc = false;
  bool tray_open = false;
  bool change_reported = false;  // the host was there when the disc came
  simdrive::profiles::Personality personality;
};

// kIo.
[[nodiscard]] Status write_transcript(
    system::File& file, const TranscriptHead& head,
    const std::vector<simdrive::hosts::transcripts::CommandEntry>& entries);

}  // namespace pregroove::cli
