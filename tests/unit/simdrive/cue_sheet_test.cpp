// Cue sheets that real programs sent, what they announce, and one broken rule after another.
#include "simdrive/disc/cue_sheet.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace simdrive {

void PrintTo(const CueError& error, std::ostream* stream) {
  *stream << "entry " << error.entry << ": " << describe(error.rule);
}

namespace {

std::vector<std::byte> bytes_of_hex(const std::string& hex) {
  std::vector<std::byte> bytes;
  std::istringstream stream(hex);
  for (std::string octet; stream >> octet;)
    bytes.push_back(static_cast<std::byte>(std::stoul(octet, nullptr, 16)));
  return bytes;
}

using Parsed = std::expected<CueSheet, CueError>;
Parsed parse(const std::string& hex, const CueContext& context = {}) {
  return parse_cue_sheet(bytes_of_hex(hex), context);
}

// xorriso 1.5.4, one data track.
constexpr const char* kXorriso =
    "41 00 00 14 00 00 00 00 "
    "41 01 00 10 00 00 00 00 "
    "41 01 01 10 00 00 02 00 "
    "41 AA 01 14 00 00 0A 17";

// cdrdao 1.2.4, two audio tracks without a pause between them.
constexpr const char* kCdrdao =
    "01 00 00 01 00 00 00 00 "
    "01 01 00 00 00 00 00 00 "
    "01 01 01 00 00 00 02 00 "
    "01 02 01 00 00 00 07 19 "
    "01 AA 01 01 00 00 0C 32";

// wodim 1.1.11, two audio tracks and CD-TEXT.
constexpr const char* kWodim =
    "01 00 00 41 00 00 00 00 "
    "01 01 00 00 00 00 00 00 "
    "01 01 01 00 00 00 02 00 "
    "01 02 00 00 00 00 05 19 "
    "01 02 01 00 00 00 07 19 "
    "01 AA 01 01 00 00 0C 32";

TEST(CueSheets, OfXorrisoAnnouncesADataTrackWithItsPregap) {
  const Parsed sheet = parse(kXorriso);
  ASSERT_TRUE(sheet.has_value());
  ASSERT_EQ(sheet->program.size(), 2U);
  EXPECT_EQ(sheet->program[0].start, Lba{-150});
  EXPECT_EQ(int{sheet->program[0].index}, 0);
  EXPECT_EQ(sheet->program[1].start, Lba{0});
  EXPECT_EQ(sheet->program[1].form.main, SectorForm::kMode1);
  EXPECT_EQ(int{sheet->program[1].control}, 4);
  EXPECT_EQ(sheet->lead_out_start, Lba{623});  // 00:10:23
  // It writes 2048 bytes a block from -150 on, and nothing before.
  EXPECT_EQ(sheet->block_size_at(Lba{-151}), std::nullopt);
  EXPECT_EQ(sheet->block_size_at(Lba{-150}), 2048U);
  EXPECT_EQ(sheet->block_size_at(Lba{622}), 2048U);
  EXPECT_EQ(sheet->block_size_at(Lba{623}), std::nullopt);
}

TEST(CueSheets, OfCdrdaoAnnouncesAudioTracks) {
  const Parsed sheet = parse(kCdrdao);
  ASSERT_TRUE(sheet.has_value());
  ASSERT_EQ(sheet->program.size(), 3U);
  EXPECT_EQ(sheet->program[2].start, Lba{400});  // 00:07:25
  EXPECT_EQ(int{sheet->program[2].track}, 2);
  EXPECT_EQ(sheet->lead_out_start, Lba{800});
  // 53 blocks in 124656 bytes.
  EXPECT_EQ(sheet->block_size_at(Lba{-150}), 124656U / 53U);
  EXPECT_EQ(sheet->region_at(Lba{399}), &sheet->program[1]);
  EXPECT_EQ(sheet->region_at(Lba{400}), &sheet->program[2]);
  EXPECT_EQ(sheet->region_at(Lba{-151}), nullptr);
  EXPECT_EQ(sheet->region_at(Lba{800}), nullptr);
}

TEST(CueSheets, OfWodimTakesCdTextInTheLeadIn) {
  const Parsed sheet = parse(kWodim);
  ASSERT_TRUE(sheet.has_value());
  ASSERT_EQ(sheet->program.size(), 4U);
  EXPECT_EQ(sheet->program[2].start, Lba{250});
  EXPECT_EQ(int{sheet->program[2].index}, 0);
  // Its first WRITE is FFFFD2A5h with 672 blocks in 64512 bytes; from -150 on it is 27 blocks in
  // 63504 bytes.
  EXPECT_EQ(sheet->block_size_at(Lba{-11611}), 64512U / 672U);
  EXPECT_EQ(sheet->block_size_at(Lba{-151}), 96U);
  EXPECT_EQ(sheet->block_size_at(Lba{-150}), 63504U / 27U);
  EXPECT_EQ(sheet->block_size_at(Lba{799}), 2352U);
}

struct FormRow {
  std::uint8_t code;
  SectorForm main;
  std::size_t block;
};

TEST(CueSheets, DataFormsSayHowMuchTheHostSends) {
  constexpr FormRow kRows[] = {
      {0x00, SectorForm::kAudio, 2352},      {0x01, SectorForm::kAudio, 0},
      {0x10, SectorForm::kMode1, 2048},      {0x12, SectorForm::kMode1, 2352},
      {0x14, SectorForm::kMode1, 0},         {0x20, SectorForm::kMode2Form1, 2336},
      {0x21, SectorForm::kMode2Form1, 2352}, {0x30, SectorForm::kMode2Formless, 2336},
      {0x40, SectorForm::kAudio, 2448},      {0x41, SectorForm::kAudio, 96},
      {0xC0, SectorForm::kAudio, 2448},
  };
  for (const FormRow& row : kRows) {
    const auto form = data_form(row.code);
    ASSERT_TRUE(form.has_value()) << int{row.code};
    EXPECT_EQ(form->main, row.main) << int{row.code};
    EXPECT_EQ(form->block_bytes(), row.block) << int{row.code};
  }
  for (const int code : {0x02, 0x0F, 0x15, 0x25, 0x3F, 0x80, 0x90})
    EXPECT_FALSE(data_form(static_cast<std::uint8_t>(code)).has_value()) << code;
}

// "1234567890123" and "USRC17607839" in ISO 646.
constexpr const char* kWithNumbers =
    "02 31 32 33 34 35 36 37 "
    "02 38 39 30 31 32 33 00 "
    "01 00 00 01 00 00 00 00 "
    "03 01 55 53 52 43 31 37 "
    "03 01 36 30 37 38 33 39 "
    "01 01 00 00 00 00 00 00 "
    "21 01 01 00 80 00 02 00 "
    "21 01 02 00 80 00 05 00 "
    "01 AA 01 01 00 00 0C 32";

TEST(CueSheets, CarryCatalogueNumberIsrcIndicesAndCopyControl) {
  const Parsed sheet = parse(kWithNumbers);
  ASSERT_TRUE(sheet.has_value());
  EXPECT_EQ(sheet->catalog_number, "1234567890123");
  EXPECT_EQ(sheet->isrc, (std::map<std::uint8_t, std::string>{{1, "USRC17607839"}}));
  ASSERT_EQ(sheet->program.size(), 3U);
  EXPECT_FALSE(sheet->program[0].alternate_copy);
  EXPECT_TRUE(sheet->program[1].alternate_copy);
  EXPECT_EQ(int{sheet->program[1].control}, 2);
  EXPECT_EQ(int{sheet->program[2].index}, 2);
  EXPECT_EQ(sheet->program[2].start, Lba{225});
}

TEST(CueSheets, MixedModeChangesTheBlockSizeBetweenTracks) {
  const Parsed sheet = parse(
      "41 00 00 14 00 00 00 00 "
      "41 01 00 14 00 00 00 00 "
      "41 01 01 10 00 00 02 00 "
      "01 02 00 01 00 00 0A 00 "
      "01 02 01 00 00 00 0C 00 "
      "01 AA 01 01 00 00 20 00");
  ASSERT_TRUE(sheet.has_value());
  EXPECT_EQ(sheet->block_size_at(Lba{-1}), std::nullopt);  // the drive makes the pregap
  EXPECT_EQ(sheet->block_size_at(Lba{0}), 2048U);
  EXPECT_EQ(sheet->block_size_at(Lba{600}), std::nullopt);  // and the pause
  EXPECT_EQ(sheet->block_size_at(Lba{750}), 2352U);
}

TEST(CueSheets, OfALaterSessionBeginWhereTheSessionBegins) {
  const std::string later =
      "41 00 00 14 00 00 00 00 "
      "41 03 00 10 00 04 00 00 "
      "41 03 01 10 00 04 02 00 "
      "41 AA 01 14 00 05 00 00";
  EXPECT_EQ(parse(later).error(), (CueError{1, CueRule::kTrackOrder}));
  EXPECT_EQ(parse(later, {.first_track = 3}).error(), (CueError{1, CueRule::kStart}));
  const Parsed sheet = parse(later, {.session_start = Lba{17850}, .first_track = 3});
  ASSERT_TRUE(sheet.has_value());
  EXPECT_EQ(sheet->program[1].start, Lba{18000});
}

// A valid sheet with one entry replaced ("" leaves it out), and what is wrong then.
struct BrokenRow {
  const char* name;
  std::size_t replaced;
  const char* entry;
  CueError error;
};

// Entries of kWithNumbers: 0-1 catalogue number, 2 lead-in, 3-4 ISRC, 5-7 track 1, 8 lead-out.
const BrokenRow kBroken[] = {
    {"unknown ADR", 2, "04 00 00 01 00 00 00 00", {2, CueRule::kAdr}},
    {"letter in the catalogue number", 0, "02 41 32 33 34 35 36 37", {0, CueRule::kCatalogNumber}},
    {"half a catalogue number", 1, "", {0, CueRule::kCatalogNumber}},
    {"catalogue number behind the lead-in",
     3,
     "02 31 32 33 34 35 36 37 02 38 39 30 31 32 33 00",
     {3, CueRule::kCatalogNumber}},
    {"half an ISRC", 4, "", {3, CueRule::kIsrc}},
    {"ISRC of two tracks", 4, "03 02 36 30 37 38 33 39", {3, CueRule::kIsrc}},
    {"ISRC of a later track",
     3,
     "03 02 55 53 52 43 31 37 03 02 36 30 37 38 33 39",
     {3, CueRule::kIsrc}},
    {"ISRC inside of its track",
     6,
     "03 01 55 53 52 43 31 37 03 01 36 30 37 38 33 39",
     {6, CueRule::kIsrc}},
    {"small letter in an ISRC", 3, "03 01 75 53 52 43 31 37", {3, CueRule::kIsrc}},
    {"no lead-in", 2, "", {2, CueRule::kIsrc}},
    {"track instead of the lead-in", 2, "01 01 00 00 00 00 00 00", {2, CueRule::kLeadInFirst}},
    {"lead-in with an index", 2, "01 00 01 01 00 00 00 00", {2, CueRule::kLeadInFirst}},
    {"second lead-in", 7, "01 00 00 01 00 00 00 00", {7, CueRule::kLeadInFirst}},
    {"unknown data form", 6, "01 01 01 05 00 00 02 00", {6, CueRule::kDataForm}},
    {"data form in an audio track", 6, "01 01 01 10 00 00 02 00", {6, CueRule::kControl}},
    {"audio form in a data track", 6, "41 01 01 00 00 00 02 00", {6, CueRule::kControl}},
    {"wrong first track", 5, "01 02 00 00 00 00 00 00", {5, CueRule::kTrackOrder}},
    {"track left out", 7, "01 03 01 00 00 00 08 00", {7, CueRule::kTrackOrder}},
    {"no index 0", 5, "", {5, CueRule::kStart}},
    {"index 0 elsewhere", 5, "01 01 00 00 00 00 00 01", {5, CueRule::kStart}},
    {"index left out", 7, "01 01 03 00 00 00 05 00", {7, CueRule::kIndexOrder}},
    {"no index 1", 6, "", {6, CueRule::kIndexOrder}},
    {"track begins with index 2", 7, "01 02 02 00 00 00 08 00", {7, CueRule::kIndexOrder}},
    {"second 60", 7, "01 01 02 00 00 00 3C 00", {7, CueRule::kAddress}},
    {"frame 75", 7, "01 01 02 00 00 00 05 4B", {7, CueRule::kAddress}},
    {"addresses stand still", 7, "01 01 02 00 00 00 02 00", {7, CueRule::kAddress}},
    {"lead-out before the last index", 8, "01 AA 01 01 00 00 04 00", {8, CueRule::kAddress}},
    {"short pregap", 6, "01 01 01 00 00 00 01 4A", {6, CueRule::kFirstPregap}},
    {"short track", 7, "01 02 01 00 00 00 05 4A", {7, CueRule::kTrackLength}},
    {"short last track", 8, "01 AA 01 01 00 00 05 4A", {8, CueRule::kTrackLength}},
    {"lead-out with index 0", 8, "01 AA 00 01 00 00 0C 32", {8, CueRule::kLeadOutLast}},
    {"no lead-out", 8, "", {8, CueRule::kLeadOutLast}},
    {"entry behind the lead-out",
     8,
     "01 AA 01 01 00 00 0C 32 01 02 01 00 00 00 20 00",
     {9, CueRule::kLeadOutLast}},
    {"lead-out in a track without index 1",
     7,
     "01 02 00 00 00 00 08 00",
     {8, CueRule::kIndexOrder}},
};

TEST(CueSheets, EveryBrokenRuleIsNamedWithItsEntry) {
  const std::string valid = kWithNumbers;
  for (const BrokenRow& row : kBroken) {
    constexpr std::size_t kEntryText = 24;
    const std::string sheet =
        valid.substr(0, row.replaced * kEntryText) + row.entry + " " +
        (row.replaced == 8 ? "" : valid.substr((row.replaced + 1) * kEntryText));
    const Parsed parsed = parse(sheet);
    ASSERT_FALSE(parsed.has_value()) << row.name;
    EXPECT_EQ(parsed.error(), row.error) << row.name;
  }
}

TEST(CueSheets, PartsOfEntriesAreRefused) {
  const auto bytes = bytes_of_hex(kXorriso);
  EXPECT_EQ(parse_cue_sheet({}).error(), (CueError{0, CueRule::kWholeEntries}));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto parsed = parse_cue_sheet(std::span(bytes).first(size));
    ASSERT_FALSE(parsed.has_value()) << size;
    if (size % 8 != 0) {
      EXPECT_EQ(parsed.error(), (CueError{size / 8, CueRule::kWholeEntries}));
    }
  }
}

