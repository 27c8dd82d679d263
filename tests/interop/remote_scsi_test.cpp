// wodim and readom reach a simulated drive through the remote SCSI protocol that they bring along:
// nothing is preloaded, nothing needs a privilege, and what they burned is looked at behind their
// backs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/interop/image_readers.h"
#include "tests/support/background_program.h"
#include "tests/support/process.h"

namespace pregroove::interop {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing_support::BackgroundProgram;
using testing_support::PathsAndContents;
using testing_support::ProcessResult;
using testing_support::ScratchFolder;

constexpr std::size_t kBlock = 2048;
const std::string kDevice = "dev=REMOTE:rscsi:0,0,0";

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class RemoteScsi : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* program : {"wodim", "readom", "genisoimage"})
      ASSERT_TRUE(have_program(program));
    // An ordinary user burns here.
    fs::permissions(folder_.path(), fs::perms::all);
    const auto made =
        testing_support::run({SIMDRIVE_PROGRAM, "create", disc(), "--medium", "cd-r-80"});
    ASSERT_EQ(made.exit_status, 0) << made.err;
    fs::permissions(disc(), fs::perms::all);
  }
  [[nodiscard]] std::string path(const std::string& name) const { return folder_.path(name); }
  [[nodiscard]] std::string disc() const { return path("a.disc"); }

  // Runs a program with the drive behind RSCSI: a disc, or a server's socket.
  [[nodiscard]] static ProcessResult remote(std::vector<std::string> command,
                                            const std::string& rscsi, bool as_nobody = true) {
    command.insert(command.begin() + 1, kDevice);
    return testing_support::run(
        command, {.as_nobody = as_nobody,
                  .environment = {std::string("RSH=") + SIMDRIVE_PROGRAM, "RSCSI=" + rscsi}});
  }
  // The least memory and the shortest wait that wodim knows.
  [[nodiscard]] static ProcessResult wodim(std::vector<std::string> arguments,
                                           const std::string& rscsi, bool as_nobody = true) {
    arguments.insert(arguments.begin(), {"wodim", "fs=1m", "gracetime=2"});
    return remote(arguments, rscsi, as_nobody);
  }

  // An image of a folder of this name, with one file in it.
  [[nodiscard]] std::string image(const std::string& name, const std::vector<std::string>& more) {
    const std::string content(30'000, name.front());
    folder_.write(name + "/" + name + ".txt", content);
    files_["/" + name + ".txt"] = content;
    const std::string iso = path(name + ".iso");
    std::vector<std::string> command{"genisoimage", "-quiet", "-R", "-J"};
    command.insert(command.end(), more.begin(), more.end());
    command.insert(command.end(), {"-o", iso, path(name)});
    const auto made = testing_support::run(command);
    EXPECT_EQ(made.exit_status, 0) << made.err;
    return iso;
  }
  [[nodiscard]] nlohmann::json info() const {
    const auto result = testing_support::run({SIMDRIVE_PROGRAM, "info", disc(), "--json"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return nlohmann::json::parse(result.out, nullptr, false);
  }
  // Two sessions, each of one track, the later one with the files of both.
  void burn_two_sessions(const std::string& rscsi, bool as_nobody) {
    const std::string first = image("first", {});
    const auto one = wodim({"-tao", "-multi", "-pad", first}, rscsi, as_nobody);
    ASSERT_EQ(one.exit_status, 0) << one.err;
    EXPECT_EQ(info_after_close(rscsi)["sessions"].size(), 1U);
    const auto where = remote({"wodim", "fs=1m", "-msinfo"}, rscsi, as_nobody);
    ASSERT_EQ(where.exit_status, 0) << where.err;
    // The lead-out and lead-in between them (mmc.md 2.9): 338 blocks become 11,740 or so.
    const std::string addresses = where.out.substr(0, where.out.find('\n'));
    ASSERT_TRUE(addresses.starts_with("0,")) << where.out;
    const std::string second = image("second", {"-C", addresses, "-M", first});
    const auto two = wodim({"-tao", "-pad", second}, rscsi, as_nobody);
    ASSERT_EQ(two.exit_status, 0) << two.err;
  }
  void expect_both_sessions() {
    const auto recorded = info();
    ASSERT_EQ(recorded["sessions"].size(), 2U);
    EXPECT_EQ(recorded["state"], "complete");
    const std::string exported = path("exported.iso");
    const auto saved = testing_support::run({SIMDRIVE_PROGRAM, "export", disc(), exported});
    ASSERT_EQ(saved.exit_status, 0) << saved.err;
    EXPECT_EQ(read_with_isoinfo(exported, Names::kJoliet), files_);
    EXPECT_EQ(read_with_xorriso(exported, Names::kJoliet), files_);
  }

 private:
  // Only where no server holds the disc.
  [[nodiscard]] nlohmann::json info_after_close(const std::string& rscsi) const {
    return rscsi == disc() ? info() : nlohmann::json{{"sessions", {nullptr}}};
  }

  ScratchFolder folder_;
  PathsAndContents files_;
};

TEST_F(RemoteScsi, LetsAnOrdinaryUserBurnTwoSessionsAndReadThemBack) {
  burn_two_sessions(disc(), true);
  expect_both_sessions();
  const std::string first = content_of(path("first.iso"));
  const auto blocks = first.size() / kBlock;
  const auto read =
      remote({"readom", "f=" + path("back.iso"), "sectors=0-" + std::to_string(blocks)}, disc());
  ASSERT_EQ(read.exit_status, 0) << read.err;
  EXPECT_EQ(content_of(path("back.iso")), first);
}

TEST_F(RemoteScsi, KeepsOneDriveForSeveralProgramsAndATranscriptOfIt) {
  const std::string socket = path("rscsi");
  {
    BackgroundProgram server({SIMDRIVE_PROGRAM, "serve", "--disc", disc(), "--rscsi-socket", socket,
                              "--transcript", path("transcript")});
    ASSERT_TRUE(server.says("ready"));
    burn_two_sessions(socket, false);
    server.signal(SIGTERM);
    EXPECT_EQ(server.wait().exit_status, 0);
  }
  expect_both_sessions();
  const auto made =
      testing_support::run({SIMDRIVE_PROGRAM, "create", path("again.disc"), "--medium", "cd-r-80"});
  ASSERT_EQ(made.exit_status, 0) << made.err;
  const auto replayed = testing_support::run(
      {SIMDRIVE_PROGRAM, "replay", path("transcript"), "--disc", path("again.disc")});
  EXPECT_EQ(replayed.exit_status, 0) << replayed.out << replayed.err;
  const auto again = testing_support::run({SIMDRIVE_PROGRAM, "info", path("again.disc"), "--json"});
  EXPECT_EQ(nlohmann::json::parse(again.out), info());
}

// wodim locks its memory, of which an ordinary user may lock little; 8 MiB is the default.
TEST_F(RemoteScsi, IsNotTheOnlyWayForAnOrdinaryUser) {
  const std::string first = image("first", {});
  const auto burned = testing_support::run(
      {"sh", "-c",
       "ulimit -l 8192 && exec \"$0\" run --disc \"$1\" -- wodim fs=1m gracetime=2 "
       "dev=/dev/sr0 -tao -pad \"$2\"",
       SIMDRIVE_PROGRAM, disc(), first},
      {.as_nobody = true});
  ASSERT_EQ(burned.exit_status, 0) << burned.out << burned.err;
  EXPECT_EQ(info()["sessions"].size(), 1U);
}

TEST_F(RemoteScsi, IsRefusedInWordsWhenThereIsNoDisc) {
  const auto result = wodim({"-toc"}, path("missing.disc"));
  EXPECT_NE(result.exit_status, 0);
  EXPECT_THAT(result.err, HasSubstr("missing.disc"));
}

}  // namespace
}  // namespace pregroove::interop
