// The two codes of a data sector, in every implementation that this processor can run: the error
// detection code (a CRC of 32 bits) and the Reed-Solomon product code.
//
// All implementations give the same bytes. `fastest` is what sector.h uses; the others are there
// to be compared and measured.
//
// Sources: ECMA-130 14.3 (EDC) and annex A (RSPC).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace simdrive::sector_codec {

// Bytes 12 to 2351 of a sector: 24 rows of 86 bytes of data, 2 rows of P parity, 104 bytes of Q.
inline constexpr std::size_t kProtectedOffset = 12;
inline constexpr std::size_t kRowSize = 86;
inline constexpr std::size_t kDataRows = 24;
inline constexpr std::size_t kAllRows = 26;
inline constexpr std::size_t kQOffset = kAllRows * kRowSize;
inline constexpr std::size_t kQVectors = 52;  // bytes of one of the two Q rows
inline constexpr std::size_t kColumns = 43;   // pairs of bytes in a row
inline constexpr std::size_t kProtectedSize = kQOffset + (2 * kQVectors);

using Protected = std::span<std::byte, kProtectedSize>;

struct Codec {
  std::string_view name;
  // The EDC of all the bytes.
  std::uint32_t (*edc)(std::span<const std::byte> bytes);
  // Fills in P and Q.
  void (*append_parity)(Protected bytes);
};

[[nodiscard]] const Codec& portable();
// All that can run here, portable() first.
[[nodiscard]] std::span<const Codec* const> available();
[[nodiscard]] const Codec& fastest();

// AVX2 and PCLMULQDQ; null where the processor or the compiler has none.
[[nodiscard]] const Codec* x86();

// What the implementations share.

// (x^16 + x^15 + x^2 + 1)(x^16 + x^2 + x + 1), bits reversed, since the least significant bit of
// each byte comes first.
inline constexpr std::uint32_t kEdcPolynomial = 0xD8018001;

// The EDC of `bytes` behind bytes whose EDC is `value`.
[[nodiscard]] std::uint32_t continue_edc(std::uint32_t value, std::span<const std::byte> bytes);

// Multiplication by alpha in GF(2^8) with x^8 + x^4 + x^3 + x^2 + 1 (ECMA-130 annex A).
constexpr std::uint8_t times_alpha(std::uint8_t value) {
  return static_cast<std::uint8_t>((std::uint32_t{value} << 1U) ^
                                   ((value & 0x80U) != 0 ? 0x1DU : 0U));
}

// Division by 1 + alpha, by which the two check equations are solved.
constexpr std::array<std::uint8_t, 256> make_division_table() {
  std::array<std::uint8_t, 256> table{};
  for (unsigned value = 0; value < table.size(); ++value) {
    const auto byte = static_cast<std::uint8_t>(value);
    table[static_cast<std::uint8_t>(byte ^ times_alpha(byte))] = byte;
  }
  return table;
}
inline constexpr auto kDividedByOnePlusAlpha = make_division_table();

}  // namespace simdrive::sector_codec
