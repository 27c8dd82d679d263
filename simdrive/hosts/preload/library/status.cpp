// The stat family, and the questions about paths: access(), realpath(), readlink().
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

#include "simdrive/hosts/preload/library/devices.h"
#include "simdrive/hosts/preload/library/interpose.h"

namespace simdrive::hosts::preload {
namespace {

// On 64-bit Linux `struct stat` and `struct stat64` are the same.
using Status = struct stat;

int answered(long result) {
  if (result >= 0) return static_cast<int>(result);
  errno = static_cast<int>(-result);
  return -1;
}

// The status of a device, or of the file that stands for a text of the kernel. False for other
// paths.
bool status_of_path(const char* path, Status* status, int& result) {
  const Device device = device_at(path);
  const char* const file = device != Device::kNone ? file_of(device) : stand_in_for(path);
  if (file == nullptr) return false;
  result = answered(quietly(SYS_newfstatat, AT_FDCWD, reinterpret_cast<long>(file),
                            reinterpret_cast<long>(status)));
  if (result == 0 && device != Device::kNone) describe_as(device, *status);
  return true;
}

void correct(int result, Status* status) {
  if (result != 0) return;
  if (const Device device = device_of(*status); device != Device::kNone)
    describe_as(device, *status);
}

bool is_descriptor_itself(const char* path, int flags) {
  return (flags & AT_EMPTY_PATH) != 0 && (path == nullptr || path[0] == '\0');
}

// A link to a descriptor is a link for those who do not follow it.
bool is_link(const char* path) {
  return std::strncmp(path, "/proc/", 6) == 0 || std::strncmp(path, "/dev/fd/", 8) == 0 ||
         std::strncmp(path, "/dev/std", 8) == 0;
}

#define PREGROOVE_STAT(name, symbol)                                           \
  PREGROOVE_INTERPOSE(int, name, (const char* path, Status* status), symbol) { \
    int result = 0;                                                            \
    if (status_of_path(path, status, result)) return result;                   \
    return PREGROOVE_NEXT(int(const char*, Status*), symbol)(path, status);    \
  }
#define PREGROOVE_LSTAT(name, symbol)                                                             \
  PREGROOVE_INTERPOSE(int, name, (const char* path, Status* status), symbol) {                    \
    int result = 0;                                                                               \
    if (path != nullptr && !is_link(path) && status_of_path(path, status, result)) return result; \
    return PREGROOVE_NEXT(int(const char*, Status*), symbol)(path, status);                       \
  }
#define PREGROOVE_FSTAT(name, symbol)                                                 \
  PREGROOVE_INTERPOSE(int, name, (int descriptor, Status* status), symbol) {          \
    const int result = PREGROOVE_NEXT(int(int, Status*), symbol)(descriptor, status); \
    correct(result, status);                                                          \
    return result;                                                                    \
  }
#define PREGROOVE_FSTATAT(name, symbol)                                                           \
  PREGROOVE_INTERPOSE(int, name, (int folder, const char* path, Status* status, int flags),       \
                      symbol) {                                                                   \
    int result = 0;                                                                               \
    const bool follows = (flags & AT_SYMLINK_NOFOLLOW) == 0;                                      \
    if (path != nullptr && path[0] == '/' && (follows || !is_link(path)) &&                       \
        status_of_path(path, status, result))                                                     \
      return result;                                                                              \
    result =                                                                                      \
        PREGROOVE_NEXT(int(int, const char*, Status*, int), symbol)(folder, path, status, flags); \
    if (is_descriptor_itself(path, flags)) correct(result, status);                               \
    return result;                                                                                \
  }

PREGROOVE_STAT(taken_stat, "stat")
PREGROOVE_STAT(taken_stat64, "stat64")
PREGROOVE_LSTAT(taken_lstat, "lstat")
PREGROOVE_LSTAT(taken_lstat64, "lstat64")
PREGROOVE_FSTAT(taken_fstat, "fstat")
PREGROOVE_FSTAT(taken_fstat64, "fstat64")
PREGROOVE_FSTATAT(taken_fstatat, "fstatat")
PREGROOVE_FSTATAT(taken_fstatat64, "fstatat64")

// The forms that programs use which were built before glibc 2.33.
#define PREGROOVE_XSTAT(name, symbol)                                                       \
  PREGROOVE_INTERPOSE(int, name, (int version, const char* path, Status* status), symbol) { \
    int result = 0;                                                                         \
    if (status_of_path(path, status, result)) return result;                                \
    return PREGROOVE_NEXT(int(int, const char*, Status*), symbol)(version, path, status);   \
  }
#define PREGROOVE_FXSTAT(name, symbol)                                                    \
  PREGROOVE_INTERPOSE(int, name, (int version, int descriptor, Status* status), symbol) { \
    const int result =                                                                    \
        PREGROOVE_NEXT(int(int, int, Status*), symbol)(version, descriptor, status);      \
    correct(result, status);                                                              \
    return result;                                                                        \
  }
#define PREGROOVE_FXSTATAT(name, symbol)                                                           \
  PREGROOVE_INTERPOSE(                                                                             \
      int, name, (int version, int folder, const char* path, Status* status, int flags), symbol) { \
    int result = 0;                                                                                \
    if (path != nullptr && path[0] == '/' && status_of_path(path, status, result)) return result;  \
    result = PREGROOVE_NEXT(int(int, int, const char*, Status*, int), symbol)(                     \
        version, folder, path, status, flags);                                                     \
    if (is_descriptor_itself(path, flags)) correct(result, status);                                \
    return result;                                                                                 \
  }

PREGROOVE_XSTAT(taken_xstat, "__xstat")
PREGROOVE_XSTAT(taken_xstat64, "__xstat64")
PREGROOVE_XSTAT(taken_lxstat, "__lxstat")
PREGROOVE_XSTAT(taken_lxstat64, "__lxstat64")
PREGROOVE_FXSTAT(taken_fxstat, "__fxstat")
PREGROOVE_FXSTAT(taken_fxstat64, "__fxstat64")
PREGROOVE_FXSTATAT(taken_fxstatat, "__fxstatat")
PREGROOVE_FXSTATAT(taken_fxstatat64, "__fxstatat64")

void describe_as(Device device, struct statx* status) {
  Status as_stat{};
  describe_as(device, as_stat);
  status->stx_mode = static_cast<std::uint16_t>(as_stat.st_mode);
  status->stx_rdev_major = major(as_stat.st_rdev);
  status->stx_rdev_minor = minor(as_stat.st_rdev);
  status->stx_size = 0;
  status->stx_blocks = 0;
}

PREGROOVE_INTERPOSE(int, taken_statx,
                    (int folder, const char* path, int flags, unsigned mask, struct statx* status),
                    "statx") {
  auto* const original =
      PREGROOVE_NEXT(int(int, const char*, int, unsigned, struct statx*), "statx");
  Device device = Device::kNone;
  const char* file = nullptr;
  if (is_descriptor_itself(path, flags)) {
    device = device_of(folder);
  } else if (path != nullptr && path[0] == '/' &&
             ((flags & AT_SYMLINK_NOFOLLOW) == 0 || !is_link(path))) {
    device = device_at(path);
    file = device != Device::kNone ? file_of(device) : stand_in_for(path);
  }
  const int result = original(folder, file != nullptr ? file : path, flags, mask, status);
  if (result == 0 && device != Device::kNone) describe_as(device, status);
  return result;
}

// The file that a path stands for; the path itself for all others.
const char* actual(const char* path) {
  if (const Device device = device_at(path); device != Device::kNone) return file_of(device);
  const char* const text = stand_in_for(path);
  return text != nullptr ? text : path;
}

PREGROOVE_INTERPOSE(int, taken_access, (const char* path, int mode), "access") {
  return PREGROOVE_NEXT(int(const char*, int), "access")(actual(path), mode);
}
PREGROOVE_INTERPOSE(int, taken_euidaccess, (const char* path, int mode), "euidaccess") {
  return PREGROOVE_NEXT(int(const char*, int), "euidaccess")(actual(path), mode);
}
PREGROOVE_INTERPOSE(int, taken_eaccess, (const char* path, int mode), "eaccess") {
  return PREGROOVE_NEXT(int(const char*, int), "eaccess")(actual(path), mode);
}
PREGROOVE_INTERPOSE(int, taken_faccessat, (int folder, const char* path, int mode, int flags),
                    "faccessat") {
  return PREGROOVE_NEXT(int(int, const char*, int, int), "faccessat")(folder, actual(path), mode,
                                                                      flags);
}

#define PREGROOVE_ATTRIBUTE(name, symbol)                                                       \
  PREGROOVE_INTERPOSE(ssize_t, name,                                                            \
                      (const char* path, const char* attribute, void* value, std::size_t size), \
                      symbol) {                                                                 \
    return PREGROOVE_NEXT(ssize_t(const char*, const char*, void*, std::size_t), symbol)(       \
        actual(path), attribute, value, size);                                                  \
  }
PREGROOVE_ATTRIBUTE(taken_getxattr, "getxattr")
PREGROOVE_ATTRIBUTE(taken_lgetxattr, "lgetxattr")

// The devices have no links on their way.
bool is_device_name(const char* path) {
  return path != nullptr && is_active() &&
         (std::strcmp(path, name_of(Device::kBlock)) == 0 ||
          std::strcmp(path, name_of(Device::kGeneric)) == 0);
}

char* copied(const char* path, char* resolved) {
  if (resolved == nullptr) return ::strdup(path);
  std::memcpy(resolved, path, std::strlen(path) + 1);
  return resolved;
}

PREGROOVE_INTERPOSE(char*, taken_realpath, (const char* path, char* resolved), "realpath") {
  if (const Device device = device_at(path); device != Device::kNone)
    return copied(name_of(device), resolved);
  if (stand_in_for(path) != nullptr) return copied(path, resolved);
  return PREGROOVE_NEXT(char*(const char*, char*), "realpath")(path, resolved);
}
PREGROOVE_INTERPOSE(char*, taken_realpath_chk, (const char* path, char* resolved, std::size_t size),
                    "__realpath_chk") {
  if (size >= PATH_MAX && (device_at(path) != Device::kNone || stand_in_for(path) != nullptr))
    return taken_realpath(path, resolved);
  return PREGROOVE_NEXT(char*(const char*, char*, std::size_t), "__realpath_chk")(path, resolved,
                                                                                  size);
}
PREGROOVE_INTERPOSE(char*, taken_canonicalize, (const char* path), "canonicalize_file_name") {
  return taken_realpath(path, nullptr);
}

// A link that leads to the file in place of a device leads to the device.
ssize_t corrected_link(char* target, ssize_t length, std::size_t size) {
  if (length <= 0 || !is_active()) return length;
  for (const Device device : {Device::kBlock, Device::kGeneric}) {
    const char* const file = file_of(device);
    if (static_cast<std::size_t>(length) != std::strlen(file) ||
        std::memcmp(target, file, static_cast<std::size_t>(length)) != 0)
      continue;
    const std::size_t wanted = std::strlen(name_of(device));
    const std::size_t copied_length = wanted < size ? wanted : size;
    std::memcpy(target, name_of(device), copied_length);
    return static_cast<ssize_t>(copied_length);
  }
  return length;
}

PREGROOVE_INTERPOSE(ssize_t, taken_readlink, (const char* path, char* target, std::size_t size),
                    "readlink") {
  if (is_device_name(path)) return answered(-EINVAL);
  return corrected_link(
      target,
      PREGROOVE_NEXT(ssize_t(const char*, char*, std::size_t), "readlink")(path, target, size),
      size);
}
PREGROOVE_INTERPOSE(ssize_t, taken_readlink_chk,
                    (const char* path, char* target, std::size_t size, std::size_t room),
                    "__readlink_chk") {
  if (is_device_name(path)) return answered(-EINVAL);
  return corrected_link(target,
                        PREGROOVE_NEXT(ssize_t(const char*, char*, std::size_t, std::size_t),
                                       "__readlink_chk")(path, target, size, room),
                        size);
}
PREGROOVE_INTERPOSE(ssize_t, taken_readlinkat,
                    (int folder, const char* path, char* target, std::size_t size), "readlinkat") {
  if (is_device_name(path)) return answered(-EINVAL);
  return corrected_link(target,
                        PREGROOVE_NEXT(ssize_t(int, const char*, char*, std::size_t), "readlinkat")(
                            folder, path, target, size),
                        size);
}

}  // namespace
}  // namespace simdrive::hosts::preload
