#include "engine/system/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <memory>
#include <system_error>

#include "engine/system/interrupt.h"

namespace pregroove::system {
namespace {

// Without O_NONBLOCK a pipe that has taken a file's place would hold us up until somebody writes to
// it; regular files do not care.
constexpr int kReadFlags = O_RDONLY | O_NONBLOCK | O_CLOEXEC;

ErrorCode code_for(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::kAccessDenied;
    case EEXIST:
      return ErrorCode::kAlreadyExists;
    case EWOULDBLOCK:
    case EBUSY:
      return ErrorCode::kBusy;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return ErrorCode::kNoRoom;
    default:
      return ErrorCode::kIo;
  }
}

std::unexpected<Error> system_failure(std::string_view action, std::string_view path) {
  const int error_number = errno;
  return fail(code_for(error_number), fmt::format("cannot {} \"{}\": {}", action, path,
                                                  std::generic_category().message(error_number)));
}

FileKind kind_of(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return FileKind::kRegular;
    case S_IFDIR:
      return FileKind::kDirectory;
    case S_IFLNK:
      return FileKind::kSymbolicLink;
    case S_IFCHR:
      return FileKind::kCharacterDevice;
    case S_IFBLK:
      return FileKind::kBlockDevice;
    case S_IFIFO:
      return FileKind::kPipe;
    case S_IFSOCK:
      return FileKind::kSocket;
    default:
      return FileKind::kOther;
  }
}

FileStatus convert(const struct stat& raw) {
  FileStatus status;
  status.kind = kind_of(raw.st_mode);
  status.size = static_cast<std::uint64_t>(raw.st_size);
  status.modified = FileTime(std::chrono::seconds(raw.st_mtim.tv_sec));
  status.modified_nanoseconds = static_cast<std::uint32_t>(raw.st_mtim.tv_nsec);
  status.device = raw.st_dev;
  status.inode = raw.st_ino;
  status.mode = raw.st_mode & 07777U;
  status.user = raw.st_uid;
  status.group = raw.st_gid;
  status.links = static_cast<std::uint32_t>(raw.st_nlink);
  status.device_major = major(raw.st_rdev);
  status.device_minor = minor(raw.st_rdev);
  return status;
}

}  // namespace

Result<FileStatus> status_of(const std::string& path, FollowLinks follow) {
  struct stat raw {};
  const int flags = follow == FollowLinks::kYes ? 0 : AT_SYMLINK_NOFOLLOW;
  if (::fstatat(AT_FDCWD, path.c_str(), &raw, flags) != 0) return system_failure("look at", path);
  return convert(raw);
}

namespace {

// Takes what opendir or fdopendir returned.
Result<std::vector<std::string>> list_stream(DIR* stream, std::string_view path) {
  const auto close = [](DIR* directory) { ::closedir(directory); };
  const std::unique_ptr<DIR, decltype(close)> directory(stream, close);
  if (directory == nullptr) return system_failure("list", path);
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(directory.get());  // NOLINT(concurrency-mt-unsafe): own stream
    if (entry == nullptr) break;
    const std::string_view name = static_cast<const char*>(entry->d_name);
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) return system_failure("list", path);
  std::ranges::sort(names);
  return names;
}

}  // namespace

Result<std::vector<std::string>> list_directory(const std::string& path) {
  return list_stream(::opendir(path.c_str()), path);
}

