#include "engine/image/names.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace pregroove::image {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct PlainName {
  const char* name;
  EntryKind kind;
  const char* expected;
};
void PrintTo(const PlainName& row, std::ostream* out) { *out << row.name; }

class PlainNames : public testing::TestWithParam<PlainName> {};

// ECMA-119 7.4.1, 7.5.1, 7.6.1, 10.2: upper-case letters, digits and "_", one ".", 31 characters.
TEST_P(PlainNames, HoldOnlyWhatLevelTwoAllows) {
  EXPECT_EQ(plain_name(GetParam().name, GetParam().kind), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Table, PlainNames,
    testing::Values(PlainName{"readme.txt", EntryKind::kFile, "README.TXT"},
                    PlainName{"archive.tar.gz", EntryKind::kFile, "ARCHIVE_TAR.GZ"},
                    PlainName{".bashrc", EntryKind::kFile, "_BASHRC"},
                    PlainName{"trailing.", EntryKind::kFile, "TRAILING_"},
                    PlainName{"no extension", EntryKind::kFile, "NO_EXTENSION"},
                    PlainName{"Grüße.txt", EntryKind::kFile, "GR__E.TXT"},
                    PlainName{"v1.2", EntryKind::kDirectory, "V1_2"},
                    // 31 characters with the dot.
                    PlainName{"abcdefghijklmnopqrstuvwxyz0123456789.html", EntryKind::kFile,
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ.HTML"},
                    // 30 characters: the dot that every file identifier has comes on top.
                    PlainName{"abcdefghijklmnopqrstuvwxyz0123456789", EntryKind::kFile,
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123"},
                    PlainName{"abcdefghijklmnopqrstuvwxyz0123456789", EntryKind::kDirectory,
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ01234"},
                    PlainName{"a.extensionofgreatlength", EntryKind::kFile, "A.EXTENSIONO"}));

// ECMA-119 10.1, and ISO 9660:1999.
TEST(PlainNamesOfLevels, HoldWhatTheirLevelAllows) {
  const auto one = [](std::string_view name, EntryKind kind = EntryKind::kFile) {
    return plain_name(name, kind, IsoLevel::k1);
  };
  EXPECT_EQ(one("readme.text"), "README.TEX");
  EXPECT_EQ(one("a long name.c"), "A_LONG_N.C");
  EXPECT_EQ(one("without extension"), "WITHOUT_");
  EXPECT_EQ(one("a folder.d", EntryKind::kDirectory), "A_FOLDER");
  const auto late = [](std::string_view name, EntryKind kind = EntryKind::kFile) {
    return plain_name(name, kind, IsoLevel::k1999);
  };
  EXPECT_EQ(late("As it is: ümlaut, two.dots.txt"), "As it is: ümlaut, two.dots.txt");
  EXPECT_EQ(late(std::string(250, 'x') + ".html"), std::string(188, 'x') + ".html");
  EXPECT_EQ(late(std::string(192, 'x') + "é"), std::string(192, 'x')) << "no half character";
}

TEST(PlainNamesOfLevels, AreDifferentWithinAFolder) {
  std::vector<std::string> names;
  for (int i = 0; i < 3000; ++i) names.push_back(fmt::format("file number {}.text", i));
  names.push_back(std::string(200, 'y') + "1");
  names.push_back(std::string(200, 'y') + "2");
  std::vector<NameToMap> entries;
  for (const std::string& name : names) entries.push_back({.name = name});
  for (const IsoLevel level : {IsoLevel::k1, IsoLevel::k2, IsoLevel::k1999}) {
    const auto mapped = map_plain_names(entries, level);
    EXPECT_EQ(std::set<std::string>(mapped.begin(), mapped.end()).size(), names.size());
    for (const std::string& name : mapped) {
      if (level == IsoLevel::k1) {
        EXPECT_LE(std::min(name.find('.'), name.size()), 8U) << name;
        EXPECT_LE(name.size(), 12U) << name;
      }
      EXPECT_LE(name.size(), kName1999BytesMax);
    }
  }
}

TEST(PlainNameMapping, NumbersNamesThatCollideAndKeepsTheFirst) {
  const std::vector<NameToMap> entries{{.name = "A.TXT"},
                                       {.name = "a.txt"},
                                       {.name = "a_1.txt"},
                                       {.name = "ä.txt"},
                                       {.name = "ö.txt"}};
  EXPECT_THAT(map_plain_names(entries),
              ElementsAre("A.TXT", "A_2.TXT", "A_1.TXT", "_.TXT", "__1.TXT"));
}

TEST(PlainNameMapping, TellsFilesFromFoldersOfTheSameName) {
  const std::vector<NameToMap> entries{{.name = "docs", .kind = EntryKind::kFile},
                                       {.name = "DOCS", .kind = EntryKind::kDirectory}};
  EXPECT_THAT(map_plain_names(entries), ElementsAre("DOCS", "DOCS_1"));
}

// Names that share their first 31 characters are the case in which peers become quadratic
// (performance.md: 10,000 files). Here the number of steps is what is checked, by size.
TEST(PlainNameMapping, KeepsManyNamesOfOneStemApartAndLegal) {
  std::vector<std::string> names;
  for (int i = 0; i < 20'000; ++i)
    names.push_back(fmt::format("a very long name that all of these files share {:05}.jpeg", i));
  std::vector<NameToMap> entries;
  for (const std::string& name : names) entries.push_back({.name = name});
  const auto mapped = map_plain_names(entries);
  EXPECT_EQ(std::set<std::string>(mapped.begin(), mapped.end()).size(), names.size());
  for (const std::string& name : mapped) {
    ASSERT_LE(name.size(), 31U);
    ASSERT_EQ(std::ranges::count(name, '.'), 1);
  }
}

TEST(PlainNameMapping, DependsOnTheNamesAlone) {
  const std::vector<NameToMap> entries{{.name = "x y"}, {.name = "x-y"}, {.name = "x+y"}};
  EXPECT_EQ(map_plain_names(entries), map_plain_names(entries));
}

struct RefusedName {
  const char* label;
  std::string name;
  const char* reason;
};
void PrintTo(const RefusedName& row, std::ostream* out) { *out << row.label; }

class RefusedNames : public testing::TestWithParam<RefusedName> {};

TEST_P(RefusedNames, AreNamedWithTheRuleAndTheWayOut) {
  const auto status = check_joliet_name(GetParam().name, "/folder/" + GetParam().name);
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, ErrorCode::kBadName);
  EXPECT_THAT(status.error().message, HasSubstr(GetParam().reason));
  EXPECT_THAT(status.error().message, HasSubstr("/folder/"));
  EXPECT_THAT(status.error().advice, HasSubstr("Rename"));
}

INSTANTIATE_TEST_SUITE_P(
    Table, RefusedNames,
    testing::Values(RefusedName{"star", "a*b", "\"*\""}, RefusedName{"colon", "a:b", "\":\""},
                    RefusedName{"semicolon", "a;1", "\";\""},
                    RefusedName{"question", "a?", "\"?\""},
                    RefusedName{"backslash", "a\\b", "\"\\\""},
                    RefusedName{"control", "a\nb", "control character \\x0a"},
                    RefusedName{"too_long", std::string(65, 'x'), "65 characters"},
                    RefusedName{"invalid_utf8", "caf\xE9", "UTF-8"},
                    RefusedName{"emoji", "\xF0\x9F\x98\x80", "U+1F600"},
                    RefusedName{"empty", "", "no name"}, RefusedName{"dots", "..", "no name"}));

TEST(JolietNames, OfSixtyFourUnitsAreAccepted) {
  EXPECT_TRUE(check_joliet_name(std::string(64, 'x'), "x"));
  std::string umlauts;
  for (int i = 0; i < 64; ++i) umlauts += "ü";
  EXPECT_TRUE(check_joliet_name(umlauts, "x"));
}

TEST(JolietNames, OfOtherWritersMayBeLongerAndStranger) {
  EXPECT_TRUE(check_joliet_name(std::string(103, 'x'), "x", NameOrigin::kImported));
  EXPECT_TRUE(check_joliet_name("what?", "x", NameOrigin::kImported));
  EXPECT_FALSE(check_joliet_name(std::string(111, 'x'), "x", NameOrigin::kImported));
}

TEST(JolietNames, AreStoredMostSignificantByteFirst) {
  // "aß" is U+0061 U+00DF, "€" is U+20AC (The Unicode Standard, code charts).
  EXPECT_THAT(joliet_bytes("aß€"), ElementsAre(std::byte{0x00}, std::byte{0x61}, std::byte{0x00},
                                               std::byte{0xDF}, std::byte{0x20}, std::byte{0xAC}));
  EXPECT_EQ(name_from_joliet(joliet_bytes("aß€")), "aß€");
}

TEST(JolietNames, WithLoneSurrogatesReadAsReplacementCharacters) {
  const std::vector<std::byte> lone{std::byte{0xD8}, std::byte{0x00}, std::byte{0x00},
                                    std::byte{'a'}};
  EXPECT_EQ(name_from_joliet(lone),
            "\xEF\xBF\xBD"
            "a");
  const std::vector<std::byte> pair{std::byte{0xD8}, std::byte{0x3D}, std::byte{0xDE},
                                    std::byte{0x00}};
  EXPECT_EQ(name_from_joliet(pair), "\xF0\x9F\x98\x80");
}

TEST(JolietOrder, ComparesNamesBeforeExtensions) {
  EXPECT_TRUE(joliet_record_less("a.txt", "a-b.txt"));
  EXPECT_TRUE(joliet_record_less("a", "a.txt"));
  EXPECT_TRUE(joliet_record_less("a.txt", "b"));
  EXPECT_FALSE(joliet_record_less("b", "a.txt"));
}

}  // namespace
}  // namespace pregroove::image
