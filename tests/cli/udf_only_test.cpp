// image --udf-only: UDF without ISO 9660.
#include "tests/cli/programs.h"

namespace pregroove::cli_tests {
namespace {

using testing::HasSubstr;

class UdfOnly : public ProgramTest {};

TEST_F(UdfOnly, IsMadeWrittenAndReadBack) {
  folder().write("src/sub/file", std::string(3'000'000, 'u'));
  for (const char* const revision : {"2.01", "2.50"}) {
    make_disc("bd-r-25");
    const std::string image = folder().path("image.udf");
    const auto made = pregroove({"image", image, "--force", "--udf-only", revision, "--graft",
                                 "/=" + folder().path("src")});
    ASSERT_EQ(made.exit_status, 0) << made.err;
    const auto written = pregroove({"write", "-d", drive(), "--verify", image});
    ASSERT_EQ(written.exit_status, 0) << written.err;
    EXPECT_THAT(pregroove({"ls", "-d", drive()}).err, HasSubstr(revision));
    EXPECT_EQ(burn({folder().path("src")}).exit_status, 3);
    expect_equal(folder().path("src"));
    std::filesystem::remove(disc_file());
  }
}

// A CD, a DVD that is written once, one that is overwritten, and a BD of each of these kinds.
class UdfOnlyBurned : public UdfOnly, public testing::WithParamInterface<const char*> {};

TEST_P(UdfOnlyBurned, IsReadBackAndTold) {
  folder().write("src/sub/file", std::string(3'000'000, 'u'));
  folder().write("src/empty", "");
  for (const std::string revision : {"2.01", "2.50"}) {
    make_disc(GetParam());
    const auto burned = burn({"--udf-only", revision, "--volume", "ALONE", "--verify", "--graft",
                              "/=" + folder().path("src")});
    ASSERT_EQ(burned.exit_status, 0) << burned.err;
    EXPECT_THAT(burned.out, HasSubstr("takes no other session"));
    expect_equal(folder().path("src"));
    EXPECT_EQ(info()["udf"],
              (nlohmann::json{{"session", 1}, {"revision", revision}, {"volume", "ALONE"}}));
    EXPECT_EQ(info()["next_session"]["possible"], false);
    EXPECT_THAT(pregroove({"info", "-d", drive()}).out, HasSubstr("UDF " + revision));
    for (const std::vector<std::string>& again :
         {std::vector<std::string>{}, {"--udf-only", revision}}) {
      std::vector<std::string> command = again;
      command.push_back(folder().path("src"));
      EXPECT_EQ(burn(command).exit_status, 3);
    }
    expect_equal(folder().path("src"));
    std::filesystem::remove(disc_file());
  }
}

INSTANTIATE_TEST_SUITE_P(Media, UdfOnlyBurned,
                         testing::Values("cd-r-80", "dvd-r", "dvd+rw", "dvd-ram", "bd-r-25",
                                         "bd-re-25"));

TEST_F(UdfOnly, WantsABlankDisc) {
  folder().write("src/file", "content");
  for (const char* const medium : {"cd-r-80", "dvd+rw"}) {
    make_disc(medium);
    expect_burned({folder().path("src/file")});
    const auto refused = burn({"--udf-only", "2.01", "--graft", "/more=" + folder().path("src")});
    EXPECT_EQ(refused.exit_status, 3);
    EXPECT_THAT(refused.err, HasSubstr("UDF"));
    EXPECT_EQ(info()["sessions"].size(), 1U);
    EXPECT_FALSE(info().contains("udf"));
    std::filesystem::remove(disc_file());
  }
}

// A session that others may add to is told apart from what is on the disc.
TEST_F(UdfOnly, IsToldOfAWrittenImageThatStaysOpen) {
  folder().write("src/file", "content");
  make_disc("bd-r-25");
  const std::string image = folder().path("image.udf");
  ASSERT_EQ(
      pregroove({"image", image, "--udf-only", "2.50", folder().path("src/file")}).exit_status, 0);
  ASSERT_EQ(pregroove({"write", "-d", drive(), image}).exit_status, 0);
  EXPECT_EQ(info()["udf"]["revision"], "2.50");
  EXPECT_THAT(
      pregroove({"info", "-d", drive()}).out,
      HasSubstr("none: session 1 is a UDF 2.50 volume, which can be read, but not added to"));
  const auto refused = burn({folder().path("src/file")});
  EXPECT_EQ(refused.exit_status, 3);
  EXPECT_THAT(refused.err, HasSubstr("it is a UDF volume, which can be read, but not added to"));
}

TEST_F(UdfOnly, RefusesWhatNeedsIso9660) {
  folder().write("src/file", "x");
  const std::string image = folder().path("image.udf");
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{"--udf-only", "2.01", "--checksums"},
        {"--udf-only", "2.01", "--boot-bios", "/file"},
        {"--udf-only", "1.99"},
        {"--udf-only", "2.01", "--udf"},
        {"--udf-only", "2.50", "--gpt", "--boot-efi", "/file"}}) {
    std::vector<std::string> command{"image", image, "--graft", "/=" + folder().path("src")};
    command.insert(command.end(), options.begin(), options.end());
    const auto refused = pregroove(command);
    EXPECT_THAT(refused.exit_status, testing::AnyOf(2, 3)) << refused.err;
    EXPECT_FALSE(std::filesystem::exists(image));
  }
}

}  // namespace
}  // namespace pregroove::cli_tests
