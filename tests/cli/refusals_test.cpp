// Every refusal comes before anything is written, says what to do, and ends with status 3; wrong
// usage ends with status 2.
#include <csignal>
#include <fstream>
#include <sstream>

#include "tests/cli/programs.h"

namespace pregroove::cli_tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Refusal : public ProgramTest {
 protected:
  void SetUp() override {
    make_disc("cd-r-21");
    source_ = folder().write("source/file.txt", "content");
  }
  // The disc file must not change by as much as a byte of its state.
  void expect_refused(const ProcessResult& result, const std::string& reason) {
    EXPECT_EQ(result.exit_status, kRefused) << result.err;
    EXPECT_THAT(result.err, AllOf(HasSubstr(reason), HasSubstr("what to do:")));
  }
  void expect_blank() { EXPECT_EQ(info()["status"], "blank"); }

  std::string source_;
};

TEST_F(Refusal, OfAnImageThatDoesNotFit) {
  const std::string big = folder().path("big.bin");
  std::ofstream(big).close();
  std::filesystem::resize_file(big, std::uintmax_t{300} << 20U);
  expect_refused(burn({big}), "room");
  expect_blank();
}

TEST_F(Refusal, OfAClosedDisc) {
  expect_burned({"--close", source_});
  expect_refused(burn({source_}), "closed");
  EXPECT_EQ(info()["sessions"].size(), 1U);
}

TEST_F(Refusal, OfABdRThatWasFormattedForSomethingElse) {
  for (const auto& [state, reason] :
       {std::pair{"rrm", "cannot be recorded on"}, std::pair{"pow", "pseudo-overwriting"}}) {
    const std::string disc = folder().path(std::string(state) + ".disc");
    ASSERT_EQ(simdrive({"create", disc, "--medium", "bd-r-25", "--state", state}).exit_status, 0);
    expect_refused(pregroove({"burn", "-d", "sim:" + disc, source_}), reason);
    EXPECT_EQ(pregroove({"info", "-d", "sim:" + disc}).exit_status, 0);
  }
}

TEST_F(Refusal, OfClosingADiscThatCanAlwaysBeOverwritten) {
  for (const std::string medium : {"dvd+rw", "dvd-ram", "bd-re-25"}) {
    const std::string disc = folder().path(medium + ".disc");
    ASSERT_EQ(simdrive({"create", disc, "--medium", medium}).exit_status, 0);
    expect_refused(pregroove({"burn", "-d", "sim:" + disc, "--close", source_}),
                   "cannot be closed");
  }
}

TEST_F(Refusal, OfAnEmptyTray) {
  const auto result = pregroove({"burn", "-d", "sim:", source_});
  expect_refused(result, "no disc");
}

// A session whose file system is not read here must not be hidden by one of ours.
TEST_F(Refusal, OfADiscWhoseSessionCannotBeContinued) {
  const std::string image = folder().write("foreign.img", std::string(1'000'000, 'f'));
  for (const std::string medium : {"cd-r-80", "dvd-r", "bd-r-25"}) {
    SCOPED_TRACE(medium);
    const std::string disc = "sim:" + folder().path(medium + ".disc");
    ASSERT_EQ(simdrive({"create", disc.substr(4), "--medium", medium}).exit_status, 0);
    ASSERT_EQ(pregroove({"write", "-d", disc, image}).exit_status, 0);
    expect_refused(pregroove({"burn", "-q", "-d", disc, source_}), "holds no ISO 9660 file system");
    expect_refused(pregroove({"burn", "-q", "--new", "-d", disc, source_}), "blank");
  }
}

TEST_F(Refusal, OfAUsedDiscInSingleSessionMode) {
  expect_burned({source_});
  expect_refused(burn({"--new", source_}), "blank");
  EXPECT_EQ(info()["sessions"].size(), 1U);
}

TEST_F(Refusal, OfANameThatJolietCannotHold) {
  for (const std::string name : {"a:b", "question?", "star*", "back\\slash", "semi;colon"})
    expect_refused(burn({"--no-rock-ridge", folder().write("names/" + name, "x")}), name);
  expect_refused(burn({"--no-rock-ridge", folder().write("long/" + std::string(65, 'n'), "x")}),
                 "64");
  expect_blank();
}

