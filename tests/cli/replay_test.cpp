// simdrive replay: a burn that was written down by a server is run again from its file.
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/programs.h"
#include "tests/support/background_program.h"

namespace pregroove::cli_tests {
namespace {

using namespace std::string_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing_support::BackgroundProgram;

// The client's part of the remote SCSI protocol: TEST UNIT READY, INQUIRY for 36 bytes.
const std::string kOpen = "O\n";
const std::string kTestUnitReady = "S0\n0\n6\n18\n40\n\0\0\0\0\0\0"s;
const std::string kInquiry = "S36\n1\n6\n18\n40\n\x12\0\0\0\x24\0"s;

class ReplayedTranscript : public ProgramTest {
 protected:
  [[nodiscard]] std::string transcript() const { return folder().path("transcript"); }
  // Three commands, of which the first tells that the drive was switched on.
  void record(int ending_signal = SIGTERM) {
    make_disc();
    BackgroundProgram server({SIMDRIVE_PROGRAM, "serve", "--disc", disc_file(), "--rscsi",
                              "--transcript", transcript()});
    server.write(kOpen + kTestUnitReady + kTestUnitReady + kInquiry);
    ASSERT_TRUE(server.says("SIMDRIVE"));
    server.signal(ending_signal);
    static_cast<void>(server.wait());
  }
  [[nodiscard]] ProcessResult replay(std::vector<std::string> options = {}) const {
    options.insert(options.begin(), {"replay", transcript()});
    return simdrive(std::move(options));
  }
};

TEST_F(ReplayedTranscript, IsTheSame) {
  record();
  const auto result = replay({"--disc", disc_file()});
  EXPECT_EQ(result.exit_status, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("the same: 3 commands"));
  const auto json = replay({"--disc", disc_file(), "--json"});
  EXPECT_EQ(nlohmann::json::parse(json.out)["same"], true);
}

TEST_F(ReplayedTranscript, IsWholeAfterAKill) {
  record(SIGKILL);
  const auto result = replay({"--disc", disc_file()});
  EXPECT_EQ(result.exit_status, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("3 commands"));
}

// The other drive has another name and nothing else: one with another spin-up could already differ
// in the TEST UNIT READY before, depending on how long this machine took between the two.
TEST_F(ReplayedTranscript, NamesTheFirstReplyThatDiffers) {
  record();
  const auto other =
      folder().write("other.json", R"({"based_on": "bd-writer", "identity": {"vendor": "ACME"}})");
  const auto result = replay({"--disc", disc_file(), "--personality", other});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.out, AllOf(HasSubstr(transcript() + ":5: INQUIRY 12 00 00 00 24 00"),
                                HasSubstr("expected: GOOD"), HasSubstr("actual:   GOOD")));
  const auto json =
      nlohmann::json::parse(replay({"--disc", disc_file(), "--personality", other, "--json"}).out);
  EXPECT_EQ(json["difference"]["line"], 5);
}

TEST_F(ReplayedTranscript, IsRefusedWhenSomethingIsMissingOrWrong) {
  record();
  EXPECT_EQ(replay().exit_status, 2) << "a disc is needed";
  EXPECT_EQ(replay({"--disc", folder().path("missing")}).exit_status, 3);
  EXPECT_EQ(replay({"--disc", disc_file(), "--personality", "missing"}).exit_status, 3);
  const auto other = folder().path("other.disc");
  ASSERT_EQ(simdrive({"create", other, "--medium", "dvd-r"}).exit_status, 0);
  EXPECT_EQ(replay({"--disc", other}).exit_status, 3);
  std::ofstream(transcript(), std::ios::app) << "{\"event\":\"fly\"}\n";
  const auto damaged = replay({"--disc", disc_file()});
  EXPECT_EQ(damaged.exit_status, 3);
  EXPECT_THAT(damaged.err, HasSubstr(transcript() + ":6: there is no event \"fly\""));
  EXPECT_EQ(simdrive({"replay"}).exit_status, 2);
  EXPECT_EQ(simdrive({"replay", folder().path("none"), "--disc", other}).exit_status, 3);
}

}  // namespace
}  // namespace pregroove::cli_tests