// What the header promises of every sheet that is accepted.
void expect_invariants(const CueSheet& sheet) {
  ASSERT_FALSE(sheet.program.empty());
  EXPECT_LT(sheet.program.back().start, sheet.lead_out_start);
  EXPECT_GE(int{sheet.program.back().index}, 1);
  for (std::size_t i = 1; i < sheet.program.size(); ++i) {
    const CueRegion& before = sheet.program[i - 1];
    const CueRegion& region = sheet.program[i];
    EXPECT_LT(before.start, region.start);
    if (region.track == before.track) {
      EXPECT_EQ(int{region.index}, before.index + 1);
    } else {
      EXPECT_EQ(int{region.track}, before.track + 1);
      EXPECT_GE(int{before.index}, 1);
      EXPECT_LE(int{region.index}, 1);
    }
    EXPECT_EQ(sheet.region_at(region.start), &region);
  }
}

TEST(CueSheets, OfRandomBytesAreRefusedOrKeepTheirInvariants) {
  std::uint64_t state = 1;
  const auto random = [&state](std::uint64_t below) {
    state = state * 6364136223846793005U + 1442695040888963407U;  // Knuth's MMIX generator
    return static_cast<std::size_t>((state >> 33U) % below);
  };
  int accepted = 0;
  for (int round = 0; round < 20000; ++round) {
    auto bytes = bytes_of_hex(round % 2 == 0 ? kWodim : kWithNumbers);
    for (std::size_t changes = 1 + random(2); changes > 0; --changes)
      bytes[random(bytes.size())] = static_cast<std::byte>(random(round % 3 == 0 ? 256 : 16));
    const auto sheet = parse_cue_sheet(bytes);
    if (!sheet) {
      EXPECT_LE(sheet.error().entry, bytes.size() / 8);
      continue;
    }
    ++accepted;
    expect_invariants(*sheet);
  }
  EXPECT_GT(accepted, 500);
  EXPECT_LT(accepted, 19500);
}

TEST(CueSheets, TracksUpToNumber99AreTaken) {
  std::string sheet = "01 00 00 01 00 00 00 00 01 01 00 00 00 00 00 00 01 01 01 00 00 00 02 00 ";
  const auto entry = [](int track, int seconds) {
    std::ostringstream text;
    text << std::hex << "01 " << track << " 01 00 00 " << seconds / 60 << " " << seconds % 60
         << " 00 ";
    return text.str();
  };
  for (int track = 2; track <= 99; ++track) sheet += entry(track, 4 * track);
  const Parsed all = parse(sheet + entry(0xAA, 404));
  ASSERT_TRUE(all.has_value());
  EXPECT_EQ(int{all->program.back().track}, 99);
  EXPECT_EQ(parse(sheet + entry(100, 400) + entry(0xAA, 404)).error(),
            (CueError{101, CueRule::kTrackOrder}));
}

}  // namespace
}  // namespace simdrive