TEST_F(Refusal, OfAFileThatCannotBeRead) {
  const std::string secret = folder().write("open/secret.txt", "x");
  ::chmod(secret.c_str(), 0);
  for (const auto& path : {folder().path(), folder().path("open")}) ::chmod(path.c_str(), 0755);
  ::chmod(disc_file().c_str(), 0666);
  // Where the program was built, another user may not be able to go.
  const std::string program = folder().path("pregroove");
  std::filesystem::copy_file(PREGROOVE_PROGRAM, program);
  ::chmod(program.c_str(), 0755);
  const auto result = testing_support::run({program, "burn", "-d", drive(), folder().path("open")},
                                           {.as_nobody = true});
  expect_refused(result, "secret.txt");
  expect_blank();
}

TEST_F(Refusal, OfASourceThatDoesNotExist) {
  expect_refused(burn({folder().path("missing")}), "missing");
}

TEST_F(Refusal, OfADiscThatAnotherDriveHolds) {
  const std::string big = folder().path("big.bin");
  std::ofstream(big).close();
  std::filesystem::resize_file(big, std::uintmax_t{100} << 20U);
  ProcessResult second;
  const auto first = burn({big}, {.when_told = "writing", .then = [&](int process) {
                                    ::kill(process, SIGSTOP);
                                    second = burn({source_});
                                    ::kill(process, SIGCONT);
                                  }});
  EXPECT_EQ(first.exit_status, 0) << first.err;
  expect_refused(second, "drive");
  EXPECT_EQ(info()["sessions"].size(), 1U);
}

TEST_F(Refusal, OfANameThatIsOnTheDiscWhenOverwritingIsForbidden) {
  expect_burned({source_});
  const auto result = burn({"--no-overwrite", source_});
  expect_refused(result, "file.txt");
  EXPECT_EQ(info()["sessions"].size(), 1U);
}

TEST_F(Refusal, OfAVolumeNameThatIsTooLong) {
  const auto result = burn({"--volume", "seventeen letters", source_});
  EXPECT_EQ(result.exit_status, kWrongUsage);
  EXPECT_THAT(result.err, HasSubstr("16"));
  expect_blank();
}

TEST_F(Refusal, ToReplaceWhatIsNoRegularFile) {
  std::filesystem::create_directory(folder().path("folder"));
  expect_refused(pregroove({"image", folder().path("folder"), source_, "--force"}),
                 "not a regular file");
  const std::string victim = folder().write("victim", "precious");
  std::filesystem::create_symlink(victim, folder().path("link"));
  expect_refused(pregroove({"image", folder().path("link"), source_, "--force"}),
                 "not a regular file");
  EXPECT_EQ(std::filesystem::file_size(victim), 8U);
}

TEST_F(Refusal, OfJsonBesideAnImageOnStandardOutput) {
  EXPECT_EQ(pregroove({"image", "-", source_, "--json"}).exit_status, kWrongUsage);
}

TEST_F(Refusal, OfWrongUsageIsAlsoToldAsJson) {
  const auto result = pregroove({"info", "--json"});
  EXPECT_EQ(result.exit_status, kWrongUsage);
  EXPECT_FALSE(nlohmann::json::parse(result.out, nullptr, false).is_discarded()) << result.out;
}

TEST_F(Refusal, OfADiscFileThatIsNoDisc) {
  const std::string junk = folder().write("junk.disc", std::string(5000, 'j'));
  const auto result = pregroove({"info", "-d", "sim:" + junk});
  EXPECT_EQ(result.exit_status, kRefused);
  EXPECT_THAT(result.err, HasSubstr("junk.disc"));
}

TEST_F(Refusal, OfAMissingDiscFileTellsHowToMakeOne) {
  const auto result = pregroove({"info", "-d", "sim:" + folder().path("none.disc")});
  EXPECT_EQ(result.exit_status, kRefused);
  EXPECT_THAT(result.err, HasSubstr("simdrive create"));
}

TEST_F(Refusal, OfADeviceThatDoesNotExist) {
  const auto result = pregroove({"info", "-d", folder().path("sr9")});
  EXPECT_EQ(result.exit_status, kRefused);
  EXPECT_THAT(result.err, HasSubstr("pregroove drives"));
}

