// The two programs as a user runs them, and the little that the tests of them share.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/image_files.h"
#include "tests/support/process.h"

namespace pregroove::cli_tests {

// Exit statuses, as README.md has them.
constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;
constexpr int kRefused = 3;

using testing_support::ProcessOptions;
using testing_support::ProcessResult;
using testing_support::ScratchFolder;

inline ProcessResult pregroove(std::vector<std::string> arguments,
                               const ProcessOptions& options = {}) {
  arguments.insert(arguments.begin(), PREGROOVE_PROGRAM);
  return testing_support::run(arguments, options);
}

inline ProcessResult simdrive(std::vector<std::string> arguments,
                              const ProcessOptions& options = {}) {
  arguments.insert(arguments.begin(), SIMDRIVE_PROGRAM);
  return testing_support::run(arguments, options);
}

// A folder with a simulated disc, and sources to burn.
class ProgramTest : public testing::Test {
 protected:
  void make_disc(const std::string& medium = "cd-r-80") {
    const auto made = simdrive({"create", disc_file(), "--medium", medium});
    ASSERT_EQ(made.exit_status, 0) << made.err;
  }
  [[nodiscard]] std::string disc_file() const { return folder_.path("test.disc"); }
  [[nodiscard]] std::string drive() const { return "sim:" + disc_file(); }
  [[nodiscard]] const ScratchFolder& folder() const { return folder_; }

  ProcessResult burn(std::vector<std::string> arguments, const ProcessOptions& options = {}) const {
    arguments.insert(arguments.begin(), {"burn", "-d", drive()});
    return pregroove(std::move(arguments), options);
  }
  void expect_burned(const std::vector<std::string>& arguments) const {
    const auto burned = burn(arguments);
    ASSERT_EQ(burned.exit_status, 0) << burned.err;
  }
  // What is in the session, compared byte by byte with a folder.
  void expect_equal(const std::string& originals, const std::string& session = {}) const {
    std::vector<std::string> command{"verify", "-d", drive(), "--compare", originals};
    if (!session.empty()) command.insert(command.end(), {"--session", session});
    const auto verified = pregroove(command);
    EXPECT_EQ(verified.exit_status, 0) << verified.out << verified.err;
  }
  [[nodiscard]] nlohmann::json info() const {
    const auto result = pregroove({"info", "-d", drive(), "--json"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return nlohmann::json::parse(result.out, nullptr, false);
  }

 private:
  ScratchFolder folder_;
};

}  // namespace pregroove::cli_tests
