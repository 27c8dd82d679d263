// pregroove validate through real ioctls: "simdrive run" puts a drive with a known personality in
// front of it, and what it finds out is run again on a drive of the personality that it wrote.
#include <fstream>
#include <set>

#include "tests/cli/programs.h"

namespace pregroove::cli_tests {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr int kNoDifference = 0;
constexpr int kDifferent = 1;

class ValidatedDrive : public ProgramTest {
 protected:
  // An empty medium: no disc.
  void validate(const std::string& medium, const std::string& personality,
                std::vector<std::string> options = {"--json"}) {
    std::vector<std::string> command{"run", "--personality", personality, "--transcript", served()};
    if (!medium.empty()) {
      make_disc(medium);
      command.insert(command.end(), {"--disc", disc_file()});
    }
    command.insert(command.end(), {"--", PREGROOVE_PROGRAM, "validate", "-d", "/dev/sr0",
                                   "--personality-out", captured(), "--transcript", transcript()});
    command.insert(command.end(), options.begin(), options.end());
    result_ = simdrive(command);
    has_disc_ = !medium.empty();
  }
  [[nodiscard]] json report() const { return json::parse(result_.out, nullptr, false); }
  [[nodiscard]] json quirks() const {
    std::ifstream stream(captured());
    return json::parse(stream, nullptr, false)["quirks"];
  }
  // Another drive, which has nothing but the file, answers every command alike.
  void expect_replayed() const {
    std::vector<std::string> command{"replay", transcript(), "--personality", captured()};
    if (has_disc_) command.insert(command.end(), {"--disc", disc_file()});
    const auto replayed = simdrive(command);
    EXPECT_EQ(replayed.exit_status, 0) << replayed.out << replayed.err;
    EXPECT_THAT(replayed.out, HasSubstr("the same: "));
  }
  // What the drive saw, in its own words.
  [[nodiscard]] std::set<std::string> commands_served() const {
    std::set<std::string> codes;
    std::ifstream stream(served());
    for (std::string line; std::getline(stream, line);) {
      const json entry = json::parse(line, nullptr, false);
      if (entry.contains("cdb")) codes.insert(entry["cdb"].get<std::string>().substr(0, 2));
    }
    return codes;
  }
  [[nodiscard]] std::string served() const { return folder().path("served.jsonl"); }
  [[nodiscard]] std::string captured() const { return folder().path("captured.json"); }
  [[nodiscard]] std::string transcript() const { return folder().path("transcript.jsonl"); }

