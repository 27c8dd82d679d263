#include "engine/passthrough/system_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pregroove::passthrough {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The format of Linux Documentation/filesystems/proc.rst 3.5: optional fields end with "-".
constexpr std::string_view kMountinfo =
    "22 27 0:21 / /proc rw,relatime - proc proc rw\n"
    "98 27 11:0 / /media/My\\040Disc\\011\\134 ro,nosuid shared:12 master:3 - iso9660 /dev/sr0 ro\n"
    "99 27 11:0 / /second ro - iso9660 /dev/sr0 ro\n"
    "100 27 11:10 / /media/other ro - udf /dev/sr10 ro\n";

TEST(MountPoint, IsFoundByTheNumberOfTheDevice) {
  EXPECT_EQ(mount_point_of(kMountinfo, {11, 10}), "/media/other");
  EXPECT_EQ(mount_point_of(kMountinfo, {11, 1}), std::nullopt);
}

TEST(MountPoint, IsTheFirstOfSeveralWithItsEscapesUndone) {
  EXPECT_EQ(mount_point_of(kMountinfo, {11, 0}), "/media/My Disc\t\\");
}

TEST(MountPoint, SurvivesLinesThatAreCutOrWrong) {
  for (std::size_t size = 0; size < kMountinfo.size(); ++size)
    EXPECT_EQ(mount_point_of(kMountinfo.substr(0, size), {7, 7}), std::nullopt);
  EXPECT_EQ(mount_point_of("1 2 11:0 / /a\\04 r", {11, 0}), "/a\\04");
  EXPECT_EQ(mount_point_of("1 2 11:0 / /a\\777b r", {11, 0}), "/a\\777b");
  EXPECT_EQ(mount_point_of("1 2 11:x / /a r\n1 2 :0 / /a r\n\n \n", {11, 0}), std::nullopt);
}

TEST(DeviceNumbers, AreReadAsSysfsWritesThem) {
  EXPECT_EQ(parse_device_number("11:0\n"), (DeviceNumber{11, 0}));
  EXPECT_EQ(parse_device_number("254:4294967295"), (DeviceNumber{254, 4294967295U}));
  EXPECT_EQ(parse_device_number("11"), std::nullopt);
  EXPECT_EQ(parse_device_number("11:-1"), std::nullopt);
  EXPECT_EQ(parse_device_number(""), std::nullopt);
}

// As the kernel's cdrom driver prints it.
TEST(CdromNames, AreReadInTheOrderOfTheDrives) {
  EXPECT_THAT(parse_cdrom_names("CD-ROM information, Id: cdrom.c 3.20 2003/12/17\n\n"
                                "drive name:\t\tsr1\tsr0\n"
                                "drive speed:\t\t48\t24\n"),
              ElementsAre("sr0", "sr1"));
  EXPECT_THAT(parse_cdrom_names("drive name:\t\n"), IsEmpty());
  EXPECT_THAT(parse_cdrom_names(""), IsEmpty());
}

TEST(TransferLimit, IsTheLeastOfWhatIsKnownInWholeBlocks) {
  EXPECT_EQ(transfer_limit({.wanted = 65536}), 65536U);
  EXPECT_EQ(transfer_limit({.wanted = 65536, .reserved = 32768, .queue = 524288}), 32768U);
  EXPECT_EQ(transfer_limit({.wanted = 65536, .reserved = 524288, .queue = 63 * 1024}), 63488U);
  EXPECT_EQ(transfer_limit({.wanted = 65536, .queue = 31 * 1024}), 30720U);
  EXPECT_EQ(transfer_limit({.wanted = 65536, .reserved = 1}), 2048U);
}

}  // namespace
}  // namespace pregroove::passthrough
