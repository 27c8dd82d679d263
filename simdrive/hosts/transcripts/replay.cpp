#include "simdrive/hosts/transcripts/replay.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/bytes.h"
#include "simdrive/hosts/transcripts/comparison.h"
#include "simdrive/hosts/transcripts/replayed_drive.h"
#include "simdrive/hosts/transcripts/transcript_reader.h"

namespace simdrive::hosts::transcripts {
namespace {

using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Result;
using pregroove::Status;

// The names of the transcript's discs, in their order. All of its lines are looked at.
Result<std::vector<std::string>> disc_names(const std::string& path) {
  PREGROOVE_ASSIGN_OR_RETURN(TranscriptReader reader, TranscriptReader::open(path));
  std::vector<std::string> names;
  if (reader.header().disc) names.push_back(*reader.header().disc);
  for (;;) {
    PREGROOVE_ASSIGN_OR_RETURN(const std::optional<Entry> entry, reader.next());
    if (!entry) return names;
    const auto* const event = std::get_if<DriveEvent>(&*entry);
    if (event == nullptr || event->kind != DriveEventKind::kLoaded) continue;
    if (std::ranges::find(names, event->name) == names.end()) names.push_back(event->name);
  }
}

Result<std::map<std::string, std::string>> files_of_discs(const std::vector<std::string>& names,
                                                          const std::vector<std::string>& files) {
  if (names.size() != files.size())
    return fail(
        ErrorCode::kInvalidArgument,
        fmt::format("the transcript uses {} discs, and {} are given", names.size(), files.size()),
        "Give a disc file for each, in the order in which they were loaded.");
  std::map<std::string, std::string> discs;
  for (std::size_t i = 0; i < names.size(); ++i) discs[names[i]] = files[i];
  return discs;
}

// The data for the drive: as it was, or made from its hash.
std::vector<std::byte> data_of(const Content& content) {
  if (!content.hash) return content.bytes;
  std::vector<std::byte> data;
  data.reserve(content.length);
  const pregroove::Be64 hash(*content.hash);
  const auto pattern = std::as_bytes(std::span(&hash, 1));
  while (data.size() < content.length) data.push_back(pattern[data.size() % pattern.size()]);
  return data;
}

class Replay {
 public:
  Replay(TranscriptReader reader, ReplayedDrive& drive)
      : reader_(std::move(reader)), drive_(drive) {}

  Result<ReplayReport> run() {
    while (!report_.difference) {
      PREGROOVE_ASSIGN_OR_RETURN(const std::optional<Entry> entry, reader_.next());
      if (!entry) break;
      if (const auto* event = std::get_if<DriveEvent>(&*entry))
        PREGROOVE_RETURN_IF_ERROR(drive_.happen(*event));
      if (const auto* command = std::get_if<CommandEntry>(&*entry)) run(*command);
    }
    report_.cut_off = reader_.cut_off();
    return report_;
  }

 private:
  void run(const CommandEntry& recorded) {
    ++report_.commands;
    const std::vector<std::byte> out = recorded.direction == Direction::kOut
                                           ? data_of(recorded.content)
                                           : std::vector<std::byte>{};
    std::vector<std::byte> in(recorded.direction == Direction::kIn ? recorded.room : 0);
    if (recorded.direction == Direction::kOut && recorded.content.hash) ++report_.replaced_writes;
    const auto completion = drive_.execute(recorded, out, in);
    if (!completion) return differ(recorded, {}, completion.error().message);
    const bool is_read = recorded.direction == Direction::kIn && carries_payload(recorded.cdb);
    const bool comparable = !is_read || report_.replaced_writes == 0;
    if (!comparable) ++report_.uncompared_reads;
    const ActualReply actual = reply_of(*completion, in);
    if (!equal(recorded, actual, comparable ? CompareData::kYes : CompareData::kNo))
      differ(recorded, actual, describe_actual(recorded, actual));
  }
  void differ(const CommandEntry& recorded, const ActualReply& actual, std::string words) {
    report_.difference = Difference{.line = reader_.line(),
                                    .command = describe_command(recorded),
                                    .expected = describe_recorded(recorded, actual),
                                    .actual = std::move(words)};
  }

  TranscriptReader reader_;
  ReplayedDrive& drive_;
  ReplayReport report_;
};

Status load_first(ReplayedDrive& drive, const Header& header) {
  if (!header.disc) return {};
  PREGROOVE_RETURN_IF_ERROR(drive.load(*header.disc));
  if (header.medium && *header.medium != drive.disc()->medium().name)
    return fail(ErrorCode::kWrongMedium,
                fmt::format("the transcript is of a {}, and the disc is a {}", *header.medium,
                            drive.disc()->medium().name),
                "Give a disc of the same kind, in the state in which it was then.");
  return {};
}

}  // namespace

Result<ReplayReport> replay(const std::string& path, const ReplayOptions& options) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto names, disc_names(path));
  PREGROOVE_ASSIGN_OR_RETURN(auto discs, files_of_discs(names, options.discs));
  PREGROOVE_ASSIGN_OR_RETURN(TranscriptReader reader, TranscriptReader::open(path));
  ReplayedDrive drive(options.personality.value_or(reader.header().personality), std::move(discs));
  PREGROOVE_RETURN_IF_ERROR(load_first(drive, reader.header()));
  return Replay(std::move(reader), drive).run();
}

}  // namespace simdrive::hosts::transcripts
