// What a program can send to the server by itself, without the library: nothing of it is trusted.
#include "simdrive/hosts/preload/preload_server.h"

#include <gtest/gtest.h>
#include <linux/cdrom.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <random>

#include "simdrive/hosts/preload/preload_environment.h"
#include "simdrive/hosts/preload/protocol.h"
#include "tests/support/scratch_folder.h"

namespace simdrive::hosts::preload {
namespace {

using pregroove::ErrorCode;
using pregroove::testing_support::ScratchFolder;

class Client {
 public:
  explicit Client(const PreloadServer& server)
      : socket_(*connect_to(server.socket(), SocketKind::kSequencedPackets)) {}

  bool send(const void* bytes, std::size_t size) {
    return ::send(socket_.get(), bytes, size, MSG_NOSIGNAL) == static_cast<ssize_t>(size);
  }
  // Nothing when the server has ended the connection.
  std::optional<Reply> receive() {
    Reply reply;
    iovec part{.iov_base = &reply, .iov_len = sizeof(reply)};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (::recvmsg(socket_.get(), &message, 0) != sizeof(reply)) return std::nullopt;
    if (const cmsghdr* const header = CMSG_FIRSTHDR(&message)) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(header), sizeof(int));
      memory_ = Descriptor(number);
    }
    return reply;
  }
  std::optional<Reply> ask(const Request& request) {
    return send(&request, sizeof(request)) ? receive() : std::nullopt;
  }
  bool greet() { return ask({.operation = Operation::kHello}).has_value(); }
  [[nodiscard]] int memory() const { return memory_.get(); }

 private:
  Descriptor socket_;
  Descriptor memory_;
};

class PreloadServerTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Disc::create_file(folder_.path("a.disc"), *find_medium("dvd-ram")));
    drive_ = *ServedDrive::open({.disc = folder_.path("a.disc")});
    server_ = *PreloadServer::listen(*drive_);
  }
  // Another program does not notice.
  void expect_alive() {
    Client client(*server_);
    ASSERT_TRUE(client.greet());
    const auto reply = client.ask({.operation = Operation::kCommand, .cdb_length = 6});
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->error, 0);
    EXPECT_EQ(reply->status, 0U);
  }

  ScratchFolder folder_;
  std::unique_ptr<ServedDrive> drive_;
  std::unique_ptr<PreloadServer> server_;
};

TEST_F(PreloadServerTest, EndsConnectionsThatDoNotBeginWithAHello) {
  Client client(*server_);
  EXPECT_FALSE(client.ask({.operation = Operation::kCommand, .cdb_length = 6}));
  expect_alive();
}

TEST_F(PreloadServerTest, EndsConnectionsOfAnotherVersion) {
  Client client(*server_);
  EXPECT_FALSE(client.ask({.version = kVersion + 1, .operation = Operation::kHello}));
  expect_alive();
}

TEST_F(PreloadServerTest, EndsConnectionsWithPacketsOfAnotherSize) {
  for (const std::size_t size :
       {std::size_t{1}, sizeof(Request) - 1, sizeof(Request) + 1, std::size_t{60'000}}) {
    Client client(*server_);
    ASSERT_TRUE(client.greet());
    const std::vector<char> packet(size, '\x01');
    ASSERT_TRUE(client.send(packet.data(), packet.size()));
    EXPECT_FALSE(client.receive()) << size;
  }
  expect_alive();
}

TEST_F(PreloadServerTest, EndsConnectionsThatGreetTwice) {
  Client client(*server_);
  ASSERT_TRUE(client.greet());
  EXPECT_FALSE(client.ask({.operation = Operation::kHello}));
  expect_alive();
}

TEST_F(PreloadServerTest, RefusesLengthsThatCannotBe) {
  Client client(*server_);
  ASSERT_TRUE(client.greet());
  for (const Request& request :
       {Request{.operation = Operation::kCommand},
        Request{.operation = Operation::kCommand, .cdb_length = 33},
        Request{.operation = Operation::kCommand, .cdb_length = 0xFFFFFFFF},
        Request{.operation = Operation::kCommand,
        .direction = Direction::kOut,
        .length = kPayloadSize + 1,
        .cdb_length = 10},
        Request{.operation = Operation::kCommand,
        .direction = Direction::kIn,
        .length = 0xFFFFFFFF,
        .cdb_length = 10},
        Request{.operation = static_cast<Operation>(99)}}) {
    const auto reply = client.ask(request);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->error, EINVAL);
  }
}

// An ioctl whose structure is not there, or not whole.
TEST_F(PreloadServerTest, GivesNoMoreThanTheStructureHolds) {
  Client client(*server_);
  ASSERT_TRUE(client.greet());
  for (const std::uint32_t length : {0U, 1U, 7U}) {
    const auto reply = client.ask(
        {.operation = Operation::kIoctl, .length = length, .ioctl = 0x80081272});  // BLKGETSIZE64
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->error, EFAULT);
  }
  const auto reply = client.ask({.operation = Operation::kIoctl,
                                 .length = 0xFFFFFFFF,
                                 .ioctl = CDROM_DRIVE_STATUS,
                                 .argument = ~std::uint64_t{0}});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->result, CDS_DISC_OK);
}

