// What a Linux user expects of a backup: names, permissions and links come back.
#include <sys/stat.h>

#include <filesystem>

#include "tests/cli/programs.h"

namespace pregroove::cli_tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Posix : public ProgramTest {
 protected:
  void SetUp() override {
    make_disc();
    folder().write("one/what: when?.txt", "a name that Windows does not know");
    folder().write("one/run.sh", "#!/bin/sh\n");
    ASSERT_EQ(::chmod(folder().path("one/run.sh").c_str(), 0750), 0);
    std::filesystem::create_symlink("run.sh", folder().path("one/start"));
    std::filesystem::create_symlink("../outside", folder().path("one/out"));
    folder().write("two/more.txt", "more");
  }
  std::string source(const std::string& name) { return "/=" + folder().path(name); }
};

TEST_F(Posix, NamesPermissionsAndLinksComeBackFromTheSecondSession) {
  expect_burned({"--graft", source("one")});
  expect_burned({"--graft", source("two")});
  expect_equal(folder().path("one"), "1");
  const auto back = pregroove({"extract", "-d", drive(), "-o", folder().path("back")});
  ASSERT_EQ(back.exit_status, 0) << back.err;
  EXPECT_EQ(std::filesystem::read_symlink(folder().path("back/start")), "run.sh");
  EXPECT_EQ(std::filesystem::read_symlink(folder().path("back/out")), "../outside");
  EXPECT_TRUE(std::filesystem::exists(folder().path("back/what: when?.txt")));
  EXPECT_TRUE(std::filesystem::exists(folder().path("back/more.txt")));
  struct stat status {};
  ASSERT_EQ(::stat(folder().path("back/run.sh").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0700U, 0700U);
  EXPECT_EQ(status.st_mode & 0007U, 0U);
  const auto listing = pregroove({"ls", "-d", drive()});
  EXPECT_THAT(listing.out, AllOf(HasSubstr("/start -> run.sh"), HasSubstr("/what: when?.txt")));
}

TEST_F(Posix, TheLongestNamesAreExtracted) {
  const std::string name(255, 'n');
  folder().write("long/" + name, "long");
  expect_burned({"--graft", source("long")});
  const auto back = pregroove({"extract", "-d", drive(), "-o", folder().path("back")});
  EXPECT_EQ(back.exit_status, 0) << back.err;
  EXPECT_TRUE(std::filesystem::exists(folder().path("back/" + name)));
}

TEST_F(Posix, ALinkThatXorrisoCannotReadIsNoted) {
  std::string far;
  while (far.size() < 1024) far += "/folder";
  std::filesystem::create_symlink(far, folder().path("two/far"));
  const auto burned = pregroove({"burn", "-d", drive(), "--graft", source("two")});
  EXPECT_EQ(burned.exit_status, 0);
  EXPECT_THAT(burned.err, HasSubstr("more than 1023 characters"));
}

TEST_F(Posix, VerifyFindsALinkThatLeadsElsewhere) {
  expect_burned({"--graft", source("one")});
  std::filesystem::remove(folder().path("one/start"));
  std::filesystem::create_symlink("stop.sh", folder().path("one/start"));
  const auto result = pregroove({"verify", "-d", drive(), "--compare", folder().path("one")});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, AllOf(HasSubstr("/start"), HasSubstr("leads elsewhere")));
}

TEST_F(Posix, WithoutRockRidgeLinksAreFollowed) {
  std::filesystem::remove(folder().path("one/what: when?.txt"));
  std::filesystem::remove(folder().path("one/out"));
  expect_burned({"--no-rock-ridge", "--graft", source("one")});
  const auto listing = pregroove({"ls", "-d", drive()});
  EXPECT_THAT(listing.out, AllOf(HasSubstr("/start"), Not(HasSubstr("->"))));
  expect_equal(folder().path("one"));
}

TEST_F(Posix, FollowedLinksAreFilesBesideRockRidge) {
  expect_burned({"--follow-links", "--graft", source("one")});
  const auto listing = pregroove({"ls", "-d", drive()});
  EXPECT_THAT(listing.out, AllOf(Not(HasSubstr("/start ->")), HasSubstr("/out -> ../outside")));
}

// The first disc brings a link, the second a folder of that name: its files would land outside.
TEST_F(Posix, NothingIsExtractedThroughALinkThatADiscBrought) {
  folder().write("three/trap/file", "x");
  folder().write("victim/keep", "x");
  std::filesystem::create_symlink(folder().path("victim"), folder().path("two/trap"));
  expect_burned({"--graft", source("two")});
  ASSERT_EQ(pregroove({"extract", "-d", drive(), "-o", folder().path("back")}).exit_status, 0);
  std::filesystem::remove(disc_file());
  make_disc();
  expect_burned({"--graft", source("three")});
  const auto result = pregroove({"extract", "--force", "-d", drive(), "-o", folder().path("back")});
  EXPECT_NE(result.exit_status, 0);
  EXPECT_THAT(result.err, HasSubstr("symbolic link"));
  EXPECT_FALSE(std::filesystem::exists(folder().path("victim/file")));
}

}  // namespace
}  // namespace pregroove::cli_tests
