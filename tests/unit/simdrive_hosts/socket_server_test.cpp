#include "simdrive/hosts/socket_server.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <vector>

#include "tests/support/scratch_folder.h"

namespace simdrive::hosts {
namespace {

using pregroove::ErrorCode;
using pregroove::testing_support::ScratchFolder;

void echo(int connection) {
  std::array<char, 64> buffer{};
  for (;;) {
    const auto got = ::read(connection, buffer.data(), buffer.size());
    if (got <= 0 || ::write(connection, buffer.data(), static_cast<std::size_t>(got)) != got)
      return;
  }
}

TEST(SocketServer, ServesSeveralConnections) {
  const ScratchFolder folder;
  const auto server = SocketServer::listen(folder.path("s"), SocketKind::kStream, echo);
  ASSERT_TRUE(server) << server.error().message;
  const auto one = connect_to(folder.path("s"), SocketKind::kStream);
  const auto other = connect_to(folder.path("s"), SocketKind::kStream);
  ASSERT_TRUE(one && other);
  for (const auto* connection : {&other, &one}) {
    ASSERT_EQ(::write((*connection)->get(), "x", 1), 1);
    char got = 0;
    ASSERT_EQ(::read((*connection)->get(), &got, 1), 1);
    EXPECT_EQ(got, 'x');
  }
}

TEST(SocketServer, StopsWhileConnectionsAreOpen) {
  const ScratchFolder folder;
  auto server = SocketServer::listen(folder.path("s"), SocketKind::kStream, echo);
  ASSERT_TRUE(server);
  const auto connection = connect_to(folder.path("s"), SocketKind::kStream);
  ASSERT_TRUE(connection);
  server->reset();
  char got = 0;
  EXPECT_EQ(::read(connection->get(), &got, 1), 0);
  EXPECT_FALSE(connect_to(folder.path("s"), SocketKind::kStream));
}

// More connections than the process may have descriptors.
TEST(SocketServer, ServesAgainAfterItRanOutOfDescriptors) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP()
      << "without descriptors the sanitizer cannot check a virtual pointer, and reports it";
#endif
  const ScratchFolder folder;
  const auto server = SocketServer::listen(folder.path("s"), SocketKind::kStream, echo);
  ASSERT_TRUE(server);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const Descriptor next(::dup(STDIN_FILENO));
  rlimit few = before;
  few.rlim_cur = static_cast<rlim_t>(next.get()) + 16;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  {
    std::vector<Descriptor> clients;
    while (auto client = connect_to(folder.path("s"), SocketKind::kStream))
      clients.push_back(*std::move(client));
    EXPECT_GE(clients.size(), 4U);
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  const auto late = connect_to(folder.path("s"), SocketKind::kStream);
  ASSERT_TRUE(late);
  const timeval patience{.tv_sec = 60};
  ::setsockopt(late->get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  ASSERT_EQ(::write(late->get(), "x", 1), 1);
  char got = 0;
  EXPECT_EQ(::read(late->get(), &got, 1), 1);
}

TEST(SocketServer, IsForItsUserOnly) {
  const ScratchFolder folder;
  const auto server = SocketServer::listen(folder.path("s"), SocketKind::kStream, echo);
  ASSERT_TRUE(server);
  struct stat status {};
  ASSERT_EQ(::stat(folder.path("s").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(SocketServer, LeavesOthersAlone) {
  const ScratchFolder folder;
  const auto server = SocketServer::listen(folder.path("s"), SocketKind::kStream, echo);
  ASSERT_TRUE(server);
  const auto second = SocketServer::listen(folder.path("s"), SocketKind::kStream, echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kBusy);
  std::ofstream(folder.path("f")) << "text";
  const auto file = SocketServer::listen(folder.path("f"), SocketKind::kStream, echo);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::kAlreadyExists);
  EXPECT_FALSE(SocketServer::listen(std::string(200, 'a'), SocketKind::kStream, echo));
}

}  // namespace
}  // namespace simdrive::hosts
