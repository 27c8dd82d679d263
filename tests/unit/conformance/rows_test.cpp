// The rows of fixtures/conformance as values.
#include "engine/conformance/rows.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace pregroove::conformance {
namespace {

namespace fs = std::filesystem;

std::vector<Row> parsed(std::string_view text) {
  auto rows = parse_rows(text, "some.rows");
  EXPECT_TRUE(rows.has_value()) << (rows ? "" : rows.error().message);
  return rows ? *std::move(rows) : std::vector<Row>{};
}

TEST(ConformanceRows, AreReadColumnByColumn) {
  const auto rows = parsed(
      "# a comment\n"
      "\n"
      "Profile | cd-r-80 | blank | 46 00 00 00 00 00 00 00 08 00 | in 8 | = .. 00 09 | 2.2\n");
  ASSERT_EQ(rows.size(), 1U);
  const Row& row = rows.front();
  EXPECT_EQ(row.id(), "some/Profile");
  EXPECT_EQ(row.place(), "some.rows:3");
  EXPECT_EQ(row.medium, "cd-r-80");
  EXPECT_EQ(row.state, "blank");
  EXPECT_EQ(row.cdb.size(), 10U);
  EXPECT_EQ(row.in_bytes, 8U);
  EXPECT_TRUE(row.expects_good());
  EXPECT_THAT(row.data, ::testing::ElementsAre(std::nullopt, std::byte{0}, std::byte{9}));
  EXPECT_EQ(row.source, "2.2");
}

TEST(ConformanceRows, HoldDataForTheDriveAsBytesOrAsBlocks) {
  const auto rows = parsed(
      "A | none | no-disc | 3B 02 | out 01 02 03 04 | GOOD | x\n"
      "B | cd-r-80 | blank | 2A 00 | out 2 blocks | 5/21/02 | x\n"
      "C | cd-r-80 | blank | 2A 00 | out 2 blocks of 2352 | 5/21/02 | x\n");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].medium, "");
  EXPECT_EQ(rows[0].out.size(), 4U);
  EXPECT_EQ(rows[1].out.size(), 4096U);
  EXPECT_EQ(rows[1].sense, (SenseCode{5, 0x21, 0x02}));
  EXPECT_EQ(rows[2].out.size(), 4704U);
}

TEST(ConformanceRows, ThatAreMalformedAreNamedByTheirLine) {
  for (const std::string_view line : {
           "A | cd-r-80 | blank | 00 00 | - | GOOD",             // a column too few
           "A | cd-r-80 | blank | 00 00 | - | GOOD | x | y",     // one too many
           "A | cd-r-80 | blank | | - | GOOD | x",               // no command
           "A | cd-r-80 | blank | 0G | - | GOOD | x",            // not hexadecimal
           "A | cd-r-80 | blank | 100 | - | GOOD | x",           // more than a byte
           "A | cd-r-80 | blank | 00 | in | GOOD | x",           // no room
           "A | cd-r-80 | blank | 00 | in -1 | GOOD | x",        // less than none
           "A | cd-r-80 | blank | 00 | in 99999999 | GOOD | x",  // more than anybody asks for
           "A | cd-r-80 | blank | 00 | out | GOOD | x",          // no data
           "A | cd-r-80 | blank | 00 | out .. | GOOD | x",       // any byte is none to send
           "A | cd-r-80 | blank | 00 | out 99999999 blocks | GOOD | x",
           "A | cd-r-80 | blank | 00 | - | 5/24 | x",  // no qualifier
           "A | cd-r-80 | blank | 00 | - | FINE | x",  // no answer
           "A | cd-r-80 | blank | 00 | - | GOOD |",    // no source
       }) {
    const auto rows = parse_rows("# one\n" + std::string(line), "some.rows");
    ASSERT_FALSE(rows.has_value()) << line;
    EXPECT_EQ(rows.error().code, ErrorCode::kCorruptFile) << line;
    EXPECT_TRUE(rows.error().message.starts_with("some.rows:2: ")) << rows.error().message;
  }
}

TEST(ConformanceRows, OfEveryFileArePartOfTheLibrary) {
  std::set<std::string> files;
  for (const RowText& text : row_texts()) {
    files.emplace(text.file);
    std::ifstream stream(fs::path(PREGROOVE_SOURCE_DIR) / "fixtures/conformance" / text.file);
    const std::string in_the_tree((std::istreambuf_iterator<char>(stream)), {});
    EXPECT_EQ(in_the_tree, text.text) << text.file;
    EXPECT_TRUE(parse_rows(text.text, std::string(text.file)).has_value()) << text.file;
  }
  for (const auto& entry :
       fs::directory_iterator(fs::path(PREGROOVE_SOURCE_DIR) / "fixtures/conformance"))
    EXPECT_TRUE(files.contains(entry.path().filename().string())) << entry.path();
}

TEST(ConformanceRows, HaveNamesOfTheirOwn) {
  std::set<std::string> ids;
  for (const Row& row : built_in_rows()) EXPECT_TRUE(ids.insert(row.id()).second) << row.place();
  EXPECT_GT(ids.size(), 900U);
}

}  // namespace
}  // namespace pregroove::conformance
