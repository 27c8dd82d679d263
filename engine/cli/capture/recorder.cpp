#include "engine/cli/capture/recorder.h"

#include <algorithm>

#include "simdrive/hosts/transcripts/entry_text.h"

namespace pregroove::cli {
namespace {

namespace transcripts = simdrive::hosts::transcripts;
using simdrive::hosts::DriveEvent;
using simdrive::hosts::DriveEventKind;

// Long after a simulated drive has spun up (at most ten minutes, simdrive/profiles).
constexpr Duration kSettled = std::chrono::hours(1);
// A transcript numbers the hosts from 1.
constexpr std::size_t kThisHost = 1;

bool only_says_busy(const scsi::Completion& completion) {
  if (completion.status == scsi::ScsiStatus::kBusy) return true;
  constexpr std::uint8_t kNotReadyNow = 0x04;
  return completion.sense && completion.sense->key() == scsi::SenseKey::kNotReady &&
         completion.sense->code.asc == kNotReadyNow;
}

Status append(system::File& file, const std::string& line) {
  return file.append(std::as_bytes(std::span(line)));
}

}  // namespace

Result<scsi::Completion> RecordingTransport::execute(const scsi::Command& command) {
  const Duration started = clock_.now() - begun_ + kSettled;
  auto completion = transport_.execute(command);
  if (!completion || only_says_busy(*completion)) return completion;
  // What was written has to be written again.
  const bool writes = std::holds_alternative<scsi::DataOut>(command.data);
  const auto payload = writes ? transcripts::Payload::kWhole : transcripts::Payload::kHashed;
  entries_.push_back(transcripts::entry_of({.cdb = command.cdb,
                                            .data = command.data,
                                            .completion = *completion,
                                            .started = started,
                                            .finished = clock_.now() - begun_ + kSettled,
                                            .initiator = kThisHost},
                                           payload));
  return completion;
}

Status write_transcript(system::File& file, const TranscriptHead& head,
                        const std::vector<transcripts::CommandEntry>& entries) {
  constexpr auto kDisc = "disc";
  transcripts::Header header{.program_version = head.program_version,
                             .medium = head.medium,
                             .personality = head.personality};
  // Only hosts that were there when the disc came are told of it.
  const bool loaded_later = head.disc && head.change_reported;
  if (head.disc && !loaded_later) header.disc = kDisc;
  if (!header.disc) header.medium.reset();
  PREGROOVE_RETURN_IF_ERROR(append(file, transcripts::as_line(header)));
  PREGROOVE_RETURN_IF_ERROR(
      append(file, transcripts::as_line(
                       DriveEvent{.kind = DriveEventKind::kHostConnected, .name = "pregroove"})));
  if (loaded_later)
    PREGROOVE_RETURN_IF_ERROR(append(
        file, transcripts::as_line(DriveEvent{.kind = DriveEventKind::kLoaded, .name = kDisc})));
  if (head.tray_open)
    PREGROOVE_RETURN_IF_ERROR(
        append(file, transcripts::as_line(DriveEvent{.kind = DriveEventKind::kEjected})));
  for (const auto& entry : entries)
    PREGROOVE_RETURN_IF_ERROR(append(file, transcripts::as_line(entry)));
  return {};
}

}  // namespace pregroove::cli
