#include "simdrive/disc/sector.h"

#include <algorithm>

namespace simdrive {
namespace {

constexpr std::size_t kHeaderOffset = 12;
constexpr std::size_t kUserDataOffsetMode1 = 16;
constexpr std::size_t kSubHeaderOffset = 16;
constexpr std::size_t kUserDataOffsetForm1 = 24;
constexpr std::size_t kEdcOffsetMode1 = 2064;
constexpr std::size_t kEdcOffsetForm1 = 2072;
constexpr std::size_t kPParityOffset = 2076;
constexpr std::size_t kQParityOffset = 2248;
constexpr std::uint8_t kDataSubMode = 0x08;  // CD-ROM XA submode: data

// (x^16 + x^15 + x^2 + 1)(x^16 + x^2 + x + 1), bits reversed, since the least significant bit of
// each byte comes first.
constexpr std::uint32_t kEdcPolynomial = 0xD8018001;

constexpr std::array<std::uint32_t, 256> make_edc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit)
      value = (value >> 1U) ^ ((value & 1U) != 0 ? kEdcPolynomial : 0U);
    table[byte] = value;
  }
  return table;
}
constexpr auto kEdcTable = make_edc_table();

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
constexpr auto kDividedByOnePlusAlpha = make_division_table();

// One dimension of the product code: vectors of `length` data bytes, each `step` apart, wrapping
// at `size`; the parities of all vectors follow each other, first those of one row, then of the
// other.
struct Code {
  std::size_t vectors;
  std::size_t length;
  std::size_t first_step;  // from vector to vector, per pair of bytes
  std::size_t step;        // within a vector
  std::size_t size;
};
constexpr Code kPCode{.vectors = 86, .length = 24, .first_step = 2, .step = 86, .size = 2064};
constexpr Code kQCode{.vectors = 52, .length = 43, .first_step = 86, .step = 88, .size = 2236};

// With V the codeword, d0 ... dn-1 p0 p1, annex A wants the sum of all bytes to be zero, and the
// sum of byte times alpha^(place from the end) too.
void append_parity(RawSector& sector, const Code& code, std::size_t parity_offset) {
  for (std::size_t vector = 0; vector < code.vectors; ++vector) {
    std::size_t index = ((vector / 2) * code.first_step) + (vector % 2);
    std::uint8_t weighted = 0;
    std::uint8_t sum = 0;
    for (std::size_t i = 0; i < code.length; ++i) {
      const auto byte = std::to_integer<std::uint8_t>(sector[kHeaderOffset + index]);
      sum ^= byte;
      weighted = times_alpha(static_cast<std::uint8_t>(weighted ^ byte));
      index += code.step;
      if (index >= code.size) index -= code.size;
    }
    // weighted now carries alpha^1 for the last data byte; p0 needs alpha^1 and p1 alpha^0, so it
    // takes one more step.
    weighted = times_alpha(weighted);
    const std::uint8_t first = kDividedByOnePlusAlpha[weighted ^ sum];
    sector[parity_offset + vector] = std::byte{first};
    sector[parity_offset + code.vectors + vector] =
        std::byte{static_cast<std::uint8_t>(first ^ sum)};
  }
}

void store_little_endian(RawSector& sector, std::size_t offset, std::uint32_t value) {
  for (std::size_t i = 0; i < sizeof(value); ++i)
    sector[offset + i] = static_cast<std::byte>(value >> (8 * i));
}

std::byte binary_coded_decimal(std::uint8_t value) {
  return static_cast<std::byte>(((value / 10) << 4U) | (value % 10));
}

void fill_sync(RawSector& sector) {
  std::fill(sector.begin() + 1, sector.begin() + 11, std::byte{0xFF});
}

void fill_header(RawSector& sector, Lba lba, std::uint8_t mode) {
  const Msf msf = pregroove::msf_from_lba(lba).value_or(Msf{});
  sector[kHeaderOffset] = binary_coded_decimal(msf.minute);
  sector[kHeaderOffset + 1] = binary_coded_decimal(msf.second);
  sector[kHeaderOffset + 2] = binary_coded_decimal(msf.frame);
  sector[kHeaderOffset + 3] = std::byte{mode};
}

void append_both_parities(RawSector& sector) {
  append_parity(sector, kPCode, kPParityOffset);
  append_parity(sector, kQCode, kQParityOffset);
}

}  // namespace

std::uint32_t error_detection_code(std::span<const std::byte> bytes) {
  std::uint32_t value = 0;
  for (const std::byte byte : bytes)
    value = (value >> 8U) ^ kEdcTable[(value ^ std::to_integer<std::uint32_t>(byte)) & 0xFFU];
  return value;
}

RawSector encode_sector(Lba lba, std::span<const std::byte, pregroove::kBlockSize> user_data,
                        SectorFormat format) {
  RawSector sector{};
  fill_sync(sector);
  if (format == SectorFormat::kMode1) {
    fill_header(sector, lba, 1);
    std::ranges::copy(user_data, sector.begin() + kUserDataOffsetMode1);
    store_little_endian(sector, kEdcOffsetMode1,
                        error_detection_code(std::span(sector).first(kEdcOffsetMode1)));
    append_both_parities(sector);
    return sector;
  }
  // The sub-header is recorded twice.
  sector[kSubHeaderOffset + 2] = std::byte{kDataSubMode};
  sector[kSubHeaderOffset + 6] = std::byte{kDataSubMode};
  std::ranges::copy(user_data, sector.begin() + kUserDataOffsetForm1);
  store_little_endian(sector, kEdcOffsetForm1,
                      error_detection_code(std::span(sector).subspan(
                          kSubHeaderOffset, kEdcOffsetForm1 - kSubHeaderOffset)));
  append_both_parities(sector);  // over a zero header
  fill_header(sector, lba, 2);
  return sector;
}

}  // namespace simdrive
