// What a transcript holds, one entry a line: a header, then commands and events in their order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "simdrive/hosts/served_drive.h"

namespace simdrive::hosts::transcripts {

inline constexpr std::int64_t kFormat = 1;

struct Header {
  std::string program_version;
  bool whole_payload =
      false;  // the blocks that were written and read are in it, not hashes of them
  std::optional<std::string> disc;  // the file of the disc that was in the drive at first
  std::optional<std::string> medium;
  profiles::Personality personality;
};

enum class Direction : std::uint8_t { kNone, kIn, kOut };

// Bytes, or only how many they were and their hash (XXH3, 64 bits).
struct Content {
  std::size_t length = 0;
  std::optional<std::uint64_t> hash;
  std::vector<std::byte> bytes;  // empty where there is a hash
};

struct CommandEntry {
  std::size_t host = 0;
  std::vector<std::byte> cdb;
  Duration started{};
  Duration finished{};
  Direction direction = Direction::kNone;
  std::size_t room = 0;  // bytes that the host offered, or asked for
  Content content;       // what was offered, or what came
  std::uint8_t status = 0;
  std::vector<std::byte> sense;  // fixed format; empty without CHECK CONDITION
  std::size_t transferred = 0;
};

using Entry = std::variant<Header, CommandEntry, DriveEvent>;

[[nodiscard]] std::uint64_t hash_of(std::span<const std::byte> bytes);

// True for commands that carry blocks of a disc, whose content is of less interest than its
// identity. Blocks of the lead-in (negative addresses) are none: what is written there says what
// the disc is.
[[nodiscard]] bool carries_payload(std::span<const std::byte> cdb);

enum class Payload : bool { kHashed, kWhole };
// What passed the port, as an entry; of the host that the record names.
[[nodiscard]] CommandEntry entry_of(const CommandRecord& record, Payload payload);

}  // namespace simdrive::hosts::transcripts
