#include "engine/image/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "engine/image/iso9660.h"
#include "engine/image/names.h"

namespace pregroove::image {
namespace {

// Path tables number folders in 16 bits (ECMA-119 9.4.4).
constexpr std::size_t kFoldersMax = 65535;
constexpr std::int64_t kBlocksMax = std::numeric_limits<std::int32_t>::max();
constexpr std::uint32_t kPlainLevelsMax = 8;        // ECMA-119 6.8.2.1
constexpr std::uint32_t kPlainPathMax = 255;        // ECMA-119 6.8.2.1
constexpr std::uint32_t kJolietPathBytesMax = 240;  // Joliet specification, "directory depth"

constexpr std::size_t index_of(Hierarchy hierarchy) { return static_cast<std::size_t>(hierarchy); }

std::uint64_t section_count(const File& file) {
  if (const auto* old = std::get_if<OldExtents>(&file.content))
    return std::max<std::size_t>(old->extents.size(), 1);
  return std::max<std::uint64_t>((file.size() + kSectionBytesMax - 1) / kSectionBytesMax, 1);
}

bool is_new(const File& file) { return !std::holds_alternative<OldExtents>(file.content); }

Status check_link(const SymbolicLink& link, std::string_view path) {
  // The longest that any system takes; POSIX' PATH_MAX with its terminating zero is 4096.
  constexpr std::size_t kTargetMax = 4095;
  const bool fine = !link.target.empty() && link.target.size() <= kTargetMax &&
                    link.target.find('\0') == std::string::npos;
  if (fine) return {};
  return fail(ErrorCode::kBadName,
              fmt::format("the symbolic link \"{}\" leads to a path that no system can hold", path),
              "Leave it out.");
}

// Sizes and old extents come from a disc, or from whoever built the tree.
Status check_content(const File& file, std::string_view path) {
  if (file.size() > kBlocksMax * kBlockSize)
    return fail(ErrorCode::kNoRoom, fmt::format("\"{}\" is larger than any disc", path),
                "Leave it out.");
  if (const auto* link = std::get_if<SymbolicLink>(&file.content)) return check_link(*link, path);
  const auto* old = std::get_if<OldExtents>(&file.content);
  if (old == nullptr) return {};
  for (const Extent& extent : old->extents) {
    const bool whole_blocks = extent.bytes % kBlockSize == 0 || &extent == &old->extents.back();
    if (extent.lba.value < 0 || extent.bytes > std::numeric_limits<std::uint32_t>::max() ||
        !whole_blocks)
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("\"{}\" refers to blocks that a directory cannot describe", path));
  }
  return {};
}

// Adds up records that must not cross a block boundary (ECMA-119 6.8.1.1).
class RecordPacker {
 public:
  void add(std::size_t length, std::uint64_t count = 1) {
    for (; count > 0; --count) {
      if (bytes_ % kBlockSize + length > kBlockSize)
        bytes_ = (bytes_ / kBlockSize + 1) * kBlockSize;
      bytes_ += length;
    }
  }
  [[nodiscard]] std::uint64_t whole_blocks() const { return blocks_for_bytes(bytes_).bytes(); }

 private:
  std::uint64_t bytes_ = 0;
};

}  // namespace

std::string Layout::path_of(std::size_t folder) const {
  if (folder == 0) return "/";
  std::string path;
  for (; folder != 0; folder = folders_[folder].parent)
    path.insert(0, "/" + folders_[folder].directory->name);
  return path;
}

void Layout::sections_of(const FolderLayout& folder, std::size_t file,
                         std::vector<Extent>& out) const {
  out.clear();
  const File& entry = folder.directory->files[file];
  if (const auto* old = std::get_if<OldExtents>(&entry.content)) out = old->extents;
  std::uint64_t left = is_new(entry) ? entry.size() : 0;
  Lba lba = address(file_offsets_[folder.first_file + file]);
  while (left > 0) {
    const std::uint64_t bytes = std::min(left, kSectionBytesMax);
    out.push_back({.lba = lba, .bytes = bytes});
    lba += blocks_for_bytes(bytes);
    left -= bytes;
  }
  // An empty file points to a block that belongs to no other file: some readers take files with the
  // same address for links to one another.
  if (out.empty()) out.push_back({.lba = address(data_offset_), .bytes = 0});
}

Status Layout::add_folders(const Tree& tree) {
  folders_.push_back({.directory = &tree.root()});
  for (std::size_t i = 0; i < folders_.size(); ++i) {
    PREGROOVE_RETURN_IF_ERROR(add_folder_content(i));
    if (folders_.size() > kFoldersMax && has_iso9660())
      return fail(ErrorCode::kUnsupported,
                  fmt::format("there are more than {} folders, and the path table of an ISO 9660 "
                              "volume cannot number more",
                              kFoldersMax),
                  "Pack some of the folders into archives, or use a second disc.");
  }
  return {};
}

