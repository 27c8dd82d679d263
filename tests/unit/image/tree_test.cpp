#include "engine/image/tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/image_files.h"

namespace pregroove::image {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::tree_of;

std::vector<std::string> paths_in(const Tree& tree) {
  std::vector<std::string> paths;
  tree.walk(
      [&](std::string_view path, const File&) { paths.emplace_back(path); },
      [&](std::string_view path, const Directory&) { paths.push_back(std::string(path) + "/"); });
  return paths;
}

std::uint64_t size_at(const Tree& tree, std::string_view path) {
  const File* file = tree.find_file(path);
  return file == nullptr ? ~std::uint64_t{0} : file->size();
}

TEST(Tree, WalksFilesAndThenFoldersByName) {
  const Tree tree = tree_of({{"/z", ""}, {"/b/y", ""}, {"/b/a/x", ""}, {"/a", ""}});
  EXPECT_THAT(paths_in(tree), ElementsAre("/a", "/z", "/b/", "/b/y", "/b/a/", "/b/a/x"));
}

TEST(Tree, FindsWhatWasAddedInAnyOrder) {
  Tree tree;
  for (const char* path : {"/m", "/c", "/x", "/a", "/d"})
    ASSERT_TRUE(tree.add_file(path, {.content = Memory{}}));
  for (const char* path : {"/m", "/c", "x", "/a", "//d"}) EXPECT_NE(tree.find_file(path), nullptr);
  EXPECT_EQ(tree.find_file("/b"), nullptr);
  EXPECT_EQ(tree.count().files, 5U);
}

TEST(Tree, RefusesPathsThatAreNone) {
  Tree tree;
  EXPECT_EQ(tree.add_file("/a/../b", {}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(tree.add_file("/", {}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(tree.empty());
}

TEST(Tree, RefusesAFileWhereAFolderIsAndTheReverse) {
  Tree tree = tree_of({{"/a/b", ""}});
  EXPECT_EQ(tree.add_file("/a", {.content = Memory{}}).error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(tree.add_file("/a/b/c", {.content = Memory{}}).error().code, ErrorCode::kAlreadyExists);
}

TEST(Tree, RemovesFilesAndFolders) {
  Tree tree = tree_of({{"/a/b", ""}, {"/a/c/d", ""}, {"/e", ""}});
  ASSERT_TRUE(tree.remove("/a/c"));
  ASSERT_TRUE(tree.remove("e"));
  EXPECT_THAT(paths_in(tree), ElementsAre("/a/", "/a/b"));
  EXPECT_EQ(tree.remove("/e").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(tree.remove("/x/y").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(tree.remove("/a/b/c").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(tree.remove("/").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(tree.remove("/a/../e").error().code, ErrorCode::kInvalidArgument);
}

TEST(Tree, RenamesFilesAndFolders) {
  Tree tree = tree_of({{"/a/b", "1"}, {"/a/c/d", "22"}, {"/e", "333"}});
  ASSERT_TRUE(tree.rename("/e", "/new/folder/f"));
  ASSERT_TRUE(tree.rename("/a/c", "/0"));
  ASSERT_TRUE(tree.rename("/a/b", "/a/z"));
  EXPECT_THAT(paths_in(tree),
              ElementsAre("/0/", "/0/d", "/a/", "/a/z", "/new/", "/new/folder/", "/new/folder/f"));
  EXPECT_EQ(size_at(tree, "/new/folder/f"), 3U);
  EXPECT_EQ(size_at(tree, "/0/d"), 2U);
  EXPECT_EQ(size_at(tree, "/a/z"), 1U);
}

TEST(Tree, RefusesToRenameWhatCannotBe) {
  Tree tree = tree_of({{"/a/b", "1"}, {"/a/c/d", "22"}, {"/e", "333"}});
  const auto before = paths_in(tree);
  const auto code = [&](const char* from, const char* to) {
    const auto done = tree.rename(from, to);
    return done ? ErrorCode{} : done.error().code;
  };
  EXPECT_EQ(code("/x", "/y"), ErrorCode::kNotFound);
  EXPECT_EQ(code("/e", "/a/b"), ErrorCode::kAlreadyExists);
  EXPECT_EQ(code("/e", "/e"), ErrorCode::kAlreadyExists);
  EXPECT_EQ(code("/e", "/e/f"), ErrorCode::kAlreadyExists) << "a file holds nothing";
  EXPECT_EQ(code("/a", "/a/c/a"), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code("/", "/x"), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code("/e", "/"), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code("/e", "/../e"), ErrorCode::kInvalidArgument);
  std::string deep;
  for (std::size_t i = 0; i < kDepthMax; ++i) deep += "/d";
  EXPECT_EQ(code("/a", deep.c_str()), ErrorCode::kInvalidArgument);
  EXPECT_EQ(paths_in(tree), before);
}

TEST(Tree, MovesAFolderBesideItsNamesake) {
  Tree tree = tree_of({{"/a/b", ""}});
  ASSERT_TRUE(tree.rename("/a", "/ab/a"));
  EXPECT_THAT(paths_in(tree), ElementsAre("/ab/", "/ab/a/", "/ab/a/b"));
}

TEST(Tree, SharesFilesWithItsCopiesUntilEitherChanges) {
  Tree tree = tree_of({{"/a/x", "1"}, {"/b/y", "1"}});
  Tree copy = tree;
  EXPECT_EQ(copy.find_file("/a/x"), tree.find_file("/a/x"));
  ASSERT_TRUE(copy.add_file("/a/z", {.content = Memory{}}));
  ASSERT_TRUE(tree.remove("/b/y"));
  EXPECT_THAT(paths_in(tree), ElementsAre("/a/", "/a/x", "/b/"));
  EXPECT_THAT(paths_in(copy), ElementsAre("/a/", "/a/x", "/a/z", "/b/", "/b/y"));
}

TEST(Tree, SharesFilesOfFoldersThatAMergeLeavesAlone) {
  const Tree tree = tree_of({{"/a/x", "1"}, {"/b/y", "1"}});
  Tree copy = tree;
  ASSERT_TRUE(copy.merge(tree_of({{"/b/x", "2"}}), Overwrite::kYes));
  EXPECT_EQ(copy.find_file("/a/x"), tree.find_file("/a/x"));
  EXPECT_EQ(size_at(tree, "/b/y"), 1U);
  EXPECT_THAT(paths_in(copy), ElementsAre("/a/", "/a/x", "/b/", "/b/x", "/b/y"));
}

TEST(Merge, JoinsFoldersAndKeepsOldFiles) {
  Tree tree = tree_of({{"/docs/old", "1"}, {"/docs/deep/x", "1"}});
  ASSERT_TRUE(tree.merge(tree_of({{"/docs/new", "22"}, {"/docs/deep/y", "22"}, {"/top", "22"}}),
                         Overwrite::kNo));
  EXPECT_THAT(paths_in(tree), ElementsAre("/top", "/docs/", "/docs/new", "/docs/old", "/docs/deep/",
                                          "/docs/deep/x", "/docs/deep/y"));
}

TEST(Merge, ReplacesAFileOnlyWhenOverwritingIsAskedFor) {
  Tree tree = tree_of({{"/docs/a", "old"}});
  const auto refused = tree.merge(tree_of({{"/docs/a", "newer"}}), Overwrite::kNo);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kAlreadyExists);
  EXPECT_THAT(refused.error().message, HasSubstr("/docs/a"));
  EXPECT_EQ(size_at(tree, "/docs/a"), 3U);
  ASSERT_TRUE(tree.merge(tree_of({{"/docs/a", "newer"}}), Overwrite::kYes));
  EXPECT_EQ(size_at(tree, "/docs/a"), 5U);
}

TEST(Merge, LeavesBothTreesAloneWhenItFails) {
  Tree tree = tree_of({{"/b/conflict", "old"}});
  Tree added = tree_of({{"/a", "x"}, {"/b/conflict", "newer"}, {"/c", "x"}});
  ASSERT_FALSE(tree.merge(std::move(added), Overwrite::kNo));
  EXPECT_THAT(paths_in(tree), ElementsAre("/b/", "/b/conflict"));
  // NOLINTNEXTLINE(bugprone-use-after-move): that it is untouched is what is tested
  EXPECT_EQ(added.count().files, 3U);
}

TEST(Merge, NeverReplacesAFolderByAFileOrAFileByAFolder) {
  Tree tree = tree_of({{"/name/inside", ""}, {"/plain", ""}});
  for (const Overwrite overwrite : {Overwrite::kYes, Overwrite::kNo}) {
    const auto file = tree.merge(tree_of({{"/name", ""}}), overwrite);
    ASSERT_FALSE(file.has_value());
    EXPECT_EQ(file.error().code, ErrorCode::kAlreadyExists);
    EXPECT_THAT(file.error().message, HasSubstr("folder"));
    EXPECT_FALSE(tree.merge(tree_of({{"/plain/inside", ""}}), overwrite));
  }
}

TEST(Merge, KeepsNamesThatDifferByCaseApart) {
  Tree tree = tree_of({{"/readme", "1"}});
  ASSERT_TRUE(tree.merge(tree_of({{"/README", "22"}}), Overwrite::kNo));
  EXPECT_EQ(tree.count().files, 2U);
}

TEST(TreeCounts, TellsNewBytesFromBytesThatAreOnTheDisc) {
  Tree tree = tree_of({{"/d/new", "12345"}});
  ASSERT_TRUE(tree.add_file("/old", {.content = OldExtents{{{.lba = {100}, .bytes = 4096},
                                                            {.lba = {200}, .bytes = 1}}}}));
  const TreeCounts counts = tree.count();
  EXPECT_EQ(counts.files, 2U);
  EXPECT_EQ(counts.directories, 1U);
  EXPECT_EQ(counts.bytes, 5U + 4097U);
  EXPECT_EQ(counts.new_bytes, 5U);
}

}  // namespace
}  // namespace pregroove::image
