// Closing, erasing and formatting as a user does it: what is refused and why, and what the disc can
// be used for afterwards.
#include "tests/cli/disc_bytes.h"
#include "tests/cli/programs.h"

namespace pregroove::cli_tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;

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

TEST_F(Upkeep, AnErasedDiscIsEmptyAndTakesSessions) {
  for (const std::string medium : {"cd-rw-80", "dvd-rw", "dvd-ram", "dvd+rw", "bd-re-25"}) {
    SCOPED_TRACE(medium);
    make(medium);
    expect_burned({source_});
    expect_refused("erase", {}, "--yes");
    expect_done("erase", {"--yes"});
    EXPECT_EQ(info()["status"], "blank");
    EXPECT_EQ(info()["sessions"].size(), 0U);
    expect_takes_a_session();
  }
}

TEST_F(Upkeep, AFastErasedDvdRwIsExplainedAndRepairedByErasingItWhole) {
  make("dvd-rw");
  expect_burned({source_});
  const auto fast = command("erase", {"--yes", "--fast"});
  EXPECT_EQ(fast.exit_status, 0) << fast.err;
  EXPECT_THAT(fast.err, HasSubstr("a single session, at once only"));
  expect_refused("burn", {source_}, "disc at once");
  expect_burned({"--close", source_});
  expect_done("erase", {"--yes"});
  expect_takes_a_session();
  expect_takes_a_session();
}

TEST_F(Upkeep, ErasingIsRefusedWithTheReason) {
  for (const std::string medium : {"cd-r-80", "dvd-r", "dvd+r", "bd-r-25"}) {
    make(medium);
    expect_burned({source_});
    expect_refused("erase", {"--yes"}, "cannot be erased");
  }
  make("bd-re-25", "unformatted");
  expect_refused("erase", {"--yes"}, "nothing on it to erase");
  const auto both = command("erase", {"--fast", "--full"});
  EXPECT_EQ(both.exit_status, 2);
}

TEST_F(Upkeep, AFormattedDiscTakesSessions) {
  for (const auto& [medium, state] :
       {std::pair{"dvd+rw", "unformatted"}, std::pair{"dvd+rw", "formatted"},
        std::pair{"dvd-rw", "blank"}, std::pair{"dvd-ram", "unformatted"},
        std::pair{"bd-re-25", "unformatted"}, std::pair{"bd-r-25", "blank"}}) {
    SCOPED_TRACE(medium);
    make(medium, state);
    expect_done("format");
    expect_takes_a_session();
  }
  for (const std::string spares : {"none", "default", "smallest", "largest"}) {
    make("bd-re-25");
    expect_done("format", {"--spare", spares});
    expect_takes_a_session();
  }
}

TEST_F(Upkeep, FormattingWhatHoldsDataIsRefusedUntilItMayBeLost) {
  for (const std::string medium : {"dvd-rw", "dvd-ram", "bd-re-25"}) {
    SCOPED_TRACE(medium);
    make(medium);
    expect_burned({source_});
    expect_refused("format", {}, "1 session(s)");
    expect_done("format", {"--yes"});
    EXPECT_EQ(info()["sessions"].size(), 0U);
    expect_takes_a_session();
  }
}

TEST_F(Upkeep, FormattingIsRefusedWithTheReason) {
  make("cd-rw-80");
  expect_refused("format", {}, "cannot be formatted");
  make("bd-r-25");
  expect_refused("format", {"--pow"}, "takes no sessions");
  expect_done("format", {"--spare", "largest"});
  expect_refused("format", {}, "formatted already");
  expect_burned({source_});
  expect_refused("format", {"--yes"}, "written once");
  EXPECT_EQ(command("format", {"--spare", "many"}).exit_status, 2);
}

// What --dry-run shows is done with --yes only, when something is lost by it.
TEST_F(Upkeep, SaysBeforehandThatItWillNeedConsent) {
  for (const std::string work : {"erase", "format"}) {
    const std::string medium = work == "erase" ? "cd-rw-80" : "bd-re-25";
    make(medium);
    const auto unneeded = command(work, {"--dry-run"});
    EXPECT_EQ(unneeded.exit_status, 0) << unneeded.err;
    EXPECT_THAT(unneeded.out, testing::Not(HasSubstr("--yes")));
    expect_burned({source_});
    const auto needed = command(work, {"--dry-run"});
    EXPECT_EQ(needed.exit_status, 0) << needed.err;
    EXPECT_THAT(needed.out, HasSubstr("needs --yes"));
    const auto granted = command(work, {"--dry-run", "--yes"});
    EXPECT_THAT(granted.out, testing::Not(HasSubstr("--yes")));
    const auto json = command(work, {"--dry-run", "--json"});
    EXPECT_EQ(nlohmann::json::parse(json.out, nullptr, false)["plans"][0]["needs_yes"], true);
    expect_refused(work, {}, "would destroy it");
  }
  make("dvd+r");
  expect_burned({source_});
  EXPECT_THAT(command("close", {"--dry-run"}).out, testing::Not(HasSubstr("--yes")));
}

TEST_F(Upkeep, TellsItsResultAsJson) {
  make("cd-rw-80");
  const auto erased = command("erase", {"--json"});
  EXPECT_EQ(erased.exit_status, 0) << erased.err;
  const auto json = nlohmann::json::parse(erased.out, nullptr, false);
  EXPECT_EQ(json["done"], "erased");
  EXPECT_EQ(json["status"], "blank");
  const auto plan = command("erase", {"--json", "--dry-run"});
  EXPECT_EQ(nlohmann::json::parse(plan.out, nullptr, false)["plans"].size(), 1U) << plan.out;
}

}  // namespace
}  // namespace pregroove::cli_tests
