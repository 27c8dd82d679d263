// A file tree as plain values: what shall be in an image, or what an earlier session holds.
//
// Names are UTF-8; only Rock Ridge can hold names that are not. Files and folders of a folder are
// kept apart, each sorted by the bytes of the name, and no name occurs twice in a folder. Names
// that differ only by case are different names: Joliet stores them as they are, Linux shows both,
// Windows opens only one of them.
//
// A tree of many files is the biggest thing that the engine holds in memory; that is why the path
// of a source file is stored as a shared folder and a short leaf.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/units.h"
#include "engine/system/file.h"

namespace pregroove::image {

// Folders below folders; bounds every walk, also over hostile images.
inline constexpr std::size_t kDepthMax = 255;

// Who a file belongs to and who may do what with it, as POSIX and Rock Ridge see it.
struct Attributes {
  std::uint16_t permissions = 0;  // the low twelve bits of a mode
  std::uint32_t user = 0;
  std::uint32_t group = 0;
  auto operator<=>(const Attributes&) const = default;
};
// Where nothing tells: everybody may read, as on any disc without Rock Ridge.
inline constexpr Attributes kFileAttributes{.permissions = 0444};
inline constexpr Attributes kDirectoryAttributes{.permissions = 0555};

// A file on disk, read when the image is written, and what it looked like when the tree was made.
struct SourceFile {
  std::shared_ptr<const std::string> folder;  // shared by all files of a folder
  std::string leaf;                           // the name on disk, which need not be the disc's
  std::uint64_t size = 0;
  system::FileTime modified;
  std::uint64_t device = 0;  // with the inode it identifies the file
  std::uint64_t inode = 0;
  std::uint32_t modified_nanoseconds = 0;
  std::uint32_t links = 1;  // names that the file has on disk
  // Files of a tree with the same number, 0 excepted, hold the same bytes (update.h).
  std::uint32_t content = 0;

  [[nodiscard]] std::string path() const;
};

// Instead of an address: zeros that are nowhere on the disc. Only what import_udf() reads has them.
inline constexpr Lba kHole{-1};

// Consecutive blocks of the disc that hold `bytes` bytes of a file.
struct Extent {
  Lba lba;
  std::uint64_t bytes = 0;
  auto operator<=>(const Extent&) const = default;
};

// A file that is on the disc already; the new session only refers to it.
struct OldExtents {
  std::vector<Extent> extents;  // in file order; empty for an empty file
  std::uint32_t links = 1;      // names that the file had, as Rock Ridge said
  bool new_name = false;        // the disc has the bytes, but not under this name
};

// A file made of these bytes.
struct Memory {
  std::vector<std::byte> bytes;
};

// What only Rock Ridge can hold: names that stand for something else than bytes.
struct SymbolicLink {
  std::string target;
};
enum class SpecialKind : std::uint8_t { kCharacterDevice, kBlockDevice, kPipe, kSocket };
struct DeviceNumber {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  auto operator<=>(const DeviceNumber&) const = default;
};
struct SpecialFile {
  SpecialKind kind = SpecialKind::kPipe;
  DeviceNumber device;  // of the two kinds of device
};

using Content = std::variant<SourceFile, OldExtents, Memory, SymbolicLink, SpecialFile>;

struct File {
  std::string name;
  system::FileTime modified;
  Content content;
  Attributes attributes = kFileAttributes;

  [[nodiscard]] std::uint64_t size() const;  // bytes; 0 for what has none
  // On the disc already under this name, and written again as it is (Directory::imported).
  [[nodiscard]] bool is_imported() const {
    const auto* old = std::get_if<OldExtents>(&content);
    return old != nullptr && !old->new_name;
  }
  // A link, a device, a pipe or a socket.
  [[nodiscard]] bool is_special() const {
    return std::holds_alternative<SymbolicLink>(content) ||
           std::holds_alternative<SpecialFile>(content);
  }
};

// The files of a folder. Copies hold the same vector until one of them is edited: a tree is copied
// wherever a step may have to be taken back, and few of its folders change.
class Files {
 public:
  using value_type = File;

  Files() = default;
  Files(std::vector<File> files)  // NOLINT(*-explicit-*): it is one
      : files_(std::make_shared<std::vector<File>>(std::move(files))) {}

  // For changes: the vector of this folder alone. Pointers to its files from before are not good
  // any more when copies held it as well.
  [[nodiscard]] std::vector<File>& edit() {
    if (!files_) files_ = std::make_shared<std::vector<File>>();
    if (files_.use_count() > 1) files_ = std::make_shared<std::vector<File>>(*files_);
    return *files_;
  }

