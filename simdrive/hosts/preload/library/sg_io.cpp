#include "simdrive/hosts/preload/library/sg_io.h"

#include <linux/cdrom.h>
#include <scsi/sg.h>

#include <cerrno>
#include <cstring>

#include "simdrive/hosts/preload/library/connection.h"

namespace simdrive::hosts::preload {
namespace {

constexpr std::uint8_t kCheckCondition = 0x02;
constexpr std::uint16_t kDriverSense = 0x08;

// The data of the program: one piece, or a list of pieces of which dxfer_len bytes count
// (scsi_ioctl.c: import_iovec, iov_iter_truncate).
class ProgramData {
 public:
  explicit ProgramData(const sg_io_hdr& header)
      : list_(header.iovec_count > 0 ? static_cast<const sg_iovec_t*>(header.dxferp) : nullptr),
        pieces_(header.iovec_count),
        start_(static_cast<std::uint8_t*>(header.dxferp)),
        size_(header.dxfer_len) {
    if (list_ == nullptr) return;
    std::size_t total = 0;
    for (unsigned i = 0; i < pieces_ && total < size_; ++i) total += list_[i].iov_len;
    if (total < size_) size_ = total;
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  void copy_to(std::uint8_t* memory) const {
    walk(size_, [memory](std::size_t at, std::uint8_t* piece, std::size_t length) {
      std::memcpy(memory + at, piece, length);
    });
  }
  void copy_from(const std::uint8_t* memory, std::size_t count) const {
    walk(count, [memory](std::size_t at, std::uint8_t* piece, std::size_t length) {
      std::memcpy(piece, memory + at, length);
    });
  }

 private:
  template <typename Action>
  void walk(std::size_t count, const Action& action) const {
    if (count > size_) count = size_;
    if (list_ == nullptr) {
      if (count > 0) action(0, start_, count);
      return;
    }
    std::size_t at = 0;
    for (unsigned i = 0; i < pieces_ && at < count; ++i) {
      const std::size_t left = count - at;
      const std::size_t length = list_[i].iov_len < left ? list_[i].iov_len : left;
      if (length > 0) action(at, static_cast<std::uint8_t*>(list_[i].iov_base), length);
      at += length;
    }
  }

  const sg_iovec_t* list_;
  unsigned pieces_;
  std::uint8_t* start_;
  std::size_t size_;
};

// The kernel's block layer gives every command at least 7 seconds, and 60 when nothing is said.
std::uint32_t timeout_of(Device device, std::uint32_t wanted) {
  constexpr std::uint32_t kDefault = 60'000;
  constexpr std::uint32_t kLeast = 7'000;
  if (wanted == 0) return kDefault;
  return device == Device::kBlock && wanted < kLeast ? kLeast : wanted;
}

// 0, or a negative errno.
int check(Device device, const sg_io_hdr& header) {
  if (header.interface_id != 'S') return device == Device::kBlock ? -EINVAL : -ENOSYS;
  if (header.cmdp == nullptr) return -EFAULT;
  if (header.cmd_len == 0 || header.cmd_len > sizeof(Request::cdb))
    return device == Device::kBlock ? -EINVAL : -EMSGSIZE;
  if (header.dxfer_len > kPayloadSize) return device == Device::kBlock ? -EIO : -ENOMEM;
  if (header.dxfer_len == 0) return 0;
  if (header.dxferp == nullptr) return -EFAULT;
  switch (header.dxfer_direction) {
    case SG_DXFER_TO_DEV:
    case SG_DXFER_FROM_DEV:
    case SG_DXFER_TO_FROM_DEV:
      return 0;
    default:
      return device == Device::kBlock ? -EINVAL : 0;
  }
}

Direction direction_of(const sg_io_hdr& header) {
  if (header.dxfer_len == 0 || header.dxfer_direction == SG_DXFER_NONE) return Direction::kNone;
  return header.dxfer_direction == SG_DXFER_TO_DEV ? Direction::kOut : Direction::kIn;
}

void report(const Reply& reply, std::size_t size, sg_io_hdr& header) {
  header.status = static_cast<unsigned char>(reply.status);
  header.masked_status = static_cast<unsigned char>(reply.status >> 1U & 0x1FU);
  header.msg_status = 0;
  header.host_status = static_cast<unsigned short>(reply.host_status);
  header.driver_status = reply.status == kCheckCondition ? kDriverSense : 0;
  header.sb_len_wr = 0;
  if (reply.sense_length > 0 && reply.sense_length <= sizeof(reply.sense) &&
      header.sbp != nullptr) {
    const auto length = reply.sense_length < header.mx_sb_len
                            ? static_cast<unsigned char>(reply.sense_length)
                            : header.mx_sb_len;
    std::memcpy(header.sbp, reply.sense, length);
    header.sb_len_wr = length;
  }
  header.resid =
      static_cast<int>(header.dxfer_len - (reply.transferred < size ? reply.transferred : size));
  header.duration =
      reply.duration_ms > 0xFFFFFFFFU ? 0xFFFFFFFFU : static_cast<unsigned>(reply.duration_ms);
  const bool trouble =
      header.masked_status != 0 || header.host_status != 0 || header.driver_status != 0;
  header.info = trouble ? SG_INFO_CHECK : SG_INFO_OK;
}

}  // namespace

int send_sg_io(Device device, sg_io_hdr& header) {
  if (const int error = check(device, header); error != 0) return error;
  const ProgramData data(header);
  Request request{.operation = Operation::kCommand,
                  .node = device == Device::kBlock ? Node::kBlock : Node::kGeneric,
                  .direction = direction_of(header),
                  .length = static_cast<std::uint32_t>(data.size()),
                  .cdb_length = header.cmd_len,
                  .timeout_ms = timeout_of(device, header.timeout)};
  std::memcpy(request.cdb, header.cmdp, header.cmd_len);
  Exchange exchange;
  if (exchange.payload() == nullptr) return -ENODEV;
  if (request.direction == Direction::kNone) request.length = 0;
  const bool goes_out =
      request.direction == Direction::kOut || header.dxfer_direction == SG_DXFER_TO_FROM_DEV;
  if (goes_out) data.copy_to(exchange.payload());
  Reply reply;
  if (!exchange.call(request, reply)) return -ENODEV;
  if (reply.error != 0) return -reply.error;
  if (request.direction == Direction::kIn) data.copy_from(exchange.payload(), reply.transferred);
  report(reply, request.length, header);
  return 0;
}

// READ CD of audio, so many frames at a time as Linux reads (cdrom.c: cdrom_read_cdda).
int read_audio(const cdrom_read_audio& wanted) {
  constexpr int kFramesAtOnce = 25;
  if (wanted.nframes <= 0 || wanted.nframes > CD_FRAMES * CD_SECS * 100) return -EINVAL;
  if (wanted.buf == nullptr) return -EFAULT;
  int lba = wanted.addr.lba;
  if (wanted.addr_format == CDROM_MSF) {
    const auto& msf = wanted.addr.msf;
    lba = ((msf.minute * CD_SECS + msf.second) * CD_FRAMES) + msf.frame - CD_MSF_OFFSET;
  } else if (wanted.addr_format != CDROM_LBA) {
    return -EINVAL;
  }
  if (lba < 0) return -EINVAL;
  for (int done = 0; done < wanted.nframes; done += kFramesAtOnce) {
    const int left = wanted.nframes - done;
    const int count = left < kFramesAtOnce ? left : kFramesAtOnce;
    const int at = lba + done;
    const auto byte = [](int number, unsigned shift) {
      return static_cast<unsigned char>(static_cast<unsigned>(number) >> shift & 0xFFU);
    };
    unsigned char cdb[12] = {0xBE,
                             4,
                             byte(at, 24),
                             byte(at, 16),  // NOLINT
                             byte(at, 8),
                             byte(at, 0),
                             0,
                             byte(count, 8),
                             byte(count, 0),
                             0xF8,
                             0,
                             0};
    sg_io_hdr header{};
    header.interface_id = 'S';
    header.dxfer_direction = SG_DXFER_FROM_DEV;
    header.cmdp = cdb;
    header.cmd_len = sizeof(cdb);
    header.dxferp = wanted.buf + (static_cast<std::size_t>(done) * CD_FRAMESIZE_RAW);
    header.dxfer_len = static_cast<unsigned>(count) * CD_FRAMESIZE_RAW;
    const int error = send_sg_io(Device::kBlock, header);
    if (error != 0) return error;
    if (header.status != 0 || header.host_status != 0) return -EIO;
  }
  return 0;
}

int send_packet(cdrom_generic_command& packet) {
  sg_io_hdr header{};
  header.interface_id = 'S';
  header.cmdp = packet.cmd;
  header.cmd_len = sizeof(packet.cmd);
  header.dxferp = packet.buffer;
  header.dxfer_len = packet.buflen;
  header.sbp = reinterpret_cast<unsigned char*>(packet.sense);
  header.mx_sb_len = packet.sense != nullptr ? 18 : 0;
  if (packet.timeout < 0) return -EINVAL;
  // In jiffies, of which a user sees 100 in a second.
  header.timeout = static_cast<unsigned>(packet.timeout) * 10U;
  switch (packet.data_direction) {
    case CGC_DATA_WRITE:
      header.dxfer_direction = SG_DXFER_TO_DEV;
      break;
    case CGC_DATA_READ:
      header.dxfer_direction = SG_DXFER_FROM_DEV;
      break;
    case CGC_DATA_NONE:
      header.dxfer_direction = SG_DXFER_NONE;
      header.dxfer_len = 0;
      break;
    default:
      return -EINVAL;
  }
  const int error = send_sg_io(Device::kBlock, header);
  if (error != 0) return error;
  if (header.status != 0 || header.host_status != 0) return -EIO;
  packet.stat = 0;
  packet.buflen = static_cast<unsigned>(header.resid);
  return 0;
}

}  // namespace simdrive::hosts::preload
