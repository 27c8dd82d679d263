#include "engine/burn/verification.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <vector>

namespace pregroove::burn {
namespace {

void add(std::string& differences, const std::string& difference) {
  if (!differences.empty()) differences += "; ";
  differences += difference;
}

const medium::Track* last_track(const medium::MediumSnapshot& disc) {
  if (disc.sessions.empty() || disc.sessions.back().tracks.empty()) return nullptr;
  return &disc.sessions.back().tracks.back();
}

}  // namespace

Status compare_with_plan(const medium::MediumSnapshot& disc, const plan::CheckResult& expected) {
  std::string differences;
  const bool closed_by_drive =
      expected.may_be_complete && disc.status == medium::DiscStatus::kComplete;
  if (disc.status != expected.status && !closed_by_drive)
    add(differences, fmt::format("the disc is {} and should be {}", name_of(disc.status),
                                 name_of(expected.status)));
  if (std::ssize(disc.sessions) != expected.sessions)
    add(differences, fmt::format("the disc holds {} closed session(s) and should hold {}",
                                 disc.sessions.size(), expected.sessions));
  if (const medium::Track* track = last_track(disc)) {
    if (track->start != expected.track_start)
      add(differences, fmt::format("the last track starts at LBA {} and should start at {}",
                                   track->start.value, expected.track_start.value));
    if (track->size < expected.track_blocks)
      add(differences, fmt::format("the last track has {} blocks and should have {}",
                                   track->size.value, expected.track_blocks.value));
  } else {
    add(differences, "the last session has no track");
  }
  if (differences.empty()) return {};
  return fail(ErrorCode::kVerification,
              fmt::format("the drive reported success, but {}", differences),
              "Do not trust this disc: burn again on another one, and check the drive.");
}

Status read_end(drive::Drive& drive, const LastWrite& expected) {
  std::vector<std::byte> blocks(static_cast<std::size_t>(expected.blocks.bytes()));
  auto read = drive.read(expected.start, blocks);
  const bool about_these_blocks = read || (read.error().code != ErrorCode::kMediumChanged &&
                                           read.error().sense && !read.error().command.empty());
  if (!about_these_blocks) return read;
  if (read && XXH3_64bits(blocks.data(), blocks.size()) == expected.checksum) return {};
  Error wrong;
  if (!read) wrong = std::move(read).error();
  wrong.code = ErrorCode::kVerification;
  wrong.message =
      fmt::format("the drive reported success, but the last {} block(s) of the session {}",
                  expected.blocks.value,
                  wrong.sense ? "cannot be read: " + wrong.message : "are not what was written");
  wrong.advice = "Do not trust this disc: burn the files again on another one.";
  wrong.lba = expected.start;
  return std::unexpected(std::move(wrong));
}

Status read_back(drive::Drive& drive, const plan::ReadBack& step, const Checksums& expected,
                 BurnClock& clock) {
  std::vector<std::byte> buffer(static_cast<std::size_t>(expected.stretch.bytes()));
  const Lba end = step.start + step.blocks;
  Lba at = step.start;
  for (const std::uint64_t checksum : expected.values) {
    const BlockCount count = std::min(expected.stretch, end - at);
    const auto stretch = std::span(buffer).first(static_cast<std::size_t>(count.bytes()));
    PREGROOVE_RETURN_IF_ERROR(drive.read(at, stretch));
    if (XXH3_64bits(stretch.data(), stretch.size()) != checksum) {
      auto wrong = fail(ErrorCode::kVerification,
                        fmt::format("what was read back from LBA {} to {} is not what was written",
                                    at.value, (at + count).value - 1),
                        "Do not trust this disc: burn the files again on another one.");
      wrong.error().lba = at;
      return wrong;
    }
    at += count;
    clock.count(at - step.start);
    if (clock.cancelled())
      return fail(ErrorCode::kCancelled, "verification was cancelled; the disc itself is complete",
                  "Run pregroove verify to check it later.");
  }
  return {};
}

}  // namespace pregroove::burn
