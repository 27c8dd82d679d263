// The little that the parts of device_probe share: a program that knows nothing of simdrive, uses
// the devices as programs do, and says what was not as it should be.
#pragma once

#include <fcntl.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace probe {

inline constexpr const char* kBlock = "/dev/sr0";
inline constexpr const char* kGeneric = "/dev/sg0";
inline constexpr std::size_t kBlockSize = 2048;
// What the byte at an offset of the disc is, where the tests have pressed it.
inline std::uint8_t pattern(std::uint64_t offset) {
  return static_cast<std::uint8_t>((offset / kBlockSize * 7) + (offset % 251));
}

// NOLINTBEGIN(cppcoreguidelines-macro-usage)
#define PROBE(condition)                                                                         \
  do {                                                                                           \
    if (!(condition)) {                                                                          \
      std::fprintf(stderr, "%s:%d: not so: %s (errno %d: %s)\n", __FILE__, __LINE__, #condition, \
                   errno, std::strerror(errno));                                                 \
      std::exit(1);                                                                              \
    }                                                                                            \
  } while (false)
#define PROBE_FAILS(expression, error) PROBE((expression) == -1 && errno == (error))
// NOLINTEND(cppcoreguidelines-macro-usage)

inline int open_ready(const char* path = kBlock, int flags = O_RDONLY | O_NONBLOCK) {
  const int descriptor = ::open(path, flags);
  PROBE(descriptor >= 0);
  return descriptor;
}

using Bytes = std::vector<std::uint8_t>;

// An SG_IO that brings data in; what it changes can be changed before send().
struct Exchange {
  explicit Exchange(Bytes command, std::size_t size = 0, std::uint8_t filling = 0)
      : cdb(std::move(command)), data(size, filling), sense(32, 0xEE) {
    header.interface_id = 'S';
    header.dxfer_direction = size > 0 ? SG_DXFER_FROM_DEV : SG_DXFER_NONE;
    header.cmd_len = static_cast<unsigned char>(cdb.size());
    header.cmdp = cdb.data();
    header.dxferp = data.data();
    header.dxfer_len = static_cast<unsigned>(size);
    header.sbp = sense.data();
    header.mx_sb_len = static_cast<unsigned char>(sense.size());
    header.timeout = 30'000;
  }
  int send(int descriptor) { return ::ioctl(descriptor, SG_IO, &header); }
  // Sense key, ASC and ASCQ as one number.
  [[nodiscard]] int code() const { return (sense[2] & 0x0F) << 16 | sense[12] << 8 | sense[13]; }

  Bytes cdb;
  Bytes data;
  Bytes sense;
  sg_io_hdr header{};
};

inline Bytes inquiry_cdb(std::uint8_t length) { return {0x12, 0, 0, 0, length, 0}; }

// The parts, each by the names of what they look at.
struct Case {
  const char* name;
  void (*run)();
};
extern const std::vector<Case> identity_cases;
extern const std::vector<Case> command_cases;
extern const std::vector<Case> control_cases;
extern const std::vector<Case> transfer_cases;
// After an exec: the descriptor is still the device.
void expect_device(int descriptor);

}  // namespace probe
