// A served drive with a disc in a file, and the few commands that tests of the ways in send.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

#include "simdrive/hosts/served_drive.h"
#include "tests/support/scratch_folder.h"

namespace simdrive::hosts {

inline constexpr std::array<std::byte, 6> kTestUnitReadyCdb{};

class ServedDriveBench : public testing::Test {
 protected:
  void SetUp() override { open("cd-rw-80"); }

  void make_disc(const std::string& name, const std::string& medium) {
    ASSERT_TRUE(Disc::create_file(path(name), *find_medium(medium)));
  }
  // A drive with a blank disc of this kind, in place of the one before.
  void open(const std::string& medium) {
    drive_.reset();
    std::filesystem::remove(path("a.disc"));
    make_disc("a.disc", medium);
    reopen();
  }
  // Another drive with the same disc.
  void reopen() {
    drive_.reset();
    auto opened = ServedDrive::open({.disc = path("a.disc")});
    ASSERT_TRUE(opened) << opened.error().message;
    drive_ = *std::move(opened);
  }
  void close() { drive_.reset(); }

  [[nodiscard]] std::string path(const std::string& name) const { return folder_.path(name); }
  [[nodiscard]] ServedDrive& drive() { return *drive_; }

  HostReply send(std::size_t host, std::span<const std::byte> cdb,
                 pregroove::scsi::DataPhase data = pregroove::scsi::NoData{}) {
    auto reply = drive_->execute(host, {.cdb = cdb, .data = data});
    EXPECT_TRUE(reply) << reply.error().message;
    return reply.value_or(HostReply{});
  }
  // Sense key, ASC and ASCQ as one number; 0 for GOOD.
  int test_unit_ready(std::size_t host) {
    const HostReply reply = send(host, kTestUnitReadyCdb);
    if (reply.sense_length == 0) return 0;
    const auto at = [&](std::size_t index) { return std::to_integer<int>(reply.sense.at(index)); };
    return (at(2) & 0x0F) << 16 | at(12) << 8 | at(13);
  }
  void be_ready(std::size_t host) {
    for (int tries = 0; tries < 1000; ++tries)
      if (test_unit_ready(host) == 0) return;
    FAIL() << "the drive never gets ready";
  }

 private:
  pregroove::testing_support::ScratchFolder folder_;
  std::unique_ptr<ServedDrive> drive_;
};

}  // namespace simdrive::hosts
