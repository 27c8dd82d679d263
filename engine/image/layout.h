// Where everything of an image lies, computed before the first byte is written.
//
//   0 system area · 16 primary descriptor · boot record · Joliet descriptor · terminator
//   · boot catalog · path tables (plain L, plain M, Joliet L, Joliet M) · plain folders · Joliet
//   folders, each followed by what Rock Ridge could not put into its records · UDF entries and
//   directories · one zero block for empty files, if there are any · file contents · checksums ·
//   padding
//
// With UDF alone there are no descriptors, path tables and folders of ISO 9660. With UDF its three
// descriptors follow the terminator, volume descriptor sequences and an anchor the boot catalog;
// the path tables then begin behind LBA 256, with UDF's partition. Its second anchor is in the
// padding.
//
// Boot record and boot catalog are there in bootable images only; a later session may have the
// record alone, and name the catalog of an earlier one.
//
// Offsets are blocks from the start of the image; addresses on the disc are offsets plus
// session_start. Private to engine/image.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/image/image.h"
#include "engine/image/iso9660.h"
#include "engine/image/names.h"
#include "engine/image/rock_ridge.h"
#include "engine/image/tree.h"

namespace pregroove::image {

// The two hierarchies that show the same files.
enum class Hierarchy : std::uint8_t { kPlain = 0, kJoliet = 1 };
inline constexpr std::array kHierarchies{Hierarchy::kPlain, Hierarchy::kJoliet};

// The longest section of a file in one directory record: data lengths are 32 bits, and every
// section but the last must end at a block boundary (ECMA-119 6.5.1, 9.1.4).
inline constexpr std::uint64_t kSectionBytesMax = 0xFFFFF800;

struct FolderPlace {
  std::uint32_t offset = 0;
  std::uint32_t bytes = 0;   // a whole number of blocks
  std::uint32_t more = 0;    // blocks of continued Rock Ridge fields behind it
  std::uint32_t number = 0;  // in the path table, from 1
};

struct FolderLayout {
  const Directory* directory = nullptr;
  std::uint32_t parent = 0;              // index of the folder above; the root's is its own
  std::uint32_t first_child = 0;         // index of the first subfolder; the others follow
  std::uint32_t first_file = 0;          // index of the first file; the others follow
  std::uint32_t first_name = 0;          // index of the first entry's plain name
  std::uint32_t level = 1;               // ECMA-119 6.8.2: the root is level 1
  std::uint32_t plain_path_length = 0;   // ECMA-119 6.8.2.1
  std::uint32_t joliet_path_length = 0;  // bytes
  std::array<FolderPlace, 2> places;     // by Hierarchy
  // Entries in the order of their records: files are 0 .. files-1, subfolders come after them.
  // Without the entries that the hierarchy cannot show.
  std::array<std::vector<std::uint32_t>, 2> order;

  [[nodiscard]] std::size_t entry_count() const {
    return directory->files.size() + directory->directories.size();
  }
};

// Of the volume: two descriptor sequences, the integrity descriptor, all as offsets; and the anchor
// (ECMA-167 3/8.4.2).
inline constexpr std::int64_t kUdfMainOffset = 32;
inline constexpr std::int64_t kUdfReserveOffset = 48;
inline constexpr BlockCount kUdfSequenceBlocks{16};
inline constexpr std::int64_t kUdfIntegrityOffset = 64;
inline constexpr BlockCount kUdfIntegrityBlocks{2};
inline constexpr Lba kUdfAnchor{256};
// The second anchor is so far before the last block.
inline constexpr BlockCount kUdfAnchorDistance{256};
// All of it fits before the first anchor; the first session of media that are overwritten starts
// behind the head of the disc.
inline constexpr Lba kUdfLastSessionStart{64};

// UDF 2.60, 2.2.10: of the metadata partition, in blocks; whole units, which are clusters of BD.
inline constexpr std::int64_t kMetadataUnit = 32;

struct UdfLayout {
  std::uint16_t revision = 0;  // as 0x0250
  std::int64_t partition = 0;  // offset
  BlockCount partition_blocks;
  std::int64_t second_anchor = 0;  // offset
  // UDF 2.50: what is in the metadata partition are the blocks of a file, which two entries
  // describe. Blocks of the partition.
  struct Metadata {
    std::int64_t entry = 0;
    std::int64_t first = 0;
    std::int64_t blocks = 0;
    std::int64_t mirror_entry = 0;
  };
  std::optional<Metadata> metadata;
  // Blocks of the metadata partition where there is one, otherwise of the partition.
  std::int64_t file_set = 0;
  std::int64_t folder_entries = 0;  // one for each folder
  std::int64_t file_entries = 0;    // one for each file
  struct DirectoryPlace {
    std::int64_t block = 0;
    std::uint32_t bytes = 0;
  };
  std::vector<DirectoryPlace> directories;  // by folder
  std::size_t files = 0;
  std::size_t shown_files = 0;  // names of files in directories
};

struct PathTableLayout {
  std::uint32_t bytes = 0;
  std::uint32_t offset_l = 0;
  std::uint32_t offset_m = 0;
  std::vector<std::uint32_t> folders;  // in path table order
};

class Layout {
 public:
  // The tree must outlive the layout and not change.
  [[nodiscard]] static Result<Layout> make(const Tree& tree, const ImageOptions& options);

