#include "simdrive/hosts/vhost_user/back_end.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "simdrive/hosts/vhost_user/vhost_user_server.h"
#include "tests/unit/simdrive_hosts/vhost_user/front_end.h"

namespace simdrive::hosts::vhost_user {
namespace {

// Offsets in the response of virtio 1.2, 5.6.6.1.
constexpr std::size_t kResidual = 4;
constexpr std::size_t kStatus = 10;
constexpr std::size_t kResult = 11;
constexpr std::size_t kSense = 12;
constexpr std::uint64_t kBadTarget = 3;

using BackEndTest = FrontEnd;

TEST_F(BackEndTest, CarriesCommandsToTheDriveAndDataBack) {
  set_up();
  const Bytes response = command(request(cdb({0x12, 0, 0, 0, 96, 0})), {}, 255);
  EXPECT_EQ(number_in(response, kResult, 1), 0U);
  EXPECT_EQ(number_in(response, kStatus, 1), 0U);
  EXPECT_EQ(number_in(response, kResidual, 4), 255U - 96U);
  EXPECT_EQ(number_in(get(kData, 1), 0, 1), 5U);  // SPC-4: a CD/DVD device
  EXPECT_EQ(used_index(), 1U);
  EXPECT_EQ(get(kUsed + 4, 8), Bytes(Layout().u32(0).u32(kResponseSize + 96)));
}

TEST_F(BackEndTest, DeliversSenseData) {
  set_up();
  const Bytes response = command(request(cdb({0, 0, 0, 0, 0, 0})));
  EXPECT_EQ(number_in(response, kStatus, 1), 2U);
  EXPECT_EQ(number_in(response, 0, 4), 18U);
  EXPECT_EQ(number_in(response, kSense + 2, 1), 6U);      // UNIT ATTENTION
  EXPECT_EQ(number_in(response, kSense + 12, 1), 0x29U);  // powered on
}

TEST_F(BackEndTest, AnswersForNoOtherTargetOrUnit) {
  set_up();
  EXPECT_EQ(number_in(command(request(cdb({0x12, 0, 0, 0, 96, 0}), 1)), kResult, 1), kBadTarget);
  Bytes other_unit = request(cdb({0x12, 0, 0, 0, 96, 0}));
  other_unit[3] = std::byte{1};
  EXPECT_EQ(number_in(command(other_unit), kResult, 1), kBadTarget);
  drive_->cut_power();
  EXPECT_EQ(number_in(command(request(cdb({0x12, 0, 0, 0, 96, 0}))), kResult, 1), kBadTarget);
}

TEST_F(BackEndTest, GathersTheDataOfIndirectDescriptors) {
  set_up();
  // WRITE BUFFER, then READ BUFFER, mode 2 (data): what went in in pieces comes back whole.
  put(kRequest, request(cdb({0x3B, 2, 0, 0, 0, 0, 0, 16, 0, 0})));
  command(request(cdb({0, 0, 0, 0, 0, 0})));  // takes the unit attention
  put(kRequest, request(cdb({0x3B, 2, 0, 0, 0, 0, 0, 16, 0, 0})));
  Bytes data;
  for (int i = 0; i < 4096; ++i) data.push_back(static_cast<std::byte>(i * 7));
  put(kData, data);
  std::vector<Buffer> buffers{{kGuest + kRequest, 51, kNext, 1}};
  for (std::uint16_t i = 0; i < 64; ++i)
    buffers.push_back({kGuest + kData + i * 64ULL, 64, kNext, static_cast<std::uint16_t>(i + 2)});
  buffers.push_back({kGuest + kResponse, kResponseSize, kWritable});
  put_buffers(0x40000, buffers);
  put_buffers(kTable,
              {{kGuest + 0x40000, static_cast<std::uint32_t>(buffers.size() * 16), kIndirect}});
  put(kRequest, request(cdb({0x3B, 2, 0, 0, 0, 0, 0, 0x10, 0, 0})));
  offer(0);
  ASSERT_TRUE(serve());
  ASSERT_EQ(number_in(get(kResponse, kResponseSize), kStatus, 1), 0U);
  put(kData, Bytes(data.size()));
  const Bytes response = command(request(cdb({0x3C, 2, 0, 0, 0, 0, 0, 0x10, 0, 0})), {}, 4096);
  EXPECT_EQ(number_in(response, kStatus, 1), 0U);
  EXPECT_EQ(get(kData, 4096), data);
}

TEST_F(BackEndTest, StopsAndContinuesAQueueWhereItWas) {
  set_up();
  command(request(cdb({0, 0, 0, 0, 0, 0})));
  const auto base = send(11, Layout().u32(kCommands).u32(0));
  ASSERT_TRUE(base);
  EXPECT_EQ(*base, Bytes(Layout().u32(11).u32(5).u32(8).u32(kCommands).u32(1)));
  EXPECT_EQ(back_end_->kick_of(kCommands), -1);
}

// Task management of virtio 1.2, 5.6.6.2: type 0, function, unit, tag.
TEST_F(BackEndTest, ResetsTheUnitThroughTheControlQueue) {
  set_up(0);
  put(kRequest, Layout().u32(0).u32(5).bytes(cdb({1, 0, 0, 0, 0, 0, 0, 0})).u64(0));
  put_buffers(kTable, {{kGuest + kRequest, 24, kNext, 1}, {kGuest + kResponse, 1, kWritable}});
  put(kResponse, cdb({0xEE}));
  offer(0);
  ASSERT_TRUE(serve(0));
  EXPECT_EQ(get(kResponse, 1), cdb({0}));
  const auto reply =
      drive_->execute(drive_->host("guest"), {.cdb = Bytes(6), .data = pregroove::scsi::NoData{}});
  ASSERT_TRUE(reply);
  EXPECT_EQ(std::to_integer<int>(reply->sense.at(12)), 0x29);
}

TEST_F(BackEndTest, SaysWhetherAMessageFailedWhenItIsAsked) {
  constexpr std::uint32_t kNeedReply = 1 | 8;
  EXPECT_EQ(send(8, Layout().u32(2).u32(64), {}, kNeedReply),
            Bytes(Layout().u32(8).u32(5).u32(8).u64(0)));
  EXPECT_EQ(send(8, Layout().u32(2).u32(63), {}, kNeedReply),
            Bytes(Layout().u32(8).u32(5).u32(8).u64(1)));
  EXPECT_FALSE(send(8, Layout().u32(2).u32(63)));
}

// virtio 1.2, 5.6.3: QEMU sets VIRTIO_SCSI_F_CHANGE whether it was offered or not, and it alone.
TEST_F(BackEndTest, TakesTheFeaturesThatItOfferedAndTheOneOfQemu) {
  constexpr std::uint64_t kOffered = std::uint64_t{1} << 32U | 1U << 30U | 1U << 28U;
  EXPECT_EQ(send(1, {}), Bytes(Layout().u32(1).u32(5).u32(8).u64(kOffered)));
  EXPECT_TRUE(send(2, Layout().u64(kOffered | 1U << 2U)));
  for (const std::uint64_t bit : {0U, 1U, 3U, 29U, 34U, 63U})
    EXPECT_FALSE(send(2, Layout().u64(kOffered | std::uint64_t{1} << bit))) << "bit " << bit;
}

// struct virtio_scsi_config of virtio 1.2, 5.6.4.
TEST_F(BackEndTest, ShowsItsConfiguration) {
  const auto reply = send(24, Layout().u32(20).u32(8).u32(0).u64(0));
  ASSERT_TRUE(reply);
  EXPECT_EQ(*reply, Bytes(Layout().u32(24).u32(5).u32(20).u32(20).u32(8).u32(0).u32(96).u32(32)));
}

// SPC-4: prevention of medium removal ends with the nexus.
TEST_F(BackEndTest, UnlocksTheTrayWhenAMachineGoes) {
  const std::string path = folder_.path("socket");
  auto server = VhostUserServer::listen(*drive_, path);
  ASSERT_TRUE(server) << server.error().message;
  const auto host = drive_->host("vhost-user " + path + " 1");
  const Bytes prevent = cdb({0x1E, 0, 0, 0, 1, 0});
  const HostCommand lock{.cdb = prevent, .data = pregroove::scsi::NoData{}};
  for (int attempt = 0; attempt < 3; ++attempt) static_cast<void>(drive_->execute(host, lock));
  drive_->press_button();
  ASSERT_FALSE(drive_->status().tray_open);
  {
    const auto connection = connect_to(path, SocketKind::kStream);
    ASSERT_TRUE(connection);
    const Bytes ask = Layout().u32(1).u32(1).u32(0);
    ASSERT_EQ(::send(connection->get(), ask.data(), ask.size(), 0), 12);
    Bytes reply(20);
    ASSERT_EQ(::recv(connection->get(), reply.data(), reply.size(), MSG_WAITALL), 20);
  }
  server->reset();  // waits until the connection was dealt with
  drive_->press_button();
  EXPECT_TRUE(drive_->status().tray_open);
}

}  // namespace
}  // namespace simdrive::hosts::vhost_user
