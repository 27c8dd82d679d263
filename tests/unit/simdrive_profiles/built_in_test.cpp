#include "simdrive/profiles/built_in.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "simdrive/profiles/personality_file.h"
#include "simdrive/profiles/schema.h"

namespace simdrive::profiles {
namespace {

const std::filesystem::path kFolder =
    std::filesystem::path(PREGROOVE_SOURCE_DIR) / "simdrive/profiles";

TEST(BuiltInPersonalities, AreTheFilesOfTheFolder) {
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder))
    if (entry.path().extension() == ".json") files.insert(entry.path().stem().string());
  std::set<std::string> names;
  for (const BuiltInText& text : built_in_texts()) names.emplace(text.name);
  EXPECT_EQ(names, files);
}

TEST(BuiltInPersonalities, ParseFromTheirFiles) {
  for (const BuiltInText& text : built_in_texts()) {
    const auto loaded = load_personality(kFolder / (std::string(text.name) + ".json"));
    ASSERT_TRUE(loaded) << describe(loaded.error());
    EXPECT_EQ(loaded->name, text.name);
    const Personality* const found = find_personality(text.name);
    ASSERT_NE(found, nullptr) << text.name;
    EXPECT_EQ(*found, *loaded) << text.name;
  }
}

TEST(BuiltInPersonalities, BeginWithTheDefaultDrive) {
  ASSERT_FALSE(all_personalities().empty());
  EXPECT_EQ(all_personalities().front(), Personality{});
}

// The default drive's file is also the example that shows every key.
TEST(BuiltInPersonalities, ShowEveryKeyInTheDefaultDrivesFile) {
  EXPECT_EQ(built_in_texts().front().json, to_json(Personality{}));
}

// A visitor of the schema that only notes the keys.
struct KeyCollector {
  std::vector<std::string> keys;

  template <typename Function>
  void group(std::string_view key, const Function& visit_members) {
    keys.emplace_back(key);
    visit_members();
  }
  template <typename T, typename Rule>
  void operator()(std::string_view key, const T&, const Rule&) {
    keys.emplace_back(key);
  }
};

TEST(Schema, IsDocumentedKeyByKey) {
  KeyCollector collector;
  visit_personality(Personality{}, collector);
  EXPECT_GT(collector.keys.size(), 100U);
  std::ifstream stream(kFolder / "README.md");
  const std::string readme(std::istreambuf_iterator<char>(stream), {});
  for (const std::string& key : collector.keys) {
    const bool is_group = readme.find("### " + key) != std::string::npos ||
                          readme.find("." + key + "\n") != std::string::npos;
    EXPECT_TRUE(is_group || readme.find("`" + key + "`") != std::string::npos) << key;
  }
}

TEST(BuiltInPersonalities, AreNotFoundByOtherNames) {
  EXPECT_EQ(find_personality("BD-WRITER"), nullptr);
  EXPECT_EQ(find_personality(""), nullptr);
}

// mmc.md 2.3, 2.9, 2.14, 2.15; burning.md 4.1.
TEST(PioneerDvr111, BehavesAsItsCommandReferenceSays) {
  const Personality& drive = *find_personality("pioneer-dvr-111");
  EXPECT_FALSE(drive.reads(MediumFamily::kBd));
  EXPECT_TRUE(drive.writes(MediumKind::kDvdRam));
  EXPECT_EQ(drive.buffer_bytes(MediumKind::kCdR), 0x131800U);
  EXPECT_EQ(drive.buffer_bytes(MediumKind::kDvdR), 0x188000U);
  EXPECT_EQ(drive.quirks.tur_while_closing, WhileBusy::kGood);
  EXPECT_EQ(drive.quirks.information_while_writing, WhileBusy::kBusy);
  EXPECT_EQ(drive.quirks.full_buffer_rewritable, FullBuffer::kBlocks);
  EXPECT_EQ(drive.quirks.set_cd_speed_scope, SpeedScope::kCdOnly);
  EXPECT_EQ(drive.features.fixed_packet_sizes, std::vector<std::uint32_t>{32});
  EXPECT_FALSE(drive.blanks(MediumKind::kCdRw, BlankType::kUncloseSession));
  EXPECT_FALSE(drive.features.bd_r_pseudo_overwrite) << "taken over, but it writes no BD-R";
  EXPECT_TRUE(drive.read_speeds(MediumKind::kBdRom).empty());
}

TEST(CdWriter1998, WritesCdsAtFourTimesWithoutUnderrunProtection) {
  const Personality& drive = *find_personality("cd-writer-1998");
  EXPECT_TRUE(drive.writes(MediumKind::kCdRw));
  EXPECT_FALSE(drive.reads(MediumFamily::kDvd));
  EXPECT_EQ(drive.write_speeds(MediumKind::kCdR).front(), SpeedMultiple{40});
  EXPECT_LE(drive.buffer_bytes(MediumKind::kCdR), 2U << 20);
  EXPECT_TRUE(drive.features.buffer_underrun_protection.empty());
  EXPECT_FALSE(drive.features.cd_write_types.contains(CdWriteType::kRaw));
  EXPECT_TRUE(drive.features.raw_block_types.empty());
  EXPECT_FALSE(drive.features.real_time_streaming);
  EXPECT_FALSE(drive.knows_command(0x46)) << "GET CONFIGURATION came with MMC-2";
}

// What would stop a correct program stays off.
TEST(Awkward, LeavesOffWhatWouldStopACorrectProgram) {
  const Quirks& quirks = find_personality("awkward")->quirks;
  EXPECT_FALSE(quirks.default_write_parameters_refused);
  EXPECT_EQ(quirks.sense.close_track_after_tao, std::nullopt);
  EXPECT_TRUE(quirks.unsupported_commands.empty());
  EXPECT_TRUE(quirks.blank_nwa_minus_150);
  EXPECT_EQ(quirks.progress, Progress::kConstant);
}

}  // namespace
}  // namespace simdrive::profiles
