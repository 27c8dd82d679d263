// simdrive serve and simdrive control, as a user and his scripts run them.
#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/cli/programs.h"
#include "tests/support/background_program.h"

namespace pregroove::cli_tests {
namespace {

using namespace std::string_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing_support::BackgroundProgram;

class Serve : public ProgramTest {
 protected:
  [[nodiscard]] std::string socket(const std::string& name = "control") const {
    return folder().path(name);
  }
  [[nodiscard]] std::vector<std::string> command(std::vector<std::string> options) const {
    options.insert(options.begin(), {SIMDRIVE_PROGRAM, "serve"});
    return options;
  }
  [[nodiscard]] std::vector<std::string> with_disc() const {
    return command({"--disc", disc_file(), "--control", socket()});
  }
  [[nodiscard]] ProcessResult control(std::vector<std::string> words) const {
    words.insert(words.begin(), {"control", socket()});
    return simdrive(std::move(words));
  }
  [[nodiscard]] nlohmann::json state() const {
    const auto result = control({"state", "--json"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return nlohmann::json::parse(result.out, nullptr, false);
  }
};

TEST_F(Serve, SaysInOneLineThatItIsReady) {
  make_disc();
  BackgroundProgram server(with_disc());
  ASSERT_TRUE(server.says("\n"));
  EXPECT_EQ(control({"quit"}).exit_status, 0);
  const auto ended = server.wait();
  EXPECT_EQ(ended.exit_status, 0) << ended.err;
  EXPECT_EQ(ended.out, "ready: control " + socket() + "\n");
  EXPECT_EQ(ended.err, "");
  EXPECT_FALSE(std::filesystem::exists(socket()));
}

TEST_F(Serve, SaysSoInJson) {
  auto options = command({"--json", "--control", socket(), "--rscsi-socket", socket("rscsi")});
  BackgroundProgram server(options);
  ASSERT_TRUE(server.says("\n"));
  server.signal(SIGTERM);
  const auto ended = server.wait();
  EXPECT_EQ(
      nlohmann::json::parse(ended.out),
      nlohmann::json({{"ready", {{"control", socket()}, {"rscsi-socket", socket("rscsi")}}}}));
}

TEST_F(Serve, EndsAtCtrlCAndRemovesItsSockets) {
  make_disc();
  for (const int signal : {SIGINT, SIGTERM}) {
    auto options = with_disc();
    options.insert(options.end(), {"--rscsi-socket", socket("rscsi")});
    BackgroundProgram server(options);
    ASSERT_TRUE(server.says("ready"));
    server.signal(signal);
    EXPECT_EQ(server.wait().exit_status, 0);
    EXPECT_FALSE(std::filesystem::exists(socket()));
    EXPECT_FALSE(std::filesystem::exists(socket("rscsi")));
  }
}

TEST_F(Serve, LeavesTheDiscUsableWhenItIsKilled) {
  make_disc();
  {
    BackgroundProgram server(with_disc());
    ASSERT_TRUE(server.says("ready"));
    server.signal(SIGKILL);
    EXPECT_EQ(server.wait().signal, SIGKILL);
  }
  EXPECT_EQ(simdrive({"info", disc_file()}).exit_status, 0);
  BackgroundProgram second(with_disc());
  EXPECT_TRUE(second.says("ready")) << "the socket of the dead server must not be in the way";
}

// In the middle of a burn: what was answered with GOOD is on the disc, and the client's relay ends
// although its client says nothing more.
TEST_F(Serve, LosesNothingThatWasAnsweredWhenItIsKilled) {
  make_disc("dvd+r");
  BackgroundProgram server(command({"--disc", disc_file(), "--rscsi-socket", socket("rscsi")}));
  ASSERT_TRUE(server.says("ready"));
  BackgroundProgram shell({SIMDRIVE_PROGRAM, "rscsi", socket("rscsi")});
  shell.write("O\n");
  ASSERT_TRUE(shell.says("A1\n0\n0\n0\n0\n"));
  constexpr int kWrites = 20;
  constexpr int kBlocks = 16;
  const std::string good = "A0\n0\n0\n0\n0\n";
  // The drive was just switched on, and the disc spins up.
  const std::string test_unit_ready = "S0\n0\n6\n18\n40\n\0\0\0\0\0\0"s;
  for (int polls = 1; polls <= 1000; ++polls) shell.write(test_unit_ready);
  ASSERT_TRUE(shell.says(good));
  for (int i = 0; i < kWrites; ++i) {
    // WRITE (10), each behind the one before.
    shell.write("S32768\n0\n10\n18\n40\n\x2A\0\0\0"s + static_cast<char>(i * kBlocks >> 8) +
                static_cast<char>(i * kBlocks) + "\0\0"s + static_cast<char>(kBlocks) + "\0"s +
                std::string(kBlocks * 2048, 'x'));
  }
  std::string all;
  for (int i = 0; i < kWrites; ++i) all += "A32768\n0\n0\n0\n0\n";
  ASSERT_TRUE(shell.says(all));
  server.signal(SIGKILL);
  EXPECT_EQ(server.wait().signal, SIGKILL);
  EXPECT_EQ(shell.wait().exit_status, 0);
  const auto info = nlohmann::json::parse(simdrive({"info", disc_file(), "--json"}).out);
  ASSERT_EQ(info["tracks"].size(), 1U);
  EXPECT_EQ(info["tracks"][0]["recorded_blocks"], kWrites * kBlocks);
}

TEST_F(Serve, RefusesADiscThatIsInAnotherDrive) {
  make_disc();
  BackgroundProgram server(with_disc());
  ASSERT_TRUE(server.says("ready"));
  const auto second = simdrive({"serve", "--disc", disc_file(), "--control", socket("other")});
  EXPECT_EQ(second.exit_status, 3);
  EXPECT_THAT(second.err, AllOf(HasSubstr("another drive"), HasSubstr("what to do")));
  EXPECT_EQ(burn({folder().write("a.txt", "a")}).exit_status, 3);
  EXPECT_EQ(control({"unload"}).exit_status, 0);
  expect_burned({folder().path("a.txt")});
}

TEST_F(Serve, RefusesWhatItCannotServe) {
  make_disc();
  EXPECT_EQ(simdrive({"serve", "--disc", disc_file()}).exit_status, 2) << "no way in";
  EXPECT_EQ(simdrive({"serve", "--control"}).exit_status, 2);
  EXPECT_EQ(simdrive({"serve", "--colour", "beige"}).exit_status, 2);
  EXPECT_EQ(simdrive({"serve", "--control", std::string(200, 'x')}).exit_status, 2);
  const auto missing = simdrive({"serve", "--disc", "missing.disc", "--control", socket()});
  EXPECT_EQ(missing.exit_status, 3);
  EXPECT_THAT(missing.err, HasSubstr("missing.disc"));
  EXPECT_EQ(simdrive({"serve", "--personality", "missing", "--control", socket()}).exit_status, 3);
  const auto file = folder().write("file", "precious");
  EXPECT_EQ(simdrive({"serve", "--control", file}).exit_status, 3);
  EXPECT_EQ(simdrive({"serve", "--disc", disc_file(), "--control", socket(), "--transcript", file})
                .exit_status,
            3);
  EXPECT_FALSE(std::filesystem::exists(socket()));
}

TEST_F(Serve, ObeysTheHandsOfAScript) {
  make_disc();
  const auto other = folder().path("other.disc");
  ASSERT_EQ(simdrive({"create", other, "--medium", "dvd-r"}).exit_status, 0);
  BackgroundProgram server(with_disc());
  ASSERT_TRUE(server.says("ready"));
  EXPECT_EQ(control({"eject"}).exit_status, 0);
  EXPECT_EQ(state()["tray"], "open");
  EXPECT_EQ(control({"load", other}).exit_status, 0);
  EXPECT_EQ(state()["medium"], "dvd-r");
  EXPECT_EQ(control({"power", "off"}).exit_status, 0);
  EXPECT_EQ(state()["powered"], false);
}

TEST_F(Serve, DescribesTheDiscAsInfoDoes) {
  make_disc();
  expect_burned({folder().write("a.txt", "a")});
  const auto info = nlohmann::json::parse(simdrive({"info", disc_file(), "--json"}).out);
  BackgroundProgram server(with_disc());
  ASSERT_TRUE(server.says("ready"));
  EXPECT_EQ(state()["recorded"], info);
  EXPECT_EQ(info["sessions"].size(), 1U);
}

TEST_F(Serve, StartsWithAnEmptyTray) {
  BackgroundProgram server(command({"--control", socket()}));
  ASSERT_TRUE(server.says("ready"));
  EXPECT_TRUE(state()["disc"].is_null());
  const auto refused = control({"load", "missing.disc"});
  EXPECT_EQ(refused.exit_status, 3);
  EXPECT_THAT(refused.err, HasSubstr(std::filesystem::current_path().string() + "/missing.disc"));
}

TEST_F(Serve, ControlTellsWrongUsageFromARefusalAndAMissingServer) {
  BackgroundProgram server(command({"--control", socket()}));
  ASSERT_TRUE(server.says("ready"));
  const auto wrong = control({"fly"});
  EXPECT_EQ(wrong.exit_status, 2);
  EXPECT_THAT(wrong.err, HasSubstr("press-button"));
  EXPECT_EQ(control({"load"}).exit_status, 2);
  EXPECT_EQ(control({}).exit_status, 2);
  EXPECT_EQ(control({"power", "maybe"}).exit_status, 3);
  const auto refused = control({"load", "missing.disc", "--json"});
  EXPECT_EQ(refused.exit_status, 3);
  EXPECT_EQ(nlohmann::json::parse(refused.out)["error"]["code"], "not found");
  EXPECT_EQ(control({"quit"}).exit_status, 0);
  EXPECT_EQ(server.wait().exit_status, 0);
  const auto gone = control({"state"});
  EXPECT_EQ(gone.exit_status, 3);
  EXPECT_THAT(gone.err, HasSubstr("what to do"));
}

TEST_F(Serve, SpeaksOnItsStandardStreamsAndNothingElse) {
  make_disc();
  BackgroundProgram server(command({"--disc", disc_file(), "--rscsi"}));
  server.write("O\nA\n");
  EXPECT_TRUE(server.says("A1\n0\n0\n0\n0\nA1\n"));
  server.end_input();
  const auto ended = server.wait();
  EXPECT_EQ(ended.exit_status, 0) << ended.err;
  EXPECT_EQ(ended.out, "A1\n0\n0\n0\n0\nA1\n");
}

// The first question of a virtual machine (vhost-user, GET_FEATURES), and its answer: number,
// version 1 with the reply bit, eight bytes of features with VIRTIO_F_VERSION_1 and
// PROTOCOL_FEATURES. Whole machines: tests/interop/kernel.
TEST_F(Serve, AnswersAVirtualMachine) {
  make_disc();
  BackgroundProgram server(
      command({"--disc", disc_file(), "--vhost-user", socket("scsi"), "--control", socket()}));
  ASSERT_TRUE(server.says("ready"));
  // A relay of bytes to a socket.
  BackgroundProgram machine({SIMDRIVE_PROGRAM, "rscsi", "-l", "machine", socket("scsi")});
  machine.write("\1\0\0\0\1\0\0\0\0\0\0\0"s);
  EXPECT_TRUE(machine.says("\1\0\0\0\5\0\0\0\10\0\0\0"s));
  machine.end_input();
  const auto ended = machine.wait();
  constexpr std::size_t kHeader = 12;
  ASSERT_EQ(ended.out.size(), kHeader + 8);
  EXPECT_EQ(ended.out[kHeader + 3] & 0x40, 0x40) << "bit 30";
  EXPECT_EQ(ended.out[kHeader + 4] & 0x01, 0x01) << "bit 32";
  EXPECT_EQ(control({"quit"}).exit_status, 0);
  EXPECT_EQ(server.wait().exit_status, 0);
  EXPECT_FALSE(std::filesystem::exists(socket("scsi")));
}

TEST_F(Serve, AMissingDiscFileTellsHowToMakeOne) {
  for (const std::vector<std::string>& options : {std::vector<std::string>{"info", disc_file()},
                                                  {"serve", "--disc", disc_file(), "--rscsi"}}) {
    const auto refused = simdrive(options);
    EXPECT_EQ(refused.exit_status, 3);
    EXPECT_THAT(refused.err, HasSubstr("simdrive create " + disc_file()));
  }
}

TEST_F(Serve, OnStandardStreamsEndsAtASignalWhileItWaitsForInput) {
  BackgroundProgram server(command({"--rscsi"}));
  server.write("O\n");
  ASSERT_TRUE(server.says("A1"));
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait().exit_status, 0);
}

TEST_F(Serve, OutlivesItsStandardInputWhenThereIsAnotherWayIn) {
  BackgroundProgram server(command({"--rscsi", "--control", socket()}));
  server.write("O\n");
  ASSERT_TRUE(server.says("A1"));
  server.end_input();
  EXPECT_EQ(state()["powered"], true);
  EXPECT_EQ(control({"quit"}).exit_status, 0);
  EXPECT_EQ(server.wait().exit_status, 0);
}

TEST_F(Serve, RelaysTheStandardStreamsToASocket) {
  make_disc();
  BackgroundProgram server(
      command({"--disc", disc_file(), "--rscsi-socket", socket("rscsi"), "--control", socket()}));
  ASSERT_TRUE(server.says("ready"));
  BackgroundProgram shell({SIMDRIVE_PROGRAM, "rscsi", "-l", "someone", socket("rscsi")});
  shell.write("O\n");
  EXPECT_TRUE(shell.says("A1\n0\n0\n0\n0\n"));
  EXPECT_EQ(state()["hosts"], 1);
  shell.end_input();
  EXPECT_EQ(shell.wait().exit_status, 0);
}

TEST_F(Serve, ARunProgramsDriveObeysAScriptToo) {
  make_disc();
  const std::vector<std::string> run{"run", "--disc",         disc_file(), "--control", socket(),
                                     "--",  SIMDRIVE_PROGRAM, "control",   socket()};
  const auto ask = [&run](const std::string& command) {
    auto words = run;
    words.push_back(command);
    return simdrive(words);
  };
  const auto state = ask("state");
  EXPECT_EQ(state.exit_status, 0) << state.err;
  EXPECT_THAT(state.out, HasSubstr("medium: cd-r-80"));
  const auto quit = ask("quit");
  EXPECT_EQ(quit.exit_status, 3);
  EXPECT_THAT(quit.err, HasSubstr("End the program."));
  EXPECT_FALSE(std::filesystem::exists(socket()));
}

}  // namespace
}  // namespace pregroove::cli_tests
