// "simdrive run": what becomes of the program, its signals and its exit status.
#include <sys/stat.h>

#include <csignal>
#include <fstream>

#include "simdrive/hosts/preload/preload_server.h"
#include "tests/cli/programs.h"

namespace pregroove::cli_tests {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class Run : public ProgramTest {
 protected:
  void SetUp() override { make_disc(); }
  [[nodiscard]] ProcessResult run(const std::vector<std::string>& program,
                                  const ProcessOptions& options = {}) const {
    std::vector<std::string> arguments{"run", "--disc", disc_file(), "--"};
    arguments.insert(arguments.end(), program.begin(), program.end());
    return simdrive(arguments, options);
  }
  // A program that says where its devices are kept, and then waits for a signal.
  static const std::vector<std::string>& waiting_program() {
    static const std::vector<std::string> kProgram{
        "sh", "-c", "echo $SIMDRIVE_PRELOAD_FOLDER; echo waiting >&2; exec tail -f /dev/null"};
    return kProgram;
  }
  // Sends the signals while the program waits.
  [[nodiscard]] ProcessResult run_and_signal(const std::vector<int>& signals) const {
    return run(waiting_program(), {.when_told = "waiting", .then = [signals](int process) {
                                     for (const int signal : signals) ::kill(process, signal);
                                   }});
  }
};

TEST_F(Run, EndsAsTheProgramEnds) {
  EXPECT_EQ(run({"sh", "-c", "exit 7"}).exit_status, 7);
  EXPECT_EQ(run({"true"}).exit_status, 0);
  EXPECT_EQ(run({"sh", "-c", "kill -KILL $$"}).exit_status, 128 + SIGKILL);
}

TEST_F(Run, GivesTheProgramItsDevices) {
  const auto seen =
      run({"sh", "-c", "test -b /dev/sr0 && test -c /dev/sg0 && echo $0 $1", "a", "b c"});
  EXPECT_EQ(seen.exit_status, 0) << seen.err;
  EXPECT_EQ(seen.out, "a b c\n");
}

TEST_F(Run, SaysThatThereIsNoSuchProgram) {
  const auto result = run({"no-such-program"});
  EXPECT_EQ(result.exit_status, 127);
  EXPECT_THAT(result.err, HasSubstr("no-such-program"));
}

TEST_F(Run, SaysThatAFileIsNoProgram) {
  const auto result = run({folder().write("text", "nothing that runs")});
  EXPECT_EQ(result.exit_status, 126);
  EXPECT_THAT(result.err, HasSubstr("cannot be started"));
}

TEST_F(Run, StartsNothingWithoutTheDisc) {
  const auto result = simdrive(
      {"run", "--disc", folder().path("none.disc"), "--", "touch", folder().path("started")});
  EXPECT_EQ(result.exit_status, 3);
  EXPECT_THAT(result.err, HasSubstr("none.disc"));
  EXPECT_FALSE(fs::exists(folder().path("started")));
}

TEST_F(Run, StartsNothingWithADiscThatIsInAnotherDrive) {
  const auto result = run(
      {SIMDRIVE_PROGRAM, "run", "--disc", disc_file(), "--", "touch", folder().path("started")});
  EXPECT_EQ(result.exit_status, 3);
  EXPECT_THAT(result.err, HasSubstr("in another drive"));
  EXPECT_FALSE(fs::exists(folder().path("started")));
}

// Both opened the drive for themselves (O_EXCL), and the second one burns nothing. Lesson 26 of
// burning.md: whoever comes later must not reach into a burn.
TEST_F(Run, LetsNobodyBurnOnADriveThatAnotherProgramHolds) {
  const std::string file = folder().write("file.txt", "content");
  const auto result = run({"perl", "-MFcntl", "-e",
                           "sysopen(F, '/dev/sr0', O_RDWR | O_EXCL | O_NONBLOCK) or exit 99;"
                           "exit(system(@ARGV) >> 8)",
                           PREGROOVE_PROGRAM, "burn", "-d", "/dev/sr0", file});
  EXPECT_EQ(result.exit_status, 3) << result.err;
  EXPECT_THAT(result.err, HasSubstr("busy"));
  EXPECT_THAT(simdrive({"info", disc_file()}).out, HasSubstr("blank"));
}

TEST_F(Run, WantsAProgram) { EXPECT_EQ(simdrive({"run", "--disc", disc_file()}).exit_status, 2); }

TEST_F(Run, PassesOnWhatAsksItToEnd) {
  EXPECT_EQ(run_and_signal({SIGTERM}).exit_status, 128 + SIGTERM);
  EXPECT_EQ(run_and_signal({SIGHUP}).exit_status, 128 + SIGHUP);
}

// A terminal sends these to the program as well, which may well go on.
TEST_F(Run, LeavesInterruptsToTheProgram) {
  EXPECT_EQ(run_and_signal({SIGINT, SIGQUIT, SIGTERM}).exit_status, 128 + SIGTERM);
}

TEST_F(Run, CleansUpAfterASignal) {
  std::string kept = run_and_signal({SIGTERM}).out;
  ASSERT_TRUE(kept.ends_with('\n'));
  kept.pop_back();
  EXPECT_TRUE(kept.starts_with('/'));
  EXPECT_FALSE(fs::exists(kept));
  // And the disc is free.
  EXPECT_EQ(run({"true"}).exit_status, 0);
}

TEST_F(Run, UsesADriveThatIsServedAlready) {
  auto drive = ::simdrive::hosts::ServedDrive::open({.disc = disc_file()});
  ASSERT_TRUE(drive);
  const auto server =
      ::simdrive::hosts::preload::PreloadServer::listen(**drive, folder().path("socket"));
  ASSERT_TRUE(server) << server.error().message;
  const auto result = simdrive({"run", "--connect", folder().path("socket"), "--", "sh", "-c",
                                "test -b /dev/sr0 && test -c /dev/sg0 && exit 5"});
  EXPECT_EQ(result.exit_status, 5) << result.err;
}

TEST_F(Run, SaysThatNobodyServesADrive) {
  const auto result = simdrive({"run", "--connect", folder().path("socket"), "--", "true"});
  EXPECT_EQ(result.exit_status, 3);
  EXPECT_THAT(result.err, HasSubstr("socket"));
}

}  // namespace
}  // namespace pregroove::cli_tests
