// One drive, two machines: a program at /dev/sr0 and one that comes through the remote SCSI
// protocol. Each must be told of a change of the disc by a unit attention of its own (SAM-5, I_T
// nexus).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/interop/image_readers.h"
#include "tests/support/background_program.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"

namespace pregroove::interop {
namespace {

using testing::Each;
using testing::Pair;
using testing::SizeIs;
using testing_support::BackgroundProgram;
using testing_support::ScratchFolder;

// Behind a sense key of UNIT ATTENTION: POWER ON OR RESET OCCURRED; MEDIUM MAY HAVE CHANGED.
constexpr int kPowerOn = 0x2900;
constexpr int kMediumChanged = 0x2800;

class SeveralHosts : public testing::Test {
 protected:
  [[nodiscard]] std::string path(const std::string& name) const { return folder_.path(name); }
  void simdrive(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), SIMDRIVE_PROGRAM);
    const auto result = testing_support::run(arguments);
    ASSERT_EQ(result.exit_status, 0) << result.err;
  }
  // The same question through both ways in.
  void both_look_at_the_disc() const {
    simdrive({"run", "--connect", path("socket"), "--", "wodim", "dev=/dev/sr0", "-atip"});
    const auto remote = testing_support::run(
        {"wodim", "dev=REMOTE:rscsi:0,0,0", "-atip"},
        {.environment = {std::string("RSH=") + SIMDRIVE_PROGRAM, "RSCSI=" + path("rscsi")}});
    ASSERT_EQ(remote.exit_status, 0) << remote.err;
  }
  // How often each host was told so.
  [[nodiscard]] std::map<std::string, int> unit_attentions(int code) const {
    std::vector<std::string> names;
    std::map<std::string, int> told;
    std::ifstream transcript(path("transcript"));
    for (std::string line; std::getline(transcript, line);) {
      const auto entry = nlohmann::json::parse(line);
      if (entry.value("event", "") == "host") {
        names.push_back(entry["name"]);
        told[names.back()] = 0;
      }
      if (!entry.contains("sense")) continue;
      const std::string sense = entry["sense"];
      const bool unit_attention = std::stoi(sense.substr(4, 2), nullptr, 16) % 16 == 6;
      if (unit_attention && std::stoi(sense.substr(24, 4), nullptr, 16) == code)
        ++told[names.at(entry["host"].get<std::size_t>() - 1)];
    }
    return told;
  }

 private:
  ScratchFolder folder_;
};

TEST_F(SeveralHosts, AreToldOfEachChangeOnce) {
  ASSERT_TRUE(have_program("wodim"));
  simdrive({"create", path("a.disc"), "--medium", "cd-r-80"});
  BackgroundProgram server({SIMDRIVE_PROGRAM, "serve", "--disc", path("a.disc"), "--socket",
                            path("socket"), "--rscsi-socket", path("rscsi"), "--control",
                            path("control"), "--transcript", path("transcript")});
  ASSERT_TRUE(server.says("ready"));
  both_look_at_the_disc();
  both_look_at_the_disc();
  EXPECT_THAT(unit_attentions(kPowerOn), SizeIs(2));
  EXPECT_THAT(unit_attentions(kPowerOn), Each(Pair(testing::_, 1)));
  EXPECT_THAT(unit_attentions(kMediumChanged), Each(Pair(testing::_, 0)));
  simdrive({"control", path("control"), "eject"});
  simdrive({"control", path("control"), "close"});
  both_look_at_the_disc();
  both_look_at_the_disc();
  EXPECT_THAT(unit_attentions(kPowerOn), Each(Pair(testing::_, 1)));
  EXPECT_THAT(unit_attentions(kMediumChanged), Each(Pair(testing::_, 1)));
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait().exit_status, 0);
  simdrive({"create", path("again.disc"), "--medium", "cd-r-80"});
  simdrive({"replay", path("transcript"), "--disc", path("again.disc")});
}

}  // namespace
}  // namespace pregroove::interop
