// Sectors against the definitions of ECMA-130: not by the way in which they are made, but by the
// equations that they have to fulfil.
#include "simdrive/disc/sector.h"

#include <algorithm>

#include "tests/unit/simdrive/bench_drive.h"

namespace simdrive {
namespace {

using testing_support::Answer;
using testing_support::BenchDrive;
using testing_support::pattern;

RawSector sector_of(Lba lba, SectorFormat format) {
  const auto data = pattern(lba.value);
  return encode_sector(lba, std::span<const std::byte, 2048>(data), format);
}

std::uint8_t octet(const RawSector& sector, std::size_t index) {
  return std::to_integer<std::uint8_t>(sector[index]);
}

// Multiplication in GF(2^8), field polynomial x^8 + x^4 + x^3 + x^2 + 1 (ECMA-130 annex A.3).
std::uint8_t multiply(std::uint8_t a, std::uint8_t b) {
  unsigned product = 0;
  for (unsigned i = 0; i < 8; ++i)
    if (((b >> i) & 1U) != 0) product ^= static_cast<unsigned>(a) << i;
  for (unsigned i = 15; i >= 8; --i)
    if (((product >> i) & 1U) != 0) product ^= 0x11DU << (i - 8);
  return static_cast<std::uint8_t>(product);
}

// H x V of annex A.4 and A.5: the plain sum, and the sum weighted with alpha^(n-1) ... alpha^0.
void expect_code_word(const std::vector<std::uint8_t>& word, const std::string& name) {
  std::uint8_t sum = 0;
  std::uint8_t weighted = 0;
  std::uint8_t power = 1;
  for (std::size_t i = word.size(); i-- > 0; power = multiply(power, 2)) {
    sum ^= word[i];
    weighted ^= multiply(word[i], power);
  }
  EXPECT_EQ(int{sum}, 0) << name;
  EXPECT_EQ(int{weighted}, 0) << name;
}

// Annex A: bytes 12 to 2351 are 1170 words of two bytes; the code works on the least and on the
// most significant bytes by themselves.
void expect_parities(RawSector sector) {
  for (std::size_t half = 0; half < 2; ++half) {
    const auto word = [&](std::size_t n) { return octet(sector, 12 + (2 * n) + half); };
    for (std::size_t n = 0; n < 43; ++n) {  // P: column n, rows of 43 words, 26 of them
      std::vector<std::uint8_t> code;
      for (std::size_t m = 0; m < 26; ++m) code.push_back(word((43 * m) + n));
      expect_code_word(code, "P " + std::to_string(n));
    }
    for (std::size_t n = 0; n < 26; ++n) {  // Q: diagonals of 43 words through rows 0 to 25
      std::vector<std::uint8_t> code;
      for (std::size_t m = 0; m < 43; ++m) code.push_back(word(((44 * m) + (43 * n)) % 1118));
      code.push_back(word((43 * 26) + n));
      code.push_back(word((44 * 26) + n));
      expect_code_word(code, "Q " + std::to_string(n));
    }
  }
}

TEST(Sector, Mode1BeginsWithSyncAndTheAddressInBinaryCodedDecimal) {
  // LBA 12025 is 02:42:25.
  const RawSector sector = sector_of(Lba{12025}, SectorFormat::kMode1);
  const std::uint8_t expected[] = {0,    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                   0xFF, 0xFF, 0xFF, 0,    0x02, 0x42, 0x25, 0x01};
  for (std::size_t i = 0; i < sizeof(expected); ++i)
    EXPECT_EQ(int{octet(sector, i)}, int{expected[i]}) << i;
}

// ECMA-130 14.3: the codeword of bytes 0 to 2067 is divisible by the check polynomial
// (x^16 + x^15 + x^2 + 1)(x^16 + x^2 + x + 1), least significant bit of each byte first.
TEST(Sector, Mode1ErrorDetectionCodeDividesWithoutRemainder) {
  const RawSector sector = sector_of(Lba{16}, SectorFormat::kMode1);
  // The product, multiplied out over GF(2): x^32 + x^31 + x^16 + x^15 + x^4 + x^3 + x + 1.
  constexpr std::uint64_t kPolynomial = 0x18001801BULL;
  std::uint64_t remainder = 0;
  for (std::size_t i = 0; i < 2068; ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      remainder = (remainder << 1U) | ((octet(sector, i) >> bit) & 1U);
      if ((remainder >> 32U) != 0) remainder ^= kPolynomial;
    }
  }
  EXPECT_EQ(remainder, 0U);
}

TEST(Sector, Mode1ParitiesFulfilTheCheckEquations) {
  expect_parities(sector_of(Lba{16}, SectorFormat::kMode1));
  expect_parities(sector_of(Lba{359000}, SectorFormat::kMode1));
}

TEST(Sector, Mode1IntermediateFieldIsZero) {
  const RawSector sector = sector_of(Lba{16}, SectorFormat::kMode1);
  for (std::size_t i = 2068; i < 2076; ++i) EXPECT_EQ(int{octet(sector, i)}, 0);
}

// CD-ROM XA: parity is computed with the header as zeros, so that a sector can be moved.
TEST(Sector, Mode2Form1ParitiesFulfilTheCheckEquationsWithAZeroHeader) {
  RawSector sector = sector_of(Lba{16}, SectorFormat::kMode2Form1);
  EXPECT_EQ(int{octet(sector, 15)}, 2);
  for (std::size_t i = 12; i < 16; ++i) sector[i] = std::byte{};
  expect_parities(sector);
}

struct SelectionRow {
  const char* flags;
  std::size_t bytes;  // 0: refused
};

// MMC-6 table "number of bytes returned based on data selection field", column mode 1.
constexpr SelectionRow kMode1Selections[] = {
    {"10", 2048}, {"18", 2336}, {"20", 4},    {"30", 2052}, {"38", 2340}, {"50", 2048},
    {"58", 2336}, {"60", 4},    {"70", 2052}, {"78", 2340}, {"80", 12},   {"A0", 16},
    {"B0", 2064}, {"B8", 2352}, {"E0", 16},   {"F0", 2064}, {"F8", 2352}, {"08", 0},
    {"28", 0},    {"90", 0},    {"98", 0},    {"A8", 0},    {"16", 0},    {"F9", 0},
};

TEST(ReadCd, ReturnsWhatTheSelectionFieldAsksFor) {
  BenchDrive bench;
  bench.select_multi_session();
  ASSERT_NO_FATAL_FAILURE(bench.burn_session(300));
  const RawSector sector = sector_of(Lba{16}, SectorFormat::kMode1);
  for (const SelectionRow& row : kMode1Selections) {
    const Answer answer = bench.receive(
        std::string("BE 00 00 00 00 10 00 00 01 ") + row.flags + " 00 00", sector.size());
    EXPECT_EQ(answer.good(), row.bytes != 0) << row.flags;
    ASSERT_EQ(answer.data.size(), row.bytes) << row.flags;
    // Whatever is selected is one piece of the sector.
    if (row.bytes != 0) {
      EXPECT_NE(std::ranges::search(sector, answer.data).begin(), sector.end()) << row.flags;
    }
  }
}

TEST(ReadCd, WholeSectorsOfARangeFollowEachOther) {
  BenchDrive bench;
  bench.select_multi_session();
  ASSERT_NO_FATAL_FAILURE(bench.burn_session(300));
  const Answer by_lba = bench.receive("BE 08 00 00 00 10 00 00 03 F8 00 00", 3 * 2352);
  ASSERT_EQ(by_lba.data.size(), 3U * 2352U);
  for (std::int32_t i = 0; i < 3; ++i) {
    const RawSector sector = sector_of(Lba{16 + i}, SectorFormat::kMode1);
    EXPECT_TRUE(std::equal(sector.begin(), sector.end(), by_lba.data.begin() + (i * 2352)));
  }
  // LBA 16 is 00:02:16.
  EXPECT_EQ(bench.receive("B9 08 00 00 02 10 00 02 13 F8 00 00", 3 * 2352).data, by_lba.data);
}

}  // namespace
}  // namespace simdrive
