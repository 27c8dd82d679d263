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

TEST_F(UdfOnly, RefusesWhatNeedsIso9660) {
  folder().write("src/file", "x");
  const std::string image = folder().path("image.udf");
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{"--udf-only", "2.01", "--checksums"},
        {"--udf-only", "2.01", "--boot-bios", "/file"},
        {"--udf-only", "1.99"},
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
