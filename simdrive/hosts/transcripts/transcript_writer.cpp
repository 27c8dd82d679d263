#include "simdrive/hosts/transcripts/transcript_writer.h"

#include "simdrive/hosts/transcripts/entry_text.h"

namespace simdrive::hosts::transcripts {
namespace {

using pregroove::ErrorCode;
using pregroove::Result;
using pregroove::Status;

}  // namespace

Result<std::unique_ptr<TranscriptWriter>> TranscriptWriter::attach(
    ServedDrive& drive, const profiles::Personality& personality, const std::string& path,
    const WriterOptions& options) {
  auto file = pregroove::system::File::create(path);
  if (!file) {
    pregroove::Error error = std::move(file).error();
    if (error.code == ErrorCode::kAlreadyExists)
      error.advice = "Choose another name for the transcript, or remove the file.";
    return std::unexpected(std::move(error));
  }
  std::unique_ptr<TranscriptWriter> writer(
      new TranscriptWriter(drive, *std::move(file), options.whole_payload));
  const DriveStatus status = drive.status();
  writer->write(as_line(Header{.program_version = options.program_version,
                               .whole_payload = options.whole_payload,
                               .disc = status.disc,
                               .medium = status.medium,
                               .personality = personality}));
  drive.set_log(writer.get());
  return writer;
}

TranscriptWriter::~TranscriptWriter() { drive_.set_log(nullptr); }

void TranscriptWriter::on_command(const CommandRecord& record) {
  write(as_line(entry_of(record, whole_payload_ ? Payload::kWhole : Payload::kHashed)));
}

void TranscriptWriter::on_event(const DriveEvent& event) { write(as_line(event)); }

Status TranscriptWriter::finish() {
  drive_.set_log(nullptr);
  if (error_) return std::unexpected(*error_);
  return {};
}

// In one call, so that no line is torn, and at once, so that none is lost.
void TranscriptWriter::write(const std::string& line) {
  if (error_) return;
  if (auto written = file_.append(std::as_bytes(std::span(line))); !written)
    error_ = std::move(written).error();
}

}  // namespace simdrive::hosts::transcripts
