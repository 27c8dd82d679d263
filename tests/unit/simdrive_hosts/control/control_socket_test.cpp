// The control socket against clients that are slow, rude or gone.
#include "simdrive/hosts/control/control_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>

#include "simdrive/hosts/byte_streams.h"
#include "tests/unit/simdrive_hosts/bench.h"

namespace simdrive::hosts::control {
namespace {

using nlohmann::ordered_json;
using pregroove::ErrorCode;

constexpr std::size_t kLongReply = 100'000;

class ControlSocket : public ServedDriveBench {
 protected:
  void SetUp() override {
    ServedDriveBench::SetUp();
    auto server = serve_control(
        path("s"),
        {.drive = drive(),
         .describe_disc = [](const Disc& disc) { return ordered_json{disc.medium().name}; },
         .quit = [this] { quit_ = true; }});
    ASSERT_TRUE(server) << server.error().message;
    server_ = *std::move(server);
  }
  void TearDown() override { server_.reset(); }

  Descriptor connect() {
    auto connection = connect_to(path("s"), SocketKind::kStream);
    EXPECT_TRUE(connection);
    return connection ? *std::move(connection) : Descriptor{};
  }
  void expect_it_still_serves() {
    const auto reply = ask(path("s"), "state");
    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_EQ((*reply)["ok"], true);
  }
  void stop() { server_.reset(); }
  [[nodiscard]] bool has_quit() const { return quit_; }

 private:
  std::atomic<bool> quit_ = false;
  std::unique_ptr<SocketServer> server_;
};

TEST_F(ControlSocket, AnswersEachLineWithALine) {
  const Descriptor connection = connect();
  ASSERT_TRUE(write_all(connection.get(), "eject\nstate\nfly\nclose\n"));
  StreamReader reader(connection.get());
  std::vector<ordered_json> replies;
  while (replies.size() < 4) {
    const auto line = reader.line(kLongReply);
    ASSERT_TRUE(line);
    replies.push_back(ordered_json::parse(*line));
  }
  EXPECT_EQ(replies[0]["ok"], true);
  EXPECT_EQ(replies[1]["tray"], "open");
  EXPECT_EQ(replies[2]["ok"], false);
  EXPECT_EQ(replies[3]["ok"], true);
}

TEST_F(ControlSocket, PutsALineTogetherFromItsPieces) {
  const Descriptor connection = connect();
  for (const char letter : std::string("state\n"))
    ASSERT_TRUE(write_all(connection.get(), std::string_view(&letter, 1)));
  EXPECT_TRUE(StreamReader(connection.get()).line(kLongReply));
}

TEST_F(ControlSocket, CarriesOutNoHalfLine) {
  {
    const Descriptor connection = connect();
    ASSERT_TRUE(write_all(connection.get(), "eject"));
    ::shutdown(connection.get(), SHUT_WR);
    EXPECT_FALSE(StreamReader(connection.get()).line(kLongReply)) << "an answer to half a line";
  }
  EXPECT_FALSE(drive().status().tray_open);
}

TEST_F(ControlSocket, EndsAConnectionWhoseLineHasNoEnd) {
  const Descriptor connection = connect();
  const std::string piece(kMaxLine, 'x');
  // How much gets through before the server hangs up is not ours to say.
  for (int i = 0; i < 100 && write_all(connection.get(), piece); ++i) {
  }
  StreamReader reader(connection.get());
  while (reader.line(kLongReply)) {
  }
  expect_it_still_serves();
}

TEST_F(ControlSocket, TakesALineOfTheGreatestLengthAndNoLonger) {
  const std::string load = "load ";
  for (const std::size_t length : {kMaxLine, kMaxLine + 1}) {
    const Descriptor connection = connect();
    ASSERT_TRUE(write_all(connection.get(), load + std::string(length - load.size(), 'x') + '\n'));
    StreamReader reader(connection.get());
    const auto first = reader.line(kLongReply);
    ASSERT_TRUE(first);
    EXPECT_EQ(ordered_json::parse(*first)["ok"], false);
    if (length > kMaxLine) {
      EXPECT_FALSE(reader.line(kLongReply)) << "the connection must be ended";
    } else {
      ASSERT_TRUE(write_all(connection.get(), "state\n"));
      EXPECT_TRUE(reader.line(kLongReply));
    }
  }
}

TEST_F(ControlSocket, SurvivesAnyBytes) {
  std::string bytes;
  for (int i = 0; i < 20'000; ++i) bytes.push_back(static_cast<char>((i * i + i / 251) & 0xFF));
  const Descriptor connection = connect();
  static_cast<void>(write_all(connection.get(), bytes));
  ::shutdown(connection.get(), SHUT_WR);
  StreamReader reader(connection.get());
  while (const auto line = reader.line(kLongReply)) EXPECT_TRUE(ordered_json::accept(*line));
  expect_it_still_serves();
}

TEST_F(ControlSocket, EndsAlthoughAClientDoesNotReadItsReplies) {
  const Descriptor connection = connect();
  ::fcntl(connection.get(), F_SETFL, O_NONBLOCK);
  // Until both directions are full.
  while (::send(connection.get(), "state\n", 6, MSG_NOSIGNAL) == 6) {
  }
  expect_it_still_serves();
  stop();
  EXPECT_FALSE(std::filesystem::exists(path("s")));
}

TEST_F(ControlSocket, AnswersQuitBeforeItEnds) {
  const auto reply = ask(path("s"), "quit");
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ((*reply)["ok"], true);
  stop();
  EXPECT_TRUE(has_quit());
}

TEST_F(ControlSocket, SaysThatNoServerIsThere) {
  stop();
  const auto reply = ask(path("s"), "state");
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, ErrorCode::kNotFound);
  EXPECT_NE(reply.error().advice.find("simdrive serve"), std::string::npos);
}

TEST(ControlClient, KnowsWhatIsNoControlSocket) {
  const pregroove::testing_support::ScratchFolder folder;
  for (const char* reply : {"hello\n", "[1]\n", "{\"ok\":1}\n", "{}\n", "{\"ok\":true}", ""}) {
    const auto server =
        SocketServer::listen(folder.path("s"), SocketKind::kStream, [reply](int connection) {
          StreamReader reader(connection);
          static_cast<void>(reader.line(kMaxLine));
          static_cast<void>(write_all(connection, std::string_view(reply)));
        });
    ASSERT_TRUE(server);
    const auto asked = ask(folder.path("s"), "state");
    ASSERT_FALSE(asked) << reply;
    EXPECT_EQ(asked.error().code, ErrorCode::kProtocol) << reply;
  }
}

}  // namespace
}  // namespace simdrive::hosts::control
