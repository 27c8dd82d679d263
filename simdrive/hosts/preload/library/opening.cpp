// open() and its kin.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>

#include "simdrive/hosts/preload/library/connection.h"
#include "simdrive/hosts/preload/library/devices.h"
#include "simdrive/hosts/preload/library/interpose.h"
#include "simdrive/hosts/preload/library/opening.h"

namespace simdrive::hosts::preload {
namespace {

int failed(int error) {
  errno = error;
  return -1;
}

// What the kernel keeps of who has the device for himself lies on the open file, so that it ends
// with its last descriptor. A block device knows O_EXCL against O_EXCL only; sg knows it against
// every other open file, and waits unless O_NONBLOCK is given.
int claim(Device device, int descriptor, int flags) {
  const bool exclusive = (flags & O_EXCL) != 0;
  if (device == Device::kBlock && !exclusive) return 0;
  const bool waits = device == Device::kGeneric && (flags & O_NONBLOCK) == 0;
  const long lock = (exclusive ? LOCK_EX : LOCK_SH) | (waits ? 0 : LOCK_NB);
  const long result = quietly(SYS_flock, descriptor, lock);
  return result == -EWOULDBLOCK ? EBUSY : static_cast<int>(-result);
}

int opened(const char* path, int flags, mode_t mode) {
  static auto* const original = next<int(const char*, int, ...)>("open");
  return original(path, flags, mode);
}

// Whether open() takes a mode.
bool creates(int flags) { return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE; }

}  // namespace

int open_device(Device device, int flags) {
  // sg wants the right to write for itself alone.
  if (device == Device::kGeneric && (flags & O_EXCL) != 0 && (flags & O_ACCMODE) == O_RDONLY)
    return failed(EPERM);
  if ((flags & O_CREAT) != 0 && (flags & O_EXCL) != 0) return failed(EEXIST);
  if ((flags & O_DIRECTORY) != 0) return failed(ENOTDIR);
  // A path alone looks at nothing.
  if ((flags & O_PATH) == 0) {
    const Reply reply =
        request_of_server({.operation = Operation::kOpen,
                           .node = device == Device::kBlock ? Node::kBlock : Node::kGeneric,
                           .argument = static_cast<std::uint64_t>(flags)});
    forget_readable();
    if (reply.error != 0) return failed(reply.error);
  }
  // What would change the file and not the device.
  constexpr int kNotForTheFile = O_EXCL | O_CREAT | O_TRUNC | O_DIRECT | O_APPEND;
  const long descriptor = quietly(SYS_openat, AT_FDCWD, reinterpret_cast<long>(file_of(device)),
                                  flags & ~kNotForTheFile);
  if (descriptor < 0) return failed(static_cast<int>(-descriptor));
  const int error = (flags & O_PATH) != 0 ? 0 : claim(device, static_cast<int>(descriptor), flags);
  if (error == 0) return static_cast<int>(descriptor);
  quietly(SYS_close, descriptor);
  return failed(error);
}

namespace {

int open_path(const char* path, int flags, mode_t mode) {
  if (const Device device = device_at(path); device != Device::kNone)
    return open_device(device, flags);
  if (const char* const text = stand_in_for(path); text != nullptr) path = text;
  return opened(path, flags, mode);
}

int open_path_at(int folder, const char* path, int flags, mode_t mode) {
  if (path != nullptr && path[0] == '/') return open_path(path, flags, mode);
  static auto* const original = next<int(int, const char*, int, ...)>("openat");
  return original(folder, path, flags, mode);
}

// NOLINTBEGIN(cert-dcl50-cpp): the functions of the C library are as they are
#define PREGROOVE_OPEN(name, symbol)                                           \
  PREGROOVE_INTERPOSE(int, name, (const char* path, int flags, ...), symbol) { \
    mode_t mode = 0;                                                           \
    if (creates(flags)) {                                                      \
      va_list rest;                                                            \
      va_start(rest, flags);                                                   \
      mode = va_arg(rest, mode_t);                                             \
      va_end(rest);                                                            \
    }                                                                          \
    return open_path(path, flags, mode);                                       \
  }
#define PREGROOVE_OPEN_AT(name, symbol)                                                    \
  PREGROOVE_INTERPOSE(int, name, (int folder, const char* path, int flags, ...), symbol) { \
    mode_t mode = 0;                                                                       \
    if (creates(flags)) {                                                                  \
      va_list rest;                                                                        \
      va_start(rest, flags);                                                               \
      mode = va_arg(rest, mode_t);                                                         \
      va_end(rest);                                                                        \
    }                                                                                      \
    return open_path_at(folder, path, flags, mode);                                        \
  }
// NOLINTEND(cert-dcl50-cpp)

PREGROOVE_OPEN(taken_open, "open")
PREGROOVE_OPEN(taken_open64, "open64")
PREGROOVE_OPEN_AT(taken_openat, "openat")
PREGROOVE_OPEN_AT(taken_openat64, "openat64")
PREGROOVE_INTERPOSE(int, taken_open_2, (const char* path, int flags), "__open_2") {
  return open_path(path, flags, 0);
}
PREGROOVE_INTERPOSE(int, taken_open64_2, (const char* path, int flags), "__open64_2") {
  return open_path(path, flags, 0);
}
PREGROOVE_INTERPOSE(int, taken_openat_2, (int folder, const char* path, int flags), "__openat_2") {
  return open_path_at(folder, path, flags, 0);
}
PREGROOVE_INTERPOSE(int, taken_openat64_2, (int folder, const char* path, int flags),
                    "__openat64_2") {
  return open_path_at(folder, path, flags, 0);
}
PREGROOVE_INTERPOSE(int, taken_creat, (const char* path, mode_t mode), "creat") {
  return open_path(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}
PREGROOVE_INTERPOSE(int, taken_creat64, (const char* path, mode_t mode), "creat64") {
  return open_path(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

}  // namespace
}  // namespace simdrive::hosts::preload
