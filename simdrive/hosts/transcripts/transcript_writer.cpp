#include "simdrive/hosts/transcripts/transcript_writer.h"

#include <algorithm>

#include "simdrive/hosts/transcripts/entry_text.h"

namespace simdrive::hosts::transcripts {
namespace {

using pregroove::ErrorCode;
using pregroove::Result;
using pregroove::Status;
using pregroove::scsi::DataIn;
using pregroove::scsi::DataOut;

// What is longer is hashed. Parameters for the drive are needed to run the transcript again; what
// the drive says at length need only be recognised.
constexpr std::size_t kWholeInUpTo = std::size_t{4} << 10U;
constexpr std::size_t kWholeOutUpTo = std::size_t{64} << 10U;

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
  CommandEntry entry{.host = record.initiator,
                     .cdb = {record.cdb.begin(), record.cdb.end()},
                     .started = record.started,
                     .finished = record.finished,
                     .status = static_cast<std::uint8_t>(record.completion.status),
                     .transferred = record.completion.bytes_transferred};
  if (record.completion.sense) {
    const auto sense = fixed_sense(*record.completion.sense);
    entry.sense.assign(sense.begin(), sense.end());
  }
  if (const auto* in = std::get_if<DataIn>(&record.data)) {
    entry.direction = Direction::kIn;
    entry.room = in->buffer.size();
    const auto came = std::span<const std::byte>(in->buffer)
                          .first(std::min(in->buffer.size(), record.completion.bytes_transferred));
    const bool hashed = carries_payload(record.cdb) || came.size() > kWholeInUpTo;
    entry.content = content_of(came, hashed);
  }
  if (const auto* out = std::get_if<DataOut>(&record.data)) {
    entry.direction = Direction::kOut;
    entry.room = out->buffer.size();
    const bool hashed = carries_payload(record.cdb) || out->buffer.size() > kWholeOutUpTo;
    entry.content = content_of(out->buffer, hashed);
  }
  write(as_line(entry));
}

void TranscriptWriter::on_event(const DriveEvent& event) { write(as_line(event)); }

Content TranscriptWriter::content_of(std::span<const std::byte> bytes, bool hashed) const {
  Content content{.length = bytes.size()};
  if (hashed && !whole_payload_)
    content.hash = hash_of(bytes);
  else
    content.bytes.assign(bytes.begin(), bytes.end());
  return content;
}

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
