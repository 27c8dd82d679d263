// --speed and the list of speeds, through real ioctls: what the drive is told is in its own record.
#include <fstream>

#include "tests/cli/programs.h"

namespace pregroove::cli_tests {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Speed : public ProgramTest {
 protected:
  ProcessResult run_with(const std::string& personality, std::vector<std::string> command) {
    std::filesystem::remove(record());
    std::vector<std::string> all{"run",       "--personality",  personality, "--disc",
                                 disc_file(), "--transcript",   record(),    "--transcript-data",
                                 "--",        PREGROOVE_PROGRAM};
    all.insert(all.end(), command.begin(), command.end());
    return simdrive(all);
  }
  // The CDBs that begin so, and the data that went with them.
  [[nodiscard]] std::vector<json> sent(const std::string& code) const {
    std::vector<json> found;
    std::ifstream stream(record());
    for (std::string line; std::getline(stream, line);) {
      const json entry = json::parse(line, nullptr, false);
      if (entry.contains("cdb") && entry["cdb"].get<std::string>().starts_with(code))
        found.push_back(entry);
    }
    return found;
  }
  [[nodiscard]] std::string record() const { return folder().path("record.jsonl"); }
  [[nodiscard]] std::string source() const { return folder().write("source", "some text"); }
};

std::vector<double> times_of(const json& info) {
  std::vector<double> times;
  for (const json& speed : info["write_speeds"]) times.push_back(speed["x"]);
  return times;
}

// The speeds of the personality's file, for discs that allow more.
TEST_F(Speed, OfTheDriveForTheDiscAreListed) {
  make_disc("dvd+r");
  for (const std::string personality : {"bd-writer", "awkward"}) {
    const auto told = run_with(personality, {"info", "-d", "/dev/sr0", "--json"});
    ASSERT_EQ(told.exit_status, 0) << told.err;
    EXPECT_THAT(times_of(json::parse(told.out)), ElementsAre(16, 12, 8, 6, 4, 2.4));
  }
  EXPECT_THAT(run_with("bd-writer", {"info", "-d", "/dev/sr0"}).out,
              HasSubstr("speeds       16x (22160 kB/s), 12x (16620 kB/s)"));
}

// A drive of MMC-1 has no GET PERFORMANCE: its page 2Ah tells.
TEST_F(Speed, OfAnOldDriveAreThoseOfItsModePage) {
  make_disc("cd-r-80");
  const auto told = run_with("cd-writer-1998", {"info", "-d", "/dev/sr0", "--json"});
  ASSERT_EQ(told.exit_status, 0) << told.err;
  EXPECT_THAT(times_of(json::parse(told.out)), ElementsAre(4, 2, 1));
}

// SET CD SPEED, bytes 4 and 5 (MMC-6).
TEST_F(Speed, OfACdIsTheNearestThatIsNotFaster) {
  make_disc("cd-r-80");
  const auto burned =
      run_with("awkward", {"burn", "-d", "/dev/sr0", "--speed", "10", "--json", source()});
  ASSERT_EQ(burned.exit_status, 0) << burned.out << burned.err;
  EXPECT_EQ(json::parse(burned.out)["speed"], (json{{"x", 8.0}, {"kb_per_s", 1411.0}}));
  const auto told = sent("bb");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0]["cdb"], "bb00ffff0583000000000000");  // 1411
}

// SET STREAMING, though a drive refuses an end beyond the disc and others hear SET CD SPEED on all
// media (awkward.json has both oddities).
TEST_F(Speed, OfADvdMayBeGivenInKilobytes) {
  make_disc("dvd+r");
  const auto burned =
      run_with("awkward", {"burn", "-d", "/dev/sr0", "--speed", "12000kB/s", source()});
  ASSERT_EQ(burned.exit_status, 0) << burned.out << burned.err;
  EXPECT_THAT(burned.out, HasSubstr("the speed was set to 8x (11080 kB/s)"));
  EXPECT_EQ(sent("b6").size(), 1U);
  EXPECT_THAT(sent("bb"), IsEmpty());
}

TEST_F(Speed, ThatIsNoneIsRefusedBeforeAnythingIsWritten) {
  make_disc("dvd+r");
  struct Wrong {
    std::string speed;
    int status;
  };
  for (const Wrong& wrong : {Wrong{"1", 3}, Wrong{"300kB/s", 3}, Wrong{"0", 2}, Wrong{"-8", 2},
                             Wrong{"fast", 2}, Wrong{"8y", 2}, Wrong{"nan", 2}, Wrong{"5000", 2}}) {
    const auto refused =
        run_with("bd-writer", {"burn", "-d", "/dev/sr0", "--speed", wrong.speed, source()});
    EXPECT_EQ(refused.exit_status, wrong.status) << wrong.speed << refused.out << refused.err;
    for (const std::string code : {"2a", "54", "55", "bf", "b6"})
      EXPECT_THAT(sent(code), IsEmpty()) << wrong.speed;
  }
}

TEST_F(Speed, IsPartOfThePlan) {
  make_disc("bd-r-25");
  const auto shown = pregroove({"burn", "-d", drive(), "--speed", "5x", "--dry-run", source()});
  EXPECT_EQ(shown.exit_status, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("set the speed to 4x (17982 kB/s)"));
}

}  // namespace
}  // namespace pregroove::cli_tests