  // Folders breadth first by name, the root first; also the order of file contents.
  [[nodiscard]] const std::vector<FolderLayout>& folders() const { return folders_; }
  [[nodiscard]] const PathTableLayout& path_table(Hierarchy hierarchy) const {
    return path_tables_[static_cast<std::size_t>(hierarchy)];
  }
  [[nodiscard]] std::string_view plain_name_of(const FolderLayout& folder, std::size_t entry) const;
  // The plain name of the folder itself.
  [[nodiscard]] std::string_view plain_name_of_folder(std::size_t folder) const;
  // The names in the Joliet tree: mostly the real ones.
  [[nodiscard]] std::string_view joliet_name_of(const FolderLayout& folder,
                                                std::size_t entry) const;
  [[nodiscard]] std::string_view joliet_name_of_folder(std::size_t folder) const;
  [[nodiscard]] const std::optional<UdfLayout>& udf() const { return udf_; }
  // Names of the file.
  [[nodiscard]] std::uint32_t links_of(const FolderLayout& folder, std::size_t file) const;
  // The file index of the file's first name, whose entry all its names share.
  [[nodiscard]] std::size_t udf_entry_of(const FolderLayout& folder, std::size_t file) const;
  [[nodiscard]] bool has_iso9660() const { return formats_.udf_alone == UdfAlone::kNo; }
  // The same tree as that of the primary descriptor.
  [[nodiscard]] bool has_enhanced_descriptor() const {
    return formats_.iso_level == IsoLevel::k1999;
  }
  [[nodiscard]] bool has_joliet() const { return formats_.joliet; }
  [[nodiscard]] std::span<const Hierarchy> hierarchies() const {
    const std::size_t with_iso9660 = formats_.joliet ? 2 : 1;
    return std::span(kHierarchies).first(has_iso9660() ? with_iso9660 : 0);
  }
  // What Rock Ridge says of a file, of a folder in its parent, and of a folder in its own record
  // or in the ".." of its subfolders; nothing where the image has no Rock Ridge.
  void fields_of_file(const FolderLayout& folder, std::size_t file,
                      std::vector<std::byte>& out) const;
  void fields_of_folder(std::size_t folder, std::vector<std::byte>& out) const;
  // As their identifiers are on the disc (ECMA-119 7.6.2).
  enum class Role : std::uint8_t { kSelf = 0, kParent = 1 };
  void fields_of_dot_record(std::size_t folder, Role role, std::vector<std::byte>& out) const;
  // The sections of a file with their addresses on the disc; at least one, also for an empty file.
  void sections_of(const FolderLayout& folder, std::size_t file, std::vector<Extent>& out) const;
  // True for all names of a file but the first, and for files with the bytes of another: the blocks
  // are there already.
  [[nodiscard]] bool is_repeated(const FolderLayout& folder, std::size_t file) const;
  // Other files that have the bytes of this one, which is their first; not its own further names.
  [[nodiscard]] std::vector<std::string> paths_of_same_content(const FolderLayout& folder,
                                                               std::size_t file) const;
  [[nodiscard]] std::string path_of(std::size_t folder) const;

  [[nodiscard]] BlockCount size() const { return {size_}; }
  // What the descriptors count, up to the end mark. Only a second GPT lies behind it.
  [[nodiscard]] BlockCount volume_size() const { return {volume_size_}; }
  [[nodiscard]] BlockCount data_blocks() const { return {data_blocks_}; }
  [[nodiscard]] std::int64_t data_offset() const { return data_offset_; }
  // Files whose contents are in this image.
  [[nodiscard]] std::size_t content_files() const { return content_files_; }
  // Behind the file contents; nullopt where none are stored.
  [[nodiscard]] const std::optional<ChecksumPlace>& checksums() const { return checksums_; }
  [[nodiscard]] bool has_empty_block() const { return has_empty_block_; }
  [[nodiscard]] bool has_boot_record() const { return has_boot_record_; }
  // A block of zeros, until something is laid over it.
  [[nodiscard]] bool has_boot_catalog() const { return boot_catalog_offset_ != 0; }
  // REQUIRES: has_boot_catalog().
  [[nodiscard]] Lba boot_catalog() const { return address(boot_catalog_offset_); }
  [[nodiscard]] Lba address(std::int64_t offset) const {
    return session_start_ + BlockCount{offset};
  }
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  struct Link {
    std::uint32_t first = 0;  // index of the file's first name
    std::uint32_t count = 0;  // its names
  };

