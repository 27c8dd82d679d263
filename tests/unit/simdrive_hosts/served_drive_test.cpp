#include "simdrive/hosts/served_drive.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <filesystem>

#include "tests/support/scratch_folder.h"

namespace simdrive::hosts {
namespace {

using pregroove::scsi::DataIn;
using pregroove::scsi::NoData;
using pregroove::testing_support::ScratchFolder;

constexpr std::array<std::byte, 6> kTestUnitReady{};
// BLANK, the whole disc, which takes long at any pace of the host; answered at once (MMC-6 6.3).
constexpr std::array<std::byte, 12> kBlankAtOnce{std::byte{0xA1}, std::byte{0x10}};

class ServedDriveTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Disc::create_file(disc_file_, *find_medium("cd-rw-80")));
    auto opened = ServedDrive::open({.disc = disc_file_, .host_now = [this] { return host_now_; }});
    ASSERT_TRUE(opened) << opened.error().message;
    drive_ = *std::move(opened);
  }
  HostReply send(std::size_t host, std::span<const std::byte> cdb) {
    auto reply = drive_->execute(host, {.cdb = cdb, .data = NoData{}});
    EXPECT_TRUE(reply) << reply.error().message;
    return reply.value_or(HostReply{});
  }
  // Sense key, ASC and ASCQ as one number.
  static int code(const HostReply& reply) {
    if (reply.sense_length == 0) return 0;
    const auto at = [&](std::size_t index) { return std::to_integer<int>(reply.sense.at(index)); };
    return (at(2) & 0x0F) << 16 | at(12) << 8 | at(13);
  }
  void be_ready(std::size_t host) {
    for (int tries = 0; tries < 1000; ++tries)
      if (send(host, kTestUnitReady).status == 0) return;
    FAIL() << "the drive never gets ready";
  }

  std::chrono::steady_clock::time_point host_now_;  // stands still unless a test lets it pass
  ScratchFolder folder_;
  std::string disc_file_ = folder_.path("a.disc");
  std::unique_ptr<ServedDrive> drive_;
};

TEST_F(ServedDriveTest, GivesEachHostUnitAttentionsOfItsOwn) {
  const auto one = drive_->host("one");
  const auto other = drive_->host("other");
  EXPECT_EQ(code(send(one, kTestUnitReady)) >> 16, 6);
  be_ready(one);
  EXPECT_EQ(code(send(other, kTestUnitReady)) >> 16, 6);
  EXPECT_EQ(drive_->host("one"), one);
}

TEST_F(ServedDriveTest, LetsWhoPollsSeeTheEndOfALongOperation) {
  const auto host = drive_->host("one");
  be_ready(host);
  EXPECT_EQ(send(host, kBlankAtOnce).status, 0);
  EXPECT_TRUE(drive_->status().occupied);
  EXPECT_EQ(code(send(host, kTestUnitReady)) >> 8, 0x204);
  int polls = 0;
  while (drive_->status().occupied && ++polls < 1'000'000)
    static_cast<void>(send(host, kTestUnitReady));
  EXPECT_FALSE(drive_->status().occupied);
}

TEST_F(ServedDriveTest, LetsTimeBetweenCommandsEndALongOperationWithinSeconds) {
  const auto host = drive_->host("one");
  be_ready(host);
  EXPECT_EQ(send(host, kBlankAtOnce).status, 0);
  host_now_ += std::chrono::milliseconds(100);
  EXPECT_EQ(code(send(host, kTestUnitReady)) >> 8, 0x204);
  host_now_ += std::chrono::seconds(10);
  EXPECT_EQ(code(send(host, kTestUnitReady)), 0);
}

TEST_F(ServedDriveTest, TakesCdbsWithPadding) {
  const auto host = drive_->host("one");
  be_ready(host);
  const std::array<std::byte, 32> padded{};
  EXPECT_EQ(send(host, padded).status, 0);
}

TEST_F(ServedDriveTest, RefusesHostsThatAreNotThere) {
  EXPECT_FALSE(drive_->execute(7, {.cdb = kTestUnitReady, .data = NoData{}}));
}

TEST_F(ServedDriveTest, DoesNotAnswerWithoutPower) {
  const auto host = drive_->host("one");
  drive_->cut_power();
  EXPECT_FALSE(drive_->execute(host, {.cdb = kTestUnitReady, .data = NoData{}}));
  drive_->switch_on();
  EXPECT_EQ(code(send(host, kTestUnitReady)), 0x62900);
}

TEST_F(ServedDriveTest, FreesTheFileOfADiscThatIsTakenAway) {
  EXPECT_FALSE(Disc::open_file(disc_file_));
  drive_->unload();
  EXPECT_TRUE(Disc::open_file(disc_file_));
}

TEST_F(ServedDriveTest, KeepsItsDiscWhenAnotherCannotBeLoaded) {
  EXPECT_FALSE(drive_->load(folder_.path("missing.disc")));
  EXPECT_EQ(drive_->status().disc, disc_file_);
  EXPECT_FALSE(drive_->status().tray_open);
}

}  // namespace
}  // namespace simdrive::hosts
