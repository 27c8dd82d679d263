// How a session is written: what the user may ask for, what is chosen and why, and what is refused.
#include "tests/cli/programs.h"

namespace pregroove::cli_tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class WriteType : public ProgramTest {
 protected:
  void SetUp() override {
    source_ = folder().write("source/file.txt", std::string(100'000, 'x'));
    later_ = folder().write("later/more.txt", "more");
  }
  void make_disc_again(const std::string& medium) {
    std::filesystem::remove(disc_file());
    make_disc(medium);
  }
  void expect_refused(const std::vector<std::string>& arguments, const std::string& reason) {
    const auto result = burn(arguments);
    EXPECT_EQ(result.exit_status, kRefused) << result.err;
    EXPECT_THAT(result.err, AllOf(HasSubstr(reason), HasSubstr("what to do:")));
    EXPECT_EQ(info()["status"], "blank");
  }
  std::string source_;
  std::string later_;
};

TEST_F(WriteType, SessionAtOnceOnACdIsFollowedByATrackAtOnce) {
  make_disc();
  expect_burned({"--write-type", "sao", "--verify", source_});
  expect_equal(folder().path("source"));
  expect_burned({"--verify", later_});
  EXPECT_EQ(info()["sessions"].size(), 2U);
  EXPECT_EQ(info()["status"], "appendable");
}

// What most drives say to session at once behind another session; nothing is written.
TEST_F(WriteType, SessionAtOnceBehindASessionIsTheDrivesToRefuse) {
  make_disc();
  expect_burned({source_});
  const auto result = burn({"--write-type", "sao", later_});
  EXPECT_EQ(result.exit_status, kRefused) << result.err;
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("does not write this disc session at once"), HasSubstr("auto")));
  expect_burned({later_});
}

TEST_F(WriteType, DiscAtOnceOnADvdWantsTheDiscClosed) {
  make_disc("dvd-r");
  expect_refused({"--write-type", "dao", source_}, "closed with it");
  expect_burned({"--write-type", "dao", "--close", "--verify", source_});
  expect_equal(folder().path("source"));
  EXPECT_EQ(info()["status"], "closed");
}

TEST_F(WriteType, OfADvdRwThatWasBlankedInAHurryIsChosenWithItsReason) {
  ASSERT_EQ(simdrive({"create", disc_file(), "--medium", "dvd-rw", "--state", "minimally-blanked"})
                .exit_status,
            0);
  expect_refused({source_}, "blanked in a hurry");
  const auto dry = burn({"--dry-run", "--close", source_});
  EXPECT_THAT(dry.out, AllOf(HasSubstr("written disc at once: "), HasSubstr("incrementally"),
                             HasSubstr("RESERVE TRACK")));
  expect_burned({"--close", source_});
  expect_equal(folder().path("source"));
}

TEST_F(WriteType, IsInThePlanWithItsReason) {
  make_disc();
  const auto told = burn({"--dry-run", "--json", source_});
  ASSERT_EQ(told.exit_status, 0) << told.err;
  const auto plan = nlohmann::json::parse(told.out)["plans"][0];
  EXPECT_EQ(plan["write_type"], "track at once");
  EXPECT_THAT(plan["write_type_reason"].get<std::string>(), HasSubstr("another session"));
  EXPECT_THAT(plan["summary"].get<std::string>(), HasSubstr("written track at once: "));
  EXPECT_THAT(burn({"--dry-run", "--write-type", "sao", source_}).out, HasSubstr("SEND CUE SHEET"));
}

TEST_F(WriteType, OfAnotherMediumIsRefused) {
  make_disc();
  expect_refused({"--write-type", "dao", "--close", source_}, "not written disc at once");
  make_disc_again("dvd+r");
  expect_refused({"--write-type", "incremental", source_}, "no write types");
  EXPECT_EQ(burn({"--write-type", "slowly", source_}).exit_status, kWrongUsage);
}

TEST_F(WriteType, IsTestedWithoutATraceOrRefused) {
  for (const std::string medium : {"cd-r-80", "dvd-r"}) {
    make_disc_again(medium);
    expect_burned({"--test", source_});
    EXPECT_EQ(info()["status"], "blank") << medium;
  }
  for (const std::string medium : {"dvd+r", "dvd+rw", "dvd-ram", "bd-r-25", "bd-re-25"}) {
    make_disc_again(medium);
    expect_refused({"--test", source_}, "no test write");
  }
}

}  // namespace
}  // namespace pregroove::cli_tests
