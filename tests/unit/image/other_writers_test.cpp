// Images that genisoimage, xorriso and bsdtar made (fixtures/images/README.md): their trees are
// imported, and a session of ours can follow them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/image/import.h"
#include "tests/support/image_files.h"

namespace pregroove::image {
namespace {

using testing_support::contents_of;
using testing_support::MemoryDisc;
using testing_support::PathsAndContents;

// The fixtures begin with block 16 of their image.
void put_fixture(MemoryDisc& disc, const std::string& path, std::int32_t session_start = 0) {
  const std::string file = std::string(PREGROOVE_SOURCE_DIR) + "/fixtures/images/" + path;
  auto reader = FileBlockReader::open(file);
  ASSERT_TRUE(reader.has_value()) << reader.error().message;
  std::vector<std::byte> blocks((reader->end() - Lba{}).bytes());
  ASSERT_TRUE(reader->read({}, blocks));
  disc.put({session_start + 16}, std::move(blocks));
}

const PathsAndContents kTree{{"/Grüße.txt", "umlaut\n"},
                             {"/docs/A Letter.txt", "dear\n"},
                             {"/docs/linked.txt", "hello\n"},
                             {"/docs/three-thousand.bin", std::string(3000, 'x')},
                             {"/empty", ""},
                             {"/hello.txt", "hello\n"}};

class ForeignJolietImage : public testing::TestWithParam<const char*> {};

TEST_P(ForeignJolietImage, IsImportedByItsJolietNames) {
  MemoryDisc disc;
  put_fixture(disc, GetParam());
  const auto imported = import_session(disc, {}, {.names = NameTree::kJoliet});
  ASSERT_TRUE(imported.has_value()) << imported.error().message;
  EXPECT_EQ(imported->names, NameTree::kJoliet);
  EXPECT_EQ(imported->volume_id, "FIXTURE");
  EXPECT_EQ(contents_of(disc, imported->tree), kTree);
  // 2020-02-03 04:05:06 UTC
  EXPECT_EQ(imported->tree.find_file("/hello.txt")->modified,
            system::FileTime(std::chrono::seconds(1580702706)));
}

TEST_P(ForeignJolietImage, CanBeFollowedByASessionOfOurs) {
  MemoryDisc disc;
  put_fixture(disc, GetParam());
  auto imported = import_session(disc, {});
  ASSERT_TRUE(imported.has_value());
  ASSERT_TRUE(imported->tree.merge(testing_support::tree_of({{"/docs/new", "n"}}), Overwrite::kNo));
  const auto image = Image::create(std::move(imported->tree), {.session_start = {12027}});
  ASSERT_TRUE(image.has_value()) << image.error().message;
  disc.put({12027}, testing_support::blocks_of(*image));
  const auto merged = import_session(disc, {12027});
  ASSERT_TRUE(merged.has_value()) << merged.error().message;
  PathsAndContents expected = kTree;
  expected["/docs/new"] = "n";
  EXPECT_EQ(contents_of(disc, merged->tree), expected);
}

const char* const kJolietFixtures[] = {"joliet/genisoimage.iso", "joliet/xorrisofs.iso",
                                       "joliet/bsdtar.iso", "second-session/genisoimage-first.iso"};
INSTANTIATE_TEST_SUITE_P(Writers, ForeignJolietImage, testing::ValuesIn(kJolietFixtures));

TEST(ForeignPlainImage, OfGenisoimageIsImportedByItsShortNames) {
  MemoryDisc disc;
  put_fixture(disc, "plain/genisoimage.iso");
  const auto imported = import_session(disc, {}, {.names = NameTree::kPlain});
  ASSERT_TRUE(imported.has_value()) << imported.error().message;
  EXPECT_EQ(imported->names, NameTree::kPlain);
  EXPECT_EQ(contents_of(disc, imported->tree),
            (PathsAndContents{{"/docs/a_letter.txt", "dear\n"},
                              {"/docs/linked.txt", "hello\n"},
                              {"/docs/three_th.bin", std::string(3000, 'x')},
                              {"/empty", ""},
                              {"/hello.txt", "hello\n"}}));
}

class ForeignRockRidgeImage : public testing::TestWithParam<const char*> {};

TEST_P(ForeignRockRidgeImage, IsImportedByItsRealNamesAndAttributes) {
  MemoryDisc disc;
  put_fixture(disc, GetParam());
  const auto imported = import_session(disc, {});
  ASSERT_TRUE(imported.has_value()) << imported.error().message;
  EXPECT_EQ(imported->names, NameTree::kRockRidge);
  PathsAndContents expected = kTree;
  if (imported->tree.find_file("/Grüße.txt") == nullptr) expected.erase("/Grüße.txt");
  EXPECT_EQ(contents_of(disc, imported->tree), expected);
  const File* file = imported->tree.find_file("/docs/linked.txt");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->attributes.permissions, 0644);
  EXPECT_EQ(file->modified, system::FileTime(std::chrono::seconds(1580702706)));
  EXPECT_EQ(imported->tree.find_directory("/docs")->attributes.permissions, 0755);
}

INSTANTIATE_TEST_SUITE_P(Writers, ForeignRockRidgeImage,
                         testing::Values("plain/genisoimage.iso",
                                         "second-session/genisoimage-first.iso"));

TEST(ForeignPlainImage, OfBsdtarHoldsEveryFile) {
  MemoryDisc disc;
  put_fixture(disc, "plain/bsdtar.iso");
  const auto imported = import_session(disc, {}, {.lower_case_plain_names = false});
  ASSERT_TRUE(imported.has_value()) << imported.error().message;
  const PathsAndContents contents = contents_of(disc, imported->tree);
  EXPECT_EQ(contents.size(), 5U);
  EXPECT_EQ(contents.at("/HELLO.TXT"), "hello\n");
  EXPECT_EQ(contents.at("/DOCS/LINKED.TXT"), "hello\n");
}

TEST(ForeignLongNames, AreImportedAndWrittenAgainAsTheyAre) {
  const std::string path = "/" + std::string(99, 'n') + ".txt";
  MemoryDisc disc;
  put_fixture(disc, "long-names/genisoimage.iso");
  auto imported = import_session(disc, {});
  ASSERT_TRUE(imported.has_value()) << imported.error().message;
  EXPECT_EQ(contents_of(disc, imported->tree), (PathsAndContents{{path, "long\n"}}));
  const auto image = Image::create(std::move(imported->tree), {.session_start = {5000}});
  ASSERT_TRUE(image.has_value()) << image.error().message;
  disc.put({5000}, testing_support::blocks_of(*image));
  const auto again = import_session(disc, {5000});
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(contents_of(disc, again->tree), (PathsAndContents{{path, "long\n"}}));
}

TEST(ForeignSecondSession, IsReadWithTheFilesOfTheFirst) {
  MemoryDisc disc;
  put_fixture(disc, "second-session/genisoimage-first.iso");
  put_fixture(disc, "second-session/genisoimage.iso", 300);
  const auto imported = import_session(disc, {300});
  ASSERT_TRUE(imported.has_value()) << imported.error().message;
  EXPECT_EQ(imported->volume_id, "SECOND");
  PathsAndContents expected = kTree;
  expected["/new.txt"] = "new\n";
  EXPECT_EQ(contents_of(disc, imported->tree), expected);
}

}  // namespace
}  // namespace pregroove::image