Status Layout::add_folder_content(std::size_t index) {
  const Directory& directory = *folders_[index].directory;
  folders_[index].first_child = static_cast<std::uint32_t>(folders_.size());
  folders_[index].first_file = static_cast<std::uint32_t>(file_offsets_.size());
  folders_[index].first_name = static_cast<std::uint32_t>(name_ends_.size());
  const auto path_to = [&](const std::string& name) {
    return index == 0 ? "/" + name : path_of(index) + "/" + name;
  };
  for (const File& file : directory.files) {
    PREGROOVE_RETURN_IF_ERROR(check_name(
        file.name, index, file.is_imported() ? NameOrigin::kImported : NameOrigin::kNew));
    if (auto fine = check_content(file, file.name); !fine)
      return check_content(file, path_to(file.name));
    if (formats_.iso_level < IsoLevel::k3 && section_count(file) > 1)
      return fail(ErrorCode::kUnsupported,
                  fmt::format("\"{}\" is larger than the 4 GiB that a file has at most at "
                              "interchange level {}",
                              path_to(file.name), static_cast<int>(formats_.iso_level)),
                  "Leave out --iso-level.");
    has_empty_block_ = has_empty_block_ || file.size() == 0;
  }
  file_offsets_.resize(file_offsets_.size() + directory.files.size());
  for (const Directory& child : directory.directories) {
    PREGROOVE_RETURN_IF_ERROR(
        check_name(child.name, index, child.imported ? NameOrigin::kImported : NameOrigin::kNew));
    if (folders_[index].level > kDepthMax)
      return fail(ErrorCode::kBadName,
                  fmt::format("\"{}\" is nested too deeply", path_to(child.name)),
                  "Leave it out, or pack it into an archive.");
    folders_.push_back({.directory = &child,
                        .parent = static_cast<std::uint32_t>(index),
                        .level = folders_[index].level + 1});
  }
  map_names(folders_[index]);
  map_joliet_names(folders_[index]);
  sort_records(folders_[index]);
  return {};
}

void Layout::number_folders() {
  // A tree is sorted by UTF-8, which sorts as UCS-2 does, so its breadth-first order is right.
  auto& joliet = path_tables_[index_of(Hierarchy::kJoliet)].folders;
  joliet.resize(folders_.size());
  std::iota(joliet.begin(), joliet.end(), 0U);
  auto& plain = path_tables_[index_of(Hierarchy::kPlain)].folders;
  plain.reserve(folders_.size());
  plain.push_back(0);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const FolderLayout& folder = folders_[plain[i]];
    const std::size_t files = folder.directory->files.size();
    for (const std::uint32_t entry : folder.order[index_of(Hierarchy::kPlain)]) {
      if (entry >= files)
        plain.push_back(folder.first_child + entry - static_cast<std::uint32_t>(files));
    }
  }
  for (std::size_t h = 0; h < path_tables_.size(); ++h) {
    std::uint32_t number = 0;
    for (const std::uint32_t folder : path_tables_[h].folders)
      folders_[folder].places[h].number = ++number;
  }
}

Status Layout::place_folders(std::int64_t& next) {
  for (const Hierarchy hierarchy : hierarchies()) {
    for (std::size_t i = 0; i < folders_.size(); ++i) {
      const FolderSize size = hierarchy == Hierarchy::kPlain ? plain_size(i) : joliet_size(i);
      if (size.records > std::numeric_limits<std::uint32_t>::max())
        return fail(
            ErrorCode::kUnsupported,
            fmt::format("\"{}\" holds more files than a directory can describe", path_of(i)),
            "Spread the files over several folders.");
      FolderPlace& place = folders_[i].places[index_of(hierarchy)];
      place.offset = static_cast<std::uint32_t>(next);
      place.bytes = static_cast<std::uint32_t>(size.records);
      place.more = static_cast<std::uint32_t>(blocks_for_bytes(size.continued).value);
      next += blocks_for_bytes(size.records).value + place.more;
    }
  }
  return {};
}

// Makes the same fields as the writer does, and counts them.
Layout::FolderSize Layout::plain_size(std::size_t index) const {
  const FolderLayout& folder = folders_[index];
  RecordPacker packer;
  std::vector<std::byte> fields;
  std::vector<std::byte> in_record;
  std::vector<std::byte> continued;
  const auto add = [&](std::size_t identifier_length, std::uint64_t count) {
    const std::size_t length = record_length(identifier_length);
    distribute_fields(fields, kRecordBytesMax - length, {}, continued, in_record);
    packer.add(record_length_with(length, in_record.size()), count);
  };
  fields_of_dot_record(index, Role::kSelf, fields);
  add(1, 1);
  fields_of_dot_record(folder.parent, Role::kParent, fields);
  add(1, 1);
  const std::size_t files = folder.directory->files.size();
  for (const std::uint32_t entry : folder.order[index_of(Hierarchy::kPlain)]) {
    const std::string_view name = plain_name_of(folder, entry);
    if (entry < files) {
      fields_of_file(folder, entry, fields);
      add(file_identifier_length(name, formats_.iso_level),
          section_count(folder.directory->files[entry]));
    } else {
      fields_of_folder(folder.first_child + entry - files, fields);
      add(name.size(), 1);
    }
  }
  return {.records = packer.whole_blocks(), .continued = continued.size()};
}

