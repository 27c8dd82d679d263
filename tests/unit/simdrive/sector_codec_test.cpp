// Every codec against the definitions of ECMA-130, worked out slowly, and whole sectors in every
// form: their layouts, and what inspect_sector makes of them.
#include "simdrive/disc/sector_codec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ranges>
#include <string>
#include <vector>

#include "simdrive/disc/sector.h"

namespace simdrive {
namespace {

using sector_codec::Codec;

class Noise {
 public:
  explicit Noise(std::uint64_t seed) : state_(seed) {}
  std::vector<std::byte> bytes(std::size_t size) {
    std::vector<std::byte> bytes(size);
    for (std::byte& byte : bytes) {
      state_ = state_ * 6364136223846793005U + 1442695040888963407U;  // Knuth's MMIX generator
      byte = static_cast<std::byte>(state_ >> 56U);
    }
    return bytes;
  }

 private:
  std::uint64_t state_;
};

// ECMA-130 14.3: the remainder after division of the bytes, least significant bit first, followed
// by 32 zero bits; the last remainder bit is recorded as the most significant one.
std::uint32_t slow_edc(std::span<const std::byte> bytes) {
  // (x^16 + x^15 + x^2 + 1)(x^16 + x^2 + x + 1), multiplied out.
  constexpr std::uint64_t kPolynomial = 0x18001801BULL;
  std::uint64_t remainder = 0;
  const auto push = [&remainder](unsigned bit) {
    remainder = (remainder << 1U) | bit;
    if ((remainder >> 32U) != 0) remainder ^= kPolynomial;
  };
  for (const std::byte byte : bytes)
    for (unsigned bit = 0; bit < 8; ++bit) push((std::to_integer<unsigned>(byte) >> bit) & 1U);
  for (int i = 0; i < 32; ++i) push(0);
  std::uint32_t recorded = 0;
  for (unsigned bit = 0; bit < 32; ++bit)
    recorded |= static_cast<std::uint32_t>((remainder >> bit) & 1U) << (31 - bit);
  return recorded;
}

// Multiplication in GF(2^8), field polynomial x^8 + x^4 + x^3 + x^2 + 1 (ECMA-130 annex A.3).
unsigned multiply(unsigned a, unsigned b) {
  unsigned product = 0;
  for (unsigned i = 0; i < 8; ++i)
    if (((b >> i) & 1U) != 0) product ^= a << i;
  for (unsigned i = 15; i >= 8; --i)
    if (((product >> i) & 1U) != 0) product ^= 0x11DU << (i - 8);
  return product;
}

// The two check equations for places (bytes from byte 12) of a code word, most significant first.
bool is_code_word(std::span<const std::byte> bytes, const std::vector<std::size_t>& places) {
  unsigned sum = 0;
  unsigned weighted = 0;
  unsigned power = 1;
  for (const std::size_t place : std::views::reverse(places)) {
    const auto byte = std::to_integer<unsigned>(bytes[place]);
    sum ^= byte;
    weighted ^= multiply(byte, power);
    power = multiply(power, 2);
  }
  return sum == 0 && weighted == 0;
}

// How many of the 86 columns and 52 diagonals of annex A are no code words.
std::size_t wrong_vectors(std::span<const std::byte> bytes) {
  std::size_t wrong = 0;
  for (std::size_t half = 0; half < 2; ++half) {
    for (std::size_t n = 0; n < 43; ++n) {
      std::vector<std::size_t> places;
      for (std::size_t m = 0; m < 26; ++m) places.push_back((2 * ((43 * m) + n)) + half);
      if (!is_code_word(bytes, places)) ++wrong;
    }
    for (std::size_t n = 0; n < 26; ++n) {
      std::vector<std::size_t> places;
      for (std::size_t m = 0; m < 43; ++m)
        places.push_back((2 * (((44 * m) + (43 * n)) % 1118)) + half);
      places.push_back((2 * ((43 * 26) + n)) + half);
      places.push_back((2 * ((44 * 26) + n)) + half);
      if (!is_code_word(bytes, places)) ++wrong;
    }
  }
  return wrong;
}

TEST(SectorCodec, TheLastOneAvailableIsTheFastest) {
  ASSERT_FALSE(sector_codec::available().empty());
  EXPECT_EQ(sector_codec::available().front(), &sector_codec::portable());
  EXPECT_EQ(sector_codec::available().back(), &sector_codec::fastest());
}

TEST(SectorCodec, EveryErrorDetectionCodeIsTheRemainderOfTheStandard) {
  const auto bytes = Noise(1).bytes(2400);
  for (const Codec* codec : sector_codec::available()) {
    // All lengths around the strides of the fast paths, and those of the three forms.
    for (std::size_t size = 0; size <= 300; ++size)
      ASSERT_EQ(codec->edc(std::span(bytes).first(size)), slow_edc(std::span(bytes).first(size)))
          << codec->name << ", " << size << " bytes";
    for (const std::size_t size : {2064U, 2056U, 2332U})
      for (std::size_t offset = 0; offset < 17; ++offset)
        ASSERT_EQ(codec->edc(std::span(bytes).subspan(offset, size)),
                  slow_edc(std::span(bytes).subspan(offset, size)))
            << codec->name << ", " << size << " bytes at " << offset;
  }
}

TEST(SectorCodec, EveryParityFulfilsTheCheckEquations) {
  Noise noise(2);
  for (const Codec* codec : sector_codec::available()) {
    for (int i = 0; i < 20; ++i) {
      auto bytes = noise.bytes(sector_codec::kProtectedSize);
      ASSERT_GT(wrong_vectors(bytes), 0U);
      codec->append_parity(sector_codec::Protected(bytes));
      ASSERT_EQ(wrong_vectors(bytes), 0U) << codec->name;
    }
  }
}

// The parity is linear, so single bytes are all that can differ.
TEST(SectorCodec, AllImplementationsGiveTheSameParityForEverySingleByte) {
  for (std::size_t place = 0; place < 2064; ++place) {
    std::vector<std::byte> expected(sector_codec::kProtectedSize);
    expected[place] = static_cast<std::byte>(1 + (place % 255));
    const auto data = expected;
    sector_codec::portable().append_parity(sector_codec::Protected(expected));
    for (const Codec* codec : sector_codec::available()) {
      auto bytes = data;
      codec->append_parity(sector_codec::Protected(bytes));
      ASSERT_EQ(bytes, expected) << codec->name << ", byte " << place;
    }
  }
}

TEST(SectorCodec, ParityLeavesTheBytesAroundItAlone) {
  for (const Codec* codec : sector_codec::available()) {
    std::vector<std::byte> guarded(sector_codec::kProtectedSize + 128, std::byte{0xA5});
    codec->append_parity(std::span(guarded).subspan<64, sector_codec::kProtectedSize>());
    EXPECT_EQ(std::ranges::count(std::span(guarded).first(64 + 2064), std::byte{0xA5}), 64 + 2064);
    EXPECT_EQ(std::ranges::count(std::span(guarded).last(64), std::byte{0xA5}), 64);
  }
}

struct FormRow {
  const char* name;
  SectorEncoding encoding;
  std::uint8_t mode;
  std::size_t user_data_offset;
  std::size_t user_data_size;
  Check edc;
  Check ecc;
};

// ECMA-130 clause 14, and the layouts of CD-ROM XA as MMC-6 repeats them.
const FormRow kForms[] = {
    {"mode 1", {.form = SectorForm::kMode1}, 1, 16, 2048, Check::kHolds, Check::kHolds},
    {"formless", {.form = SectorForm::kMode2Formless}, 2, 16, 2336, Check::kAbsent, Check::kAbsent},
    {"form 1", {.form = SectorForm::kMode2Form1}, 2, 24, 2048, Check::kHolds, Check::kHolds},
    {"form 2", {.form = SectorForm::kMode2Form2}, 2, 24, 2324, Check::kHolds, Check::kAbsent},
};

TEST(SectorForms, UserDataLiesWhereTheStandardPutsItInEverySectorOfARun) {
  for (const FormRow& row : kForms) {
    constexpr std::size_t kSectors = 3;
    ASSERT_EQ(block_size(row.encoding), row.user_data_size) << row.name;
    const auto blocks = Noise(3).bytes(kSectors * row.user_data_size);
    std::vector<std::byte> raw(kSectors * kRawSectorSize, std::byte{0xEE});
    encode_sectors(row.encoding, Lba{4498}, blocks, raw);
    for (std::size_t i = 0; i < kSectors; ++i) {
      const auto sector = std::span(raw).subspan(i * kRawSectorSize).first<kRawSectorSize>();
      EXPECT_EQ(std::to_integer<int>(sector[15]), int{row.mode}) << row.name;
      EXPECT_TRUE(
          std::ranges::equal(sector.subspan(row.user_data_offset, row.user_data_size),
                             std::span(blocks).subspan(i * row.user_data_size, row.user_data_size)))
          << row.name;
      const SectorReport report = inspect_sector(sector);
      EXPECT_EQ(report.form, row.encoding.form) << row.name;
      EXPECT_EQ(report.edc, row.edc) << row.name;
      EXPECT_EQ(report.ecc, row.ecc) << row.name;
      EXPECT_EQ(report.user_data_offset, row.user_data_offset) << row.name;
      EXPECT_EQ(report.user_data_size, row.user_data_size) << row.name;
      // LBA 4498 is 01:01:73, so the third sector is in the next second.
      const Msf expected[] = {{1, 1, 73}, {1, 1, 74}, {1, 2, 0}};
      EXPECT_EQ(report.address, expected[i]) << row.name;
    }
  }
}

TEST(SectorForms, EveryCodecMakesTheSameSectors) {
  for (const FormRow& row : kForms) {
    const auto blocks = Noise(4).bytes(5 * row.user_data_size);
    std::vector<std::byte> expected(5 * kRawSectorSize);
    encode_sectors(row.encoding, Lba{-2}, blocks, expected, sector_codec::portable());
    for (const Codec* codec : sector_codec::available()) {
      std::vector<std::byte> raw(5 * kRawSectorSize, std::byte{0xEE});
      encode_sectors(row.encoding, Lba{-2}, blocks, raw, *codec);
      EXPECT_EQ(raw, expected) << row.name << ", " << codec->name;
    }
  }
}

TEST(SectorForms, ErrorDetectionCodeOfXaCoversSubHeaderAndUserData) {
  const auto block = Noise(5).bytes(2324);
  RawSector form1;
  encode_sectors({.form = SectorForm::kMode2Form1}, Lba{0}, std::span(block).first(2048), form1);
  RawSector form2;
  encode_sectors({.form = SectorForm::kMode2Form2}, Lba{0}, block, form2);
  const auto recorded = [](const RawSector& sector, std::size_t offset) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
      value |= std::to_integer<std::uint32_t>(sector[offset + i]) << (8 * i);
    return value;
  };
  EXPECT_EQ(recorded(form1, 2072), slow_edc(std::span(form1).subspan(16, 2056)));
  EXPECT_EQ(recorded(form2, 2348), slow_edc(std::span(form2).subspan(16, 2332)));
}

// Sector 225 of an image that vcdimager 2.0.1 (Debian 12) made with a file of this content in it:
// `vcdimager -t vcd11 --add-file=pat.bin,PAT.BIN t.mpg`. Its codec is none of ours.
TEST(SectorForms, Form1IsWhatAnotherProgramMakesOfTheSameData) {
  std::vector<std::byte> block(2048);
  for (unsigned i = 0; i < block.size(); ++i)
    block[i] = static_cast<std::byte>((i * i) + ((i >> 8U) * 29));
  constexpr SubHeader kSubHeader{.file_number = 1, .sub_mode = 0x88};
  struct Piece {
    std::size_t offset;
    std::array<std::uint8_t, 16> bytes;
  };
  constexpr Piece kPieces[] = {
      {8, {0xFF, 0xFF, 0xFF, 0, 0, 0x05, 0, 0x02, 0x01, 0, 0x88, 0, 0x01, 0, 0x88, 0}},
      // EDC and the first bytes of P; the end of P; both ends of Q.
      {2072,
       {0x5E, 0xFE, 0x20, 0xE6, 0xA4, 0x76, 0x95, 0x04, 0x0A, 0x6F, 0xFA, 0x1C, 0x93, 0x72, 0xCB,
        0xAE}},
      {2232,
       {0xE0, 0x14, 0xE2, 0x2F, 0x88, 0x41, 0xB3, 0xE5, 0x63, 0x46, 0x32, 0x90, 0xE4, 0x57, 0xC9,
        0x30}},
      {2248,
       {0x27, 0x84, 0x93, 0x99, 0x6A, 0xFB, 0x94, 0x8B, 0xF2, 0x2D, 0xAF, 0xC1, 0xDB, 0x48, 0x7F,
        0x7F}},
      {2336,
       {0x93, 0xDB, 0xD4, 0x90, 0x15, 0x5F, 0x78, 0x51, 0xC0, 0x8C, 0xB6, 0xB7, 0xF2, 0x7F, 0x8F,
        0xDC}}};
  for (const Codec* codec : sector_codec::available()) {
    RawSector sector;
    encode_sectors({.form = SectorForm::kMode2Form1, .sub_header = kSubHeader}, Lba{225}, block,
                   sector, *codec);
    for (const Piece& piece : kPieces)
      for (std::size_t i = 0; i < piece.bytes.size(); ++i)
        EXPECT_EQ(std::to_integer<int>(sector[piece.offset + i]), int{piece.bytes[i]})
            << codec->name << ", byte " << piece.offset + i;
  }
}

// From the same image: empty form 2 sectors of its gaps and of its video track.
TEST(SectorForms, Form2IsWhatAnotherProgramMakesOfTheSameData) {
  struct Row {
    SubHeader sub_header;
    std::array<std::uint8_t, 4> edc;
  };
  constexpr Row kRows[] = {
      {{.sub_mode = 0x20}, {0x3F, 0x13, 0xB0, 0xBE}},
      {{.file_number = 1, .sub_mode = 0x60}, {0xAF, 0x2B, 0x17, 0xD8}},
      {{.file_number = 1, .sub_mode = 0xE0}, {0x56, 0x67, 0xD2, 0xF2}},
  };
  const std::vector<std::byte> block(2324);
  for (const Row& row : kRows) {
    RawSector sector;
    encode_sectors({.form = SectorForm::kMode2Form2, .sub_header = row.sub_header}, Lba{0}, block,
                   sector);
    for (std::size_t i = 0; i < 4; ++i)
      EXPECT_EQ(std::to_integer<int>(sector[2348 + i]), int{row.edc[i]}) << i;
  }
}

TEST(SectorForms, SubHeaderIsTheGivenOneTwice) {
  const auto block = Noise(6).bytes(2048);
  constexpr SubHeader kGiven{
      .file_number = 1, .channel_number = 2, .sub_mode = 0x89, .coding_information = 4};
  RawSector sector;
  encode_sectors({.form = SectorForm::kMode2Form1, .sub_header = kGiven}, Lba{0}, block, sector);
  const std::uint8_t expected[] = {1, 2, 0x89, 4, 1, 2, 0x89, 4};
  for (std::size_t i = 0; i < 8; ++i)
    EXPECT_EQ(std::to_integer<int>(sector[16 + i]), int{expected[i]}) << i;
  EXPECT_EQ(inspect_sector(sector).sub_header, kGiven);
}

TEST(SectorForms, BlocksThatCarryTheirSubHeaderKeepIt) {
  auto blocks = Noise(7).bytes(2 * 2056);
  for (std::size_t i = 0; i < 8; ++i) blocks[i] = static_cast<std::byte>(i % 4 == 2 ? 0x08 : 7);
  std::vector<std::byte> raw(2 * kRawSectorSize);
  encode_sectors({.form = SectorForm::kMode2Form1, .blocks_carry_sub_header = true}, Lba{0}, blocks,
                 raw);
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_TRUE(std::ranges::equal(std::span(raw).subspan((i * kRawSectorSize) + 16, 2056),
                                   std::span(blocks).subspan(i * 2056, 2056)));
  EXPECT_EQ(block_size({.form = SectorForm::kMode2Form2, .blocks_carry_sub_header = true}), 2332U);
}

TEST(SectorForms, AudioIsCopiedAndMode0IsZeros) {
  const auto samples = Noise(8).bytes(kRawSectorSize);
  RawSector sector;
  encode_sectors({.form = SectorForm::kAudio}, Lba{0}, samples, sector);
  EXPECT_TRUE(std::ranges::equal(sector, samples));
  EXPECT_EQ(inspect_sector(sector).form, SectorForm::kAudio);
  encode_sectors({.form = SectorForm::kMode0}, Lba{0}, std::span(samples).first(2336), sector);
  EXPECT_EQ(inspect_sector(sector).form, SectorForm::kMode0);
  EXPECT_EQ(std::ranges::count(std::span(sector).subspan(15), std::byte{}), 2352 - 15);
}

struct AddressRow {
  std::int32_t lba;
  std::uint8_t minute, second, frame;  // as they are recorded
};

// MMC-6 table "LBA to MSF translation": the pregap, the end of the lead-in, its largest address.
TEST(SectorForms, HeadersOfPregapAndLeadInCountUpToMinuteZero) {
  constexpr AddressRow kRows[] = {{-1, 0x00, 0x01, 0x74},     {-150, 0x00, 0x00, 0x00},
                                  {-151, 0x99, 0x59, 0x74},   {-45150, 0x90, 0x00, 0x00},
                                  {-11635, 0x97, 0x26, 0x65}, {404849, 0x89, 0x59, 0x74}};
  const auto block = Noise(9).bytes(2048);
  for (const AddressRow& row : kRows) {
    const RawSector sector =
        encode_sector(Lba{row.lba}, std::span<const std::byte, 2048>(block), SectorFormat::kMode1);
    EXPECT_EQ(std::to_integer<int>(sector[12]), int{row.minute}) << row.lba;
    EXPECT_EQ(std::to_integer<int>(sector[13]), int{row.second}) << row.lba;
    EXPECT_EQ(std::to_integer<int>(sector[14]), int{row.frame}) << row.lba;
  }
}

TEST(SectorInspection, FindsADamagedByteInEveryProtectedPart) {
  struct Row {
    SectorForm form;
    std::size_t place;
    Check edc, ecc;
  };
  const Row rows[] = {{SectorForm::kMode1, 14, Check::kBroken, Check::kBroken},
                      {SectorForm::kMode1, 1000, Check::kBroken, Check::kBroken},
                      {SectorForm::kMode1, 2065, Check::kBroken, Check::kBroken},
                      {SectorForm::kMode1, 2080, Check::kHolds, Check::kBroken},
                      {SectorForm::kMode1, 2351, Check::kHolds, Check::kBroken},
                      {SectorForm::kMode2Form1, 14, Check::kHolds, Check::kHolds},
                      {SectorForm::kMode2Form1, 1000, Check::kBroken, Check::kBroken},
                      {SectorForm::kMode2Form1, 2300, Check::kHolds, Check::kBroken},
                      {SectorForm::kMode2Form2, 14, Check::kHolds, Check::kAbsent},
                      {SectorForm::kMode2Form2, 2347, Check::kBroken, Check::kAbsent}};
  for (const Row& row : rows) {
    const auto block = Noise(10).bytes(block_size({.form = row.form}));
    RawSector sector;
    encode_sectors({.form = row.form}, Lba{600}, block, sector);
    sector[row.place] ^= std::byte{1};
    const SectorReport report = inspect_sector(sector);
    EXPECT_EQ(report.form, row.form);
    EXPECT_EQ(report.edc, row.edc) << row.place;
    EXPECT_EQ(report.ecc, row.ecc) << row.place;
  }
}

TEST(SectorInspection, AForm2SectorMayLeaveItsErrorDetectionCodeZero) {
  const auto block = Noise(11).bytes(2324);
  RawSector sector;
  encode_sectors({.form = SectorForm::kMode2Form2}, Lba{0}, block, sector);
  std::ranges::fill(std::span(sector).last(4), std::byte{});
  EXPECT_EQ(inspect_sector(sector).edc, Check::kAbsent);
}

TEST(SectorInspection, TakesNoiseBehindASyncForWhateverItsModeSays) {
  const auto noise = Noise(13).bytes(kRawSectorSize);
  for (int mode = 0; mode < 256; ++mode) {
    RawSector sector;
    std::ranges::copy(noise, sector.begin());
    sector[0] = sector[11] = std::byte{};
    std::ranges::fill(std::span(sector).subspan(1, 10), std::byte{0xFF});
    sector[15] = static_cast<std::byte>(mode);
    const SectorReport report = inspect_sector(sector);
    constexpr SectorForm kByMode[] = {SectorForm::kMode0, SectorForm::kMode1,
                                      SectorForm::kMode2Formless};
    EXPECT_EQ(report.form, mode < 3 ? kByMode[mode] : SectorForm::kAudio) << mode;
    EXPECT_EQ(report.edc, mode == 1 ? Check::kBroken : Check::kAbsent) << mode;
    EXPECT_LE(report.user_data_offset + report.user_data_size, kRawSectorSize) << mode;
  }
}

TEST(SectorInspection, GivesNoAddressForAHeaderThatIsNotDecimal) {
  const auto block = Noise(12).bytes(2336);
  RawSector sector;
  encode_sectors({.form = SectorForm::kMode2Formless}, Lba{0}, block, sector);
  EXPECT_TRUE(inspect_sector(sector).address.has_value());
  sector[13] = std::byte{0x60};
  EXPECT_FALSE(inspect_sector(sector).address.has_value());
  sector[13] = std::byte{0x0A};
  EXPECT_FALSE(inspect_sector(sector).address.has_value());
}

// ECMA-130 annex B: the register x^15 + x + 1 is preset to 0001h, so it gives one 1, then fourteen
// 0 and, from its taps, 1 again at bit 15; the bytes as figure B.1 makes them.
TEST(Scrambling, BeginsWithTheSequenceOfTheStandardAndUndoesItself) {
  RawSector sector{};
  scramble_sector(sector);
  const std::uint8_t expected[] = {0x01, 0x80, 0x00, 0x60, 0x00, 0x28, 0x00, 0x1E,
                                   0x80, 0x08, 0x60, 0x06, 0xA8, 0x02, 0xFE, 0x81};
  for (std::size_t i = 0; i < sizeof(expected); ++i)
    EXPECT_EQ(std::to_integer<int>(sector[12 + i]), int{expected[i]}) << i;
  for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(sector[i], std::byte{});
  scramble_sector(sector);
  EXPECT_EQ(sector, RawSector{});
}

}  // namespace
}  // namespace simdrive
