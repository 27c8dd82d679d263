// Small conversions between our types and the fields of wire structs. For the .cpp files here.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "engine/base/bytes.h"
#include "engine/base/check.h"
#include "engine/base/units.h"

namespace pregroove::mmc {

[[nodiscard]] constexpr bool bit(std::uint8_t byte, unsigned position) {
  return bit_field(byte, position, 1) != 0;
}
[[nodiscard]] constexpr std::uint8_t bit_if(bool value, unsigned position) {
  return value ? static_cast<std::uint8_t>(1U << position) : std::uint8_t{0};
}
[[nodiscard]] constexpr std::uint8_t byte_of(unsigned value) {
  return static_cast<std::uint8_t>(value);
}

// Addresses travel as two's complement.
[[nodiscard]] constexpr Be32 wire_lba(Lba lba) {
  return Be32(static_cast<std::uint32_t>(lba.value));
}
[[nodiscard]] constexpr Lba lba_of(Be32 field) {
  return {static_cast<std::int32_t>(field.value())};
}

// REQUIRES: the count fits into the field.
template <std::unsigned_integral T, std::size_t N>
[[nodiscard]] BigEndian<T, N> wire_blocks(BlockCount blocks) {
  PREGROOVE_CHECK(blocks.value >= 0 && (blocks.value >> (8U * N)) == 0);
  return BigEndian<T, N>(static_cast<T>(blocks.value));
}

// Whether the three bytes are a position at all: FF:FF:FF and damaged tables are not.
[[nodiscard]] constexpr bool is_valid(Msf msf) {
  return msf.minute <= 99 && msf.second <= 59 && msf.frame <= 74;
}
// A position in the program area, or a lead-out; nullopt when it is none.
[[nodiscard]] constexpr std::optional<Lba> program_lba(Msf msf) {
  if (!is_valid(msf)) return std::nullopt;
  return lba_from_msf(msf);
}

}  // namespace pregroove::mmc
