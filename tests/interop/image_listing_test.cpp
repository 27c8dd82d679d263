// Single-session images of real folders, read by xorriso, isoinfo, bsdtar and libcdio, by Joliet
// names and by plain ones: every file is there, under the right name, with the right bytes.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/image/scan.h"
#include "tests/interop/image_readers.h"

namespace pregroove::interop {
namespace {

using image::Image;
using testing_support::PathsAndContents;
using testing_support::ScratchFolder;

struct SampleFile {
  std::string joliet;
  std::string plain;
  std::string content;
};
struct Sample {
  const char* name;
  std::vector<SampleFile> (*files)();
};

std::vector<SampleFile> assorted() {
  return {
      {"/README", "/README", "no extension"},
      {"/empty.txt", "/EMPTY.TXT", ""},
      {"/also empty", "/ALSO_EMPTY", ""},
      {"/one-block.bin", "/ONE_BLOCK.BIN", std::string(2048, '1')},
      {"/one-block-and-a-byte.bin", "/ONE_BLOCK_AND_A_BYTE.BIN", std::string(2049, '2')},
      {"/folder.d/archive.tar.gz", "/FOLDER_D/ARCHIVE_TAR.GZ", std::string(300'000, 'z')},
      {"/folder.d/.hidden", "/FOLDER_D/_HIDDEN", "h"},
      {"/folder.d/a b+c&d.txt", "/FOLDER_D/A_B_C_D.TXT", "marks"},
      {"/folder.d/a b-c=d.txt", "/FOLDER_D/A_B_C_D_1.TXT", "they collide"},
      {"/" + std::string(60, 'l') + ".txt", "/" + std::string(27, 'L') + ".TXT", "64 units"},
  };
}

std::vector<SampleFile> unicode() {
  return {
      {"/Grüße.txt", "/GR__E.TXT", "German"},
      {"/日本語/漢字.txt", "/___/__.TXT", "Japanese"},
      {"/naïve café.txt", "/NA_VE_CAF_.TXT", "French"},
      {"/Ελληνικά", "/________", "Greek"},
  };
}

std::vector<SampleFile> deep() {
  std::string lower;
  std::string upper;
  std::vector<SampleFile> files;
  for (int level = 2; level <= 14; ++level) {
    lower += fmt::format("/level{}", level);
    upper += fmt::format("/LEVEL{}", level);
    files.push_back({lower + "/file", upper + "/FILE", fmt::format("at level {}", level)});
  }
  return files;
}

std::vector<SampleFile> many() {
  constexpr int kFiles = 2000;
  std::vector<SampleFile> files;
  files.reserve(kFiles);
  for (int i = 0; i < kFiles; ++i)
    files.push_back({fmt::format("/all/file number {:04}.txt", i),
                     fmt::format("/ALL/FILE_NUMBER_{:04}.TXT", i), std::to_string(i)});
  return files;
}

struct Program {
  const char* name;
  Reader read;
  // How it shows a Joliet path, if not as it is.
  std::string (*shown)(const std::string& path) = nullptr;
};

using Case = std::tuple<Sample, Program, Names>;

class SingleSessionImage : public testing::TestWithParam<Case> {};

TEST_P(SingleSessionImage, IsReadEqualToItsSource) {
  const auto& [sample, program, names] = GetParam();
  const ScratchFolder scratch;
  PathsAndContents expected;
  for (const SampleFile& file : sample.files()) {
    scratch.write("src" + file.joliet, file.content);
    const std::string joliet = program.shown ? program.shown(file.joliet) : file.joliet;
    expected[names == Names::kJoliet ? joliet : file.plain] = file.content;
  }
  auto scanned = image::scan({{.source = scratch.path("src"), .target = "/"}});
  ASSERT_TRUE(scanned.has_value());
  const auto image = Image::create(std::move(scanned->tree), {.volume_id = "Interop"});
  ASSERT_TRUE(image.has_value());
  const std::string path = scratch.path("image.iso");
  testing_support::write_blocks(path, 0, testing_support::blocks_of(*image));

  const PathsAndContents found = program.read(path, names);
  EXPECT_EQ(found.size(), expected.size());
  for (const auto& [name, content] : expected) {
    const auto at = found.find(name);
    ASSERT_NE(at, found.end()) << name << " is missing";
    if (at->second != kListedOnly) {
      EXPECT_EQ(at->second, content) << name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Programs, SingleSessionImage,
    testing::Combine(testing::Values(Sample{"assorted", assorted}, Sample{"unicode", unicode},
                                     Sample{"deep", deep}, Sample{"many", many}),
                     testing::Values(Program{"xorriso", read_with_xorriso},
                                     Program{"isoinfo", read_with_isoinfo, as_isoinfo_shows},
                                     Program{"bsdtar", read_with_bsdtar},
                                     Program{"libcdio", read_with_libcdio, as_libcdio_shows}),
                     testing::Values(Names::kJoliet, Names::kPlain)),
    [](const testing::TestParamInfo<Case>& row) {
      return fmt::format("{}_{}_{}", std::get<0>(row.param).name, std::get<1>(row.param).name,
                         std::get<2>(row.param) == Names::kJoliet ? "joliet" : "plain");
    });

}  // namespace
}  // namespace pregroove::interop