Result<Folder> Folder::open(const std::string& path) {
  const int descriptor =
      ::open(path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return system_failure("list", path);
  return Folder(descriptor, path);
}

Folder::Folder(int descriptor, std::string path)
    : descriptor_(descriptor), path_(std::move(path)), caller_(::getuid()) {}

Folder::Folder(Folder&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      path_(std::move(other.path_)),
      caller_(other.caller_) {}

Folder& Folder::operator=(Folder&& other) noexcept {
  if (this != &other) {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = std::exchange(other.descriptor_, -1);
    path_ = std::move(other.path_);
    caller_ = other.caller_;
  }
  return *this;
}

Folder::~Folder() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string Folder::path_of(const std::string& name) const {
  if (path_.empty() || path_.ends_with('/')) return path_ + name;
  return path_ + '/' + name;
}

Result<std::vector<std::string>> Folder::list() const {
  const int descriptor = ::openat(descriptor_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return system_failure("list", path_);
  DIR* const stream = ::fdopendir(descriptor);
  if (stream == nullptr) ::close(descriptor);
  return list_stream(stream, path_);
}

Result<FileStatus> Folder::status_of(const std::string& name, FollowLinks follow) const {
  struct stat raw {};
  const int flags = follow == FollowLinks::kYes ? 0 : AT_SYMLINK_NOFOLLOW;
  if (::fstatat(descriptor_, name.c_str(), &raw, flags) != 0)
    return system_failure("look at", path_of(name));
  return convert(raw);
}

// Only an owner's permission is certain: an access control list may deny to others what the mode
// seems to grant them.
Status Folder::check_readable(const std::string& name, const FileStatus& status) const {
  if (status.user == caller_ && (status.mode & S_IRUSR) != 0) return {};
  if (::faccessat(descriptor_, name.c_str(), R_OK, 0) != 0)
    return system_failure("read", path_of(name));
  return {};
}

Result<File> Folder::open_for_reading(const std::string& name) const {
  const int descriptor = ::openat(descriptor_, name.c_str(), kReadFlags);
  if (descriptor < 0) return system_failure("open", path_of(name));
  return File(descriptor, path_of(name));
}

Result<std::string> link_target(const std::string& path) {
  std::string target(PATH_MAX, '\0');
  const ssize_t length = ::readlink(path.c_str(), target.data(), target.size());
  if (length < 0) return system_failure("read the link", path);
  target.resize(static_cast<std::size_t>(length));
  return target;
}

Status make_link(const std::string& target, const std::string& path, Replace replace) {
  if (::symlink(target.c_str(), path.c_str()) == 0) return {};
  if (errno != EEXIST || replace == Replace::kNo) return system_failure("create the link", path);
  if (::unlink(path.c_str()) != 0 || ::symlink(target.c_str(), path.c_str()) != 0)
    return system_failure("replace by a link", path);
  return {};
}

Status set_permissions(const std::string& path, std::uint16_t permissions) {
  const mode_t mask = ::umask(0);  // reading it means setting it
  ::umask(mask);
  if (::chmod(path.c_str(), static_cast<mode_t>(permissions) & ~mask) != 0)
    return system_failure("set the permissions of", path);
  return {};
}

Status make_directory(const std::string& path) {
  if (::mkdir(path.c_str(), 0777) == 0) return {};
  const int error_number = errno;
  if (error_number == EEXIST) {
    const auto status = status_of(path, FollowLinks::kYes);
    if (status && status->kind == FileKind::kDirectory) return {};
  }
  errno = error_number;
  return system_failure("create the folder", path);
}

Status remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0) return system_failure("remove", path);
  return {};
}

Status rename_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return system_failure("rename", from);
  return {};
}

Status set_modified(const std::string& path, FileTime modified) {
  const timespec seconds{.tv_sec = modified.time_since_epoch().count(), .tv_nsec = 0};
  const timespec times[2] = {seconds, seconds};
  if (::utimensat(AT_FDCWD, path.c_str(), times, 0) != 0)
    return system_failure("set the time of", path);
  return {};
}

Status check_readable(const std::string& path) {
  if (::access(path.c_str(), R_OK) != 0) return system_failure("read", path);
  return {};
}

Result<File> File::open_with(const std::string& path, int flags) {
  constexpr mode_t kNewFileMode = 0666;
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, kNewFileMode);
  if (descriptor < 0) {
    return system_failure((flags & O_CREAT) != 0 ? "create" : "open", path);
  }
  return File(descriptor, path);
}