TEST_F(Refusal, ToReplaceAnImageFile) {
  const std::string image = folder().write("there.iso", "precious");
  const auto result = pregroove({"image", image, source_});
  expect_refused(result, "exists already");
  EXPECT_EQ(std::filesystem::file_size(image), 8U);
}

TEST_F(Refusal, IsAlsoToldAsJson) {
  const auto result = pregroove({"burn", "-d", "sim:", "--json", source_});
  EXPECT_EQ(result.exit_status, kRefused);
  const auto json = nlohmann::json::parse(result.out, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << result.out;
  EXPECT_EQ(json["error"]["result_name"], "IMAPI_E_MEDIUM_NOTPRESENT");
  EXPECT_EQ(json["error"]["disc_touched"], false);
  EXPECT_EQ(json["error"]["data_state"], "not written");
  EXPECT_EQ(json["error"]["session_state"], "not begun");
}

TEST_F(Refusal, ToExtractOverAnExistingFileKeepsIt) {
  expect_burned({source_});
  folder().write("out/file.txt", "mine");
  const auto result = pregroove({"extract", "-d", drive(), "-o", folder().path("out")});
  EXPECT_EQ(result.exit_status, kFailed);
  EXPECT_THAT(result.err, HasSubstr("--force"));
  std::ifstream kept(folder().path("out/file.txt"));
  std::string content;
  std::getline(kept, content);
  EXPECT_EQ(content, "mine");
}

struct Usage {
  const char* name;
  std::vector<std::string> arguments;
};
void PrintTo(const Usage& usage, std::ostream* out) { *out << usage.name; }

class WrongUsage : public testing::TestWithParam<Usage> {};

TEST_P(WrongUsage, EndsWithStatus2AndAnExplanation) {
  const auto result = pregroove(GetParam().arguments);
  EXPECT_EQ(result.exit_status, kWrongUsage) << result.out << result.err;
  EXPECT_THAT(result.err + result.out, Not(IsEmpty()));
}

INSTANTIATE_TEST_SUITE_P(
    CommandLines, WrongUsage,
    testing::Values(Usage{"NoCommand", {}}, Usage{"UnknownCommand", {"frobnicate"}},
                    Usage{"NoDrive", {"burn", "file"}},
                    Usage{"UnknownOption", {"info", "-d", "sim:", "--loud"}},
                    Usage{"NothingToBurn", {"burn", "-d", "sim:"}},
                    Usage{"GraftWithoutEquals", {"burn", "-d", "sim:", "--graft", "nonsense"}},
                    Usage{"SpeedZero", {"burn", "-d", "sim:", "--speed", "0", "file"}},
                    Usage{"SessionZero", {"ls", "-d", "sim:", "--session", "0"}},
                    Usage{"SessionNotANumber", {"ls", "-d", "sim:", "--session", "x"}},
                    Usage{"ImageWithoutSources", {"image", "out.iso"}}),
    [](const auto& test) { return test.param.name; });

// The first words of the lines below "Subcommands:".
std::vector<std::string> commands() {
  std::istringstream help(pregroove({"--help"}).out);
  std::vector<std::string> names;
  bool listed = false;
  for (std::string line; std::getline(help, line);) {
    std::istringstream words(line);
    std::string first;
    const bool entry = line.starts_with("  ") && !line.starts_with("   ");
    if (listed && entry && words >> first) names.push_back(first);
    listed = listed || line.starts_with("Subcommands:");
  }
  return names;
}

TEST(Help, IsNotAnError) {
  for (const std::string& command : commands()) {
    const auto result = pregroove({command, "--help"});
    EXPECT_EQ(result.exit_status, 0) << command;
    EXPECT_THAT(result.out, HasSubstr(command));
  }
}

TEST(Help, ListsEveryCommand) {
  EXPECT_THAT(commands(), testing::UnorderedElementsAre("drives", "info", "burn", "image", "ls",
                                                        "extract", "verify", "validate", "close",
                                                        "erase", "format", "write"));
}

}  // namespace
}  // namespace pregroove::cli_tests
