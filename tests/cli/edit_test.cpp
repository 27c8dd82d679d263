// burn --session, --remove, --rename: what of the earlier sessions is in the next one.
#include "tests/cli/programs.h"

namespace pregroove::cli_tests {
namespace {

using testing::HasSubstr;
using testing::Not;

class Edit : public ProgramTest {
 protected:
  void SetUp() override {
    make_disc();
    folder().write("src/big", std::string(2'000'000, 'b'));
    folder().write("src/docs/letter", "letter");
    folder().write("src/docs/old=/name", "odd");
    expect_burned({"--graft", "/=" + folder().path("src")});
  }
  [[nodiscard]] std::string listing(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"ls", "-d", drive()});
    return pregroove(more).out;
  }
};

TEST_F(Edit, NeedsNoFilesToAdd) {
  const auto result = burn({"--json", "--remove", "/docs/letter", "--rename", "/big=/docs/large"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_LT(nlohmann::json::parse(result.out, nullptr, false).value("blocks", 10'000), 500);
  EXPECT_THAT(listing(), HasSubstr("/docs/large"));
  EXPECT_THAT(listing(), Not(HasSubstr("/letter")));
  EXPECT_THAT(listing({"--session", "1"}), HasSubstr("/letter"));
  EXPECT_EQ(pregroove({"verify", "-d", drive()}).exit_status, 0);
}

TEST_F(Edit, BringsAnOlderSessionBack) {
  folder().write("more/docs/letter", "another letter, and a longer one");
  expect_burned({"--graft", "/=" + folder().path("more")});
  expect_burned({"--session", "1"});
  expect_equal(folder().path("src"));
  EXPECT_EQ(info()["sessions"].size(), 3U);
}

TEST_F(Edit, ComesBeforeAnUpdate) {
  std::filesystem::rename(folder().path("src/big"), folder().path("src/large"));
  const auto result = burn({"--json", "--update", "--delete", "--rename", "/big=/large", "--graft",
                            "/=" + folder().path("src")});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_LT(nlohmann::json::parse(result.out, nullptr, false).value("blocks", 10'000), 500);
  expect_equal(folder().path("src"));
}

TEST_F(Edit, RefusesWhatCannotBeBeforeAnythingIsWritten) {
  const std::vector<std::vector<std::string>> refused = {
      {"--remove", "/nothing"},
      {"--rename", "/big"},
      {"--rename", "big=/x"},
      {"--rename", "/big=/docs"},
      {"--rename", "/docs=/docs/x"},
      {"--session", "2"},
      {"--session", "0"},
      {"--remove", "/"},
      {"--remove"},
      {"--session", "1", "--new"},
  };
  for (const auto& options : refused) {
    const auto result = burn(options);
    EXPECT_NE(result.exit_status, 0) << testing::PrintToString(options);
    EXPECT_NE(result.err, "") << testing::PrintToString(options);
  }
  EXPECT_EQ(info()["sessions"].size(), 1U);
}

}  // namespace
}  // namespace pregroove::cli_tests
