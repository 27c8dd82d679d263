// What a personality file may say, and that everything else is refused with the right line.
#include "simdrive/profiles/personality_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "simdrive/profiles/built_in.h"

namespace simdrive::profiles {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Refusal {
  std::string name;
  std::string json;
  int line;
  std::string key;   // empty: the problem has no key
  std::string says;  // part of what is wrong, or of what is allowed
};

void PrintTo(const Refusal& refusal, std::ostream* stream) { *stream << refusal.name; }

// One group with one entry, each on a line of its own: the entry is on line 3.
std::string with(const std::string& group, const std::string& entry) {
  return fmt::format("{{\n\"{}\": {{\n{}\n}}\n}}\n", group, entry);
}

class RefusedFile : public ::testing::TestWithParam<Refusal> {};

TEST_P(RefusedFile, NamesTheLineTheKeyAndWhatIsWrong) {
  const Refusal& refusal = GetParam();
  const auto parsed = parse_personality(refusal.json, "drive.json");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, pregroove::ErrorCode::kInvalidArgument);
  const std::string key = refusal.key.empty() ? "" : fmt::format("key \"{}\": ", refusal.key);
  EXPECT_THAT(parsed.error().message,
              StartsWith(fmt::format("drive.json:{}: {}", refusal.line, key)));
  EXPECT_THAT(parsed.error().message, HasSubstr(refusal.says));
}

std::string name_of_case(const ::testing::TestParamInfo<Refusal>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Syntax, RefusedFile,
    ::testing::Values(Refusal{"Empty", "", 1, "", "unexpected end"},
                      Refusal{"NotAnObject", "[]", 1, "", "an object"},
                      Refusal{"CommaMissing", "{\n\"name\": \"a\"\n\"description\": \"b\"\n}", 3,
                              "", "unexpected"},
                      Refusal{"CutOff", "{\n\"name\": \"a\",\n", 2, "", "unexpected end"},
                      Refusal{"SomethingBehindTheEnd", "{}\n\n{}", 3, "", "expected end of input"},
                      Refusal{"WrongCharacters", "{\n\"name\": \"\xFF\"}", 2, "", "UTF-8"},
                      Refusal{"NumberTooLarge", "{\n\"name\": 1e999}", 2, "", "number overflow"},
                      Refusal{"KeyTwice", "{\n\"name\": \"a\",\n\"name\": \"b\"}", 3, "", "twice"}),
    name_of_case);

