#include "engine/image/scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "tests/support/image_files.h"

namespace pregroove::image {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::ScratchFolder;

std::vector<std::string> files_in(const Tree& tree) {
  std::vector<std::string> paths;
  tree.walk([&](std::string_view path, const File&) { paths.emplace_back(path); });
  return paths;
}

TEST(GraftUnderOwnName, TakesTheLastComponentOfTheNormalisedPath) {
  EXPECT_EQ(graft_under_own_name("/usr/share")->target, "/share");
  EXPECT_EQ(graft_under_own_name("/usr/share/")->target, "/share");
  EXPECT_EQ(graft_under_own_name("/usr/share//")->target, "/share");
  EXPECT_EQ(graft_under_own_name("/usr/share/.")->target, "/share");
  EXPECT_EQ(graft_under_own_name("/usr/share/..")->target, "/usr");
  EXPECT_EQ(graft_under_own_name("/")->target, "/");
  const std::filesystem::path here = std::filesystem::current_path();
  EXPECT_EQ(graft_under_own_name(".")->target, "/" + here.filename().string());
  EXPECT_EQ(graft_under_own_name("..")->target, "/" + here.parent_path().filename().string());
  EXPECT_EQ(graft_under_own_name("a/b")->target, "/b");
}

TEST(Scan, FindsFilesWithSizesTimesAndPaths) {
  const ScratchFolder scratch;
  scratch.write("src/a.txt", "12345");
  const std::string inner = scratch.write("src/sub/b.txt", "1");
  const system::FileTime noon{std::chrono::seconds(1'000'000'000)};
  ASSERT_TRUE(system::set_modified(inner, noon));
  const auto result = scan({{.source = scratch.path("src"), .target = "/src"}});
  ASSERT_TRUE(result.has_value());
  EXPECT_THAT(files_in(result->tree), ElementsAre("/src/a.txt", "/src/sub/b.txt"));
  const File* file = result->tree.find_file("/src/sub/b.txt");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->size(), 1U);
  EXPECT_EQ(file->modified, noon);
  EXPECT_EQ(std::get<SourceFile>(file->content).path(), inner);
}

TEST(Scan, PutsTheContentOfAFolderAtTheRootWhenTheTargetIsTheRoot) {
  const ScratchFolder scratch;
  scratch.write("src/a.txt", "");
  const auto result = scan({{.source = scratch.path("src/"), .target = "/"}});
  ASSERT_TRUE(result.has_value());
  EXPECT_THAT(files_in(result->tree), ElementsAre("/a.txt"));
}

TEST(Scan, RenamesAGraftedFileButReadsItUnderItsOwnName) {
  const ScratchFolder scratch;
  const std::string source = scratch.write("a.txt", "x");
  const auto result =
      scan({{.source = source, .target = "/docs/b.txt"}, {.source = source, .target = "/keep/"}});
  ASSERT_TRUE(result.has_value());
  EXPECT_THAT(files_in(result->tree), ElementsAre("/docs/b.txt", "/keep/a.txt"));
  EXPECT_EQ(std::get<SourceFile>(result->tree.find_file("/docs/b.txt")->content).path(), source);
}

TEST(Scan, RefusesTwoSourcesThatClaimOneName) {
  const ScratchFolder scratch;
  const std::string first = scratch.write("1/same", "");
  const std::string second = scratch.write("2/same", "");
  const auto result =
      scan({{.source = first, .target = "/same"}, {.source = second, .target = "/same"}});
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kAlreadyExists);
}

TEST(Scan, NamesASourceThatIsMissing) {
  const auto result = scan({{.source = "/nonexistent/photos", .target = "/photos"}});
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(result.error().message, HasSubstr("/nonexistent/photos"));
  EXPECT_THAT(result.error().advice, testing::Not(IsEmpty()));
}

TEST(Scan, FollowsLinksAndLeavesOutThoseThatLeadNowhereOrBack) {
  const ScratchFolder scratch;
  scratch.write("src/real/file", "data");
  std::filesystem::create_symlink("real", scratch.path("src/alias"));
  std::filesystem::create_symlink("missing", scratch.path("src/dangling"));
  std::filesystem::create_symlink("self", scratch.path("src/self"));
  std::filesystem::create_symlink("..", scratch.path("src/real/up"));
  const auto result = scan({{.source = scratch.path("src"), .target = "/"}});
  ASSERT_TRUE(result.has_value());
  EXPECT_THAT(files_in(result->tree), ElementsAre("/alias/file", "/real/file"));
  EXPECT_THAT(result->warnings,
              testing::UnorderedElementsAre(
                  HasSubstr("src/dangling"), HasSubstr("src/self"),
                  testing::AllOf(HasSubstr("src/real/up"), HasSubstr("contains it")),
                  testing::AllOf(HasSubstr("src/alias/up"), HasSubstr("contains it"))));
}

TEST(Scan, LeavesPipesOut) {
  const ScratchFolder scratch;
  scratch.write("src/file", "");
  ASSERT_EQ(::mkfifo(scratch.path("src/pipe").c_str(), 0600), 0);
  const auto result = scan({{.source = scratch.path("src"), .target = "/"}});
  ASSERT_TRUE(result.has_value());
  EXPECT_THAT(files_in(result->tree), ElementsAre("/file"));
  EXPECT_THAT(result->warnings, ElementsAre(HasSubstr("src/pipe")));
}

class UnreadableSource : public testing::TestWithParam<const char*> {};

// Runs in a process of its own that has given up the superuser's rights; reports to standard error.
[[noreturn]] void scan_as_ordinary_user(const std::string& source) {
  constexpr uid_t kNobody = 65534;
  if (::geteuid() == 0 && ::setresuid(kNobody, kNobody, kNobody) != 0) ::_exit(2);
  const auto result = scan({{.source = source, .target = "/"}});
  if (result) ::_exit(3);
  const Error& error = result.error();
  std::cerr << name_of(error.code) << '|' << error.message << '|' << error.advice;
  ::_exit(error.code == ErrorCode::kAccessDenied ? 0 : 4);
}

TEST_P(UnreadableSource, IsRefusedBeforeAnythingIsWritten) {
  const ScratchFolder scratch;
  scratch.write("src/folder/file", "");
  const std::string victim = scratch.path(GetParam());
  ASSERT_EQ(::chmod(scratch.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod(victim.c_str(), 0), 0);
  EXPECT_EXIT(scan_as_ordinary_user(scratch.path("src")), testing::ExitedWithCode(0),
              victim + ".*permission to read");
  ::chmod(victim.c_str(), 0700);
}

INSTANTIATE_TEST_SUITE_P(FileAndFolder, UnreadableSource,
                         testing::Values("src/folder/file", "src/folder"));

}  // namespace
}  // namespace pregroove::image
