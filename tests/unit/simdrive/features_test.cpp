// GET CONFIGURATION: golden replies, and which features are current on which medium in which state.
#include <algorithm>

#include "simdrive/profiles/built_in.h"
#include "tests/unit/simdrive/bench_drive.h"

namespace simdrive {
namespace {

using pregroove::testing_support::golden;
using pregroove::testing_support::to_hex;
using testing_support::Answer;
using testing_support::BenchDrive;
using testing_support::Bytes;

constexpr auto kEverything = "46 00 00 00 00 00 00 10 00 00";
constexpr auto kCurrentOnes = "46 01 00 00 00 00 00 10 00 00";

struct GoldenRow {
  const char* section;
  const char* medium;
  const char* cdb;
};

TEST(Features, AreThoseOfTheStandardsTables) {
  constexpr GoldenRow kRows[] = {
      {"none", "", kEverything},
      {"cd-r-blank-current", "cd-r-80", kCurrentOnes},
      {"dvd-plus-rw-unformatted-current", "dvd+rw", kCurrentOnes},
      {"bd-r-blank-current", "bd-r-25", kCurrentOnes},
  };
  for (const GoldenRow& row : kRows) {
    BenchDrive bench(row.medium);
    EXPECT_EQ(to_hex(bench.receive(row.cdb, 4096).data),
              to_hex(golden("mmc/reply-configuration.golden", row.section)))
        << row.section;
  }
}

// The features that a reply lists, by code.
std::vector<std::uint32_t> listed(const Answer& answer) {
  std::vector<std::uint32_t> codes;
  for (std::size_t at = 8; at + 4 <= answer.data.size(); at += 4 + answer.number(at + 3, 1))
    codes.push_back(answer.number(at, 2));
  return codes;
}

bool is_current(BenchDrive& bench, std::uint16_t feature) {
  const auto codes = listed(bench.receive(kCurrentOnes, 4096));
  return std::ranges::find(codes, feature) != codes.end();
}

TEST(Features, ListsStartWhereTheHostSays) {
  BenchDrive bench;
  const auto codes = listed(bench.receive("46 00 01 00 00 00 00 10 00 00", 4096));
  ASSERT_FALSE(codes.empty());
  EXPECT_EQ(codes.front(), 0x0100U);
  EXPECT_TRUE(std::ranges::is_sorted(codes));
}

TEST(Features, OneFeatureIsGivenAloneWhetherCurrentOrNot) {
  BenchDrive bench;
  EXPECT_EQ(listed(bench.receive("46 02 00 1F 00 00 00 10 00 00", 4096)),
            std::vector<std::uint32_t>{0x001F});
  EXPECT_TRUE(listed(bench.receive("46 02 00 22 00 00 00 10 00 00", 4096)).empty());
}

void select_incremental(BenchDrive& bench) {
  ASSERT_TRUE(bench.select_page_5(0x40, 0x05, 0x08).good());
}

TEST(Features, IncrementalWritingLapsesOnAMinimallyBlankedDvdRw) {
  BenchDrive bench("dvd-rw");
  EXPECT_TRUE(is_current(bench, 0x0021));
  ASSERT_TRUE(bench.send("A1 01 00 00 00 00 00 00 00 00 00 00").good());
  bench.wait();
  EXPECT_FALSE(is_current(bench, 0x0021));
  EXPECT_TRUE(is_current(bench, 0x002F));  // disc-at-once remains
  ASSERT_TRUE(bench.send("A1 00 00 00 00 00 00 00 00 00 00 00").good());
  bench.wait();
  EXPECT_TRUE(is_current(bench, 0x0021));
}

TEST(Features, WritingLapsesOnACompleteDvdR) {
  BenchDrive bench("dvd-r");
  EXPECT_TRUE(is_current(bench, 0x0021));
  EXPECT_TRUE(is_current(bench, 0x002F));
  ASSERT_NO_FATAL_FAILURE(select_incremental(bench));
  ASSERT_NO_FATAL_FAILURE(bench.write_blocks(0, 320));
  ASSERT_TRUE(bench.send("5B 00 01 00 00 01 00 00 00 00").good());
  ASSERT_TRUE(bench.send("5B 00 02 00 00 00 00 00 00 00").good());
  bench.wait();
  EXPECT_FALSE(is_current(bench, 0x0021));
  EXPECT_FALSE(is_current(bench, 0x002F));
  EXPECT_TRUE(is_current(bench, 0x001F));
}

TEST(Features, WriteBitOfDvdPlusRLapsesWithTheDisc) {
  BenchDrive bench("dvd+r");
  const Answer blank = bench.receive("46 02 00 2B 00 00 00 00 10 00", 16);
  EXPECT_EQ(blank.number(8, 4), 0x002B0104U);
  EXPECT_EQ(blank.number(12, 1), 0x01U);
  ASSERT_NO_FATAL_FAILURE(bench.write_blocks(0, 320));
  ASSERT_TRUE(bench.send("5B 00 01 00 00 01 00 00 00 00").good());
  ASSERT_TRUE(bench.send("5B 00 06 00 00 00 00 00 00 00").good());
  bench.wait();
  const Answer complete = bench.receive("46 02 00 2B 00 00 00 00 10 00", 16);
  EXPECT_EQ(complete.number(8, 4), 0x002B0104U);
  EXPECT_EQ(complete.number(12, 1), 0x00U);
}

// FORMAT UNIT type 00h, sub-types 0 (pseudo-overwrite), 1 (without), 2 (random recording).
void format_bd_r(BenchDrive& bench, const std::string& sub_type) {
  ASSERT_TRUE(bench
                  .send_data("04 11 00 00 00 00",
                             pregroove::testing_support::hex("00 00 00 08 00 B4 74 00 " + sub_type +
                                                             " 00 00 00"))
                  .good());
  bench.wait();
}

TEST(Features, FormatOfABdRDecidesAboutOverwriting) {
  struct Row {
    const char* sub_type;
    std::uint32_t profile;
    bool pseudo_overwrite, spares, streaming, random;
  };
  constexpr Row kRows[] = {{"00", 0x41, true, true, true, false},
                           {"01", 0x41, false, true, true, false},
                           {"02", 0x42, false, false, false, true}};
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.sub_type);
    BenchDrive bench("bd-r-25");
    EXPECT_TRUE(is_current(bench, 0x0023));
    ASSERT_NO_FATAL_FAILURE(format_bd_r(bench, row.sub_type));
    EXPECT_EQ(bench.receive(kCurrentOnes, 8).number(6, 2), row.profile);
    EXPECT_EQ(is_current(bench, 0x0038), row.pseudo_overwrite);
    EXPECT_EQ(is_current(bench, 0x0024), row.spares);
    EXPECT_EQ(is_current(bench, 0x0021), row.streaming);
    EXPECT_EQ(is_current(bench, 0x0020), row.random);
    EXPECT_FALSE(is_current(bench, 0x0023));
  }
}

TEST(Features, DriveWithoutDvdHasNoneOfItsFeatures) {
  BenchDrive bench("cd-r-80", *profiles::find_personality("pioneer-dvr-111"));
  for (const std::uint32_t code : listed(bench.receive(kEverything, 4096))) {
    EXPECT_NE(code, 0x0040U);
    EXPECT_NE(code, 0x0041U);
    EXPECT_NE(code, 0x0025U);
  }
}

}  // namespace
}  // namespace simdrive
