// Sub-channels and CD-TEXT against bytes of other programs and of documents, and against frames
// worked out by hand from the tables of IEC 60908.
#include "simdrive/disc/subchannel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "simdrive/disc/cd_text.h"

namespace simdrive {
namespace {

std::vector<std::byte> bytes_of_hex(const std::string& hex) {
  std::vector<std::byte> bytes;
  std::istringstream stream(hex);
  for (std::string octet; stream >> octet;)
    bytes.push_back(static_cast<std::byte>(std::stoul(octet, nullptr, 16)));
  return bytes;
}

template <typename Array>
Array array_of_hex(const std::string& hex) {
  const auto bytes = bytes_of_hex(hex);
  Array array{};
  EXPECT_LE(bytes.size(), array.size());
  std::ranges::copy(bytes, array.begin());
  return array;
}

// The frame without its CRC, as text.
std::string hex_of(const QFrame& frame) {
  std::string text;
  for (const std::byte byte : std::span(frame).first(10)) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    if (!text.empty()) text += ' ';
    text += kDigits[std::to_integer<std::size_t>(byte >> 4U)];
    text += kDigits[std::to_integer<std::size_t>(byte & std::byte{0xF})];
  }
  return text;
}

const SubchannelPlace kDataTrack{.control = control::kData, .track_start = Lba{0}};

// The check value that catalogues of CRCs give for this one (CRC-16/GSM).
TEST(SubchannelCrc, OfTheDigitsOneToNineIsThePublishedCheckValue) {
  const auto digits = bytes_of_hex("31 32 33 34 35 36 37 38 39");
  EXPECT_EQ(subchannel_crc(digits), 0xCE3C);
}

// The frame of LBA 0 of pressed data discs, as dumps show it (psx-spx, "CDROM Subchannel Images").
TEST(QChannel, FirstSectorOfADataDiscIsThatOfPressedDiscs) {
  const auto expected = array_of_hex<QFrame>("41 01 01 00 00 00 00 00 02 00 28 32");
  EXPECT_EQ(q_at(Lba{0}, kDataTrack), expected);
  EXPECT_TRUE(p_flag_at(Lba{0}, kDataTrack));
  // All 96 symbols, from the same page.
  const auto symbols = array_of_hex<Subchannel>(
      "80 C0 80 80 80 80 80 C0 80 80 80 80 80 80 80 C0 80 80 80 80 80 80 80 C0 "
      "80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 "
      "80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 80 C0 80 "
      "80 80 80 80 80 80 80 80 80 80 C0 80 C0 80 80 80 80 80 C0 C0 80 80 C0 80");
  EXPECT_EQ(interleave(true, expected), symbols);
  EXPECT_EQ(q_of(symbols), expected);
  EXPECT_TRUE(p_flag_of(symbols));
  const auto formatted =
      array_of_hex<FormattedQ>("41 01 01 00 00 00 00 00 02 00 28 32 00 00 00 80");
  EXPECT_EQ(format_q(true, expected), formatted);
  EXPECT_EQ(q_of(formatted), expected);
  EXPECT_TRUE(p_flag_of(formatted));
  EXPECT_FALSE(p_flag_of(format_q(false, expected)));
}

struct PositionRow {
  std::int32_t lba;
  SubchannelPlace place;
  const char* frame;
};

// ECMA-130 22.3.3: the time in a track counts down to its start in the pause; SCSI-2 table "CD
// media organization" gives 00:02:00 for the first sector of a pregap.
TEST(QChannel, PositionsCountDownInThePauseAndUpBehindIt) {
  const PositionRow rows[] = {
      {-150, {.control = 4, .index = 0}, "41 01 00 00 02 00 00 00 00 00"},
      {-1, {.control = 4, .index = 0}, "41 01 00 00 00 01 00 00 01 74"},
      {12025, {.control = 4}, "41 01 01 02 40 25 00 02 42 25"},
      {25000,
       {.control = 0, .track = 12, .index = 3, .track_start = Lba{20000}},
       "01 12 03 01 06 50 00 05 35 25"},
      {30000,
       {.control = 0, .track = kLeadOutTrack, .track_start = Lba{30000}},
       "01 AA 01 00 00 00 00 06 42 00"},
  };
  for (const PositionRow& row : rows) {
    const QFrame frame = q_at(Lba{row.lba}, row.place);
    EXPECT_EQ(hex_of(frame), row.frame) << row.lba;
    const auto parsed = parse_q(frame);
    ASSERT_TRUE(parsed.has_value()) << row.lba;
    EXPECT_EQ(std::get<QPosition>(*parsed), position_at(Lba{row.lba}, row.place));
  }
}

// IEC 60908: 13 digits of four bits, 12 zero bits, the frame number.
TEST(QChannel, CatalogueNumberIsThirteenDigits) {
  const QCatalogNumber number{.control = 0, .digits = "1234567890123", .absolute_frame = 37};
  const QFrame frame = make_q(number);
  EXPECT_EQ(hex_of(frame), "02 12 34 56 78 90 12 30 00 37");
  EXPECT_EQ(std::get<QCatalogNumber>(parse_q(frame).value()), number);
}

// IEC 60908: five characters of six bits (their code less 30h), two zero bits, seven digits, four
// zero bits, the frame number. U S R C 1 are 25h 23h 22h 13h 01h, that is 100101 100011 100010
// 010011 000001, and with 00: 96h 38h 93h 04h.
TEST(QChannel, IsrcIsFiveCharactersAndSevenDigits) {
  const QIsrc isrc{.control = 0, .code = "USRC17607839", .absolute_frame = 5};
  const QFrame frame = make_q(isrc);
  EXPECT_EQ(hex_of(frame), "03 96 38 93 04 76 07 83 90 05");
  EXPECT_EQ(std::get<QIsrc>(parse_q(frame).value()), isrc);
}

TEST(QChannel, CatalogueNumberAndIsrcComeInEveryHundredSectors) {
  SubchannelPlace place{.track = 2, .track_start = Lba{1000}};
  place.catalog_number = "1234567890123";
  place.isrc = "USRC17607839";
  for (std::int32_t start = -1150; start < -900; ++start) {
    std::array<int, 3> seen{};
    for (std::int32_t i = 0; i < 100; ++i) {
      const auto parsed = parse_q(q_at(Lba{start + i}, place));
      ASSERT_TRUE(parsed.has_value());
      ++seen.at(parsed->index());
    }
    ASSERT_EQ(seen, (std::array{98, 1, 1})) << start;
  }
}

struct TocRow {
  QTocEntry entry;
  const char* frame;
};

// MMC-6 READ TOC format 2 and ECMA-130 22.3.4: what stands at which point.
TEST(QChannel, LeadInEntriesHoldTheirPointsAndAddresses) {
  const Msf at{.minute = 97, .second = 27, .frame = 12};
  const TocRow rows[] = {
      {toc_track(4, 11, {12, 34, 56}, at), "41 00 11 97 27 12 00 12 34 56"},
      {toc_first_track(4, 1, 0x20, at), "41 00 A0 97 27 12 00 01 20 00"},
      {toc_last_track(0, 12, at), "01 00 A1 97 27 12 00 12 00 00"},
      {toc_lead_out(0, {59, 58, 57}, at), "01 00 A2 97 27 12 00 59 58 57"},
      {toc_next_session(0, {23, 15, 4}, {79, 59, 74}, 2), "05 00 B0 23 15 04 02 79 59 74"},
      {toc_first_lead_in(0, at, {0x40, 0, 0x80}), "05 00 C0 40 00 80 00 97 27 12"},
  };
  for (const TocRow& row : rows) {
    const QFrame frame = make_q(row.entry);
    EXPECT_EQ(hex_of(frame), row.frame);
    EXPECT_EQ(std::get<QTocEntry>(parse_q(frame).value()), row.entry);
  }
}

TEST(QChannel, OneWrongBitAnywhereBreaksTheCrc) {
  const QFrame frame = q_at(Lba{12025}, kDataTrack);
  EXPECT_TRUE(q_crc_holds(frame));
  for (std::size_t bit = 0; bit < 96; ++bit) {
    QFrame wrong = frame;
    wrong[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    EXPECT_FALSE(q_crc_holds(wrong)) << bit;
    EXPECT_FALSE(parse_q(wrong).has_value()) << bit;
  }
}

TEST(QChannel, FramesWithNumbersThatAreNotDecimalAreRefused) {
  for (const char* hex : {"41 1A 01 00 00 00 00 00 02 00", "41 01 0F 00 00 00 00 00 02 00",
                          "41 01 01 00 60 00 00 00 02 00", "41 01 01 00 00 00 00 00 02 75",
                          "02 A2 34 56 78 90 12 30 00 37", "03 96 38 93 04 7A 07 83 90 05",
                          "03 FF FF FF FC 76 07 83 90 05", "04 01 01 00 00 00 00 00 02 00"}) {
    auto frame = array_of_hex<QFrame>(hex);
    const std::uint16_t crc = subchannel_crc(std::span(frame).first(10));
    frame[10] = static_cast<std::byte>(crc >> 8U);
    frame[11] = static_cast<std::byte>(crc & 0xFFU);
    EXPECT_TRUE(q_crc_holds(frame));
    EXPECT_FALSE(parse_q(frame).has_value()) << hex;
  }
}

TEST(PChannel, IsSetInPausesAndTwoSecondsBeforeATrack) {
  const SubchannelPlace pause{.index = 0, .track_start = Lba{0}};
  EXPECT_TRUE(p_flag_at(Lba{-150}, pause));
  EXPECT_TRUE(p_flag_at(Lba{-1}, pause));
  const SubchannelPlace track{.track_start = Lba{0}, .next_start = Lba{1000}};
  EXPECT_FALSE(p_flag_at(Lba{1}, track));
  EXPECT_FALSE(p_flag_at(Lba{849}, track));
  EXPECT_TRUE(p_flag_at(Lba{850}, track));
  EXPECT_TRUE(p_flag_at(Lba{999}, track));
}

TEST(PChannel, FlashesTwiceASecondInTheLeadOut) {
  const SubchannelPlace lead_out{.track = kLeadOutTrack, .track_start = Lba{1000}};
  EXPECT_FALSE(p_flag_at(Lba{1001}, lead_out));
  int changes = 0;
  bool before = false;
  for (std::int32_t lba = 1150; lba < 1150 + 75; ++lba) {
    const bool now = p_flag_at(Lba{lba}, lead_out);
    changes += now != before ? 1 : 0;
    before = now;
  }
  EXPECT_EQ(changes, 4);
}

TEST(Subcode, LeavesPAndQOut) {
  Subcode r_to_w{};
  for (std::size_t i = 0; i < r_to_w.size(); ++i) r_to_w[i] = static_cast<std::byte>(i % 64);
  const QFrame q = q_at(Lba{77}, kDataTrack);
  const Subchannel symbols = interleave(true, q, r_to_w);
  EXPECT_EQ(r_to_w_of(symbols), r_to_w);
  EXPECT_EQ(q_of(symbols), q);
}

// The size information of a disc of 13 tracks, an example in Sony's description of CD-TEXT; libburn
// (doc/cdtext.txt) and other programs quote it.
constexpr const char* kSizePacks[] = {
    "8F 00 2B 00 01 01 0D 03 0C 0C 00 00 00 00 01 00 7B 3D",
    "8F 01 2C 00 00 00 00 00 00 00 12 03 2D 00 00 00 DA B7",
    "8F 02 2D 00 00 00 00 00 09 00 00 00 00 00 00 00 6A 24",
};

std::vector<CdTextPack> size_packs() {
  std::vector<CdTextPack> packs;
  for (const char* hex : kSizePacks) packs.push_back(array_of_hex<CdTextPack>(hex));
  return packs;
}

std::vector<std::byte> lead_in(std::span<const CdTextPack> packs, std::size_t first,
                               std::size_t blocks) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i < blocks; ++i) {
    const CdTextBlock block = lead_in_block(packs, first + i);
    bytes.insert(bytes.end(), block.begin(), block.end());
  }
  return bytes;
}

