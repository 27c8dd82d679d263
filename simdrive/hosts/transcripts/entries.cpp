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

}  // namespace simdrive::hosts::transcripts
