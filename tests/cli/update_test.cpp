// burn --update and --dedup: only what the disc does not have yet costs data.
#include "tests/cli/programs.h"

namespace pregroove::cli_tests {
namespace {

using testing::HasSubstr;

class Update : public ProgramTest {
 protected:
  void SetUp() override {
    make_disc();
    folder().write("src/big", std::string(kBig, 'b'));
    folder().write("src/small", "small");
    expect_burned({"--graft", source()});
  }
  [[nodiscard]] std::string source() const { return "/=" + folder().path("src"); }
  [[nodiscard]] int burned_blocks(std::vector<std::string> more) const {
    more.insert(more.end(), {"--json", "--graft", source()});
    const auto result = burn(std::move(more));
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return nlohmann::json::parse(result.out, nullptr, false).value("blocks", -1);
  }

  static constexpr std::size_t kBig = 4'000'000;
  static constexpr int kLeast = 300;  // a track's
};

TEST_F(Update, BurnsNothingWhenNothingHasChanged) {
  const auto result = burn({"--update", "--graft", source()});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("nothing has changed"));
  EXPECT_EQ(info()["sessions"].size(), 1U);
}

TEST_F(Update, BurnsWhatHasChanged) {
  folder().write("src/small", "larger than before");
  folder().write("src/new", "new");
  EXPECT_EQ(burned_blocks({"--update"}), kLeast);
  expect_equal(folder().path("src"));
  EXPECT_GT(burned_blocks({}), static_cast<int>(kBig / kBlockSize)) << "and all without it";
}

TEST_F(Update, KeepsWhatTheFolderNoLongerHasUnlessToldOtherwise) {
  std::filesystem::remove(folder().path("src/small"));
  folder().write("src/new", "new");
  EXPECT_EQ(burned_blocks({"--update"}), kLeast);
  EXPECT_THAT(pregroove({"ls", "-d", drive()}).out, HasSubstr("/small"));
  EXPECT_EQ(burned_blocks({"--update", "--delete"}), kLeast);
  EXPECT_THAT(pregroove({"ls", "-d", drive()}).out, testing::Not(HasSubstr("/small")));
  EXPECT_THAT(pregroove({"ls", "-d", drive(), "--session", "1"}).out, HasSubstr("/small"));
}

TEST_F(Update, SharesWhatTheDiscHasUnderAnotherName) {
  std::filesystem::rename(folder().path("src/big"), folder().path("src/renamed"));
  EXPECT_EQ(burned_blocks({"--update", "--dedup", "--delete"}), kLeast);
  expect_equal(folder().path("src"));
  EXPECT_EQ(pregroove({"verify", "-d", drive()}).exit_status, 0);
}

TEST_F(Update, GoesWithNoOverwriteNotAtAll) {
  EXPECT_EQ(burn({"--update", "--no-overwrite", "--graft", source()}).exit_status, 2);
  EXPECT_EQ(burn({"--delete", "--graft", source()}).exit_status, 2);
}

class Dedup : public ProgramTest {};

TEST_F(Dedup, MakesAnImageThatOthersRead) {
  folder().write("src/a", std::string(1'000'000, 'x'));
  folder().write("src/sub/b", std::string(1'000'000, 'x'));
  folder().write("src/c", std::string(1'000'000, 'y'));
  const std::string image = folder().path("image.iso");
  const auto made =
      pregroove({"image", image, "--dedup", "--json", "--graft", "/=" + folder().path("src")});
  ASSERT_EQ(made.exit_status, 0) << made.err;
  EXPECT_LT(std::filesystem::file_size(image), 2'500'000U);
  std::filesystem::create_directories(folder().path("back"));
  for (const std::vector<std::string>& reader :
       {std::vector<std::string>{"bsdtar", "-xf", image, "-C", folder().path("back")},
        {"xorriso", "-osirrox", "on", "-indev", image, "-extract", "/", folder().path("back")},
        {"7z", "x", "-y", "-o" + folder().path("back"), image}}) {
    const auto read = testing_support::run(reader);
    ASSERT_EQ(read.exit_status, 0) << reader.front() << read.err;
    const auto compared =
        testing_support::run({"diff", "-r", folder().path("src"), folder().path("back")});
    EXPECT_EQ(compared.exit_status, 0) << reader.front() << ": " << compared.out;
    // What comes from a disc may be read-only.
    ASSERT_EQ(testing_support::run({"chmod", "-R", "u+w", folder().path("back")}).exit_status, 0);
    std::filesystem::remove_all(folder().path("back"));
    std::filesystem::create_directories(folder().path("back"));
  }
}

}  // namespace
}  // namespace pregroove::cli_tests
