// read(), write() and their kin, and mmap(): before bytes are taken from the file in place of the
// block device, the server brings them up to date; what is written goes to the drive and not to the
// file.
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "simdrive/hosts/preload/library/connection.h"
#include "simdrive/hosts/preload/library/devices.h"
#include "simdrive/hosts/preload/library/interpose.h"

namespace simdrive::hosts::preload {
namespace {

ssize_t failed(int error) {
  errno = error;
  return -1;
}

std::int64_t position_of(int descriptor) { return quietly(SYS_lseek, descriptor, 0, SEEK_CUR); }

ssize_t read_at_position(int descriptor, void* buffer, std::size_t count) {
  const ssize_t possible = readable_at(position_of(descriptor), count);
  if (possible < 0) return failed(static_cast<int>(-possible));
  return PREGROOVE_NEXT(ssize_t(int, void*, std::size_t), "read")(
      descriptor, buffer, static_cast<std::size_t>(possible));
}

ssize_t read_at(int descriptor, void* buffer, std::size_t count, std::int64_t offset) {
  const ssize_t possible = readable_at(offset, count);
  if (possible < 0) return failed(static_cast<int>(-possible));
  return PREGROOVE_NEXT(ssize_t(int, void*, std::size_t, off_t), "pread64")(
      descriptor, buffer, static_cast<std::size_t>(possible), offset);
}

// One piece after the other, as long as each is filled.
ssize_t read_list(int descriptor, const iovec* list, int pieces, std::int64_t offset, bool moves) {
  ssize_t total = 0;
  for (int i = 0; i < pieces; ++i) {
    const ssize_t got =
        moves ? read_at_position(descriptor, list[i].iov_base, list[i].iov_len)
              : read_at(descriptor, list[i].iov_base, list[i].iov_len, offset + total);
    if (got < 0) return total > 0 ? total : got;
    total += got;
    if (static_cast<std::size_t>(got) < list[i].iov_len) break;
  }
  return total;
}

ssize_t write_at(int descriptor, const void* data, std::size_t count, std::int64_t offset) {
  constexpr int kAccess = 3;
  const long flags = quietly(SYS_fcntl, descriptor, 3 /* F_GETFL */);
  if (flags < 0 || (flags & kAccess) == 0) return failed(EBADF);
  if (offset < 0) return failed(EINVAL);
  if (count > kPayloadSize) count = kPayloadSize;
  Exchange exchange;
  if (exchange.payload() == nullptr) return failed(ENODEV);
  if (count > 0) std::memcpy(exchange.payload(), data, count);
  Reply reply;
  if (!exchange.call({.operation = Operation::kWrite,
                      .length = static_cast<std::uint32_t>(count),
                      .offset = static_cast<std::uint64_t>(offset)},
                     reply))
    return failed(ENODEV);
  return reply.error != 0 ? failed(reply.error) : reply.result;
}

ssize_t write_at_position(int descriptor, const void* data, std::size_t count) {
  const std::int64_t position = position_of(descriptor);
  const ssize_t written = write_at(descriptor, data, count, position);
  if (written > 0) quietly(SYS_lseek, descriptor, position + written, SEEK_SET);
  return written;
}

ssize_t write_list(int descriptor, const iovec* list, int pieces, std::int64_t offset, bool moves) {
  ssize_t total = 0;
  for (int i = 0; i < pieces; ++i) {
    const ssize_t put =
        moves ? write_at_position(descriptor, list[i].iov_base, list[i].iov_len)
              : write_at(descriptor, list[i].iov_base, list[i].iov_len, offset + total);
    if (put < 0) return total > 0 ? total : put;
    total += put;
    if (static_cast<std::size_t>(put) < list[i].iov_len) break;
  }
  return total;
}

// sg's way of commands by write() and read() has gone out of use with SG_IO.
constexpr int kNoGenericTransfer = EINVAL;

#define PREGROOVE_TRANSFER(result, name, parameters, type, symbol, arguments, of_block) \
  PREGROOVE_INTERPOSE(result, name, parameters, symbol) {                               \
    const Device device = device_of(descriptor);                                        \
    if (device == Device::kNone) return PREGROOVE_NEXT(result type, symbol) arguments;  \
    if (device == Device::kGeneric) return failed(kNoGenericTransfer);                  \
    return of_block;                                                                    \
  }

PREGROOVE_TRANSFER(ssize_t, taken_read, (int descriptor, void* buffer, std::size_t count),
                   (int, void*, std::size_t), "read", (descriptor, buffer, count),
                   read_at_position(descriptor, buffer, count))
PREGROOVE_TRANSFER(ssize_t, taken_read_chk,
                   (int descriptor, void* buffer, std::size_t count, std::size_t room),
                   (int, void*, std::size_t, std::size_t), "__read_chk",
                   (descriptor, buffer, count, room), read_at_position(descriptor, buffer, count))
PREGROOVE_TRANSFER(ssize_t, taken_pread,
                   (int descriptor, void* buffer, std::size_t count, off_t offset),
                   (int, void*, std::size_t, off_t), "pread", (descriptor, buffer, count, offset),
                   read_at(descriptor, buffer, count, offset))
PREGROOVE_TRANSFER(ssize_t, taken_pread64,
                   (int descriptor, void* buffer, std::size_t count, off_t offset),
                   (int, void*, std::size_t, off_t), "pread64", (descriptor, buffer, count, offset),
                   read_at(descriptor, buffer, count, offset))
PREGROOVE_TRANSFER(ssize_t, taken_pread_chk,
                   (int descriptor, void* buffer, std::size_t count, off_t offset,
                    std::size_t room),
                   (int, void*, std::size_t, off_t, std::size_t), "__pread_chk",
                   (descriptor, buffer, count, offset, room),
                   read_at(descriptor, buffer, count, offset))
PREGROOVE_TRANSFER(ssize_t, taken_pread64_chk,
                   (int descriptor, void* buffer, std::size_t count, off_t offset,
                    std::size_t room),
                   (int, void*, std::size_t, off_t, std::size_t), "__pread64_chk",
                   (descriptor, buffer, count, offset, room),
                   read_at(descriptor, buffer, count, offset))
PREGROOVE_TRANSFER(ssize_t, taken_readv, (int descriptor, const iovec* list, int pieces),
                   (int, const iovec*, int), "readv", (descriptor, list, pieces),
                   read_list(descriptor, list, pieces, 0, true))
PREGROOVE_TRANSFER(ssize_t, taken_preadv,
                   (int descriptor, const iovec* list, int pieces, off_t offset),
                   (int, const iovec*, int, off_t), "preadv", (descriptor, list, pieces, offset),
                   read_list(descriptor, list, pieces, offset, false))
PREGROOVE_TRANSFER(ssize_t, taken_preadv64,
                   (int descriptor, const iovec* list, int pieces, off_t offset),
                   (int, const iovec*, int, off_t), "preadv64", (descriptor, list, pieces, offset),
                   read_list(descriptor, list, pieces, offset, false))
PREGROOVE_TRANSFER(ssize_t, taken_write, (int descriptor, const void* data, std::size_t count),
                   (int, const void*, std::size_t), "write", (descriptor, data, count),
                   write_at_position(descriptor, data, count))
PREGROOVE_TRANSFER(ssize_t, taken_pwrite,
                   (int descriptor, const void* data, std::size_t count, off_t offset),
                   (int, const void*, std::size_t, off_t), "pwrite",
                   (descriptor, data, count, offset), write_at(descriptor, data, count, offset))
PREGROOVE_TRANSFER(ssize_t, taken_pwrite64,
                   (int descriptor, const void* data, std::size_t count, off_t offset),
                   (int, const void*, std::size_t, off_t), "pwrite64",
                   (descriptor, data, count, offset), write_at(descriptor, data, count, offset))
PREGROOVE_TRANSFER(ssize_t, taken_writev, (int descriptor, const iovec* list, int pieces),
                   (int, const iovec*, int), "writev", (descriptor, list, pieces),
                   write_list(descriptor, list, pieces, 0, true))
PREGROOVE_TRANSFER(ssize_t, taken_pwritev,
                   (int descriptor, const iovec* list, int pieces, off_t offset),
                   (int, const iovec*, int, off_t), "pwritev", (descriptor, list, pieces, offset),
                   write_list(descriptor, list, pieces, offset, false))
PREGROOVE_TRANSFER(ssize_t, taken_pwritev64,
                   (int descriptor, const iovec* list, int pieces, off_t offset),
                   (int, const iovec*, int, off_t), "pwritev64", (descriptor, list, pieces, offset),
                   write_list(descriptor, list, pieces, offset, false))

// The kernel copies from the file itself: so far as it is up to date then.
void bring_up_to_date(int descriptor, std::int64_t offset, std::size_t count) {
  if (device_of(descriptor) != Device::kBlock) return;
  while (count > 0) {
    const ssize_t possible = readable_at(offset, count);
    if (possible <= 0) return;
    offset += possible;
    count -= static_cast<std::size_t>(possible);
  }
}

PREGROOVE_INTERPOSE(ssize_t, taken_sendfile, (int out, int in, off_t* offset, std::size_t count),
                    "sendfile") {
  bring_up_to_date(in, offset != nullptr ? *offset : position_of(in), count);
  return PREGROOVE_NEXT(ssize_t(int, int, off_t*, std::size_t), "sendfile")(out, in, offset, count);
}
PREGROOVE_INTERPOSE(ssize_t, taken_sendfile64, (int out, int in, off_t* offset, std::size_t count),
                    "sendfile64") {
  return taken_sendfile(out, in, offset, count);
}

// As for two different kinds of file: programs then copy by read() and write().
PREGROOVE_INTERPOSE(ssize_t, taken_copy_file_range,
                    (int in, off_t* in_offset, int out, off_t* out_offset, std::size_t count,
                     unsigned flags),
                    "copy_file_range") {
  if (device_of(in) != Device::kNone || device_of(out) != Device::kNone) return failed(EINVAL);
  return PREGROOVE_NEXT(ssize_t(int, off_t*, int, off_t*, std::size_t, unsigned),
                        "copy_file_range")(in, in_offset, out, out_offset, count, flags);
}

off_t moved(int descriptor, off_t offset, int from) {
  const Device device = device_of(descriptor);
  // The end may have moved.
  if (device == Device::kBlock && from == SEEK_END)
    request_of_server({.operation = Operation::kSync});
  return PREGROOVE_NEXT(off_t(int, off_t, int), "lseek64")(descriptor, offset, from);
}
PREGROOVE_INTERPOSE(off_t, taken_lseek, (int descriptor, off_t offset, int from), "lseek") {
  return moved(descriptor, offset, from);
}
PREGROOVE_INTERPOSE(off_t, taken_lseek64, (int descriptor, off_t offset, int from), "lseek64") {
  return moved(descriptor, offset, from);
}

void* mapped(void* wish, std::size_t length, int protection, int flags, int descriptor,
             off_t offset) {
  if ((flags & MAP_ANONYMOUS) == 0) {
    const Device device = device_of(descriptor);
    bring_up_to_date(descriptor, offset, length);
    // Nothing would bring what is written there to the drive.
    const bool writes = (flags & MAP_TYPE) != MAP_PRIVATE && (protection & PROT_WRITE) != 0;
    if (device == Device::kGeneric || (device == Device::kBlock && writes)) {
      errno = ENODEV;
      return MAP_FAILED;
    }
  }
  return PREGROOVE_NEXT(void*(void*, std::size_t, int, int, int, off_t), "mmap")(
      wish, length, protection, flags, descriptor, offset);
}
PREGROOVE_INTERPOSE(void*, taken_mmap,
                    (void* wish, std::size_t length, int protection, int flags, int descriptor,
                     off_t offset),
                    "mmap") {
  return mapped(wish, length, protection, flags, descriptor, offset);
}
PREGROOVE_INTERPOSE(void*, taken_mmap64,
                    (void* wish, std::size_t length, int protection, int flags, int descriptor,
                     off_t offset),
                    "mmap64") {
  return mapped(wish, length, protection, flags, descriptor, offset);
}

// Nothing waits in between; a device has no end that could be moved.
PREGROOVE_INTERPOSE(int, taken_fsync, (int descriptor), "fsync") {
  if (device_of(descriptor) != Device::kNone) return 0;
  return PREGROOVE_NEXT(int(int), "fsync")(descriptor);
}
PREGROOVE_INTERPOSE(int, taken_fdatasync, (int descriptor), "fdatasync") {
  if (device_of(descriptor) != Device::kNone) return 0;
  return PREGROOVE_NEXT(int(int), "fdatasync")(descriptor);
}
PREGROOVE_INTERPOSE(int, taken_ftruncate, (int descriptor, off_t size), "ftruncate") {
  if (device_of(descriptor) != Device::kNone) return static_cast<int>(failed(EINVAL));
  return PREGROOVE_NEXT(int(int, off_t), "ftruncate")(descriptor, size);
}
PREGROOVE_INTERPOSE(int, taken_ftruncate64, (int descriptor, off_t size), "ftruncate64") {
  return taken_ftruncate(descriptor, size);
}

}  // namespace
}  // namespace simdrive::hosts::preload