INSTANTIATE_TEST_SUITE_P(
    Values, RefusedFile,
    ::testing::Values(
        Refusal{"UnknownKeyOutside", "{\n\"colour\": \"beige\"}", 2, "colour", "based_on, name"},
        Refusal{"UnknownKeyInAGroup", with("quirks", "\"tur\": true"), 3, "quirks.tur",
                "allowed: sense, tur_while_closing"},
        Refusal{"GroupOfAnotherType", "{\n\"limits\": 5}", 2, "limits", "an object is needed"},
        Refusal{"UnknownBase", "{\n\"based_on\": \"plextor\"}", 2, "based_on",
                "bd-writer, pioneer-dvr-111, cd-writer-1998, awkward"},
        Refusal{"BaseOfAnotherType", "{\n\"based_on\": 1}", 2, "based_on", "allowed"},
        Refusal{"NameWithCapitals", "{\n\"name\": \"Drive\"}", 2, "name", "lower-case"},
        Refusal{"VendorTooLong", with("identity", R"("vendor": "PREGROOVE")"), 3, "identity.vendor",
                "9 characters; allowed: 1 to 8"},
        Refusal{"ProductTooLong", with("identity", R"("product": "12345678901234567")"), 3,
                "identity.product", "1 to 16"},
        Refusal{"RevisionEmpty", with("identity", R"("revision": "")"), 3, "identity.revision",
                "1 to 4"},
        Refusal{"VendorNotAscii", with("identity", R"("vendor": "Grüve")"), 3, "identity.vendor",
                "ASCII"},
        Refusal{"DayThatDoesNotExist", with("identity", R"("firmware_date": "2023-02-29")"), 3,
                "identity.firmware_date", "YYYY-MM-DD"},
        Refusal{"UnknownInterface", with("identity", R"("interface": "ide")"), 3,
                "identity.interface", "unspecified, scsi, atapi"},
        Refusal{"NumberForAString", with("identity", R"("serial_number": 7)"), 3,
                "identity.serial_number", "a number was found, a string is needed"},
        Refusal{"NumberForABoolean", with("features", R"("c2_pointers": 1)"), 3,
                "features.c2_pointers", "a boolean is needed"},
        Refusal{"UnknownKind", with("features", "\"reads\": [\"cd-rom\",\n\"hd-dvd\"]"), 4,
                "features.reads", "cd-rom, cd-r, cd-rw, dvd-rom"},
        Refusal{"KindTwice", with("features", "\"reads\": [\"cd-r\",\n\"cd-r\"]"), 4,
                "features.reads", "twice"},
        Refusal{"PageLengthOutOfRange", with("features", R"("write_parameters_length": 49)"), 3,
                "features.write_parameters_length", "from 50 to 54"},
        Refusal{"NegativeNumber", with("limits", R"("spin_up_ms": -1)"), 3, "limits.spin_up_ms",
                "a whole number from 0 to 600000"},
        Refusal{"FractionOfANumber", with("limits", R"("tray_ms": 1.5)"), 3, "limits.tray_ms",
                "a whole number"},
        Refusal{"BufferTooSmall", with("limits", "\"buffer_bytes\": {\n\"cd\": 2048}"), 4,
                "limits.buffer_bytes.cd", "from 65536"},
        Refusal{"BufferOfUnknownFamily", with("limits", "\"buffer_bytes\": {\n\"hd\": 65536}"), 4,
                "limits.buffer_bytes.hd", "cd, dvd, bd"},
        Refusal{"SenseNotATriple", with("quirks", "\"sense\": {\n\"write_to_rom\": \"5/30\"}"), 4,
                "quirks.sense.write_to_rom", "KEY/ASC/ASCQ"},
        Refusal{"SenseNotHexadecimal",
                with("quirks", "\"sense\": {\n\"write_to_rom\": \"5/3G/00\"}"), 4,
                "quirks.sense.write_to_rom", "KEY/ASC/ASCQ"},
        Refusal{"SenseKeyOfSuccess", with("quirks", "\"sense\": {\n\"write_to_rom\": \"0/00/00\"}"),
                4, "quirks.sense.write_to_rom", "allowed: 3, 5, 7, 8"},
        Refusal{"GoodForAFailure", with("quirks", "\"sense\": {\n\"write_to_rom\": \"good\"}"), 4,
                "quirks.sense.write_to_rom", "KEY/ASC/ASCQ"},
        Refusal{"OpcNeitherGoodNorSense", with("quirks", "\"sense\": {\n\"opc\": \"fine\"}"), 4,
                "quirks.sense.opc", "or \"good\""},
        Refusal{"UnknownChoice", with("quirks", R"("progress": "honest")"), 3, "quirks.progress",
                "allowed: real, constant"},
        Refusal{"OperationCodeWithoutH", with("quirks", R"("unsupported_commands": ["46"])"), 3,
                "quirks.unsupported_commands", "\"46h\""},
        Refusal{"TooManyAttentions", with("quirks", R"("medium_change_attentions": 6)"), 3,
                "quirks.medium_change_attentions", "from 0 to 5"}),
    name_of_case);