  ProcessResult result_;
  bool has_disc_ = false;
};

class ValidatedModel : public ValidatedDrive, public testing::WithParamInterface<std::string> {};

TEST_P(ValidatedModel, ShowsNoDifference) {
  validate(GetParam(), "bd-writer");
  ASSERT_EQ(result_.exit_status, kNoDifference) << result_.out << result_.err;
  EXPECT_EQ(report()["same"], true);
  EXPECT_THAT(report()["differences"], IsEmpty());
  EXPECT_GT(report()["put"], 30);
  expect_replayed();
}

// The list of engine/validate/read_only.cpp once more, as MMC-6 and SPC-4 have it.
TEST_P(ValidatedModel, SeesNoCommandThatCouldChangeAnything) {
  const std::set<std::string> harmless = {"00", "03", "12", "1a", "23", "25", "28", "3c", "42",
                                          "43", "46", "4a", "4d", "51", "52", "5a", "5c", "a0",
                                          "a4", "a8", "ac", "ad", "b9", "bd", "be"};
  validate(GetParam(), "bd-writer");
  ASSERT_EQ(result_.exit_status, kNoDifference) << result_.err;
  const auto seen = commands_served();
  EXPECT_THAT(seen, Contains("12"));
  for (const std::string& code : seen) EXPECT_TRUE(harmless.contains(code)) << code;
}

std::string test_name(const testing::TestParamInfo<std::string>& medium) {
  std::string name = medium.param.empty() ? "none" : medium.param;
  for (char& letter : name) letter = letter == '+' ? 'p' : letter == '-' ? '_' : letter;
  return name;
}
INSTANTIATE_TEST_SUITE_P(Media, ValidatedModel,
                         testing::Values("", "cd-r-80", "cd-r-74", "cd-rw-80", "dvd-r", "dvd-rw",
                                         "dvd+r", "dvd+r-dl", "dvd+rw", "dvd-ram", "bd-r-25",
                                         "bd-re-25"),
                         test_name);

struct Planted {
  std::string medium;
  json quirks;  // of simdrive/profiles/awkward.json
};

// The oddities of the drive "awkward" that blank discs and an empty tray show to a program that
// only asks; tests/unit/capture has those that show on recorded discs.
TEST_F(ValidatedDrive, WithOdditiesIsFoundOut) {
  const std::vector<Planted> discs = {
      {"", {{"sense", {{"tray_closed_empty", "2/3A/00"}}}}},
      {"cd-r-80",
       {{"sense", {{"read_blank_disc", "8/00/00"}}},
        {"blank_nwa_minus_150", true},
        {"current_format_capacity_zero", true},
        {"random_readable_only_when_readable", true},
        {"opc_entries", 1},
        {"buffer_capacity", "garbage"},
        {"mode_sense_block_descriptor", true},
        {"default_bufe", false},
        {"default_link_size_valid", false}}},
      {"dvd-r", {{"track_ff_on_dvd", "refused"}, {"page_2a_speeds", "cd-speeds"}}},
      {"dvd+r", {{"refused_disc_structures", {"11h"}}}},
  };
  for (const Planted& disc : discs) {
    SCOPED_TRACE(disc.medium);
    std::filesystem::remove(disc_file());
    for (const std::string& file : {served(), captured(), transcript()})
      std::filesystem::remove(file);
    validate(disc.medium, "awkward");
    ASSERT_EQ(result_.exit_status, kDifferent) << result_.out << result_.err;
    json merged = quirks();
    merged.merge_patch(disc.quirks);
    EXPECT_EQ(quirks(), merged);
    EXPECT_THAT(report()["differences"], Not(IsEmpty()));
    expect_replayed();
  }
}

class OtherDrive : public ValidatedDrive,
                   public testing::WithParamInterface<std::pair<std::string, std::string>> {};

TEST_P(OtherDrive, BecomesAPersonalityThatAnswersAlike) {
  validate(GetParam().second, GetParam().first);
  ASSERT_LE(result_.exit_status, kDifferent) << result_.out << result_.err;
  const auto accepted = simdrive({"personality", captured()});
  EXPECT_EQ(accepted.exit_status, 0) << accepted.err;
  expect_replayed();
}

INSTANTIATE_TEST_SUITE_P(
    BuiltIn, OtherDrive,
    testing::Values(std::pair("pioneer-dvr-111", "cd-r-80"), std::pair("pioneer-dvr-111", "dvd-rw"),
                    std::pair("pioneer-dvr-111", "dvd+r-dl"), std::pair("pioneer-dvr-111", ""),
                    std::pair("cd-writer-1998", "cd-r-80"), std::pair("cd-writer-1998", "cd-rw-80"),
                    std::pair("cd-writer-1998", ""), std::pair("awkward", "bd-re-25"),
                    std::pair("awkward", "dvd+rw")));

TEST_F(ValidatedDrive, IsTheDriveThatThePersonalityNames) {
  validate("cd-r-80", "pioneer-dvr-111");
  std::ifstream stream(captured());
  const json drive = json::parse(stream, nullptr, false);
  EXPECT_EQ(drive["identity"]["vendor"], "PIONEER");
  EXPECT_EQ(drive["identity"]["product"], "DVD-RW  DVR-111");
  EXPECT_EQ(drive["identity"]["interface"], "atapi");
  EXPECT_EQ(drive["limits"]["buffer_bytes"]["cd"], 0x131800);
  EXPECT_EQ(drive["limits"]["write_speeds"]["cd-r"],
            (json{"40x", "32x", "24x", "16x", "10x", "4x"}));
  EXPECT_THAT(drive["features"]["writes"], Not(Contains("bd-r")));
  EXPECT_EQ(drive["quirks"]["page_2a_speeds"], "no-current");
}

TEST_F(ValidatedDrive, IsReportedRowByRow) {
  validate("cd-r-80", "awkward", {});
  EXPECT_EQ(result_.exit_status, kDifferent) << result_.err;
  EXPECT_THAT(result_.out,
              AllOf(HasSubstr("PREGROOV AWKWARD BD-RE 1.00"), HasSubstr("CD-R, blank (as cd-r-80)"),
                    HasSubstr("cd/ReadBlank (cd.rows:"), HasSubstr("2.4 read, blank"),
                    HasSubstr("(5/21/00)"), HasSubstr("(8/00/00)"),
                    HasSubstr("left out, for another medium"),
                    HasSubstr("oddity       buffer_capacity: \"garbage\"")));
}

TEST_F(ValidatedDrive, InThisProcessIsTheModel) {
  make_disc("dvd+r");
  const auto result = pregroove({"validate", "-d", drive()});
  EXPECT_EQ(result.exit_status, kNoDifference) << result.out << result.err;
}

TEST_F(ValidatedDrive, WithADiscThatItCannotUseIsRefused) {
  validate("bd-r-25", "cd-writer-1998", {});
  EXPECT_EQ(result_.exit_status, kRefused) << result_.out;
  EXPECT_THAT(result_.err, AllOf(HasSubstr("cannot use the disc"), HasSubstr("what to do:")));
  EXPECT_FALSE(std::filesystem::exists(captured())) << "an empty file was left behind";
  EXPECT_FALSE(std::filesystem::exists(transcript()));
}

TEST_F(ValidatedDrive, OverwritesNoFile) {
  for (const std::string option : {"--personality-out", "--transcript"}) {
    const std::string taken = folder().write("taken", "mine");
    make_disc();
    const auto result = pregroove({"validate", "-d", drive(), option, taken});
    EXPECT_EQ(result.exit_status, kRefused) << option;
    EXPECT_THAT(result.err, AllOf(HasSubstr("taken"), HasSubstr("what to do:")));
    std::ifstream stream(taken);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), "mine");
    std::filesystem::remove(disc_file());
  }
}

