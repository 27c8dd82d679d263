#include "simdrive/hosts/preload/library/devices.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace simdrive::hosts::preload {
namespace {

static_assert(sizeof(long) == 8, "the structures of the C library are those of 64-bit Linux");

constexpr std::size_t kPathSize = 160;

// Written once, before a second thread exists; read only afterwards.
struct Settings {
  bool known = false;
  bool active = false;
  char folder[kPathSize];  // NOLINTBEGIN(*-avoid-c-arrays)
  char socket[kPathSize];
  char block[kPathSize];
  char generic[kPathSize];
  char capabilities[kPathSize];
  char generic_list[kPathSize];  // NOLINTEND(*-avoid-c-arrays)
  dev_t file_system = 0;
  ino_t block_inode = 0;
  ino_t generic_inode = 0;
};
Settings settings;

bool join(char* out, const char* folder, const char* name) {
  const int length = std::snprintf(out, kPathSize, "%s/%s", folder, name);
  return length > 0 && static_cast<std::size_t>(length) < kPathSize;
}

bool inode_of(const char* path, struct stat& status) {
  return quietly(SYS_newfstatat, AT_FDCWD, reinterpret_cast<long>(path),
                 reinterpret_cast<long>(&status)) == 0;
}

bool read_settings() {
  const char* const folder = std::getenv(kFolderVariable);  // NOLINT(concurrency-mt-unsafe)
  const char* const socket = std::getenv(kSocketVariable);  // NOLINT(concurrency-mt-unsafe)
  if (folder == nullptr || socket == nullptr) return false;
  if (std::strlen(folder) >= kPathSize || std::strlen(socket) >= kPathSize) return false;
  std::strcpy(settings.folder, folder);  // NOLINT(*-strcpy): the lengths were looked at
  std::strcpy(settings.socket, socket);  // NOLINT(*-strcpy)
  if (!join(settings.block, folder, kBlockFile) || !join(settings.generic, folder, kGenericFile) ||
      !join(settings.capabilities, folder, kCapabilityFile) ||
      !join(settings.generic_list, folder, kGenericListFile))
    return false;
  struct stat status {};
  if (!inode_of(settings.block, status)) return false;
  settings.file_system = status.st_dev;
  settings.block_inode = status.st_ino;
  if (!inode_of(settings.generic, status)) return false;
  settings.generic_inode = status.st_ino;
  return true;
}

const Settings& known_settings() {
  if (!settings.known) {
    settings.active = read_settings();
    settings.known = true;
  }
  return settings;
}

// Early, so that a program that clears its environment does not lose its drive.
__attribute__((constructor)) void at_start() { static_cast<void>(known_settings()); }

bool starts_with(const char* text, const char* prefix) {
  return std::strncmp(text, prefix, std::strlen(prefix)) == 0;
}

}  // namespace

long quietly(long number, long first, long second, long third, long fourth) {
  const int kept = errno;
  const long result = ::syscall(number, first, second, third, fourth);
  const long answer = result < 0 ? -errno : result;
  errno = kept;
  return answer;
}

bool is_active() { return known_settings().active; }
const char* socket_path() { return known_settings().socket; }

Device device_of(const struct stat& status) {
  const Settings& known = known_settings();
  if (!known.active || status.st_dev != known.file_system) return Device::kNone;
  if (status.st_ino == known.block_inode) return Device::kBlock;
  if (status.st_ino == known.generic_inode) return Device::kGeneric;
  return Device::kNone;
}

Device device_of(int descriptor) {
  if (descriptor < 0 || !is_active()) return Device::kNone;
  struct stat status {};
  if (quietly(SYS_fstat, descriptor, reinterpret_cast<long>(&status)) != 0) return Device::kNone;
  return device_of(status);
}

Device device_at(const char* path) {
  if (path == nullptr || !is_active()) return Device::kNone;
  if (std::strcmp(path, name_of(Device::kBlock)) == 0) return Device::kBlock;
  if (std::strcmp(path, name_of(Device::kGeneric)) == 0) return Device::kGeneric;
  const bool may_be = starts_with(path, "/dev/fd/") || starts_with(path, "/dev/std") ||
                      starts_with(path, "/proc/") || starts_with(path, settings.folder);
  struct stat status {};
  return may_be && inode_of(path, status) ? device_of(status) : Device::kNone;
}

const char* name_of(Device device) { return device == Device::kBlock ? "/dev/sr0" : "/dev/sg0"; }

const char* file_of(Device device) {
  return device == Device::kBlock ? known_settings().block : known_settings().generic;
}

const char* stand_in_for(const char* path) {
  if (path == nullptr || !is_active()) return nullptr;
  if (std::strcmp(path, "/proc/sys/dev/cdrom/info") == 0) return settings.capabilities;
  if (std::strcmp(path, "/proc/scsi/sg/devices") == 0) return settings.generic_list;
  return nullptr;
}

void describe_as(Device device, struct stat& status) {
  constexpr mode_t kReadAndWrite = S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP;
  const bool block = device == Device::kBlock;
  status.st_mode = (block ? S_IFBLK : S_IFCHR) | kReadAndWrite;
  status.st_rdev = makedev(block ? kBlockMajor : kGenericMajor, kMinor);
  status.st_size = 0;
  status.st_blocks = 0;
}

}  // namespace simdrive::hosts::preload