INSTANTIATE_TEST_SUITE_P(
    Speeds, RefusedFile,
    ::testing::Values(
        Refusal{"EmptyList", with("limits", "\"read_speeds\": {\n\"cd-r\": []}"), 4,
                "limits.read_speeds.cd-r", "at least one"},
        Refusal{"NotDescending",
                with("limits", "\"write_speeds\": {\n\"cd-r\": [\"8x\",\n\"16x\"]}"), 5,
                "limits.write_speeds.cd-r", "16x comes after 8x; speeds must descend"},
        Refusal{"SameSpeedTwice",
                with("limits", "\"write_speeds\": {\n\"cd-r\": [\"8x\", \"8x\"]}"), 4,
                "limits.write_speeds.cd-r", "must descend"},
        Refusal{"NumberForASpeed", with("limits", "\"write_speeds\": {\n\"cd-r\": [8]}"), 4,
                "limits.write_speeds.cd-r", "a string is needed"},
        Refusal{"SpeedWithoutX", with("limits", "\"write_speeds\": {\n\"cd-r\": [\"8\"]}"), 4,
                "limits.write_speeds.cd-r", "\"2.4x\""},
        Refusal{"SpeedOfNothing", with("limits", "\"write_speeds\": {\n\"cd-r\": [\"0x\"]}"), 4,
                "limits.write_speeds.cd-r", "from 0.1x"},
        Refusal{"SpeedsOfWhatIsNotWritten",
                with("limits", "\"write_speeds\": {\n\"cd-rom\": [\"8x\"]}"), 4,
                "limits.write_speeds.cd-rom", "the kinds in features.writes"},
        Refusal{"ModeMissing", with("limits", "\"read_rotation\": {\n\"cd-r\": {}}"), 4,
                "limits.read_rotation.cd-r.mode", "clv, cav, zclv"},
        Refusal{"ZclvWithoutZones",
                with("limits", "\"read_rotation\": {\n\"cd-r\": {\"mode\": \"zclv\"}}"), 4,
                "limits.read_rotation.cd-r.zones", "zclv needs them"},
        Refusal{"ZonesWithoutZclv",
                with("limits",
                     "\"read_rotation\": {\n\"cd-r\": {\"mode\": \"cav\",\n"
                     "\"zones\": [{\"from_block\": 0, \"speed\": \"8x\"}]}}"),
                5, "limits.read_rotation.cd-r.zones", "belong to the mode zclv"},
        Refusal{"FirstZoneNotAtTheStart",
                with("limits",
                     "\"read_rotation\": {\n\"cd-r\": {\"mode\": \"zclv\", \"zones\": [\n"
                     "{\"from_block\": 1, \"speed\": \"8x\"}]}}"),
                5, "limits.read_rotation.cd-r.zones", "from block 0"},
        Refusal{"ZonesNotAscending",
                with("limits",
                     "\"read_rotation\": {\n\"cd-r\": {\"mode\": \"zclv\", \"zones\": [\n"
                     "{\"from_block\": 0, \"speed\": \"8x\"},\n"
                     "{\"from_block\": 0, \"speed\": \"16x\"}]}}"),
                6, "limits.read_rotation.cd-r.zones", "from a higher"},
        Refusal{"ZoneWithoutSpeed",
                with("limits",
                     "\"read_rotation\": {\n\"cd-r\": {\"mode\": \"zclv\", \"zones\": [\n"
                     "{\"from_block\": 0}]}}"),
                5, "limits.read_rotation.cd-r.zones.speed", "missing"}),
    name_of_case);