  [[nodiscard]] Status leave_out_iso9660(const ImageOptions& options);
  [[nodiscard]] Status add_folders(const Tree& tree);
  [[nodiscard]] Status add_folder_content(std::size_t index);
  [[nodiscard]] Status check_name(const std::string& name, std::size_t folder,
                                  NameOrigin origin) const;
  void map_names(FolderLayout& folder);
  void map_joliet_names(FolderLayout& folder);
  void find_links();
  void find_same_contents();
  [[nodiscard]] EntryAttributes attributes_of(std::size_t folder) const;
  [[nodiscard]] bool shows(const File& file, Hierarchy hierarchy) const;
  void note_left_out();
  void note_long_links();
  void sort_records(FolderLayout& folder) const;
  void number_folders();
  [[nodiscard]] Status place_all(const ImageOptions& options);
  // The offset behind descriptors and boot catalog.
  [[nodiscard]] std::int64_t place_head(const BootOptions& boot);
  [[nodiscard]] Status place_end(const ImageOptions& options, std::int64_t next);
  [[nodiscard]] Status place_folders(std::int64_t& next);
  struct FolderSize {
    std::uint64_t records = 0;    // bytes, whole blocks
    std::uint64_t continued = 0;  // bytes of Rock Ridge fields behind them
  };
  [[nodiscard]] FolderSize plain_size(std::size_t index) const;
  [[nodiscard]] FolderSize joliet_size(std::size_t index) const;
  [[nodiscard]] Status begin_udf();
  [[nodiscard]] Status place_udf(std::int64_t& next);
  void begin_metadata(std::int64_t next);
  void end_metadata(std::int64_t used, std::int64_t& next);
  [[nodiscard]] Result<std::uint32_t> udf_directory_bytes(std::size_t index);
  void place_files(std::int64_t& next);
  void note_stretched_rules();

  std::vector<FolderLayout> folders_;
  std::vector<std::uint32_t> file_offsets_;  // by file index; unused for old and empty files
  std::vector<std::uint32_t> name_ends_;     // by name index, into plain_names_
  std::string plain_names_;
  std::array<PathTableLayout, 2> path_tables_;
  std::int64_t size_ = 0;
  std::int64_t volume_size_ = 0;
  std::int64_t data_blocks_ = 0;
  std::int64_t data_offset_ = 0;
  std::size_t content_files_ = 0;
  std::optional<ChecksumPlace> checksums_;
  std::optional<UdfLayout> udf_;
  bool has_empty_block_ = false;
  bool has_boot_record_ = false;
  std::int64_t boot_catalog_offset_ = 0;  // 0: no catalog of its own
  Lba session_start_;
  ImageFormats formats_;
  system::FileTime created_;
  // By file index, for files with several names only.
  std::unordered_map<std::uint32_t, Link> links_;
  // By file index, for files whose blocks others have as well: the index of the first of them.
  std::unordered_map<std::uint32_t, std::uint32_t> first_of_content_;
  // By name index, where Joliet cannot hold the real name.
  std::unordered_map<std::uint32_t, std::string> joliet_names_;
  std::vector<std::string> warnings_;
};

// ECMA-119 9.1.1: a length is one byte, and records are padded to an even one.
inline constexpr std::size_t kRecordBytesMax = 254;
// With so many bytes of system use behind the identifier.
[[nodiscard]] constexpr std::size_t record_length_with(std::size_t length, std::size_t use) {
  return length + use + use % 2;
}
// Bytes of a path table record (ECMA-119 9.4.6).
[[nodiscard]] constexpr std::size_t path_record_length(std::size_t identifier_length) {
  return 8 + identifier_length + (identifier_length % 2);
}
// The identifier of a file with this plain name: "." and version are always there (ECMA-119 7.5.1).
// ISO 9660:1999 has neither.
[[nodiscard]] constexpr std::size_t file_identifier_length(std::string_view plain_name,
                                                           IsoLevel level) {
  if (level == IsoLevel::k1999) return plain_name.size();
  return plain_name.size() + (plain_name.find('.') == std::string_view::npos ? 1 : 0) + 2;
}

}  // namespace pregroove::image