class WrittenDrive : public ValidatedDrive {
 protected:
  // The name of the disc, as the run that only reads tells it.
  [[nodiscard]] std::string look(const std::string& medium, const std::string& personality) {
    validate(medium, personality);
    const std::string name = report().value("disc_name", "");
    for (const std::string& file : {served(), captured(), transcript()})
      std::filesystem::remove(file);
    return name;
  }
  void write(const std::string& personality, std::vector<std::string> options) {
    options.insert(options.end(), {"--json", "--write"});
    // No medium: the disc that is there is used again.
    std::vector<std::string> command{"run",
                                     "--personality",
                                     personality,
                                     "--transcript",
                                     served(),
                                     "--disc",
                                     disc_file(),
                                     "--",
                                     PREGROOVE_PROGRAM,
                                     "validate",
                                     "-d",
                                     "/dev/sr0",
                                     "--personality-out",
                                     captured(),
                                     "--transcript",
                                     transcript()};
    command.insert(command.end(), options.begin(), options.end());
    result_ = simdrive(command);
  }
};

// MMC-6: all that ends with the disc; what is not here never reaches a drive.
const std::set<std::string> kMayBeSent = {
    "00", "03", "04", "12", "1a", "23", "25", "28", "2a", "2e", "2f", "35", "3c", "42",
    "43", "46", "4a", "4d", "51", "52", "53", "54", "55", "5a", "5b", "5c", "5d", "a0",
    "a1", "a4", "a8", "aa", "ac", "ad", "b6", "b9", "bb", "bd", "be", "bf"};

TEST_F(WrittenDrive, IsTheModelOnADiscThatMayBeLost) {
  for (const std::string medium : {"cd-rw-80", "dvd+r", "bd-re-25"}) {
    SCOPED_TRACE(medium);
    std::filesystem::remove(disc_file());
    const std::string name = look(medium, "bd-writer");
    write("bd-writer", {"--expendable", name});
    ASSERT_EQ(result_.exit_status, kNoDifference) << result_.out << result_.err;
    EXPECT_EQ(report()["same"], true);
    EXPECT_THAT(report()["differences"], IsEmpty());
    EXPECT_EQ(report()["written"]["cancelled"], false);
    EXPECT_NE(report()["written"]["disc_name"], name);
    const auto seen = commands_served();
    EXPECT_THAT(seen, Contains("2a"));
    for (const std::string& code : seen) EXPECT_TRUE(kMayBeSent.contains(code)) << code;
    std::filesystem::remove(captured());
    std::filesystem::remove(transcript());
    std::filesystem::remove(served());
  }
}

TEST_F(WrittenDrive, WithOdditiesIsFoundOut) {
  const std::string name = look("dvd-rw", "awkward");
  write("awkward", {"--expendable", name});
  ASSERT_EQ(result_.exit_status, kDifferent) << result_.err;
  json merged = quirks();
  merged.merge_patch({{"sense", {{"write_to_finalised", "7/27/00"}, {"opc", "5/2C/00"}}},
                      {"minimal_blank", "dao-only-unsaid"},
                      {"dvd_rw_random_writable", false}});
  EXPECT_EQ(quirks(), merged);
  EXPECT_EQ(simdrive({"personality", captured()}).exit_status, 0);
}

TEST_F(WrittenDrive, IsNotWrittenUnlessTheDiscIsNamed) {
  const std::string name = look("dvd+rw", "bd-writer");
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{}, {"--expendable", "dvd+rw-00000000"}}) {
    write("bd-writer", options);
    EXPECT_EQ(result_.exit_status, kRefused) << result_.out;
    EXPECT_THAT(report()["error"]["advice"].get<std::string>(), HasSubstr(name));
    EXPECT_EQ(report()["error"]["disc_touched"], false);
    for (const std::string code : {"04", "2a", "35", "55", "5b"})
      EXPECT_THAT(commands_served(), Not(Contains(code)));
    EXPECT_FALSE(std::filesystem::exists(transcript()));
    std::filesystem::remove(served());
  }
}

TEST_F(WrittenDrive, NeedsADiscThatTakesSomething) {
  make_disc("cd-r-80");
  EXPECT_EQ(pregroove({"validate", "-d", "sim:", "--write"}).exit_status, kRefused);
  EXPECT_EQ(pregroove({"validate", "-d", drive(), "--expendable", "x"}).exit_status, kWrongUsage);
  EXPECT_EQ(pregroove({"validate", "-d", drive(), "--write", "--erasures", "-1"}).exit_status,
            kWrongUsage);
}

TEST_F(ValidatedDrive, NeedsADrive) {
  EXPECT_EQ(pregroove({"validate"}).exit_status, kWrongUsage);
  const auto missing =
      pregroove({"validate", "-d", folder().path("none"), "--transcript", transcript(), "--json"});
  EXPECT_EQ(missing.exit_status, kRefused);
  EXPECT_EQ(json::parse(missing.out)["error"]["code"], "not found");
  EXPECT_FALSE(std::filesystem::exists(transcript()));
}

}  // namespace
}  // namespace pregroove::cli_tests