INSTANTIATE_TEST_SUITE_P(
    Contradictions, RefusedFile,
    ::testing::Values(
        Refusal{"WritesWhatItCannotRead",
                with("features", "\"reads\": [\"cd-rom\"],\n\"writes\": [\"cd-r\"]"), 4,
                "features.writes", "cd-r is written but not read"},
        Refusal{"WritesRom", with("features", R"("writes": ["cd-rom"])"), 3, "features.writes",
                "cannot be written"},
        Refusal{"ReadsNothing", with("features", "\"reads\": [],\n\"writes\": []"), 3,
                "features.reads", "must read something"},
        Refusal{"SpeedsMissing",
                "{\n\"based_on\": \"cd-writer-1998\",\n\"features\": {\n\"reads\": "
                "[\"cd-rom\", \"cd-r\", \"cd-rw\", \"dvd-rom\"]}}",
                4, "features.reads", "limits.read_speeds.dvd-rom"},
        Refusal{"WritesCdInNoWay", with("features", R"("cd_write_types": [])"), 3,
                "features.cd_write_types", "at least one"},
        Refusal{"RawBlocksWithoutRaw",
                with("features", "\"cd_write_types\": [\"tao\"],\n\"raw_block_types\": [\"pq\"]"),
                4, "features.raw_block_types", "allowed: []"},
        Refusal{"CdTextWithoutSao",
                with("features", "\"cd_write_types\": [\"tao\"],\n\"cd_text_write\": true"), 4,
                "features.cd_text_write", "needs \"sao\" or \"raw\""},
        Refusal{"TestWriteOfWhatIsNotWritten",
                "{\n\"based_on\": \"cd-writer-1998\",\n\"features\": {\n\"test_write\": "
                "[\"cd\", \"dvd\"]}}",
                4, "features.test_write", "\"dvd\" does not fit"},
        Refusal{"PseudoOverwriteWithoutBdR",
                "{\n\"based_on\": \"pioneer-dvr-111\",\n\"features\": {\n"
                "\"bd_r_pseudo_overwrite\": true}}",
                4, "features.bd_r_pseudo_overwrite", "needs bd-r"},
        Refusal{"BlanksWriteOnce", with("features", "\"blank_types\": {\n\"cd-r\": [\"disc\"]}"), 4,
                "features.blank_types.cd-r", "cd-rw and dvd-rw"},
        Refusal{"RewritesWithoutBlanking", with("features", "\"blank_types\": {\n\"cd-rw\": []}"),
                4, "features.blank_types.cd-rw", "needs a way"},
        Refusal{"PausesCrossed", with("features", R"("audio_pause_min": 151)"), 3,
                "features.audio_pause_min", "longer than"},
        Refusal{"WarnsOfMoreCalibrationsThanThereAre",
                with("limits", R"("cd_power_calibrations": 4)"), 3, "limits.cd_power_calibrations",
                "only 4"},
        Refusal{"AcceptsAnythingButItsDefaults",
                with("quirks",
                     "\"mode_select_accepts_anything\": true,\n"
                     "\"default_write_parameters_refused\": true"),
                4, "quirks.default_write_parameters_refused", "accepts anything"},
        Refusal{"DoesNotKnowInquiry", with("quirks", R"("unsupported_commands": ["12h"])"), 3,
                "quirks.unsupported_commands", "\"12h\" cannot be left out"}),
    name_of_case);

TEST(PersonalityFile, TakesWhatIsMissingFromTheDefaultDrive) {
  const auto parsed = parse_personality("{}", "folder/mine.json");
  ASSERT_TRUE(parsed) << describe(parsed.error());
  Personality expected;
  expected.name = "mine";
  EXPECT_EQ(*parsed, expected);
}

TEST(PersonalityFile, TakesWhatIsMissingFromItsBase) {
  const auto parsed = parse_personality(
      R"({"based_on": "pioneer-dvr-111", "quirks": {"tur_while_closing": "busy"}})", "r12.json");
  ASSERT_TRUE(parsed) << describe(parsed.error());
  Personality expected = *find_personality("pioneer-dvr-111");
  expected.name = "r12";
  expected.quirks.tur_while_closing = WhileBusy::kBusy;
  EXPECT_EQ(*parsed, expected);
}

TEST(PersonalityFile, SetsTheMembersThatItsKeysName) {
  const auto parsed = parse_personality(R"({
    "features": {"writes": ["cd-r"], "cd_write_types": ["raw"], "raw_block_types": ["pw-raw"],
                 "fixed_packet_sizes": [16, 32]},
    "limits": {"write_speeds": {"cd-r": ["12.5x", "1x"]}, "seek_ms": 90, "command_us": 7,
               "write_rotation": {"cd-r": {"mode": "zclv", "zones":
                 [{"from_block": 0, "speed": "8x"}, {"from_block": 9000, "speed": "12x"}]}}},
    "quirks": {"sense": {"opc": "5/2c/00", "write_to_rom": "7/27/00"},
               "refused_disc_structures": ["11h", "C0h"], "spurious_long_write_every": 3}})",
                                        "a.json");
  ASSERT_TRUE(parsed) << describe(parsed.error());
  EXPECT_TRUE(parsed->features.raw_block_types.contains(RawBlockType::kPwRaw));
  EXPECT_FALSE(parsed->features.raw_block_types.contains(RawBlockType::kPq));
  EXPECT_THAT(parsed->features.fixed_packet_sizes, ElementsAre(16, 32));
  EXPECT_THAT(parsed->limits.write_speeds[MediumKind::kCdR],
              ElementsAre(SpeedMultiple{125}, SpeedMultiple{10}));
  EXPECT_EQ(parsed->limits.seek_time, std::chrono::milliseconds(90));
  EXPECT_EQ(parsed->limits.command_time, std::chrono::microseconds(7));
  EXPECT_THAT(parsed->write_rotation(MediumKind::kCdR).zones,
              ElementsAre(SpeedZone{0, {80}}, SpeedZone{9000, {120}}));
  EXPECT_EQ(parsed->quirks.sense.opc, (SenseCode{5, 0x2C, 0}));
  EXPECT_EQ(parsed->quirks.sense.write_to_rom, (SenseCode{7, 0x27, 0}));
  EXPECT_THAT(parsed->quirks.refused_disc_structures, ElementsAre(0x11, 0xC0));
  EXPECT_EQ(parsed->quirks.spurious_long_write_every, 3U);
}