Result<File> File::open_for_reading(const std::string& path) { return open_with(path, kReadFlags); }
Result<File> File::open_for_update(const std::string& path) { return open_with(path, O_RDWR); }
Result<File> File::create(const std::string& path) {
  return open_with(path, O_RDWR | O_CREAT | O_EXCL);
}
Result<File> File::create_or_truncate(const std::string& path) {
  return open_with(path, O_RDWR | O_CREAT | O_TRUNC);
}

Result<File> File::standard_output() {
  const int descriptor = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
  if (descriptor < 0) return system_failure("write to", "standard output");
  return File(descriptor, "standard output");
}

File::File(File&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

File& File::operator=(File&& other) noexcept {
  if (this != &other) {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = std::exchange(other.descriptor_, -1);
    path_ = std::move(other.path_);
  }
  return *this;
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::size_t> File::read_at(std::uint64_t offset, std::span<std::byte> buffer) const {
  std::size_t done = 0;
  while (done < buffer.size()) {
    const ssize_t count = ::pread(descriptor_, buffer.data() + done, buffer.size() - done,
                                  static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_failure("read", path_);
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

Status File::write_at(std::uint64_t offset, std::span<const std::byte> data) {
  std::size_t done = 0;
  while (done < data.size()) {
    const ssize_t count = ::pwrite(descriptor_, data.data() + done, data.size() - done,
                                   static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_failure("write", path_);
    done += static_cast<std::size_t>(count);
  }
  return {};
}

Status File::append(std::span<const std::byte> data) {
  std::size_t done = 0;
  while (done < data.size()) {
    const ssize_t count = ::write(descriptor_, data.data() + done, data.size() - done);
    if (count < 0 && errno == EINTR) {
      // A pipe that nobody empties would keep us for ever.
      if (interrupt_requested()) return fail(ErrorCode::kCancelled, "cancelled");
      continue;
    }
    if (count < 0) return system_failure("write", path_);
    done += static_cast<std::size_t>(count);
  }
  return {};
}

Result<FileStatus> File::status() const {
  struct stat raw {};
  if (::fstat(descriptor_, &raw) != 0) return system_failure("look at", path_);
  return convert(raw);
}

Status File::resize(std::uint64_t size) {
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0)
    return system_failure("resize", path_);
  return {};
}

Result<std::uint64_t> File::end_of_data() const {
  std::uint64_t end = 0;
  while (true) {
    const off_t data = ::lseek(descriptor_, static_cast<off_t>(end), SEEK_DATA);
    if (data < 0 && errno == ENXIO) return end;
    const off_t hole = data < 0 ? data : ::lseek(descriptor_, data, SEEK_HOLE);
    if (hole < 0) {
      PREGROOVE_ASSIGN_OR_RETURN(const FileStatus now, status());
      return now.size;
    }
    end = static_cast<std::uint64_t>(hole);
  }
}

Status File::punch_hole(std::uint64_t offset, std::uint64_t length) {
  if (::fallocate(descriptor_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                  static_cast<off_t>(offset), static_cast<off_t>(length)) == 0)
    return {};
  if (errno != EOPNOTSUPP) return system_failure("clear a part of", path_);
  // A file system without holes still has to forget the data.
  constexpr std::size_t kChunk = 1U << 20U;
  const std::vector<std::byte> zeros(kChunk);
  PREGROOVE_ASSIGN_OR_RETURN(const FileStatus now, status());
  const std::uint64_t end = std::min(offset + length, now.size);
  for (std::uint64_t position = offset; position < end; position += kChunk) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kChunk, end - position));
    PREGROOVE_RETURN_IF_ERROR(write_at(position, std::span(zeros).first(count)));
  }
  return {};
}

Status File::sync_data() {
  if (::fdatasync(descriptor_) != 0) return system_failure("flush", path_);
  return {};
}

Status File::lock_exclusively() {
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) return system_failure("lock", path_);
  return {};
}

Status File::lock_for_reading() {
  if (::flock(descriptor_, LOCK_SH | LOCK_NB) != 0) return system_failure("lock", path_);
  return {};
}

}  // namespace pregroove::system
