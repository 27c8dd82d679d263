// SG_IO and CDROM_SEND_PACKET.
#include <linux/cdrom.h>
#include <pthread.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "tests/unit/simdrive_hosts/preload/probe.h"

namespace probe {
namespace {

constexpr std::uint8_t kPoison = 0xA5;
const Bytes kReadBeyond{0x28, 0, 0x7F, 0, 0, 0, 0, 0, 1, 0};

void data_in() {
  for (const char* path : {kBlock, kGeneric}) {
    const int descriptor = open_ready(path, O_RDWR | O_NONBLOCK);
    Exchange inquiry(inquiry_cdb(36), 96, kPoison);
    PROBE(inquiry.send(descriptor) == 0);
    PROBE(inquiry.header.status == 0 && inquiry.header.info == SG_INFO_OK);
    PROBE(inquiry.header.resid == 60 && inquiry.header.sb_len_wr == 0);
    PROBE(inquiry.header.host_status == 0 && inquiry.header.driver_status == 0);
    PROBE(inquiry.data[0] == 5 && std::memcmp(&inquiry.data[8], "PREGROOV", 8) == 0);
    PROBE(inquiry.data[36] == kPoison && inquiry.data[95] == kPoison);
    PROBE(inquiry.sense[0] == 0xEE);
    PROBE(::close(descriptor) == 0);
  }
}

void scattered() {
  const int descriptor = open_ready();
  Exchange flat(inquiry_cdb(36), 36);
  PROBE(flat.send(descriptor) == 0);
  Bytes first(10);
  Bytes second(1);
  Bytes third(40, kPoison);
  std::array<sg_iovec_t, 4> list{sg_iovec_t{first.data(), first.size()}, sg_iovec_t{nullptr, 0},
                                 sg_iovec_t{second.data(), second.size()},
                                 sg_iovec_t{third.data(), third.size()}};
  Exchange scattered(inquiry_cdb(36));
  scattered.header.dxfer_direction = SG_DXFER_FROM_DEV;
  scattered.header.iovec_count = list.size();
  scattered.header.dxferp = list.data();
  scattered.header.dxfer_len = 36;
  PROBE(scattered.send(descriptor) == 0 && scattered.header.resid == 0);
  PROBE(std::equal(first.begin(), first.end(), flat.data.begin()));
  PROBE(second[0] == flat.data[10]);
  PROBE(std::equal(third.begin(), third.begin() + 25, flat.data.begin() + 11));
  PROBE(third[25] == kPoison);
}

// MODE SELECT (10) of a mode page that was just read, from two pieces.
void data_out() {
  const int descriptor = open_ready(kBlock, O_RDWR | O_NONBLOCK);
  Exchange sensed({0x5A, 8, 5, 0, 0, 0, 0, 0, 60, 0}, 60);
  PROBE(sensed.send(descriptor) == 0 && sensed.header.status == 0);
  Bytes parameters(sensed.data.begin(), sensed.data.begin() + (60 - sensed.header.resid));
  parameters[0] = parameters[1] = 0;
  parameters[8] &= 0x3F;
  std::array<sg_iovec_t, 2> list{sg_iovec_t{parameters.data(), 9},
                                 sg_iovec_t{&parameters[9], parameters.size() - 9}};
  Exchange select({0x55, 0x10, 0, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(parameters.size()), 0});
  select.header.dxfer_direction = SG_DXFER_TO_DEV;
  select.header.iovec_count = list.size();
  select.header.dxferp = list.data();
  select.header.dxfer_len = static_cast<unsigned>(parameters.size());
  PROBE(select.send(descriptor) == 0 && select.header.status == 0 && select.header.resid == 0);
}

// What the drive does not overwrite stays as it was sent there.
void to_and_from() {
  const int descriptor = open_ready();
  Exchange inquiry(inquiry_cdb(36), 64, kPoison);
  inquiry.header.dxfer_direction = SG_DXFER_TO_FROM_DEV;
  PROBE(inquiry.send(descriptor) == 0 && inquiry.header.status == 0);
  PROBE(inquiry.data[0] == 5 && inquiry.data[36] == kPoison && inquiry.header.resid == 28);
}

void sense_data() {
  const int descriptor = open_ready();
  Exchange read(kReadBeyond, kBlockSize, kPoison);
  PROBE(read.send(descriptor) == 0);
  PROBE(read.header.status == 2 && read.header.masked_status == 1);
  PROBE(read.header.driver_status == 8 && read.header.host_status == 0);
  PROBE(read.header.info == SG_INFO_CHECK && read.header.sb_len_wr == 18);
  PROBE(read.header.resid == static_cast<int>(kBlockSize));
  PROBE(read.code() == 0x52100 && read.data[0] == kPoison && read.sense[18] == 0xEE);
  read.header.mx_sb_len = 8;
  std::fill(read.sense.begin(), read.sense.end(), kPoison);
  PROBE(read.send(descriptor) == 0 && read.header.sb_len_wr == 8);
  PROBE((read.sense[0] & 0x7F) == 0x70 && read.sense[8] == kPoison);
  read.header.sbp = nullptr;
  PROBE(read.send(descriptor) == 0 && read.header.status == 2 && read.header.sb_len_wr == 0);
}

// CDBs that are longer than their group, as some programs send them.
void padded_cdbs() {
  const int descriptor = open_ready();
  Exchange ready(Bytes(16, 0));
  PROBE(ready.send(descriptor) == 0 && ready.header.status == 0);
  Exchange vendor({0xE9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  PROBE(vendor.send(descriptor) == 0 && vendor.code() == 0x52000);
}

void refusals() {
  const int block = open_ready();
  const int generic = open_ready(kGeneric, O_RDWR | O_NONBLOCK);
  Exchange inquiry(inquiry_cdb(36), 36);
  inquiry.header.interface_id = 'X';
  PROBE_FAILS(inquiry.send(block), EINVAL);
  inquiry.header.interface_id = 'S';
  inquiry.header.dxfer_len = 64U << 20U;
  PROBE_FAILS(inquiry.send(block), EIO);
  PROBE_FAILS(inquiry.send(generic), ENOMEM);
  inquiry.header.dxfer_len = 36;
  inquiry.header.dxferp = nullptr;
  PROBE_FAILS(inquiry.send(block), EFAULT);
  inquiry.header.dxferp = inquiry.data.data();
  inquiry.header.dxfer_direction = 17;
  PROBE_FAILS(inquiry.send(block), EINVAL);
  inquiry.header.dxfer_direction = SG_DXFER_FROM_DEV;
  inquiry.header.cmd_len = 33;
  PROBE_FAILS(inquiry.send(block), EINVAL);
  inquiry.header.cmdp = nullptr;
  PROBE_FAILS(inquiry.send(block), EFAULT);
  PROBE_FAILS(::ioctl(block, SG_IO, nullptr), EFAULT);
}

// A mebibyte in one command is what read() brings.
void large() {
  const int descriptor = open_ready();
  constexpr std::size_t kSize = 1U << 20U;
  Exchange read({0xA8, 0, 0, 0, 0, 3, 0, 0, 2, 0, 0, 0}, kSize);
  PROBE(read.send(descriptor) == 0 && read.header.status == 0 && read.header.resid == 0);
  for (std::size_t i = 0; i < kSize; ++i) PROBE(read.data[i] == pattern(i + (3 * kBlockSize)));
}

// A blank of minutes with a time-out of seconds.
void timed_out() {
  const int descriptor = open_ready(kBlock, O_RDWR | O_NONBLOCK);
  Exchange blank({0xA1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  blank.header.timeout = 10'000;
  PROBE(blank.send(descriptor) == 0);
  PROBE(blank.header.host_status == 3 && blank.header.status == 0);
  PROBE(blank.header.info == SG_INFO_CHECK && blank.header.duration > 10'000);
}

void without_power() {
  const int descriptor = open_ready(kGeneric, O_RDWR | O_NONBLOCK);
  Exchange inquiry(inquiry_cdb(36), 36, kPoison);
  PROBE(inquiry.send(descriptor) == 0);
  PROBE(inquiry.header.host_status == 1 && inquiry.header.info == SG_INFO_CHECK);
  PROBE(inquiry.header.resid == 36 && inquiry.data[0] == kPoison);
  PROBE_FAILS(::open(kBlock, O_RDONLY), ENXIO);
}

void packets() {
  const int descriptor = open_ready();
  Bytes data(64);
  request_sense sense{};
  cdrom_generic_command packet{};
  const Bytes cdb = inquiry_cdb(36);
  std::copy(cdb.begin(), cdb.end(), packet.cmd);
  packet.buffer = data.data();
  packet.buflen = static_cast<unsigned>(data.size());
  packet.data_direction = CGC_DATA_READ;
  packet.sense = &sense;
  PROBE(::ioctl(descriptor, CDROM_SEND_PACKET, &packet) == 0);
  PROBE(data[0] == 5 && packet.stat == 0 && packet.buflen == 28);
  std::copy(kReadBeyond.begin(), kReadBeyond.end(), packet.cmd);
  packet.buflen = 64;
  PROBE_FAILS(::ioctl(descriptor, CDROM_SEND_PACKET, &packet), EIO);
  PROBE(sense.sense_key == 5 && sense.asc == 0x21);
}

void* send_many(void* argument) {
  const int descriptor = *static_cast<int*>(argument);
  for (int i = 0; i < 300; ++i) {
    const auto length = static_cast<std::uint8_t>(5 + (i % 31));
    Exchange inquiry(inquiry_cdb(length), 36, kPoison);
    PROBE(inquiry.send(descriptor) == 0 && inquiry.header.resid == 36 - length);
    PROBE(inquiry.data[0] == 5 && inquiry.data[length] == kPoison);
  }
  return nullptr;
}

void in_threads() {
  int descriptor = open_ready();
  std::array<pthread_t, 4> threads{};
  for (auto& thread : threads)
    PROBE(::pthread_create(&thread, nullptr, send_many, &descriptor) == 0);
  for (const auto& thread : threads) PROBE(::pthread_join(thread, nullptr) == 0);
}

int device_of_handler = -1;
volatile std::sig_atomic_t handled = 0;

void on_alarm(int) {
  const int kept = errno;
  if (::ioctl(device_of_handler, CDROM_DRIVE_STATUS, 0) == CDS_DISC_OK) handled = handled + 1;
  errno = kept;
}

// A handler that uses the device while the device is used.
void in_handlers() {
  device_of_handler = open_ready();
  PROBE(std::signal(SIGALRM, on_alarm) != SIG_ERR);
  itimerval often{{0, 500}, {0, 500}};
  PROBE(::setitimer(ITIMER_REAL, &often, nullptr) == 0);
  while (handled < 20) {
    Exchange inquiry(inquiry_cdb(36), 36);
    PROBE(inquiry.send(device_of_handler) == 0 && inquiry.data[0] == 5);
  }
}

}  // namespace

const std::vector<Case> command_cases{{"data-in", data_in},        {"scattered", scattered},
                                      {"data-out", data_out},      {"to-and-from", to_and_from},
                                      {"sense-data", sense_data},  {"padded-cdbs", padded_cdbs},
                                      {"refusals", refusals},      {"large", large},
                                      {"timed-out", timed_out},    {"without-power", without_power},
                                      {"packets", packets},        {"in-threads", in_threads},
                                      {"in-handlers", in_handlers}};

}  // namespace probe