Layout::FolderSize Layout::joliet_size(std::size_t index) const {
  const FolderLayout& folder = folders_[index];
  RecordPacker packer;
  packer.add(sizeof(ShortRecord), 2);
  const auto& files = folder.directory->files;
  for (const std::uint32_t entry : folder.order[index_of(Hierarchy::kJoliet)]) {
    const std::size_t length = 2 * joliet_units(joliet_name_of(folder, entry));
    packer.add(record_length(length), entry < files.size() ? section_count(files[entry]) : 1);
  }
  return {.records = packer.whole_blocks()};
}

void Layout::place_files(std::int64_t& next) {
  data_offset_ = next;
  if (has_empty_block_) ++next;
  for (const FolderLayout& folder : folders_) {
    std::size_t index = folder.first_file;
    for (const File& file : folder.directory->files) {
      // Sizes are checked against the last address when all are added up.
      const std::size_t at = index++;
      if (const auto first = first_of_content_.find(static_cast<std::uint32_t>(at));
          first != first_of_content_.end() && first->second != at) {
        file_offsets_[at] = file_offsets_[first->second];
        continue;
      }
      file_offsets_[at] = static_cast<std::uint32_t>(next);
      if (is_new(file) && file.size() > 0) ++content_files_;
      if (is_new(file) && next <= kBlocksMax)
        next +=
            blocks_for_bytes(std::min<std::uint64_t>(file.size(), kBlocksMax * kBlockSize)).value;
    }
  }
  data_blocks_ = next - data_offset_;
}

std::int64_t Layout::place_head(const BootOptions& boot) {
  constexpr std::int64_t kTerminator = 1;
  if (!has_iso9660()) return udf_->partition;
  has_boot_record_ = boot.any();
  std::int64_t next =
      kSystemAreaBlocks + static_cast<std::int64_t>(hierarchies().size()) + kTerminator;
  if (has_boot_record_) ++next;
  if (has_enhanced_descriptor()) ++next;
  constexpr std::int64_t kUdfRecognition = 3;
  if (udf_) next += kUdfRecognition;
  if (!boot.files.empty()) boot_catalog_offset_ = next++;
  return udf_ ? udf_->partition : next;
}

Status Layout::place_all(const ImageOptions& options) {
  std::int64_t next = place_head(options.boot);
  for (const Hierarchy hierarchy : hierarchies()) {
    PathTableLayout& table = path_tables_[index_of(hierarchy)];
    table.bytes = static_cast<std::uint32_t>(path_record_length(1));  // the root
    for (std::size_t i = 1; i < folders_.size(); ++i) {
      table.bytes += static_cast<std::uint32_t>(path_record_length(
          hierarchy == Hierarchy::kPlain ? plain_name_of_folder(i).size()
                                         : 2 * joliet_units(joliet_name_of_folder(i))));
    }
    for (std::uint32_t* offset : {&table.offset_l, &table.offset_m}) {
      *offset = static_cast<std::uint32_t>(next);
      next += blocks_for_bytes(table.bytes).value;
    }
  }
  PREGROOVE_RETURN_IF_ERROR(place_folders(next));
  PREGROOVE_RETURN_IF_ERROR(place_udf(next));
  place_files(next);
  return place_end(options, next);
}

Status Layout::place_end(const ImageOptions& options, std::int64_t next) {
  // At least the block that the end mark needs. Checksums are padding to the files before them.
  std::int64_t tail = std::max<std::int64_t>(options.tail_padding.value, 1);
  const bool representable = next <= kBlocksMax - session_start_.value;
  constexpr std::size_t kFolders = 1;
  const BlockCount table = options.checksums.stored && representable
                               ? checksum_table_size(content_files_ + kFolders)
                               : BlockCount{0};
  // 7z takes an image for damaged in which something lies between the files and the anchor.
  const bool behind_anchor = udf_ && table < kUdfAnchorDistance;
  if (udf_)
    tail = std::max(tail, (behind_anchor ? 0 : table.value) + 1 + kUdfAnchorDistance.value);
  else
    tail = std::max(tail, table.value + 1);
  const PartitionScheme scheme = options.partitions.scheme;
  const BlockCount behind = scheme == PartitionScheme::kGpt ? kGptTail : BlockCount{0};
  size_ = std::max(next + tail + behind.value, options.size_min.value);
  constexpr std::int64_t kUnit = kPartitionedSizeUnit.value;
  if (scheme != PartitionScheme::kNone) size_ = (size_ + kUnit - 1) / kUnit * kUnit;
  volume_size_ = size_ - behind.value;
  if (udf_) {
    udf_->second_anchor = volume_size_ - 1 - kUdfAnchorDistance.value;
    udf_->partition_blocks = {udf_->second_anchor - udf_->partition};
  }
  if (table > BlockCount{0})
    checksums_ = {.lba = address(behind_anchor ? udf_->second_anchor + 1 : next), .blocks = table};
  if (size_ > kBlocksMax - session_start_.value)
    return fail(ErrorCode::kNoRoom,
                "the files need more blocks than the addresses of a disc can count",
                "Burn fewer files.");
  return {};
}

