// /proc/sys/dev/cdrom/info: what Linux tells of a drive, from mode page 2Ah and GET CONFIGURATION
// (sr.c: get_capabilities; cdrom.c: cdrom_sysctl_info).
#include <fmt/format.h>
#include <linux/cdrom.h>

#include <algorithm>
#include <array>

#include "simdrive/hosts/preload/linux_device.h"

namespace simdrive::hosts::preload {
namespace {

// What Linux takes for granted.
constexpr std::uint32_t kAlways = CDC_LOCK | CDC_SELECT_SPEED | CDC_MULTI_SESSION | CDC_MCN |
                                  CDC_MEDIA_CHANGED | CDC_RESET | CDC_DRIVE_STATUS |
                                  CDC_GENERIC_PACKET;

struct PageBit {
  std::size_t byte;
  std::uint8_t mask;
  std::uint32_t capability;
};
constexpr auto kPageBits = std::to_array<PageBit>({{2, 0x08, CDC_DVD},
                                                   {3, 0x01, CDC_CD_R},
                                                   {3, 0x02, CDC_CD_RW},
                                                   {3, 0x10, CDC_DVD_R},
                                                   {3, 0x20, CDC_DVD_RAM},
                                                   {4, 0x01, CDC_PLAY_AUDIO},
                                                   {6, 0x08, CDC_OPEN_TRAY},
                                                   {6, 0xE0, CDC_CLOSE_TRAY}});

struct Line {
  const char* name;
  std::uint32_t capability;
};
constexpr auto kLines = std::to_array<Line>({{"Can close tray:\t\t", CDC_CLOSE_TRAY},
                                             {"Can open tray:\t\t", CDC_OPEN_TRAY},
                                             {"Can lock tray:\t\t", CDC_LOCK},
                                             {"Can change speed:\t", CDC_SELECT_SPEED},
                                             {"Can select disk:\t", CDC_SELECT_DISC},
                                             {"Can read multisession:\t", CDC_MULTI_SESSION},
                                             {"Can read MCN:\t\t", CDC_MCN},
                                             {"Reports media changed:\t", CDC_MEDIA_CHANGED},
                                             {"Can play audio:\t\t", CDC_PLAY_AUDIO},
                                             {"Can write CD-R:\t\t", CDC_CD_R},
                                             {"Can write CD-RW:\t", CDC_CD_RW},
                                             {"Can read DVD:\t\t", CDC_DVD},
                                             {"Can write DVD-R:\t", CDC_DVD_R},
                                             {"Can write DVD-RAM:\t", CDC_DVD_RAM},
                                             {"Can read MRW:\t\t", CDC_MRW},
                                             {"Can write MRW:\t\t", CDC_MRW_W},
                                             {"Can write RAM:\t\t", CDC_RAM}});

// Mode page 2Ah; zeros when the drive has none.
std::array<std::byte, 24> capability_page(const HostCommands& commands) {
  std::array<std::byte, 128> reply{};
  std::array<std::byte, 24> page{};
  const Answer answer =
      commands.send_patiently({0x5A, 0x08, 0x2A, 0, 0, 0, 0, 0, reply.size(), 0}, reply);
  const std::size_t at = 8 + number_at(reply, 6, 2);
  if (!answer.good || at + page.size() > reply.size() ||
      (reply[at] & std::byte{0x3F}) != std::byte{0x2A})
    return page;
  std::ranges::copy(std::span(reply).subspan(at, page.size()), page.begin());
  return page;
}

bool has_feature(const HostCommands& commands, unsigned feature) {
  std::array<std::byte, 16> reply{};
  const Answer answer = commands.send_patiently(
      {0x46, 2, feature >> 8U, feature & 0xFFU, 0, 0, 0, 0, reply.size(), 0}, reply);
  return answer.good && number_at(reply, 0, 4) >= 12 && number_at(reply, 8, 2) == feature;
}

}  // namespace

std::uint32_t LinuxDevice::capabilities() const {
  constexpr unsigned kRandomWritable = 0x20;
  constexpr unsigned kMountRainier = 0x28;
  const auto page = capability_page(commands_);
  std::uint32_t found = kAlways;
  for (const PageBit& bit : kPageBits)
    if ((std::to_integer<unsigned>(page.at(bit.byte)) & bit.mask) != 0) found |= bit.capability;
  if (has_feature(commands_, kRandomWritable)) found |= CDC_RAM;
  if (has_feature(commands_, kMountRainier)) found |= CDC_MRW;
  return found;
}

std::string LinuxDevice::capability_text() const {
  constexpr std::uint32_t kKilobytesOfSingleSpeed = 176;
  const auto page = capability_page(commands_);
  std::string text = "CD-ROM information, Id: cdrom.c 3.20 2003/12/17\n\n";
  text += fmt::format("drive name:\t\tsr0\ndrive speed:\t\t{}\ndrive # of slots:\t1\n",
                      number_at(page, 8, 2) / kKilobytesOfSingleSpeed);
  const std::uint32_t found = capabilities();
  for (const Line& line : kLines)
    text += fmt::format("{}{}\n", line.name, (found & line.capability) != 0 ? 1 : 0);
  return text + "\n\n";
}

}  // namespace simdrive::hosts::preload
