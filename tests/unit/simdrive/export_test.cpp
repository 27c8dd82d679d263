// Exported images, for readers that only know block 16.
#include "simdrive/cli/image_export.h"

#include <fstream>
#include <sstream>

#include "simdrive/cli/commands.h"
#include "tests/unit/simdrive/bench_drive.h"
#include "tests/unit/simdrive/temporary_folder.h"

namespace simdrive {
namespace {

using pregroove::ErrorCode;
using testing_support::BenchDrive;
using testing_support::Bytes;
using testing_support::pattern;
using testing_support::TemporaryFolder;

constexpr std::size_t kBlock = 2048;

// A block that looks like a volume descriptor (ECMA-119 8.1) and is told apart by its last bytes.
Bytes descriptor(std::uint8_t type, std::int32_t mark) {
  Bytes block = pattern(mark);
  block[0] = std::byte{type};
  const std::string identifier = "CD001";
  for (std::size_t i = 0; i < identifier.size(); ++i)
    block[1 + i] = static_cast<std::byte>(identifier[i]);
  block[6] = std::byte{1};
  return block;
}

// A session of 300 blocks with a primary and a supplementary descriptor and a terminator.
void burn_volume(BenchDrive& bench) {
  const std::int32_t start = bench.next_writable();
  bench.write_blocks(start, 16);
  ASSERT_TRUE(bench.write(start + 16, descriptor(1, start + 16)).good());
  ASSERT_TRUE(bench.write(start + 17, descriptor(2, start + 17)).good());
  ASSERT_TRUE(bench.write(start + 18, descriptor(255, start + 18)).good());
  bench.write_blocks(start + 19, 281);
  ASSERT_TRUE(bench.send("35 00 00 00 00 00 00 00 00 00").good());
  ASSERT_TRUE(bench.send("5B 00 02 00 00 00 00 00 00 00").good());
}

Bytes block_of(const std::string& path, std::int64_t block) {
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(block * static_cast<std::int64_t>(kBlock)));
  std::string text(kBlock, '\0');
  file.read(text.data(), static_cast<std::streamsize>(kBlock));
  Bytes bytes(kBlock);
  std::transform(text.begin(), text.end(), bytes.begin(),
                 [](char c) { return static_cast<std::byte>(c); });
  return bytes;
}

class Export : public ::testing::Test {
 protected:
  void SetUp() override {
    bench_.select_multi_session();
    ASSERT_NO_FATAL_FAILURE(burn_volume(bench_));  // 0 to 299, lead-out 302
    ASSERT_NO_FATAL_FAILURE(burn_volume(bench_));  // 11702 to 12001, lead-out 12004
  }
  TemporaryFolder folder_;
  BenchDrive bench_;
  std::string image_ = folder_ / "out.iso";
};

TEST_F(Export, LastSessionsDescriptorsAreAtBlock16AndCoverTheWholeImage) {
  ASSERT_TRUE(export_image(bench_.disc(), image_, {}).has_value());
  EXPECT_EQ(std::filesystem::file_size(image_), 12004 * kBlock);
  EXPECT_EQ(block_of(image_, 0), pattern(11702));  // its system area
  for (const std::int32_t i : {16, 17}) {
    Bytes expected = descriptor(static_cast<std::uint8_t>(i - 15), 11702 + i);
    // 12004 is 2EE4h, in both byte orders (ECMA-119 7.3.3).
    const Bytes size = pregroove::testing_support::hex("E4 2E 00 00 00 00 2E E4");
    std::copy(size.begin(), size.end(), expected.begin() + 80);
    EXPECT_EQ(block_of(image_, i), expected);
  }
  EXPECT_EQ(block_of(image_, 18), descriptor(255, 11720));
  EXPECT_EQ(block_of(image_, 19), pattern(19));  // the rest of session 1 is as it was
  EXPECT_EQ(block_of(image_, 11718), descriptor(1, 11718));
  EXPECT_EQ(block_of(image_, 12001), pattern(12001));
}

TEST_F(Export, PlainImageIsTheUserAreaAsItIs) {
  ASSERT_TRUE(export_image(bench_.disc(), image_, {.plain = true}).has_value());
  EXPECT_EQ(block_of(image_, 0), pattern(0));
  EXPECT_EQ(block_of(image_, 16), descriptor(1, 16));
  EXPECT_EQ(block_of(image_, 11718), descriptor(1, 11718));
}

TEST_F(Export, FirstSessionAloneEndsWithIt) {
  ASSERT_TRUE(export_image(bench_.disc(), image_, {.session = 1}).has_value());
  EXPECT_EQ(std::filesystem::file_size(image_), 302 * kBlock);
  EXPECT_EQ(block_of(image_, 16), descriptor(1, 16));
}

TEST_F(Export, ExistingImageIsKeptUnlessForced) {
  std::ofstream(image_) << "precious";
  const auto refused = export_image(bench_.disc(), image_, {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(std::filesystem::file_size(image_), 8U);
  ASSERT_TRUE(export_image(bench_.disc(), image_, {.overwrite = true}).has_value());
  EXPECT_EQ(std::filesystem::file_size(image_), 12004 * kBlock);
  EXPECT_FALSE(std::filesystem::exists(image_ + ".part"));
}

TEST_F(Export, SessionThatDoesNotExistIsNamed) {
  const auto refused = export_image(bench_.disc(), image_, {.session = 3});
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message.find("session 3"), std::string::npos);
}

TEST(ExportOfOtherDiscs, BlankDiscIsRefused) {
  const TemporaryFolder folder;
  BenchDrive bench;
  const auto refused = export_image(bench.disc(), folder / "out.iso", {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message.find("blank"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder / "out.iso"));
}

TEST(ExportOfOtherDiscs, SecondSessionWithoutAVolumeNeedsPlain) {
  const TemporaryFolder folder;
  BenchDrive bench;
  bench.select_multi_session();
  ASSERT_NO_FATAL_FAILURE(bench.burn_session(300));
  ASSERT_NO_FATAL_FAILURE(bench.burn_session(300));
  const auto refused = export_image(bench.disc(), folder / "out.iso", {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().advice.find("--plain"), std::string::npos);
  EXPECT_TRUE(export_image(bench.disc(), folder / "out.iso", {.plain = true}).has_value());
}

struct ProgramRun {
  std::ostringstream out;
  std::ostringstream err;
  Console console(bool json = false) { return {out, err, json}; }
};

TEST(Program, CreateRefusesAnExistingFileWithStatus3AndAnUnknownMediumWithStatus2) {
  const TemporaryFolder folder;
  ProgramRun run;
  EXPECT_EQ(run_create(run.console(), folder / "a.disc", {.medium = "cd-r-80"}), ExitStatus::kDone);
  EXPECT_EQ(run_create(run.console(), folder / "a.disc", {.medium = "cd-r-80"}),
            ExitStatus::kRefused);
  EXPECT_NE(run.err.str().find("Choose another name"), std::string::npos);
  EXPECT_EQ(run_create(run.console(), folder / "b.disc", {.medium = "floppy"}),
            ExitStatus::kWrongUsage);
  EXPECT_NE(run.err.str().find("cd-r-80"), std::string::npos);
}

TEST(Program, InfoTellsTheStateAsJson) {
  const TemporaryFolder folder;
  ASSERT_TRUE(Disc::create_file(folder / "a.disc", *find_medium("cd-r-80")).has_value());
  ProgramRun run;
  EXPECT_EQ(run_info(run.console(true), folder / "a.disc"), ExitStatus::kDone);
  EXPECT_NE(run.out.str().find("\"state\": \"blank\""), std::string::npos);
  EXPECT_NE(run.out.str().find("\"free_blocks\": 359847"), std::string::npos);
}

}  // namespace
}  // namespace simdrive
