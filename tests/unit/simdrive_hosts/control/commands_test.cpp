// What one line of the control language does, and what lines that are none are answered.
#include "simdrive/hosts/control/commands.h"

#include <gmock/gmock.h>

#include "tests/unit/simdrive_hosts/bench.h"

namespace simdrive::hosts::control {
namespace {

using nlohmann::ordered_json;
using pregroove::ErrorCode;
using testing::HasSubstr;

constexpr int kNoMedium = 0x23A;

class ControlCommands : public ServedDriveBench {
 protected:
  ordered_json say(std::string_view line) {
    return answer(line, {.drive = drive(),
                         .describe_disc =
                             [](const Disc& disc) {
                               return ordered_json{{"kind", disc.medium().name}};
                             },
                         .quit = [this] { quit_ = true; }});
  }
  void expect_done(std::string_view line) { EXPECT_EQ(say(line), ordered_json({{"ok", true}})); }
  ordered_json state() { return say("state"); }
  [[nodiscard]] bool has_quit() const { return quit_; }

 private:
  bool quit_ = false;
};

TEST_F(ControlCommands, TheTrayOpensAndClosesWithItsDisc) {
  const auto host = drive().host("one");
  be_ready(host);
  expect_done("eject");
  EXPECT_EQ(state()["tray"], "open");
  EXPECT_EQ(test_unit_ready(host) >> 8, kNoMedium);
  expect_done("close");
  EXPECT_EQ(state()["tray"], "closed");
  EXPECT_EQ(test_unit_ready(host), 0x62800) << "the hosts must be told of the change";
}

TEST_F(ControlCommands, AnotherDiscTakesThePlaceOfTheFirstWhoseFileIsFreeThen) {
  make_disc("b.disc", "dvd-r");
  expect_done("load " + path("b.disc"));
  EXPECT_EQ(state()["medium"], "dvd-r");
  EXPECT_EQ(state()["disc"], path("b.disc"));
  EXPECT_TRUE(Disc::open_file(path("a.disc")));
}

TEST_F(ControlCommands, TheSameDiscUnderAnotherNameIsTheSameDisc) {
  std::filesystem::create_symlink(path("a.disc"), path("link"));
  expect_done("eject");
  expect_done("load " + path("link"));
  EXPECT_EQ(state()["tray"], "closed");
}

TEST_F(ControlCommands, ADiscThatCannotBeOpenedLeavesTheDriveAsItWas) {
  const auto refused = say("load " + path("missing"));
  EXPECT_EQ(refused["ok"], false);
  EXPECT_EQ(refused["error"]["code"], "not found");
  EXPECT_EQ(state()["medium"], "cd-rw-80");
  EXPECT_EQ(state()["tray"], "closed");
}

TEST_F(ControlCommands, ADiscThatIsTakenAwayIsFree) {
  expect_done("unload");
  EXPECT_TRUE(state()["disc"].is_null());
  EXPECT_FALSE(state().contains("recorded"));
  EXPECT_TRUE(Disc::open_file(path("a.disc")));
}

TEST_F(ControlCommands, TheButtonTellsTheHostsWhenTheTrayIsLocked) {
  const auto host = drive().host("one");
  be_ready(host);
  // PREVENT ALLOW MEDIUM REMOVAL (SPC-4 6.13), prevent.
  send(host, std::to_array<std::byte>({std::byte{0x1E}, {}, {}, {}, std::byte{1}, {}}));
  expect_done("press-button");
  EXPECT_EQ(state()["tray"], "closed");
  send(host, std::to_array<std::byte>({std::byte{0x1E}, {}, {}, {}, {}, {}}));
  expect_done("press-button");
  EXPECT_EQ(state()["tray"], "open");
}

TEST_F(ControlCommands, WithoutPowerNothingIsAnswered) {
  const auto host = drive().host("one");
  expect_done("power off");
  EXPECT_EQ(state()["powered"], false);
  EXPECT_FALSE(drive().execute(host, {.cdb = kTestUnitReadyCdb}));
  expect_done("power on");
  EXPECT_EQ(test_unit_ready(host), 0x62900) << "power on, reset, or bus device reset occurred";
}

TEST_F(ControlCommands, TheStateCountsHostsAndDescribesTheDisc) {
  static_cast<void>(drive().host("one"));
  static_cast<void>(drive().host("other"));
  const auto reply = state();
  EXPECT_EQ(reply["ok"], true);
  EXPECT_EQ(reply["hosts"], 2);
  EXPECT_EQ(reply["recorded"], ordered_json({{"kind", "cd-rw-80"}}));
  EXPECT_EQ(reply["occupied"], true) << "the disc spins up";
}

TEST_F(ControlCommands, QuitAsksForTheEnd) {
  expect_done("quit");
  EXPECT_TRUE(has_quit());
}

TEST_F(ControlCommands, LinesThatAreNoCommandsAreRefusedAndDoNothing) {
  const std::string zero(1, '\0');
  for (const std::string& line :
       {std::string{}, std::string{" "}, std::string{"fly"}, std::string{"load"},
        std::string{"load "}, std::string{"eject now"}, std::string{"power"},
        std::string{"power maybe"}, std::string{"EJECT"}, std::string{"eject\r"}, zero,
        "load " + path("a.disc") + zero, std::string{"\xFF\xFE\x80"}, std::string(8000, 'x')}) {
    const auto reply = say(line);
    EXPECT_EQ(reply["ok"], false) << line;
    EXPECT_EQ(reply["error"]["code"], "invalid argument") << line;
    const std::string sent = as_line(reply);
    EXPECT_TRUE(ordered_json::accept(sent)) << "bytes that are no UTF-8 must not get through";
    EXPECT_EQ(sent.find('\n'), sent.size() - 1);
  }
  EXPECT_EQ(state()["tray"], "closed");
  EXPECT_FALSE(has_quit());
}

TEST(ControlLine, HasAnAbsolutePath) {
  const auto line = line_for("load", {"x/../photos.disc"});
  ASSERT_TRUE(line);
  EXPECT_EQ(*line, "load " + (std::filesystem::current_path() / "photos.disc").string());
}

TEST(ControlLine, IsRefusedWithTheCommandsThatThereAre) {
  const std::vector<std::vector<std::string>> wrong{
      {"fly"}, {"load"}, {"load", "a", "b"}, {"eject", "now"}, {"load", "a\nquit"}};
  for (const auto& words : wrong) {
    const auto line = line_for(words.front(), {words.begin() + 1, words.end()});
    ASSERT_FALSE(line) << words.front();
    EXPECT_EQ(line.error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_THAT(line_for("fly", {}).error().advice, HasSubstr("press-button"));
}

}  // namespace
}  // namespace simdrive::hosts::control
