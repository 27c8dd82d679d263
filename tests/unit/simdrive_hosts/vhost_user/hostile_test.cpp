// Virtual machines that break the rules: nothing they do may crash the server, hang it, or make it
// touch anything but their own memory. The sanitizers watch.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <random>

#include "simdrive/hosts/vhost_user/vhost_user_server.h"
#include "tests/unit/simdrive_hosts/vhost_user/front_end.h"

namespace simdrive::hosts::vhost_user {
namespace {

using HostileGuest = FrontEnd;

TEST_F(HostileGuest, CannotNameMemoryOutsideItsRegions) {
  for (const auto& [guest, length] : std::initializer_list<std::pair<std::uint64_t, std::uint32_t>>{
           {0, 51},
           {kGuest - 1, 51},
           {kGuest + kMemorySize, 51},
           {kGuest + kMemorySize - 50, 51},
           {~std::uint64_t{0} - 10, 51},
           {kGuest + kRequest, 0xFFFFFFFF}}) {
    back_end_ = std::make_unique<BackEnd>(*drive_, drive_->host("guest"));
    offered_ = 0;
    set_up();
    put_buffers(kTable,
                {{guest, length, kNext, 1}, {kGuest + kResponse, kResponseSize, kWritable}});
    offer(0);
    EXPECT_FALSE(serve()) << guest << ' ' << length;
  }
}

TEST_F(HostileGuest, CannotMakeAChainWithoutEnd) {
  for (const auto& buffers : std::initializer_list<std::vector<Buffer>>{
           {{kGuest + kRequest, 51, kNext, 0}},
           {{kGuest + kRequest, 0, kNext, 1}, {kGuest + kRequest, 0, kNext, 0}},
           {{kGuest + kRequest, 51, kNext, 64}},
           {{kGuest + kTable, 16, kIndirect}},
           {{kGuest + kTable, 15, kIndirect}},
           {{kGuest + kTable, 0, kIndirect}},
           {{kGuest, 0x200000, kIndirect}},
           {{kGuest + kRequest, 51, kNext | kIndirect, 1}},
           {{kGuest + kResponse, 108, kWritable | kNext, 1}, {kGuest + kRequest, 51}},
           {{kGuest + kRequest, 50, kNext, 1}, {kGuest + kResponse, 108, kWritable}},
           {{kGuest + kRequest, 51, kNext, 1}, {kGuest + kResponse, 107, kWritable}}}) {
    back_end_ = std::make_unique<BackEnd>(*drive_, drive_->host("guest"));
    offered_ = 0;
    set_up();
    put_buffers(kTable, buffers);
    offer(0);
    EXPECT_FALSE(serve());
    EXPECT_EQ(used_index(), 0U);
  }
}

TEST_F(HostileGuest, CannotOfferMoreThanTheQueueHolds) {
  set_up();
  put(kAvailable + 2, Layout().u16(kQueueSize + 1));
  EXPECT_FALSE(serve());
}

TEST_F(HostileGuest, CannotBeginOutsideTheTable) {
  set_up();
  offer(kQueueSize);
  EXPECT_FALSE(serve());
}

TEST_F(HostileGuest, GetsAFailureForMoreDataThanADriveTakes) {
  set_up();
  std::vector<Buffer> buffers{{kGuest + kRequest, 51, kNext, 1}};
  for (std::uint16_t i = 1; i < 40; ++i)
    buffers.push_back({kGuest, kMemorySize, kNext, static_cast<std::uint16_t>(i + 1)});
  buffers.push_back({kGuest + kResponse, kResponseSize, kWritable});
  put(kRequest, request(cdb({0x2A, 0, 0, 0, 0, 0, 0, 0, 1, 0})));
  put_buffers(kTable, buffers);
  offer(0);
  ASSERT_TRUE(serve());
  EXPECT_EQ(number_in(get(kResponse, kResponseSize), 11, 1), 9U);
}

TEST_F(HostileGuest, MayTakeItsMemoryAwayAtAnyTime) {
  set_up();
  put(kRequest, request(cdb({0x12, 0, 0, 0, 96, 0})));
  put_buffers(kTable, {{kGuest + kRequest, 51, kNext, 1},
                       {kGuest + kResponse, kResponseSize, kWritable | kNext, 2},
                       {kGuest + kData, 96, kWritable}});
  offer(0);
  ASSERT_EQ(::ftruncate(file_.get(), kData), 0);  // only the data's place
  EXPECT_FALSE(serve());
  ASSERT_EQ(::ftruncate(file_.get(), 0), 0);
  EXPECT_FALSE(serve());
}

TEST_F(HostileGuest, CannotMapWhatItsFileDoesNotHold) {
  constexpr std::uint64_t kAll = ~std::uint64_t{0};
  for (const auto& [guest, size, user, offset] :
       std::initializer_list<std::array<std::uint64_t, 4>>{{kGuest, kMemorySize + 1, kUser, 0},
                                                           {kGuest, kMemorySize, kUser, 1},
                                                           {kGuest, 4096, kUser, kAll - 4095},
                                                           {kGuest, kAll, kUser, 1},
                                                           {kAll, 4096, kUser, 0},
                                                           {kGuest, 4096, kAll, 0},
                                                           {kGuest, 0, kUser, 0}})
    EXPECT_FALSE(send(5, region(guest, size, user, offset), one(memory_file())));
  EXPECT_FALSE(send(5, region(kGuest, 4096, kUser, 0), one(::eventfd(0, EFD_CLOEXEC))));
  EXPECT_FALSE(send(5, region(kGuest, 4096, kUser, 0)));  // no file
  EXPECT_FALSE(send(5, Layout().u32(0xFFFFFFFF).u32(0)));
}

// Every message, with contents, lengths and files that mean nothing, on queues that are in use.
TEST_F(HostileGuest, CannotDoHarmWithRandomMessages) {
  std::mt19937 random(20261123);
  const auto number = [&](std::uint32_t limit) {
    return static_cast<std::uint32_t>(random() % limit);
  };
  for (int round = 0; round < 300; ++round) {
    back_end_ = std::make_unique<BackEnd>(*drive_, drive_->host("guest"));
    offered_ = 0;
    if (number(2) == 0) set_up();
    for (int i = 0; i < 30; ++i) {
      Bytes payload(number(3) == 0 ? number(400) : 8 * number(8));
      for (auto& byte : payload) byte = static_cast<std::byte>(number(4) == 0 ? random() : 0U);
      if (!payload.empty()) payload[0] = static_cast<std::byte>(number(20));
      std::vector<Descriptor> files;
      for (std::uint32_t count = number(3); count > 0; --count)
        files.emplace_back(number(2) == 0 ? memory_file() : ::eventfd(0, EFD_CLOEXEC));
      if (!send(number(45), payload, std::move(files), number(3) == 0 ? 9 : 1)) break;
      for (std::size_t queue = 0; queue < kQueues; ++queue)
        if (back_end_->kick_of(queue) >= 0) static_cast<void>(back_end_->serve(queue));
    }
  }
}

// Rings and tables of noise in which some things make sense.
TEST_F(HostileGuest, CannotDoHarmWithRandomRings) {
  std::mt19937 random(20261124);
  const auto number = [&](std::uint32_t limit) {
    return static_cast<std::uint32_t>(random() % limit);
  };
  int served = 0;
  for (int round = 0; round < 2000; ++round) {
    back_end_ = std::make_unique<BackEnd>(*drive_, drive_->host("guest"));
    offered_ = 0;
    const std::size_t queue = number(4) == 0 ? 0 : kCommands;
    set_up(queue);
    std::vector<Buffer> buffers;
    for (std::uint32_t i = 0; i < kQueueSize; ++i) {
      constexpr std::array kLengths{0U, 1U, 16U, 51U, 108U, 2048U, 65536U, 0xFFFFFFFFU};
      buffers.push_back({.address = kGuest + number(number(9) == 0 ? 0xFFFFFFFF : kMemorySize / 2),
                         .length = kLengths.at(number(kLengths.size())),
                         .flags = static_cast<std::uint16_t>(number(number(5) == 0 ? 8 : 4)),
                         .next = static_cast<std::uint16_t>(number(kQueueSize + 1))});
    }
    put_buffers(kTable, buffers);
    Bytes noise(4096);
    for (auto& byte : noise) byte = static_cast<std::byte>(number(3) == 0 ? random() : 1U);
    put(kRequest, noise);
    for (std::uint32_t i = number(8); i > 0; --i)
      offer(static_cast<std::uint16_t>(number(kQueueSize)));
    if (serve(queue)) ++served;
  }
  EXPECT_GT(served, 0);
}

// Over a socket: a message that is cut off, one that is too long, more files than there may be; the
// server then still serves others.
TEST_F(HostileGuest, LosesItsConnectionOnly) {
  const std::string path = folder_.path("socket");
  const auto server = VhostUserServer::listen(*drive_, path);
  ASSERT_TRUE(server) << server.error().message;
  for (const Bytes& bytes : std::initializer_list<Bytes>{
           cdb({1, 0, 0}), Layout().u32(1).u32(1).u32(0xFFFFFFFF), Layout().u32(1).u32(2).u32(0),
           Layout().u32(8).u32(1).u32(8).u32(1), Layout().u32(8).u32(1).u32(8).u32(99).u32(4)}) {
    const auto connection = connect_to(path, SocketKind::kStream);
    ASSERT_TRUE(connection);
    ASSERT_EQ(::send(connection->get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
    ::shutdown(connection->get(), SHUT_WR);
    char got = 0;
    EXPECT_EQ(::recv(connection->get(), &got, 1, 0), 0);
  }
  const auto connection = connect_to(path, SocketKind::kStream);
  ASSERT_TRUE(connection);
  const Bytes ask = Layout().u32(1).u32(1).u32(0);
  ASSERT_EQ(::send(connection->get(), ask.data(), ask.size(), 0), 12);
  Bytes reply(20);
  ASSERT_EQ(::recv(connection->get(), reply.data(), reply.size(), MSG_WAITALL), 20);
  EXPECT_EQ(reply, Bytes(Layout().u32(1).u32(5).u32(8).u64(std::uint64_t{1} << 32U | 5U << 28U)));
}

}  // namespace
}  // namespace simdrive::hosts::vhost_user