void Layout::note_stretched_rules() {
  if (!has_iso9660()) return;
  std::size_t deep = 0, long_plain = 0, long_joliet = 0;
  std::string deep_path, long_plain_path, long_joliet_path;
  const auto note = [](std::size_t& count, std::string& example, const std::string& path) {
    if (count++ == 0) example = path;
  };
  for (std::size_t i = 0; i < folders_.size(); ++i) {
    FolderLayout& folder = folders_[i];
    const FolderLayout& above = folders_[folder.parent];
    if (i != 0) {
      folder.plain_path_length =
          above.plain_path_length + 1 + static_cast<std::uint32_t>(plain_name_of_folder(i).size());
      folder.joliet_path_length =
          above.joliet_path_length +
          2 * (1 + static_cast<std::uint32_t>(joliet_units(joliet_name_of_folder(i))));
    }
    if (folder.level > kPlainLevelsMax) note(deep, deep_path, path_of(i));
    for (std::size_t f = 0; f < folder.directory->files.size(); ++f) {
      const std::string& name = folder.directory->files[f].name;
      if (folder.plain_path_length +
              file_identifier_length(plain_name_of(folder, f), formats_.iso_level) >
          kPlainPathMax)
        note(long_plain, long_plain_path, path_of(i) + "/" + name);
      if (has_joliet() && folder.joliet_path_length + 2 * joliet_units(joliet_name_of(folder, f)) >
                              kJolietPathBytesMax)
        note(long_joliet, long_joliet_path, path_of(i) + "/" + name);
    }
  }
  // ISO 9660:1999 knows no such limits.
  const bool limited = !has_enhanced_descriptor();
  if (deep > 0 && limited)
    warnings_.push_back(fmt::format(
        "{} folders are deeper than the 8 levels of plain ISO 9660 (the first is \"{}\"); systems "
        "that know Joliet or nothing of this limit can read them",
        deep, deep_path));
  if (long_plain > 0 && limited)
    warnings_.push_back(fmt::format(
        "{} paths are longer than the 255 characters of plain ISO 9660 (the first is \"{}\")",
        long_plain, long_plain_path));
  if (long_joliet > 0)
    warnings_.push_back(fmt::format(
        "{} paths are longer than the 120 characters of Joliet (the first is \"{}\"); Windows may "
        "not open them",
        long_joliet, long_joliet_path));
}

// What UDF holds is checked by its own rules.
Status Layout::leave_out_iso9660(const ImageOptions& options) {
  if (options.boot.any() || options.partitions.scheme != PartitionScheme::kNone ||
      options.checksums.stored)
    return fail(ErrorCode::kUnsupported,
                "boot files, partition tables and checksums need ISO 9660, and UDF alone was asked "
                "for",
                "Leave them out, or use --udf instead of --udf-only.");
  formats_.udf = false;
  formats_.joliet = false;
  formats_.rock_ridge = true;
  return {};
}

Result<Layout> Layout::make(const Tree& tree, const ImageOptions& options) {
  if (options.session_start.value < 0 || options.tail_padding.value < 0)
    return fail(ErrorCode::kInvalidArgument,
                "the start and the padding of a session cannot be negative");
  Layout layout;
  layout.session_start_ = options.session_start;
  layout.formats_ = options.formats;
  if (!layout.has_iso9660()) PREGROOVE_RETURN_IF_ERROR(layout.leave_out_iso9660(options));
  layout.created_ = options.created;
  PREGROOVE_RETURN_IF_ERROR(layout.add_folders(tree));
  layout.find_links();
  layout.find_same_contents();
  PREGROOVE_RETURN_IF_ERROR(layout.begin_udf());
  layout.number_folders();
  PREGROOVE_RETURN_IF_ERROR(layout.place_all(options));
  layout.note_stretched_rules();
  layout.note_left_out();
  layout.note_long_links();
  return layout;
}

}  // namespace pregroove::image