  [[nodiscard]] std::span<const File> all() const {
    return files_ ? std::span<const File>(*files_) : std::span<const File>();
  }
  [[nodiscard]] auto begin() const { return all().begin(); }
  [[nodiscard]] auto end() const { return all().end(); }
  [[nodiscard]] std::size_t size() const { return all().size(); }
  [[nodiscard]] bool empty() const { return all().empty(); }
  [[nodiscard]] const File& front() const { return all().front(); }
  [[nodiscard]] const File& back() const { return all().back(); }
  [[nodiscard]] const File& operator[](std::size_t index) const { return all()[index]; }

 private:
  std::shared_ptr<std::vector<File>> files_;  // none: no files
};

struct Directory {
  std::string name;  // empty for the root
  system::FileTime modified;
  Attributes attributes = kDirectoryAttributes;
  // From an earlier session: its name was accepted once and is written again as it is, even when
  // it is longer than what we would write anew (names.h).
  bool imported = false;
  Files files;
  std::vector<Directory> directories;

  [[nodiscard]] const File* find_file(std::string_view wanted) const;
  [[nodiscard]] const Directory* find_directory(std::string_view wanted) const;
  [[nodiscard]] Directory* find_directory(std::string_view wanted);
};

enum class Overwrite : std::uint8_t { kYes, kNo };

struct TreeCounts {
  std::size_t files = 0;
  std::size_t directories = 0;  // without the root
  std::uint64_t bytes = 0;      // of file content, old and new
  std::uint64_t new_bytes = 0;  // of file content that is not on the disc yet
};

class Tree {
 public:
  Tree() = default;
  explicit Tree(Directory root) : root_(std::move(root)) {}

  [[nodiscard]] const Directory& root() const { return root_; }
  [[nodiscard]] Directory& root() { return root_; }
  [[nodiscard]] bool empty() const { return root_.files.empty() && root_.directories.empty(); }

  // By a path such as "/docs/letter.txt"; the leading slash may be left out. "/" is the root.
  [[nodiscard]] const File* find_file(std::string_view path) const;
  [[nodiscard]] const Directory* find_directory(std::string_view path) const;
  [[nodiscard]] Directory* find_directory(std::string_view path);

  // Puts the file at the path, whose last component becomes its name; missing folders are made,
  // with the file's time. kAlreadyExists when the name is taken, kInvalidArgument for a path
  // without a name, or with "." or ".." in it. Cheap when files arrive in the order of their names.
  [[nodiscard]] Status add_file(std::string_view path, File file);
  // The folder at the path, made if it is missing. kAlreadyExists when a file has the name.
  [[nodiscard]] Result<Directory*> add_directory(std::string_view path, system::FileTime modified);

  // Adds another tree to this one. Folders merge; of two files with the same path the added one
  // stays (kYes), or the call fails with kAlreadyExists (kNo). A file where the other tree has a
  // folder is refused with kAlreadyExists either way. All or nothing: after a failure this tree is
  // as it was, and `added` is untouched.
  [[nodiscard]] Status merge(Tree&& added, Overwrite overwrite);

  // Takes the file, or the folder with all that is in it, out; sessions that are on the disc keep
  // it. kNotFound; kInvalidArgument for the root, or a path with "." or ".." in it.
  [[nodiscard]] Status remove(std::string_view path);
  // Gives a file or folder another path; folders that are missing are made. A file that is on the
  // disc already costs no data under its new name. kNotFound; kAlreadyExists when `to` is there,
  // since nothing is replaced unasked; kInvalidArgument as for remove(), and for a folder that
  // would lie in itself or too deep. After a failure this tree is as it was.
  [[nodiscard]] Status rename(std::string_view from, std::string_view to);

  // Visits depth first, folders by name: a folder's files by name, then its subfolders. Paths start
  // with "/". The root is not visited.
  using FileVisitor = std::function<void(std::string_view path, const File&)>;
  using DirectoryVisitor = std::function<void(std::string_view path, const Directory&)>;
  void walk(const FileVisitor& on_file, const DirectoryVisitor& on_directory = nullptr) const;

  [[nodiscard]] TreeCounts count() const;

 private:
  [[nodiscard]] Status check_rename(std::span<const std::string_view> from,
                                    std::span<const std::string_view> to,
                                    std::string_view to_path) const;
  Directory root_;
};

}  // namespace pregroove::image
