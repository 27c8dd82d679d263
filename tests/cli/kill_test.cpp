// A burn may be killed at any moment: the disc file opens, earlier sessions stay readable, and the
// next burn puts everything right.
#include <chrono>
#include <fstream>

#include "tests/cli/programs.h"

namespace pregroove::cli_tests {
namespace {

class KilledBurn : public ProgramTest {
 protected:
  void SetUp() override {
    for (int i = 0; i < 20; ++i)
      folder().write("one/file" + std::to_string(i),
                     std::string(static_cast<std::size_t>(3000 * i), 'a'));
    for (int i = 0; i < 40; ++i)
      folder().write("two/data" + std::to_string(i),
                     std::string(20'000, static_cast<char>('A' + i % 26)));
    std::filesystem::copy(folder().path("one"), folder().path("both"));
    std::filesystem::copy(folder().path("two"), folder().path("both"));
  }
  [[nodiscard]] std::string graft(const std::string& name) const {
    return "/=" + folder().path(name);
  }

  // A disc file is mostly holes.
  static void copy_sparsely(const std::string& from, const std::string& to) {
    ASSERT_EQ(testing_support::run({"cp", "--sparse=always", from, to}).exit_status, 0);
  }
  // Bytes of the disc file that are not holes.
  [[nodiscard]] std::uint64_t recorded_bytes() const {
    struct stat status {};
    ::stat(disc_file().c_str(), &status);
    constexpr std::uint64_t kStatBlock = 512;
    return static_cast<std::uint64_t>(status.st_blocks) * kStatBlock;
  }

  // Session 1 is there whatever happened to the append; a dead attempt is never the newest session.
  void expect_first_session_is_safe() {
    EXPECT_EQ(simdrive({"info", disc_file()}).exit_status, 0);
    EXPECT_EQ(pregroove({"info", "-d", drive()}).exit_status, 0);
    expect_equal(folder().path("one"), "1");
  }
};

TEST_F(KilledBurn, LeavesEverySessionReadableAndTheNextBurnPutsItRight) {
  make_disc("cd-r-21");
  expect_burned({"--graft", graft("one")});
  const std::string clean = folder().path("clean.disc");
  copy_sparsely(disc_file(), clean);
  const auto start = std::chrono::steady_clock::now();
  expect_burned({"--graft", graft("two")});
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - start);

  constexpr int kInstants = 24;
  int killed = 0;
  for (int i = 0; i < kInstants; ++i) {
    SCOPED_TRACE(i);
    copy_sparsely(clean, disc_file());
    const auto dead = burn({"--graft", graft("two")}, {.kill_after = whole * (i + 1) / kInstants});
    if (dead.signal == SIGKILL) ++killed;
    expect_first_session_is_safe();
    const auto retried = burn({"--graft", graft("two")});
    ASSERT_EQ(retried.exit_status, 0) << retried.err;
    expect_equal(folder().path("both"));
    expect_first_session_is_safe();
  }
  EXPECT_GT(killed, 0) << "no burn was killed: the test proved nothing";
}

TEST_F(KilledBurn, CtrlCStopsInAStateThatTheMessageDescribes) {
  make_disc("cd-r-80");
  expect_burned({"--graft", graft("one")});
  const std::string big = folder().path("big.bin");
  std::ofstream(big).close();
  std::filesystem::resize_file(big, std::uintmax_t{500} << 20U);
  const auto stopped =
      burn({big}, {.when_told = "writing", .then = [this](int process) {
                     const std::uint64_t before = recorded_bytes();
                     while (recorded_bytes() < before + (std::uint64_t{20} << 20U) &&
                            ::kill(process, 0) == 0) {
                     }
                     ::kill(process, SIGINT);
                   }});
  EXPECT_EQ(stopped.exit_status, 1) << stopped.err;
  EXPECT_THAT(stopped.err,
              testing::AllOf(testing::HasSubstr("cancelled"), testing::HasSubstr("disc:"),
                             testing::HasSubstr("what to do:")));
  expect_first_session_is_safe();
  expect_burned({"--graft", graft("two")});
  expect_equal(folder().path("both"));
}

}  // namespace
}  // namespace pregroove::cli_tests
