#include "simdrive/hosts/transcripts/entries.h"

#include <xxhash.h>

#include <algorithm>
#include <array>

namespace simdrive::hosts::transcripts {
namespace {

constexpr std::array<std::uint8_t, 4> kReads{0x28, 0xA8, 0xB9, 0xBE};
constexpr std::array<std::uint8_t, 3> kWrites{0x2A, 0x2E, 0xAA};
constexpr std::size_t kAddress = 2;  // in all of them, most significant byte first
constexpr std::byte kSign{0x80};

// What is longer is hashed. Parameters for the drive are needed to run the transcript again; what
// the drive says at length need only be recognised.
constexpr std::size_t kWholeInUpTo = std::size_t{4} << 10U;
constexpr std::size_t kWholeOutUpTo = std::size_t{64} << 10U;

Content content_of(std::span<const std::byte> bytes, bool hashed) {
  Content content{.length = bytes.size()};
  if (hashed)
    content.hash = hash_of(bytes);
  else
    content.bytes.assign(bytes.begin(), bytes.end());
  return content;
}

}  // namespace

std::uint64_t hash_of(std::span<const std::byte> bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

bool carries_payload(std::span<const std::byte> cdb) {
  if (cdb.size() <= kAddress) return false;
  const auto opcode = std::to_integer<std::uint8_t>(cdb.front());
  if (std::ranges::find(kReads, opcode) != kReads.end()) return true;
  return std::ranges::find(kWrites, opcode) != kWrites.end() &&
         (cdb[kAddress] & kSign) == std::byte{0};
}

CommandEntry entry_of(const CommandRecord& record, Payload payload) {
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
  const bool hashes = payload == Payload::kHashed;
  if (const auto* in = std::get_if<pregroove::scsi::DataIn>(&record.data)) {
    entry.direction = Direction::kIn;
    entry.room = in->buffer.size();
    const auto came = std::span<const std::byte>(in->buffer)
                          .first(std::min(in->buffer.size(), record.completion.bytes_transferred));
    entry.content =
        content_of(came, hashes && (carries_payload(record.cdb) || came.size() > kWholeInUpTo));
  }
  if (const auto* out = std::get_if<pregroove::scsi::DataOut>(&record.data)) {
    entry.direction = Direction::kOut;
    entry.room = out->buffer.size();
    entry.content = content_of(
        out->buffer, hashes && (carries_payload(record.cdb) || out->buffer.size() > kWholeOutUpTo));
  }
  return entry;
}

}  // namespace simdrive::hosts::transcripts
