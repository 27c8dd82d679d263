// Closing, erasing and formatting as a user does it: what is refused and why, and what the disc can
// be used for afterwards.
#include "tests/cli/disc_bytes.h"
#include "tests/cli/programs.h"

namespace pregroove::cli_tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr int kRefused = 3;

class Upkeep : public ProgramTest {
 protected:
  void SetUp() override { source_ = folder().write("source/file.txt", std::string(50'000, 'x')); }
  void make(const std::string& medium, const std::string& state = {}) {
    std::filesystem::remove(disc_file());
    std::vector<std::string> command{"create", disc_file(), "--medium", medium};
    if (!state.empty()) command.insert(command.end(), {"--state", state});
    const auto made = simdrive(command);
    ASSERT_EQ(made.exit_status, 0) << made.err;
  }
  ProcessResult command(const std::string& name, std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.begin(), {name, "-d", drive()});
    return pregroove(std::move(arguments));
  }
  void expect_done(const std::string& name, const std::vector<std::string>& arguments = {}) const {
    const auto result = command(name, arguments);
    EXPECT_EQ(result.exit_status, 0) << result.err;
  }
  // The disc file must not change by as much as a byte.
  void expect_refused(const std::string& name, const std::vector<std::string>& arguments,
                      const std::string& reason) const {
    SCOPED_TRACE(name + ": " + reason);
    const std::string before = disc_bytes(disc_file());
    const auto result = command(name, arguments);
    EXPECT_EQ(result.exit_status, kRefused) << result.out << result.err;
    EXPECT_THAT(result.err, AllOf(HasSubstr(reason), HasSubstr("what to do:")));
    EXPECT_TRUE(disc_bytes(disc_file()) == before) << "the disc file has changed";
  }
  void expect_takes_a_session() {
    expect_burned({"--verify", "--graft", "/=" + folder().path("source")});
    expect_equal(folder().path("source"));
  }

  std::string source_;
};

TEST_F(Upkeep, ClosingEndsADiscThatThenRefusesSessions) {
  for (const std::string medium : {"dvd+r", "bd-r-25"}) {
    SCOPED_TRACE(medium);
    make(medium);
    expect_burned({source_});
    expect_done("close");
    EXPECT_EQ(info()["status"], "closed");
    expect_equal(folder().path("source"));
    expect_refused("burn", {source_}, "closed");
    expect_refused("close", {}, "closed already");
  }
}

TEST_F(Upkeep, ClosingSaysBeforehandWhatItWillDo) {
  make("dvd+r");
  expect_burned({source_});
  const std::string before = disc_bytes(disc_file());
  const auto plan = command("close", {"--dry-run"});
  EXPECT_EQ(plan.exit_status, 0) << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("finalize"));
  EXPECT_TRUE(disc_bytes(disc_file()) == before);
}

TEST_F(Upkeep, ClosingIsRefusedWithTheReason) {
  for (const std::string medium : {"cd-r-80", "dvd-r", "dvd+r", "bd-r-25"}) {
    make(medium);
    expect_refused("close", {}, "blank");
  }
  for (const std::string medium : {"cd-r-80", "dvd-r"}) {
    make(medium);
    expect_burned({source_});
    expect_refused("close", {}, "only a further session");
    expect_burned({"--close", source_});
    expect_refused("close", {}, "closed already");
  }
  for (const std::string medium : {"dvd+rw", "dvd-ram", "bd-re-25"}) {
    make(medium);
    expect_refused("close", {}, "overwritten");
    expect_burned({source_});
    expect_refused("close", {}, "overwritten");
  }
  make("bd-r-25", "pow");
  expect_refused("close", {}, "pseudo-overwriting");
}

}  // namespace
}  // namespace pregroove::cli_tests
