#include "simdrive/disc/sector_codec.h"

#include <cstring>

// With V a code word d0 ... dn-1 p0 p1, annex A wants the sum of all its bytes to be zero, and the
// sum of each byte times alpha^(places from the end) too. The first sum S and, by Horner's rule,
// the second one W are accumulated over the data; then p0 = (W + S) / (1 + alpha), p1 = p0 + S.
//
// All vectors of one dimension are worked on side by side, eight bytes to a machine word. For P
// these are the columns, so that a step adds a row. Vector n of Q takes row (n + m) mod 26 of
// column m: with the columns turned into rows, and each written twice in a row, a step adds 52
// consecutive bytes.
namespace simdrive::sector_codec {
namespace {

constexpr std::size_t kSlices = 16;
using EdcTables = std::array<std::array<std::uint32_t, 256>, kSlices>;

// Table n: the EDC of a byte with n zero bytes behind it.
constexpr EdcTables make_edc_tables() {
  EdcTables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit)
      value = (value >> 1U) ^ ((value & 1U) != 0 ? kEdcPolynomial : 0U);
    tables[0][byte] = value;
  }
  for (std::size_t slice = 1; slice < kSlices; ++slice)
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[slice - 1][byte];
      tables[slice][byte] = (before >> 8U) ^ tables[0][before & 0xFFU];
    }
  return tables;
}
constexpr EdcTables kEdcTables = make_edc_tables();

std::uint32_t table_edc(std::span<const std::byte> bytes) { return continue_edc(0, bytes); }

constexpr std::uint64_t kLowBits = 0x0101010101010101;

// Eight bytes at once.
std::uint64_t eight_times_alpha(std::uint64_t bytes) {
  const std::uint64_t high_bits = (bytes >> 7U) & kLowBits;
  return ((bytes & (0x7F * kLowBits)) << 1U) ^ (high_bits * 0x1D);
}

// Sums of a whole row of vectors. The last word overlaps the one before it when the size is no
// multiple of eight; what it holds twice is the same twice.
template <std::size_t Size>
class Sums {
 public:
  void add(const std::byte* row) {
    for (std::size_t i = 0; i < kWords; ++i) {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, row + offset(i), sizeof(bytes));
      plain_[i] ^= bytes;
      weighted_[i] = eight_times_alpha(weighted_[i] ^ bytes);
    }
  }

  // `weighted_` carries alpha^1 for the last data byte; p0 has alpha^1 and p1 alpha^0, so it takes
  // one more step.
  void store_parity(std::byte* first_row, std::byte* second_row) const {
    for (std::size_t i = 0; i < kWords; ++i) {
      const std::uint64_t solved = eight_times_alpha(weighted_[i]) ^ plain_[i];
      std::array<std::uint8_t, 8> quotients{};
      std::memcpy(quotients.data(), &solved, sizeof(solved));
      for (std::uint8_t& byte : quotients) byte = kDividedByOnePlusAlpha[byte];
      std::uint64_t parity = 0;
      std::memcpy(&parity, quotients.data(), sizeof(parity));
      std::memcpy(first_row + offset(i), &parity, sizeof(parity));
      parity ^= plain_[i];
      std::memcpy(second_row + offset(i), &parity, sizeof(parity));
    }
  }

 private:
  static constexpr std::size_t kWords = (Size + 7) / 8;
  static constexpr std::size_t offset(std::size_t word) {
    return word + 1 < kWords ? 8 * word : Size - 8;
  }

  std::array<std::uint64_t, kWords> plain_{};
  std::array<std::uint64_t, kWords> weighted_{};
};

void append_p(std::byte* bytes) {
  Sums<kRowSize> sums;
  for (std::size_t row = 0; row < kDataRows; ++row) sums.add(bytes + (row * kRowSize));
  sums.store_parity(bytes + (kDataRows * kRowSize), bytes + ((kDataRows + 1) * kRowSize));
}

void append_q(std::byte* bytes) {
  Sums<kQVectors> sums;
  std::array<std::byte, 2 * kQVectors> column{};
  for (std::size_t m = 0; m < kColumns; ++m) {
    for (std::size_t row = 0; row < kAllRows; ++row)
      std::memcpy(column.data() + (2 * row), bytes + (row * kRowSize) + (2 * m), 2);
    std::memcpy(column.data() + kQVectors, column.data(), kQVectors);
    sums.add(column.data() + (2 * (m % kAllRows)));
  }
  sums.store_parity(bytes + kQOffset, bytes + kQOffset + kQVectors);
}

void append_both(Protected bytes) {
  append_p(bytes.data());
  append_q(bytes.data());
}

constexpr Codec kPortable{.name = "portable", .edc = table_edc, .append_parity = append_both};

}  // namespace

std::uint32_t continue_edc(std::uint32_t value, std::span<const std::byte> bytes) {
  const auto octet = [&bytes](std::size_t i) { return std::to_integer<std::uint32_t>(bytes[i]); };
  while (bytes.size() >= kSlices) {
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < 4; ++i)
      next ^= kEdcTables[kSlices - 1 - i][octet(i) ^ ((value >> (8 * i)) & 0xFFU)];
    for (std::size_t i = 4; i < kSlices; ++i) next ^= kEdcTables[kSlices - 1 - i][octet(i)];
    value = next;
    bytes = bytes.subspan(kSlices);
  }
  for (std::size_t i = 0; i < bytes.size(); ++i)
    value = (value >> 8U) ^ kEdcTables[0][(value ^ octet(i)) & 0xFFU];
  return value;
}

const Codec& portable() { return kPortable; }

std::span<const Codec* const> available() {
  static const std::array<const Codec*, 2> kCodecs{&kPortable, x86()};
  return std::span(kCodecs).first(kCodecs[1] == nullptr ? 1 : 2);
}

const Codec& fastest() { return *available().back(); }

}  // namespace simdrive::sector_codec
