// The ioctls of linux/cdrom.h, linux/fs.h and scsi/sg.h by SCSI commands. The numbers of commands
// and of their bytes are those of MMC-6.
#include <fcntl.h>
#include <linux/cdrom.h>
#include <linux/fs.h>
#include <scsi/scsi_ioctl.h>
#include <scsi/sg.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "simdrive/hosts/preload/linux_device.h"
#include "simdrive/hosts/preload/protocol.h"

namespace simdrive::hosts::preload {
namespace {

using pregroove::kBlockSize;

struct Call {
  LinuxDevice* device;
  std::uint64_t argument;
  std::span<std::byte> structure;

  [[nodiscard]] const HostCommands& commands() const { return device->commands(); }
};

// The structure behind the argument, copied: the other side may change it at any moment.
template <typename T>
T taken(const Call& call) {
  T value{};
  std::memcpy(&value, call.structure.data(), std::min(sizeof(T), call.structure.size()));
  return value;
}
template <typename T>
CallResult given(const Call& call, const T& value) {
  if (call.structure.size() < sizeof(T)) return {.error = EFAULT};
  std::memcpy(call.structure.data(), &value, sizeof(T));
  return {};
}

// As sr_do_ioctl turns sense data into an errno.
CallResult result_of(const Answer& answer) {
  if (!answer.answered) return {.error = ENODEV};
  if (answer.good) return {};
  switch (answer.sense.key) {
    case 2:
      return {.error = ENOMEDIUM};
    case 5:
      return {.error = answer.sense.asc == 0x20 ? EOPNOTSUPP : EINVAL};
    default:
      return {.error = EIO};
  }
}

cdrom_addr address_of(std::uint32_t lba, std::uint8_t format) {
  cdrom_addr address{};
  if (format == CDROM_MSF) {
    const std::uint32_t frames = lba + CD_MSF_OFFSET;
    address.msf.minute = static_cast<std::uint8_t>(frames / CD_FRAMES / CD_SECS);
    address.msf.second = static_cast<std::uint8_t>(frames / CD_FRAMES % CD_SECS);
    address.msf.frame = static_cast<std::uint8_t>(frames % CD_FRAMES);
  } else {
    address.lba = static_cast<int>(lba);
  }
  return address;
}

CallResult eject(const Call& call) {
  if (call.device->kept_locked()) return {.error = EBUSY};
  static_cast<void>(call.commands().send_patiently({0x1E, 0, 0, 0, 0, 0}));
  const Answer answer = call.commands().send_patiently({0x1B, 0, 0, 0, 2, 0});
  call.device->note_command(0x1B, true);
  return result_of(answer);
}

CallResult close_tray(const Call& call) {
  const Answer answer = call.commands().send_patiently({0x1B, 0, 0, 0, 3, 0});
  call.device->note_command(0x1B, true);
  return result_of(answer);
}

CallResult start(const Call& call) {
  return result_of(call.commands().send_patiently({0x1B, 0, 0, 0, 1, 0}));
}
CallResult stop(const Call& call) {
  return result_of(call.commands().send_patiently({0x1B, 0, 0, 0, 0, 0}));
}

CallResult lock_door(const Call& call) {
  const bool prevent = call.argument != 0;
  const Answer answer = call.commands().send_patiently({0x1E, 0, 0, 0, prevent ? 1U : 0U, 0});
  if (answer.good) call.device->kept_locked() = prevent;
  return result_of(answer);
}

CallResult select_speed(const Call& call) {
  // In kB/s; 0: as fast as the drive can.
  const std::uint64_t speed =
      call.argument == 0 ? 0xFFFF : std::min<std::uint64_t>(call.argument * 177, 0xFFFF);
  const auto high = static_cast<unsigned>(speed >> 8U);
  const auto low = static_cast<unsigned>(speed & 0xFFU);
  return result_of(
      call.commands().send_patiently({0xBB, 0, high, low, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0}));
}

CallResult toc_header(const Call& call) {
  std::array<std::byte, 12> reply{};
  const Answer answer = call.commands().send_patiently({0x43, 0, 0, 0, 0, 0, 0, 0, 12, 0}, reply);
  if (!answer.good) return result_of(answer);
  return given(call, cdrom_tochdr{.cdth_trk0 = std::to_integer<std::uint8_t>(reply[2]),
                                  .cdth_trk1 = std::to_integer<std::uint8_t>(reply[3])});
}

CallResult toc_entry(const Call& call) {
  auto entry = taken<cdrom_tocentry>(call);
  if (entry.cdte_format != CDROM_LBA && entry.cdte_format != CDROM_MSF) return {.error = EINVAL};
  std::array<std::byte, 12> reply{};
  const Answer answer =
      call.commands().send_patiently({0x43, 0, 0, 0, 0, 0, entry.cdte_track, 0, 12, 0}, reply);
  if (!answer.good) return result_of(answer);
  const auto control = std::to_integer<unsigned>(reply[5]);
  entry.cdte_ctrl = control & 0x0FU;
  entry.cdte_adr = control >> 4U & 0x0FU;
  entry.cdte_datamode = (entry.cdte_ctrl & CDROM_DATA_TRACK) != 0 ? 1 : 0;
  entry.cdte_addr = address_of(number_at(reply, 8, 4), entry.cdte_format);
  return given(call, entry);
}

CallResult multi_session(const Call& call) {
  auto session = taken<cdrom_multisession>(call);
  if (session.addr_format != CDROM_LBA && session.addr_format != CDROM_MSF)
    return {.error = EINVAL};
  std::array<std::byte, 12> reply{};
  const Answer answer = call.commands().send_patiently({0x43, 0, 1, 0, 0, 0, 0, 0, 12, 0}, reply);
  if (!answer.good) return result_of(answer);
  const bool several = std::to_integer<unsigned>(reply[2]) < std::to_integer<unsigned>(reply[3]);
  const std::uint32_t start = several ? number_at(reply, 8, 4) : 0;
  session.xa_flag = several ? 1 : 0;
  session.addr = address_of(start, session.addr_format);
  return given(call, session);
}

CallResult catalogue_number(const Call& call) {
  std::array<std::byte, 24> reply{};
  const Answer answer =
      call.commands().send_patiently({0x42, 0, 0x40, 2, 0, 0, 0, 0, 24, 0}, reply);
  if (!answer.good) return result_of(answer);
  cdrom_mcn number{};
  if ((std::to_integer<unsigned>(reply[8]) & 0x80U) != 0)
    for (std::size_t i = 0; i < 13; ++i)
      number.medium_catalog_number[i] = std::to_integer<std::uint8_t>(reply.at(9 + i));
  return given(call, number);
}

CallResult sub_channel(const Call& call) {
  auto position = taken<cdrom_subchnl>(call);
  if (position.cdsc_format != CDROM_LBA && position.cdsc_format != CDROM_MSF)
    return {.error = EINVAL};
  std::array<std::byte, 16> reply{};
  const Answer answer =
      call.commands().send_patiently({0x42, 0, 0x40, 1, 0, 0, 0, 0, 16, 0}, reply);
  if (!answer.good) return result_of(answer);
  position.cdsc_audiostatus = std::to_integer<std::uint8_t>(reply[1]);
  position.cdsc_ctrl = std::to_integer<unsigned>(reply[5]) & 0x0FU;
  position.cdsc_adr = std::to_integer<unsigned>(reply[5]) >> 4U & 0x0FU;
  position.cdsc_trk = std::to_integer<std::uint8_t>(reply[6]);
  position.cdsc_ind = std::to_integer<std::uint8_t>(reply[7]);
  position.cdsc_absaddr = address_of(number_at(reply, 8, 4), position.cdsc_format);
  // Relative addresses have no offset of 150.
  const std::uint32_t relative = number_at(reply, 12, 4);
  position.cdsc_reladdr = position.cdsc_format == CDROM_MSF
                              ? address_of(relative - CD_MSF_OFFSET, CDROM_MSF)
                              : address_of(relative, CDROM_LBA);
  return given(call, position);
}

// What the tracks of the disc are (cdrom_count_tracks).
CallResult disc_status(const Call& call) {
  const CallResult drive = call.device->drive_status();
  if (drive.error != 0 || drive.value != CDS_DISC_OK) return drive;
  std::vector<std::byte> reply(4 + (100 * 8));
  const Answer answer = call.commands().send_patiently(
      {0x43, 0, 0, 0, 0, 0, 0, static_cast<unsigned>(reply.size() >> 8U),
       static_cast<unsigned>(reply.size() & 0xFFU), 0},
      reply);
  if (!answer.good) return {.value = CDS_NO_INFO};
  const std::size_t end = std::min<std::size_t>(number_at(reply, 0, 2) + 2, reply.size());
  int audio = 0;
  int data = 0;
  for (std::size_t at = 4; at + 8 <= end; at += 8) {
    if (std::to_integer<unsigned>(reply[at + 2]) == CDROM_LEADOUT) continue;
    const bool is_data = (std::to_integer<unsigned>(reply[at + 1]) & CDROM_DATA_TRACK) != 0;
    ++(is_data ? data : audio);
  }
  if (audio > 0) return {.value = data > 0 ? CDS_MIXED : CDS_AUDIO};
  return {.value = data > 0 ? CDS_DATA_1 : CDS_NO_INFO};
}

CallResult drive_status(const Call& call) { return call.device->drive_status(); }

CallResult media_changed(const Call& call) {
  const CallResult opened = call.device->open(O_NONBLOCK);
  if (opened.error != 0) return opened;
  return {.value = call.device->take_medium_change() ? 1 : 0};
}

CallResult set_options(const Call& call) {
  auto& options = call.device->options();
  options |= static_cast<std::uint32_t>(call.argument);
  return {.value = static_cast<int>(options.load())};
}
CallResult clear_options(const Call& call) {
  auto& options = call.device->options();
  options &= ~static_cast<std::uint32_t>(call.argument);
  return {.value = static_cast<int>(options.load())};
}

CallResult get_capability(const Call& call) {
  return {.value = static_cast<int>(call.device->capabilities())};
}

CallResult none(const Call&) { return {}; }
CallResult slots(const Call&) { return {.value = 1}; }
CallResult flush_cache(const Call& call) {
  call.device->view().invalidate();
  return {};
}

CallResult size_in_bytes(const Call& call) {
  return given(call, call.device->view().sync(0, 0).size);
}
CallResult size_in_sectors(const Call& call) {
  return given(call, static_cast<unsigned long>(call.device->view().sync(0, 0).size / 512));
}
CallResult block_size(const Call& call) { return given(call, static_cast<int>(kBlockSize)); }
CallResult read_only(const Call& call) {
  return given(call, static_cast<int>(call.device->writable() ? 0 : 1));
}
CallResult read_ahead(const Call& call) { return given(call, 256L); }
CallResult most_sectors(const Call& call) {
  return given(call, static_cast<unsigned short>(kPayloadSize / 512));
}

CallResult last_written(const Call& call) {
  std::array<std::byte, 36> track{};
  const Answer answer =
      call.commands().send_patiently({0x52, 1, 0, 0, 0, 0xFF, 0, 0, 36, 0}, track);
  if (!answer.good) {
    const std::uint64_t blocks = call.device->view().sync(0, 0).size / kBlockSize;
    return given(call, static_cast<long>(blocks));
  }
  return given(call, static_cast<long>(number_at(track, 8, 4)));
}
CallResult next_writable(const Call& call) {
  std::array<std::byte, 36> track{};
  const Answer answer =
      call.commands().send_patiently({0x52, 1, 0, 0, 0, 0xFF, 0, 0, 36, 0}, track);
  if (!answer.good) return result_of(answer);
  return given(call, static_cast<long>(number_at(track, 12, 4)));
}

// The sector at an address in minutes, seconds and frames, which the same memory receives.
CallResult read_sector(const Call& call, unsigned main_channel, std::size_t size) {
  const auto from = taken<cdrom_msf>(call);
  const int lba = ((from.cdmsf_min0 * CD_SECS) + from.cdmsf_sec0) * CD_FRAMES + from.cdmsf_frame0 -
                  CD_MSF_OFFSET;
  if (lba < 0) return {.error = EINVAL};
  const auto at = [lba](unsigned shift) { return static_cast<unsigned>(lba) >> shift & 0xFFU; };
  std::vector<std::byte> sector(size);
  const Answer answer = call.commands().send_patiently(
      {0xBE, 0, at(24), at(16), at(8), at(0), 0, 0, 1, main_channel, 0, 0}, sector);
  if (!answer.good) return result_of(answer);
  if (call.structure.size() < size) return {.error = EFAULT};
  std::ranges::copy(sector, call.structure.begin());
  return {};
}
CallResult read_mode_1(const Call& call) { return read_sector(call, 0x10, CD_FRAMESIZE); }
CallResult read_mode_2(const Call& call) { return read_sector(call, 0x58, CD_FRAMESIZE_RAW0); }
CallResult read_raw(const Call& call) { return read_sector(call, 0xF8, CD_FRAMESIZE_RAW); }

// READ DVD STRUCTURE, for the formats that need no key (cdrom.c: dvd_read_struct).
CallResult dvd_structure(const Call& call) {
  auto wanted = taken<dvd_struct>(call);
  const std::uint8_t layer = wanted.type == DVD_STRUCT_PHYSICAL ? wanted.physical.layer_num
                             : wanted.type == DVD_STRUCT_BCA    ? std::uint8_t{0}
                                                                : wanted.copyright.layer_num;
  if (wanted.type > DVD_STRUCT_MANUFACT || wanted.type == DVD_STRUCT_DISCKEY)
    return {.error = EINVAL};
  if (wanted.type == DVD_STRUCT_PHYSICAL && layer >= DVD_LAYERS) return {.error = EINVAL};
  std::vector<std::byte> reply(4 + 2048);
  const Answer answer = call.commands().send_patiently(
      {0xAD, 0, 0, 0, 0, 0, layer, wanted.type, static_cast<unsigned>(reply.size() >> 8U),
       static_cast<unsigned>(reply.size() & 0xFFU), 0, 0},
      reply);
  if (!answer.good) return result_of(answer);
  const auto at = [&](std::size_t index) { return std::to_integer<unsigned>(reply[4 + index]); };
  const auto length =
      static_cast<int>(std::clamp<std::uint32_t>(number_at(reply, 0, 2), 2, 2048 + 2) - 2);
  switch (wanted.type) {
    case DVD_STRUCT_PHYSICAL: {
      dvd_layer& out = wanted.physical.layer[layer];
      out = {};
      out.book_version = at(0) & 0x0FU;
      out.book_type = at(0) >> 4U & 0x0FU;
      out.min_rate = at(1) & 0x0FU;
      out.disc_size = at(1) >> 4U & 0x0FU;
      out.layer_type = at(2) & 0x0FU;
      out.track_path = at(2) >> 4U & 1U;
      out.nlayers = at(2) >> 5U & 3U;
      out.track_density = at(3) & 0x0FU;
      out.linear_density = at(3) >> 4U & 0x0FU;
      out.start_sector = number_at(reply, 4 + 5, 3);
      out.end_sector = number_at(reply, 4 + 9, 3);
      out.end_sector_l0 = number_at(reply, 4 + 13, 3);
      out.bca = at(16) >> 7U & 1U;
      break;
    }
    case DVD_STRUCT_COPYRIGHT:
      wanted.copyright.cpst = static_cast<std::uint8_t>(at(0));
      wanted.copyright.rmi = static_cast<std::uint8_t>(at(1));
      break;
    case DVD_STRUCT_BCA:
      if (length < 12 || length > 188) return {.error = EIO};
      wanted.bca.len = length;
      std::memcpy(wanted.bca.value, &reply[4], static_cast<std::size_t>(length));
      break;
    default:
      wanted.manufact.len = length;
      std::memcpy(wanted.manufact.value, &reply[4], static_cast<std::size_t>(length));
  }
  return given(call, wanted);
}

CallResult test_unit_ready(const Call& call) {
  return result_of(call.commands().send_patiently({0, 0, 0, 0, 0, 0}));
}

struct Row {
  std::uint32_t number;
  CallResult (*handle)(const Call&);
};
// What a program asks of sg itself is answered by the library, which knows the descriptor.
constexpr auto kRows = std::to_array<Row>({
    {SCSI_IOCTL_TEST_UNIT_READY, test_unit_ready},
    {BLKROGET, read_only},
    {BLKGETSIZE, size_in_sectors},
    {BLKFLSBUF, flush_cache},
    {BLKRASET, none},
    {BLKRAGET, read_ahead},
    {BLKSECTGET, most_sectors},
    {BLKSSZGET, block_size},
    {BLKPBSZGET, block_size},
    {BLKBSZGET, block_size},
    {BLKGETSIZE64, size_in_bytes},
    {CDROMREADTOCHDR, toc_header},
    {CDROMREADTOCENTRY, toc_entry},
    {CDROMSTOP, stop},
    {CDROMSTART, start},
    {CDROMEJECT, eject},
    {CDROMSUBCHNL, sub_channel},
    {CDROMREADMODE2, read_mode_2},
    {CDROMREADMODE1, read_mode_1},
    {CDROMEJECT_SW, none},
    {CDROMMULTISESSION, multi_session},
    {CDROM_GET_MCN, catalogue_number},
    {CDROMREADRAW, read_raw},
    {CDROMCLOSETRAY, close_tray},
    {CDROM_SET_OPTIONS, set_options},
    {CDROM_CLEAR_OPTIONS, clear_options},
    {CDROM_SELECT_SPEED, select_speed},
    {CDROMRESET, none},
    {CDROM_CHANGER_NSLOTS, slots},
    {CDROM_MEDIA_CHANGED, media_changed},
    {CDROM_DRIVE_STATUS, drive_status},
    {CDROM_DISC_STATUS, disc_status},
    {CDROM_LOCKDOOR, lock_door},
    {CDROM_GET_CAPABILITY, get_capability},
    {SCSI_IOCTL_DOORLOCK, lock_door},
    {SCSI_IOCTL_DOORUNLOCK, lock_door},
    {DVD_READ_STRUCT, dvd_structure},
    {CDROM_NEXT_WRITABLE, next_writable},
    {CDROM_LAST_WRITTEN, last_written},
});

}  // namespace

CallResult LinuxDevice::control(std::uint32_t number, std::uint64_t argument,
                                std::span<std::byte> structure) {
  if (number == SCSI_IOCTL_DOORLOCK) argument = 1;
  if (number == SCSI_IOCTL_DOORUNLOCK) argument = 0;
  const auto* const row = std::ranges::find(kRows, number, &Row::number);
  if (row == kRows.end()) return {.error = ENOTTY};
  return row->handle({.device = this, .argument = argument, .structure = structure});
}

}  // namespace simdrive::hosts::preload