TEST(CdText, PacksOfTheDescriptionHaveACrcThatHolds) {
  for (CdTextPack pack : size_packs()) {
    EXPECT_TRUE(pack_crc_holds(pack));
    pack[5] ^= std::byte{1};
    EXPECT_FALSE(pack_crc_holds(pack));
  }
}

// 8F 00 2B and 00 01 01 are 100011 110000 000000 101011 and 000000 000000 000100 000001.
TEST(CdText, APackIsSpreadOverSymbolsOfSixBits) {
  const auto packs = size_packs();
  const CdTextBlock block = lead_in_block(packs, 0);
  const auto expected = bytes_of_hex("23 30 00 2B 00 00 04 01");
  EXPECT_TRUE(std::ranges::equal(std::span(block).first(8), expected));
  // Four packs to a block, and three in the cycle.
  for (std::size_t i = 0; i < kPacksPerBlock; ++i) EXPECT_EQ(pack_in(block, i), packs[i % 3]) << i;
}

TEST(CdText, ACycleIsCollectedOnceWhereverItBegins) {
  const auto packs = size_packs();
  for (std::size_t first = 0; first < 3; ++first) {
    const CdText text = collect_cd_text(lead_in(packs, first, 7));
    EXPECT_EQ(text.packs, packs) << first;
    EXPECT_EQ(text.broken, 0U);
    EXPECT_EQ(text.conflicting, 0U);
  }
}

TEST(CdText, ABrokenPackIsReplacedByItsRepetition) {
  const auto packs = size_packs();
  auto bytes = lead_in(packs, 0, 6);
  bytes[30] ^= std::byte{0x10};  // in the second pack of the first block
  const CdText text = collect_cd_text(bytes);
  EXPECT_EQ(text.packs, packs);
  EXPECT_EQ(text.broken, 1U);
}

TEST(CdText, FillAndTheHighBitsOfSymbolsAreIgnored) {
  const auto packs = size_packs();
  auto bytes = lead_in(packs, 0, 3);
  for (std::byte& byte : bytes) byte |= std::byte{0xC0};
  bytes.insert(bytes.end(), 3 * 96 + 95, std::byte{});
  const CdText text = collect_cd_text(bytes);
  EXPECT_EQ(text.packs, packs);
  EXPECT_EQ(text.broken, 0U);
  EXPECT_EQ(lead_in_block({}, 5), CdTextBlock{});
}

}  // namespace
}  // namespace simdrive
