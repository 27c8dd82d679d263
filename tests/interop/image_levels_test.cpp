// The plain tree at each interchange level, by readers that are shown nothing else.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/interop/image_readers.h"

namespace pregroove::interop {
namespace {

using image::IsoLevel;
using testing::HasSubstr;
using testing::UnorderedElementsAre;
using testing_support::PathsAndContents;
using testing_support::ScratchFolder;

class Levels : public testing::Test {
 protected:
  Result<std::string> make(IsoLevel level, bool with_others = false) {
    auto image = image::Image::create(
        testing_support::tree_of(files_),
        {.formats = {.joliet = with_others, .rock_ridge = with_others, .iso_level = level},
         .volume_id = "Levels"});
    if (!image) return std::unexpected(image.error());
    const std::string path = folder_.path("image.iso");
    std::filesystem::remove(path);
    testing_support::write_blocks(path, 0, testing_support::blocks_of(*image));
    return path;
  }
  // What isoinfo lists without Rock Ridge and Joliet.
  static std::vector<std::string> plain_names_in(const std::string& image) {
    std::istringstream listing(output_of(fmt::format("isoinfo -f -i {}", quoted(image))));
    std::vector<std::string> names;
    for (std::string line; std::getline(listing, line);) names.push_back(line);
    return names;
  }
  // Of regular files, whatever their names.
  PathsAndContents extracted_by(const std::string& command) const {
    std::filesystem::remove_all(folder_.path("back"));
    std::filesystem::create_directories(folder_.path("back"));
    static_cast<void>(output_of(fmt::format("cd {} && {}", quoted(folder_.path("back")), command)));
    PathsAndContents found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path("back"))) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      found[entry.path().string().substr(folder_.path("back").size())] =
          std::string(std::istreambuf_iterator<char>(file), {});
    }
    return found;
  }

  ScratchFolder folder_;
  PathsAndContents files_{{"/README.TXT", "upper"},
                          {"/A long name.text", "long"},
                          {"/A long name.textile", "longer"},
                          {"/Some.Folder/größe", std::string(5000, 'g')}};
};

// ECMA-119 10.1.
TEST_F(Levels, OneIsWhatDosReads) {
  const auto image = make(IsoLevel::k1);
  ASSERT_TRUE(image);
  EXPECT_THAT(plain_names_in(*image),
              UnorderedElementsAre("/README.TXT;1", "/A_LONG_N.TEX;1",
                                   testing::MatchesRegex("/A_[A-Z_]{0,4}_1\\.TEX;1"), "/SOME_FOL",
                                   "/SOME_FOL/GR__E.;1"));
}

TEST_F(Levels, TwoHasLongerNames) {
  const auto image = make(IsoLevel::k2);
  ASSERT_TRUE(image);
  EXPECT_THAT(plain_names_in(*image),
              UnorderedElementsAre("/README.TXT;1", "/A_LONG_NAME.TEXT;1", "/A_LONG_NAME.TEXTILE;1",
                                   "/SOME_FOLDER", "/SOME_FOLDER/GR__E.;1"));
}

// ISO 9660:1999.
TEST_F(Levels, FourKeepsNames) {
  const auto image = make(IsoLevel::k1999);
  ASSERT_TRUE(image);
  EXPECT_THAT(plain_names_in(*image),
              UnorderedElementsAre("/README.TXT", "/A long name.text", "/A long name.textile",
                                   "/Some.Folder", "/Some.Folder/größe"));
  EXPECT_THAT(output_of(fmt::format("isoinfo -d -i {}", quoted(*image))), HasSubstr("9660:1999"));
  EXPECT_EQ(extracted_by("bsdtar -xf " + quoted(*image)), files_);
  EXPECT_EQ(extracted_by("7z x -y " + quoted(*image)), files_);
  auto reader = image::FileBlockReader::open(*image);
  ASSERT_TRUE(reader);
  const auto imported = image::import_session(*reader, {});
  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_EQ(testing_support::contents_of(*reader, imported->tree), files_);
}

TEST_F(Levels, DisturbNoOtherNames) {
  for (const IsoLevel level : {IsoLevel::k1, IsoLevel::k2, IsoLevel::k3, IsoLevel::k1999}) {
    const auto image = make(level, true);
    ASSERT_TRUE(image);
    EXPECT_EQ(extracted_by("bsdtar -xf " + quoted(*image)), files_);
    EXPECT_EQ(extracted_by("xorriso -osirrox on -indev " + quoted(*image) + " -extract / . 2>&1"),
              files_);
    EXPECT_THAT(output_of(fmt::format("isoinfo -J -f -i {}", quoted(*image))),
                HasSubstr("/A long name.textile"));
  }
}

TEST(LevelsAndSizes, OnlyThreeAndFourHaveFilesOfFourGibibytes) {
  for (const IsoLevel level : {IsoLevel::k1, IsoLevel::k2, IsoLevel::k3, IsoLevel::k1999}) {
    image::Tree tree;
    ASSERT_TRUE(
        tree.add_file("/large", {.content = image::SourceFile{.size = std::uint64_t{1} << 32U}}));
    const auto image = image::Image::create(std::move(tree), {.formats = {.iso_level = level}});
    EXPECT_EQ(image.has_value(), level >= IsoLevel::k3);
    if (!image) {
      EXPECT_THAT(image.error().message, HasSubstr("/large"));
    }
  }
}

}  // namespace
}  // namespace pregroove::interop
