// What the devices are: the stat family, paths, O_EXCL, and descriptors on their way through dup,
// fork and exec.
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

#include <array>
#include <climits>
#include <cstdio>
#include <string>

#include "tests/unit/simdrive_hosts/preload/probe.h"

namespace probe {

void expect_device(int descriptor) {
  struct stat status {};
  PROBE(::fstat(descriptor, &status) == 0);
  PROBE(S_ISBLK(status.st_mode) && major(status.st_rdev) == 11 && status.st_rdev != 0);
  Exchange inquiry(inquiry_cdb(36), 36);
  PROBE(inquiry.send(descriptor) == 0 && inquiry.header.status == 0);
  PROBE(inquiry.data[0] == 5);
}

namespace {

std::string descriptor_path(const char* folder, int descriptor) {
  return std::string(folder) + std::to_string(descriptor);
}

int exit_status_of(pid_t process) {
  int status = 0;
  PROBE(::waitpid(process, &status, 0) == process);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void stat_family() {
  const int descriptor = open_ready();
  const std::string link = descriptor_path("/dev/fd/", descriptor);
  std::array<struct stat, 7> seen{};
  PROBE(::stat(kBlock, &seen[0]) == 0);
  PROBE(::lstat(kBlock, &seen[1]) == 0);
  PROBE(::fstat(descriptor, &seen[2]) == 0);
  PROBE(::fstatat(AT_FDCWD, kBlock, &seen[3], 0) == 0);
  PROBE(::fstatat(AT_FDCWD, kBlock, &seen[4], AT_SYMLINK_NOFOLLOW) == 0);
  PROBE(::fstatat(descriptor, "", &seen[5], AT_EMPTY_PATH) == 0);
  PROBE(::stat(link.c_str(), &seen[6]) == 0);
  for (const auto& status : seen) {
    PROBE(S_ISBLK(status.st_mode) && (status.st_mode & 0777U) == 0660);
    PROBE(major(status.st_rdev) == 11 && status.st_rdev == seen[0].st_rdev);
    PROBE(status.st_ino == seen[0].st_ino && status.st_size == 0);
  }
  PROBE(::lstat(link.c_str(), &seen[0]) == 0 && S_ISLNK(seen[0].st_mode));
  PROBE(::stat(kGeneric, &seen[0]) == 0);
  PROBE(S_ISCHR(seen[0].st_mode) && major(seen[0].st_rdev) == 21);
}

void statx_call() {
  const int descriptor = open_ready();
  struct statx seen {};
  PROBE(::statx(AT_FDCWD, kBlock, 0, STATX_BASIC_STATS, &seen) == 0);
  PROBE(S_ISBLK(seen.stx_mode) && seen.stx_rdev_major == 11);
  PROBE(::statx(descriptor, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &seen) == 0);
  PROBE(S_ISBLK(seen.stx_mode) && seen.stx_rdev_major == 11);
}

void paths() {
  PROBE(::access(kBlock, R_OK | W_OK) == 0);
  PROBE(::faccessat(AT_FDCWD, kGeneric, R_OK, 0) == 0);
  PROBE_FAILS(::access("/dev/sr1", F_OK), ENOENT);
  PROBE_FAILS(::open("/dev/scd0", O_RDONLY | O_NONBLOCK), ENOENT);
  std::array<char, PATH_MAX> text{};
  PROBE(::realpath(kBlock, text.data()) != nullptr && std::string(text.data()) == kBlock);
  PROBE_FAILS(::readlink(kBlock, text.data(), text.size()), EINVAL);
  const int descriptor = open_ready();
  const ssize_t length =
      ::readlink(descriptor_path("/proc/self/fd/", descriptor).c_str(), text.data(), text.size());
  PROBE(length == 8 && std::string(text.data(), 8) == kBlock);
}

void open_family() {
  for (const int descriptor :
       {::open(kBlock, O_RDONLY | O_NONBLOCK), ::open64(kBlock, O_RDWR | O_NONBLOCK),
        ::openat(AT_FDCWD, kBlock, O_RDONLY | O_NONBLOCK),
        ::openat64(AT_FDCWD, kBlock, O_RDONLY | O_NONBLOCK | O_CLOEXEC), ::open(kBlock, O_RDONLY)})
    expect_device(descriptor);
  PROBE_FAILS(::open(kBlock, O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST);
  PROBE_FAILS(::open(kBlock, O_RDONLY | O_DIRECTORY), ENOTDIR);
}

// What would empty a file leaves a device as it is.
void truncation() {
  const int before = open_ready();
  const off_t size = ::lseek(before, 0, SEEK_END);
  PROBE(size > 0);
  const int descriptor = ::open(kBlock, O_RDWR | O_NONBLOCK | O_TRUNC);
  PROBE(descriptor >= 0 && ::lseek(descriptor, 0, SEEK_END) == size);
  PROBE_FAILS(::ftruncate(descriptor, 0), EINVAL);
  const std::string link = descriptor_path("/dev/fd/", descriptor);
  PROBE(::open(link.c_str(), O_RDWR | O_NONBLOCK | O_TRUNC) >= 0);
  PROBE(::lseek(descriptor, 0, SEEK_END) == size);
}

void duplicates() {
  const int descriptor = open_ready();
  expect_device(::dup(descriptor));
  expect_device(::dup2(descriptor, 77));
  expect_device(::fcntl(descriptor, F_DUPFD_CLOEXEC, 100));
  ::close(descriptor);
  expect_device(77);
  const std::string link = descriptor_path("/proc/self/fd/", 77);
  expect_device(::open(link.c_str(), O_RDONLY | O_NONBLOCK));
}

void forked() {
  const int descriptor = open_ready();
  expect_device(descriptor);
  for (int round = 0; round < 5; ++round) {
    const pid_t process = ::fork();
    if (process == 0) {
      expect_device(descriptor);
      ::_exit(0);
    }
    expect_device(descriptor);
    PROBE(exit_status_of(process) == 0);
  }
}

void executed() {
  const int descriptor = open_ready();
  const std::string number = std::to_string(descriptor);
  const pid_t process = ::fork();
  if (process == 0) {
    ::execl("/proc/self/exe", "device_probe", "is-device", number.c_str(), nullptr);
    ::_exit(2);
  }
  PROBE(exit_status_of(process) == 0);
}

// A daemon closes everything that it does not know.
void closed_under_it() {
  const int descriptor = open_ready();
  expect_device(descriptor);
  for (int other = 3; other < 1024; ++other)
    if (other != descriptor) ::close(other);
  expect_device(descriptor);
  // Another file now has the number that the connection had.
  for (int other = 3; other < 1024; ++other)
    if (other != descriptor && ::fcntl(other, F_GETFD) >= 0) PROBE(::dup2(2, other) == other);
  expect_device(descriptor);
  PROBE(::write(2, "", 0) == 0);
}

void exclusive_block() {
  constexpr int kExclusive = O_RDWR | O_EXCL | O_NONBLOCK;
  const int first = open_ready(kBlock, kExclusive);
  PROBE_FAILS(::open(kBlock, kExclusive), EBUSY);
  expect_device(::open(kBlock, O_RDONLY | O_NONBLOCK));
  const int copy = ::dup(first);
  ::close(first);
  const pid_t process = ::fork();
  if (process == 0) {
    PROBE_FAILS(::open(kBlock, kExclusive), EBUSY);
    ::_exit(0);
  }
  PROBE(exit_status_of(process) == 0);
  ::close(copy);
  PROBE(::open(kBlock, kExclusive) >= 0);
}

void exclusive_generic() {
  constexpr int kExclusive = O_RDWR | O_EXCL | O_NONBLOCK;
  PROBE_FAILS(::open(kGeneric, O_RDONLY | O_EXCL | O_NONBLOCK), EPERM);
  const int shared = open_ready(kGeneric, O_RDWR | O_NONBLOCK);
  PROBE_FAILS(::open(kGeneric, kExclusive), EBUSY);
  ::close(shared);
  const int first = open_ready(kGeneric, kExclusive);
  PROBE_FAILS(::open(kGeneric, O_RDWR | O_NONBLOCK), EBUSY);
  ::close(first);
  PROBE(::open(kGeneric, O_RDWR | O_NONBLOCK) >= 0);
}

void record_locks() {
  const int descriptor = open_ready(kBlock, O_RDWR | O_EXCL | O_NONBLOCK);
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  PROBE(::fcntl(descriptor, F_SETLK, &lock) == 0);
}

void capability_text() {
  std::FILE* const file = std::fopen("/proc/sys/dev/cdrom/info", "r");
  PROBE(file != nullptr);
  std::string text(4096, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  PROBE(text.starts_with("CD-ROM information"));
  PROBE(text.find("\ndrive name:\t\tsr0\n") != std::string::npos);
  PROBE(text.find("\nCan write CD-R:\t\t1\n") != std::string::npos);
  PROBE(text.find("\nCan write MRW:\t\t0\n") != std::string::npos);
  PROBE(::access("/proc/sys/dev/cdrom/info", R_OK) == 0);
}

// Whatever is not the device is left to the system.
void others_untouched() {
  std::array<int, 2> pipe{};
  PROBE(::pipe(pipe.data()) == 0);
  PROBE(::write(pipe[1], "abc", 3) == 3);
  int waiting = 0;
  PROBE(::ioctl(pipe[0], FIONREAD, &waiting) == 0 && waiting == 3);
  struct stat status {};
  PROBE(::fstat(pipe[0], &status) == 0 && S_ISFIFO(status.st_mode));
  PROBE(::stat("/dev/null", &status) == 0 && S_ISCHR(status.st_mode) && major(status.st_rdev) == 1);
  PROBE_FAILS(::ioctl(::open("/dev/null", O_RDONLY), SG_GET_VERSION_NUM, &waiting), ENOTTY);
  std::array<char, 3> text{};
  PROBE(::read(pipe[0], text.data(), text.size()) == 3 && text[2] == 'c');
  PROBE_FAILS(::ioctl(-1, SG_IO, nullptr), EBADF);
}

}  // namespace

const std::vector<Case> identity_cases{{"stat-family", stat_family},
                                       {"statx", statx_call},
                                       {"paths", paths},
                                       {"open-family", open_family},
                                       {"truncation", truncation},
                                       {"duplicates", duplicates},
                                       {"forked", forked},
                                       {"executed", executed},
                                       {"closed-under-it", closed_under_it},
                                       {"exclusive-block", exclusive_block},
                                       {"exclusive-generic", exclusive_generic},
                                       {"record-locks", record_locks},
                                       {"capability-text", capability_text},
                                       {"others-untouched", others_untouched}};

}  // namespace probe
