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
