// Files of the operating system: the thin layer through which the engine and simdrive touch them.
//
// Every failure names the path and says what the operating system said.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace pregroove::system {

// Seconds since 1970-01-01 00:00:00 UTC, as file systems store them.
using FileTime = std::chrono::sys_seconds;

enum class FileKind : std::uint8_t {
  kRegular,
  kDirectory,
  kSymbolicLink,
  kCharacterDevice,
  kBlockDevice,
  kPipe,
  kSocket,
  kOther
};

struct FileStatus {
  FileKind kind = FileKind::kOther;
  std::uint64_t size = 0;  // bytes; meaningful for regular files
  FileTime modified;
  std::uint32_t modified_nanoseconds = 0;  // beyond that second
  std::uint64_t device = 0;                // device and inode together identify a file
  std::uint64_t inode = 0;
  std::uint32_t mode = 0;  // permission bits, the three above them too
  std::uint32_t user = 0;
  std::uint32_t group = 0;
  std::uint32_t links = 1;         // names of the file
  std::uint32_t device_major = 0;  // which device it stands for
  std::uint32_t device_minor = 0;
};

// What the path names. follow: look behind symbolic links.
enum class FollowLinks : std::uint8_t { kYes, kNo };
[[nodiscard]] Result<FileStatus> status_of(const std::string& path, FollowLinks follow);

// Names in a directory, without "." and "..", sorted by their bytes.
[[nodiscard]] Result<std::vector<std::string>> list_directory(const std::string& path);

class File;

// An open directory, whose entries are reached without walking its path again. Movable; closes
// itself.
class Folder {
 public:
  [[nodiscard]] static Result<Folder> open(const std::string& path);  // "" is the working directory

  Folder() = default;
  Folder(Folder&& other) noexcept;
  Folder& operator=(Folder&& other) noexcept;
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  // As the functions for whole paths do it.
  [[nodiscard]] Result<std::vector<std::string>> list() const;
  [[nodiscard]] Result<FileStatus> status_of(const std::string& name, FollowLinks follow) const;
  [[nodiscard]] Result<File> open_for_reading(const std::string& name) const;
  // status: the file's own. Asks nobody where its owner's permission answers for the caller.
  [[nodiscard]] Status check_readable(const std::string& name, const FileStatus& status) const;

 private:
  Folder(int descriptor, std::string path);
  [[nodiscard]] std::string path_of(const std::string& name) const;

  int descriptor_ = -1;
  std::string path_;
  std::uint32_t caller_ = 0;  // the user who opened it
};

// Where a symbolic link leads, as it says itself.
[[nodiscard]] Result<std::string> link_target(const std::string& path);
// A symbolic link; the target need not exist. kAlreadyExists when the path is taken, unless it is
// to be replaced.
enum class Replace : std::uint8_t { kNo, kYes };
[[nodiscard]] Status make_link(const std::string& target, const std::string& path, Replace replace);
// The low nine bits, less what the user's mask takes away.
[[nodiscard]] Status set_permissions(const std::string& path, std::uint16_t permissions);

[[nodiscard]] Status make_directory(const std::string& path);  // an existing directory is fine
[[nodiscard]] Status remove_file(const std::string& path);
[[nodiscard]] Status rename_file(const std::string& from, const std::string& to);
[[nodiscard]] Status set_modified(const std::string& path, FileTime modified);
// True when the calling user may read the file (or list the directory).
[[nodiscard]] Status check_readable(const std::string& path);

// An open file. Movable; closes itself.
class File {
 public:
  [[nodiscard]] static Result<File> open_for_reading(const std::string& path);
  [[nodiscard]] static Result<File> open_for_update(const std::string& path);
  // Fails with kAlreadyExists when the path is taken.
  [[nodiscard]] static Result<File> create(const std::string& path);
  // Standard output as it was handed to the program: position and mode stay as they are.
  [[nodiscard]] static Result<File> standard_output();
  // Creates, or empties what is there.
  [[nodiscard]] static Result<File> create_or_truncate(const std::string& path);

  File() = default;
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] const std::string& path() const { return path_; }

  // Reads until the buffer is full or the file ends; the bytes read.
  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset,
                                            std::span<std::byte> buffer) const;
  // Writes all of it.
  [[nodiscard]] Status write_at(std::uint64_t offset, std::span<const std::byte> data);
  [[nodiscard]] Status append(std::span<const std::byte> data);
  [[nodiscard]] Result<FileStatus> status() const;
  [[nodiscard]] Status resize(std::uint64_t size);
  // Gives the storage of a range back; it then reads as zeros. The size stays.
  [[nodiscard]] Status punch_hole(std::uint64_t offset, std::uint64_t length);
  // What follows the last byte that is stored: behind it there are holes only, which read as zeros.
  // The size, where the file system does not tell.
  [[nodiscard]] Result<std::uint64_t> end_of_data() const;
  // Returns when the data is on the storage device.
  [[nodiscard]] Status sync_data();
  // Takes the file for this process alone until it is closed; kBusy when another process holds it.
  [[nodiscard]] Status lock_exclusively();
  // Together with others who only read; kBusy when a process holds it for itself.
  [[nodiscard]] Status lock_for_reading();

 private:
  friend class Folder;
  File(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  static Result<File> open_with(const std::string& path, int flags);

  int descriptor_ = -1;
  std::string path_;
};

}  // namespace pregroove::system
