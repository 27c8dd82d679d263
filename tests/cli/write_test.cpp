// A ready image is written as it is, or refused before anything is written.
#include <fstream>

#include "tests/cli/disc_bytes.h"
#include "tests/cli/programs.h"

namespace pregroove::cli_tests {
namespace {

using testing::HasSubstr;

class Write : public ProgramTest {
 protected:
  void SetUp() override {
    folder().write("source/file.txt", std::string(50'000, 'x'));
    image_ = folder().path("image.iso");
    const auto made = pregroove({"image", image_, "--graft", "/=" + folder().path("source")});
    ASSERT_EQ(made.exit_status, 0) << made.err;
  }
  ProcessResult write(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"write", "-d", drive()});
    return pregroove(std::move(arguments));
  }
  void expect_refused(const std::string& image, const std::string& reason) const {
    const std::string before = disc_bytes(disc_file());
    const auto result = write({image});
    EXPECT_EQ(result.exit_status, kRefused) << result.out;
    EXPECT_THAT(result.err, HasSubstr(reason));
    EXPECT_TRUE(disc_bytes(disc_file()) == before) << "the disc file has changed";
  }

  std::string image_;
};

TEST_F(Write, PutsTheImageOnEveryMediumAndTheDiscTakesAnotherSession) {
  for (const std::string medium : {"cd-r-80", "dvd-r", "dvd+r", "dvd+rw", "bd-r-25", "bd-re-25"}) {
    SCOPED_TRACE(medium);
    std::filesystem::remove(disc_file());
    make_disc(medium);
    const auto written = write({"--verify", image_});
    ASSERT_EQ(written.exit_status, 0) << written.err;
    expect_equal(folder().path("source"));
    expect_refused(image_, "wants a blank disc");
    expect_burned({folder().write("more/new.txt", "new")});
  }
}

TEST_F(Write, FillsTheLastBlockUpAndSaysSo) {
  make_disc("dvd+r");
  std::ofstream(image_, std::ios::app) << "tail";
  const auto written = write({image_});
  EXPECT_EQ(written.exit_status, 0) << written.err;
  EXPECT_THAT(written.err, HasSubstr("2044 zero bytes"));
}

TEST_F(Write, RefusesWhatDoesNotFitOrIsNoImageForTheStartOfADisc) {
  make_disc("cd-r-21");
  expect_refused(folder().write("empty.iso", ""), "is empty");
  const std::string big = folder().path("big.iso");
  std::ofstream(big).close();
  std::filesystem::resize_file(big, std::uintmax_t{300} << 20U);
  expect_refused(big, "blocks");
  const std::string cut = folder().path("cut.iso");
  std::filesystem::copy_file(image_, cut);
  std::filesystem::resize_file(cut, std::filesystem::file_size(cut) - 2048);
  expect_refused(cut, "is cut off");
  // The root folder lies 1000 blocks further on: bytes 158 to 165 of the descriptor.
  std::fstream moved(image_, std::ios::in | std::ios::out | std::ios::binary);
  moved.seekp(16 * 2048 + 156 + 2);
  moved.write("\xE8\x03\0\0\0\0\x03\xE8", 8);
  moved.close();
  expect_refused(image_, "starts elsewhere");
}

}  // namespace
}  // namespace pregroove::cli_tests