TEST_F(PreloadServerTest, StaysInsideTheDisc) {
  Client client(*server_);
  ASSERT_TRUE(client.greet());
  for (const std::uint64_t offset :
       {~std::uint64_t{0}, std::uint64_t{1} << 63U, std::uint64_t{1} << 42U}) {
    const auto synced =
        client.ask({.operation = Operation::kSync, .length = 0xFFFFFFFF, .offset = offset});
    ASSERT_TRUE(synced);
    EXPECT_EQ(synced->readable, 0U);
    const auto written =
        client.ask({.operation = Operation::kWrite, .length = 4096, .offset = offset});
    ASSERT_TRUE(written);
    EXPECT_EQ(written->error, ENOSPC);
  }
}

TEST_F(PreloadServerTest, SharesMemoryThatCannotBeMadeSmaller) {
  Client client(*server_);
  ASSERT_TRUE(client.greet());
  ASSERT_GE(client.memory(), 0);
  EXPECT_NE(::ftruncate(client.memory(), 0), 0);
  EXPECT_EQ(errno, EPERM);
  struct stat status {};
  ASSERT_EQ(::fstat(client.memory(), &status), 0);
  EXPECT_EQ(static_cast<std::size_t>(status.st_size), kPayloadSize);
}

// Whatever comes, the answer is a reply or the end of the connection.
TEST_F(PreloadServerTest, SurvivesNonsense) {
  drive_->with_drive([](Drive& drive) {
    drive.insert(Disc::in_memory(Layout::pressed(*find_medium("cd-rom"), BlockCount{700})));
  });
  std::mt19937 generator(20'261'123);  // NOLINT(*-msc51-cpp): the same each time
  const auto random = [&] { return static_cast<std::uint32_t>(generator()); };
  for (int connection = 0; connection < 20; ++connection) {
    Client client(*server_);
    ASSERT_TRUE(client.greet());
    for (int packet = 0; packet < 100; ++packet) {
      Request request;
      std::array<std::byte, sizeof(Request)> bytes{};
      for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
      std::memcpy(&request, bytes.data(), bytes.size());
      request.version = kVersion;
      // Mostly what there is, and lengths that can be.
      request.operation = static_cast<Operation>(1 + (random() % 8));
      if (random() % 4 != 0) request.length %= kPayloadSize;
      if (random() % 4 != 0) request.cdb_length = random() % 17;
      request.ioctl = random() % 2 != 0 ? 0x5300 + (random() % 0xA0) : request.ioctl;
      if (!client.ask(request)) break;
    }
  }
  drive_->close_tray();
  Client client(*server_);
  ASSERT_TRUE(client.greet());
  EXPECT_TRUE(client.ask({.operation = Operation::kFolder}));
}

TEST_F(PreloadServerTest, TellsItsFolderAndRemovesIt) {
  const auto folder = ask_for_folder(server_->socket());
  ASSERT_TRUE(folder) << folder.error().message;
  EXPECT_EQ(*folder, server_->folder());
  struct stat status {};
  ASSERT_EQ(::stat(folder->c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
  server_.reset();
  EXPECT_FALSE(std::filesystem::exists(*folder));
  const auto gone = ask_for_folder(*folder + "/socket");
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::kNotFound);
}

// Two sockets are two machines.
TEST_F(PreloadServerTest, IsAHostOfItsOwn) {
  const auto other = PreloadServer::listen(*drive_, folder_.path("other"));
  ASSERT_TRUE(other) << other.error().message;
  EXPECT_EQ((*other)->socket(), folder_.path("other"));
  EXPECT_EQ(drive_->status().hosts, 2U);
}

}  // namespace
}  // namespace simdrive::hosts::preload
