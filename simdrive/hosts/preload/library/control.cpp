// ioctl().
#include <linux/cdrom.h>
#include <linux/fs.h>
#include <scsi/scsi_ioctl.h>
#include <scsi/sg.h>

#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstring>

#include "simdrive/hosts/preload/library/connection.h"
#include "simdrive/hosts/preload/library/devices.h"
#include "simdrive/hosts/preload/library/interpose.h"
#include "simdrive/hosts/preload/library/sg_io.h"

namespace simdrive::hosts::preload {
namespace {

// Version 3.5.36, which every 6.x kernel reports (sg.c; scsi_ioctl.c has its own).
constexpr int kGenericVersion = 30'536;
constexpr int kBlockSgVersion = 30'527;

// Of the kernel's scsi/scsi.h; the C library's header of that name lacks them.
constexpr unsigned long kGetIdLun = 0x5382;
constexpr unsigned long kGetBusNumber = 0x5386;
constexpr unsigned long kGetPci = 0x5387;

// The ioctls that the server answers, with the size of the structure behind their argument; 0: the
// argument is a number.
struct Row {
  unsigned long number;
  std::size_t size;
};
constexpr Row kServed[] = {
    // NOLINT(*-avoid-c-arrays)
    {CDROMREADTOCHDR, sizeof(cdrom_tochdr)},
    {CDROMREADTOCENTRY, sizeof(cdrom_tocentry)},
    {CDROMSTOP, 0},
    {CDROMSTART, 0},
    {CDROMEJECT, 0},
    {CDROMSUBCHNL, sizeof(cdrom_subchnl)},
    {CDROMREADMODE2, CD_FRAMESIZE_RAW0},
    {CDROMREADMODE1, CD_FRAMESIZE},
    {CDROMREADRAW, CD_FRAMESIZE_RAW},
    {CDROMEJECT_SW, 0},
    {CDROMMULTISESSION, sizeof(cdrom_multisession)},
    {CDROM_GET_MCN, sizeof(cdrom_mcn)},
    {CDROMCLOSETRAY, 0},
    {CDROM_SET_OPTIONS, 0},
    {CDROM_CLEAR_OPTIONS, 0},
    {CDROM_SELECT_SPEED, 0},
    {CDROMRESET, 0},
    {CDROM_CHANGER_NSLOTS, 0},
    {CDROM_MEDIA_CHANGED, 0},
    {CDROM_DRIVE_STATUS, 0},
    {CDROM_DISC_STATUS, 0},
    {CDROM_LOCKDOOR, 0},
    {CDROM_GET_CAPABILITY, 0},
    {DVD_READ_STRUCT, sizeof(dvd_struct)},
    {CDROM_NEXT_WRITABLE, sizeof(long)},
    {CDROM_LAST_WRITTEN, sizeof(long)},
    {BLKROGET, sizeof(int)},
    {BLKGETSIZE, sizeof(long)},
    {BLKFLSBUF, 0},
    {BLKRASET, 0},
    {BLKRAGET, sizeof(long)},
    {BLKSECTGET, sizeof(short)},
    {BLKSSZGET, sizeof(int)},
    {BLKPBSZGET, sizeof(int)},
    {BLKBSZGET, sizeof(int)},
    {BLKGETSIZE64, sizeof(std::uint64_t)},
    {SCSI_IOCTL_TEST_UNIT_READY, 0},
    {SCSI_IOCTL_DOORLOCK, 0},
    {SCSI_IOCTL_DOORUNLOCK, 0},
};

int ask_server(Device device, const Row& row, std::uintptr_t argument) {
  if (row.size > 0 && argument == 0) return -EFAULT;
  auto* const structure = reinterpret_cast<void*>(argument);
  Exchange exchange;
  if (exchange.payload() == nullptr) return -ENODEV;
  // What reads a sector takes an address from where the sector goes.
  const bool is_sector =
      row.number == CDROMREADMODE1 || row.number == CDROMREADMODE2 || row.number == CDROMREADRAW;
  if (row.size > 0)
    std::memcpy(exchange.payload(), structure, is_sector ? sizeof(cdrom_msf) : row.size);
  Reply reply;
  if (!exchange.call({.operation = Operation::kIoctl,
                      .node = device == Device::kBlock ? Node::kBlock : Node::kGeneric,
                      .length = static_cast<std::uint32_t>(row.size),
                      .ioctl = static_cast<std::uint32_t>(row.number),
                      .argument = row.size > 0 ? 0 : argument},
                     reply))
    return -ENODEV;
  if (reply.error != 0) return -reply.error;
  if (row.size > 0) std::memcpy(structure, exchange.payload(), row.size);
  return reply.result;
}

int give(std::uintptr_t argument, int value) {
  if (argument == 0) return -EFAULT;
  std::memcpy(reinterpret_cast<void*>(argument), &value, sizeof(value));
  return 0;
}

// struct scsi_idlun of scsi_ioctl.c: id, lun, channel and host in one number, and the host again.
int give_id(std::uintptr_t argument) {
  if (argument == 0) return -EFAULT;
  const int numbers[2] = {0, 0};  // NOLINT(*-avoid-c-arrays)
  std::memcpy(reinterpret_cast<void*>(argument), numbers, sizeof(numbers));
  return 0;
}

int give_scsi_id(std::uintptr_t argument) {
  if (argument == 0) return -EFAULT;
  sg_scsi_id id{};
  id.scsi_type = 5;
  id.h_cmd_per_lun = 1;
  id.d_queue_depth = 1;
  std::memcpy(reinterpret_cast<void*>(argument), &id, sizeof(id));
  return 0;
}

int reserved_size = static_cast<int>(SG_DEF_RESERVED_SIZE);
int timeout = 60 * 100;  // in jiffies that a user sees

int set(int& value, std::uintptr_t argument, int most) {
  if (argument == 0) return -EFAULT;
  int wanted = 0;
  std::memcpy(&wanted, reinterpret_cast<const void*>(argument), sizeof(wanted));
  if (wanted < 0) return -EINVAL;
  value = wanted < most ? wanted : most;
  return 0;
}

// What sg.h and scsi_ioctl.h define, of one open file; -ENOTTY for the rest. The reserved size and
// the time-out are those of the process: no program depends on more.
int answer_itself(Device device, unsigned long number, std::uintptr_t argument) {
  constexpr int kMostSeconds = 0x7FFFFFFF;
  const bool generic = device == Device::kGeneric;
  switch (number) {
    case SG_GET_VERSION_NUM:
      return give(argument, generic ? kGenericVersion : kBlockSgVersion);
    case SG_SET_TIMEOUT:
      return set(timeout, argument, kMostSeconds);
    case SG_GET_TIMEOUT:
      return timeout;
    case SG_SET_RESERVED_SIZE:
      return set(reserved_size, argument, static_cast<int>(kPayloadSize));
    case SG_GET_RESERVED_SIZE:
      return give(argument, reserved_size);
    case SG_EMULATED_HOST:
      // libata, through which such drives are attached, says so.
      return give(argument, 1);
    case kGetIdLun:
      return give_id(argument);
    case kGetBusNumber:
      return give(argument, 0);
    case kGetPci:
      return -ENXIO;
    case BLKSECTGET:
      // In bytes, unlike a block device.
      return generic ? give(argument, static_cast<int>(kPayloadSize)) : -ENOTTY;
    case SG_GET_SCSI_ID:
      return generic ? give_scsi_id(argument) : -ENOTTY;
    case SG_GET_SG_TABLESIZE:
      return generic ? give(argument, 128) : -ENOTTY;
    case SG_GET_LOW_DMA:
    case SG_GET_NUM_WAITING:
    case SG_GET_KEEP_ORPHAN:
    case SG_GET_COMMAND_Q:
      return generic ? give(argument, 0) : -ENOTTY;
    case SG_SET_FORCE_LOW_DMA:
    case SG_SET_FORCE_PACK_ID:
    case SG_SET_KEEP_ORPHAN:
    case SG_SET_COMMAND_Q:
    case SG_SET_DEBUG:
    case SG_NEXT_CMD_LEN:
      return generic ? 0 : -ENOTTY;
    default:
      return -ENOTTY;
  }
}

bool belongs_to_generic(unsigned long number) {
  return number == SCSI_IOCTL_TEST_UNIT_READY || number == SCSI_IOCTL_DOORLOCK ||
         number == SCSI_IOCTL_DOORUNLOCK || number == CDROMCLOSETRAY || number == CDROMEJECT;
}

int control(Device device, unsigned long number, std::uintptr_t argument) {
  if (number == SG_IO)
    return argument == 0 ? -EFAULT : send_sg_io(device, *reinterpret_cast<sg_io_hdr*>(argument));
  if (number == CDROMREADAUDIO && device == Device::kBlock)
    return argument == 0 ? -EFAULT
                         : read_audio(*reinterpret_cast<const cdrom_read_audio*>(argument));
  if (number == CDROM_SEND_PACKET)
    return argument == 0 ? -EFAULT
                         : send_packet(*reinterpret_cast<cdrom_generic_command*>(argument));
  for (const Row& row : kServed)
    if (row.number == number && (device == Device::kBlock || belongs_to_generic(number)))
      return ask_server(device, row, argument);
  return answer_itself(device, number, argument);
}

PREGROOVE_INTERPOSE(int, taken_ioctl, (int descriptor, unsigned long number, ...), "ioctl") {
  va_list rest;
  va_start(rest, number);
  const auto argument = va_arg(rest, std::uintptr_t);
  va_end(rest);
  const Device device = device_of(descriptor);
  if (device == Device::kNone)
    return PREGROOVE_NEXT(int(int, unsigned long, ...), "ioctl")(descriptor, number, argument);
  // The number has 32 bits; programs that keep it in an int bring more.
  const int result = control(device, number & 0xFFFFFFFFUL, argument);
  if (result >= 0) return result;
  // FIOCLEX, FIONBIO and the like are about the descriptor, not about the device.
  if (result == -ENOTTY && (number & 0xFF00UL) == 0x5400UL)
    return PREGROOVE_NEXT(int(int, unsigned long, ...), "ioctl")(descriptor, number, argument);
  errno = -result;
  return -1;
}

}  // namespace
}  // namespace simdrive::hosts::preload