// A drive without DVD takes no offence at the defaults' DVD speeds.
TEST(PersonalityFile, DropsDefaultsThatDoNotFitTheDrive) {
  const auto parsed =
      parse_personality(R"({"features": {"reads": ["cd-rom"], "writes": []}})", "rom.json");
  ASSERT_TRUE(parsed) << describe(parsed.error());
  EXPECT_TRUE(parsed->read_speeds(MediumKind::kDvdRom).empty());
  EXPECT_TRUE(parsed->write_speeds(MediumKind::kCdR).empty());
  EXPECT_EQ(parsed->write_rotation(MediumKind::kCdR), Rotation{});
  EXPECT_TRUE(parsed->features.cd_write_types.empty());
  EXPECT_TRUE(parsed->features.test_write.empty());
  EXPECT_FALSE(parsed->features.cd_text_write);
  EXPECT_FALSE(parsed->features.stream_recording);
  EXPECT_FALSE(parsed->blanks(MediumKind::kCdRw, BlankType::kDisc));
}

TEST(PersonalityFile, ReportsEveryProblemButLeadsWithTheFirst) {
  const auto parsed = parse_personality(
      "{\n\"identity\": {\"vendor\": \"\"},\n\"quirks\": {\"progress\": 1,\n\"x\": 1}}", "a.json");
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().message, StartsWith("a.json:2: key \"identity.vendor\""));
  ASSERT_EQ(parsed.error().also.size(), 2U);
  EXPECT_THAT(parsed.error().also[0].message, StartsWith("a.json:3: key \"quirks.progress\""));
  EXPECT_THAT(parsed.error().also[1].message, StartsWith("a.json:4: key \"quirks.x\""));
}

TEST(PersonalityFile, SaysWhichPersonalitiesThereAreWhenTheFileIsMissing) {
  const auto loaded = load_personality("/nonexistent/drive.json");
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, pregroove::ErrorCode::kNotFound);
  EXPECT_THAT(loaded.error().advice, HasSubstr("bd-writer, pioneer-dvr-111"));
}

TEST(PersonalityFile, IsNotReadWhenItIsHuge) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "huge_personality.json";
  std::ofstream(path) << "{}";
  std::filesystem::resize_file(path, 1'048'577);
  const auto loaded = load_personality(path);
  std::filesystem::remove(path);
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message, HasSubstr("at most 1048576"));
}

// Whatever a byte of a good file is changed to, the parser answers, with a line of the file.
TEST(PersonalityFile, SurvivesDamageAnywhere) {
  const std::string good(built_in_texts()[1].json);
  for (std::size_t i = 0; i < good.size(); i += 3) {
    for (const char damage : {'\0', '"', '{', ']', '9', '\n'}) {
      std::string damaged = good;
      damaged[i] = damage;
      const auto parsed = parse_personality(damaged, "x");
      if (parsed) continue;
      EXPECT_THAT(parsed.error().message, ::testing::MatchesRegex("x:[0-9]+: (.|\n)*"));
    }
  }
}

}  // namespace
}  // namespace simdrive::profiles
