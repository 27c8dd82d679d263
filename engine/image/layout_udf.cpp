// Where the UDF part of an image lies: entries and directories behind the folders of ISO 9660.
#include <fmt/format.h>
#include <utf8.h>

#include <limits>

#include "engine/image/layout.h"
#include "engine/image/udf.h"

namespace pregroove::image {
namespace {

// ECMA-167 4/14.4.4: the length of an identifier is one byte.
constexpr std::size_t kIdentifierBytesMax = 255;

// Nothing else keeps apart names that would be changed to the same.
Status check_udf_name(std::string_view name, const std::string& path) {
  if (!utf8::is_valid(name.begin(), name.end()))
    return fail(ErrorCode::kBadName,
                fmt::format("the name of \"{}\" is not UTF-8, and UDF holds characters only", path),
                "Rename it, or leave out --udf.");
  if (udf::compressed(name).size() <= kIdentifierBytesMax) return {};
  return fail(ErrorCode::kBadName,
              fmt::format("the name of \"{}\" is longer than the 254 characters, or 127 of other "
                          "alphabets than the Latin one, that UDF can hold",
                          path),
              "Rename it, or leave out --udf.");
}

Status check_udf_content(const File& file, const std::string& path) {
  constexpr std::uint64_t kMost = udf::kEntrySpace / sizeof(udf::LongAd) * udf::kExtentBytesMax;
  if (std::holds_alternative<OldExtents>(file.content))
    return fail(
        ErrorCode::kUnsupported,
        fmt::format("\"{}\" is on the disc already, and UDF can only be of new files", path),
        "Leave out --udf.");
  if (file.size() > kMost)
    return fail(ErrorCode::kUnsupported,
                fmt::format("\"{}\" has more extents than one UDF file entry can hold", path),
                "Leave out --udf, or split the file.");
  return {};
}

}  // namespace

std::uint32_t Layout::links_of(const FolderLayout& folder, std::size_t file) const {
  const auto link = links_.find(folder.first_file + static_cast<std::uint32_t>(file));
  return link == links_.end() ? 1 : link->second.count;
}

std::size_t Layout::udf_entry_of(const FolderLayout& folder, std::size_t file) const {
  const auto index = folder.first_file + static_cast<std::uint32_t>(file);
  const auto link = links_.find(index);
  return link == links_.end() ? index : link->second.first;
}

Result<std::uint32_t> Layout::udf_directory_bytes(std::size_t index) {
  const FolderLayout& folder = folders_[index];
  const auto path_to = [&](const std::string& name) {
    return index == 0 ? "/" + name : path_of(index) + "/" + name;
  };
  std::uint64_t bytes = udf::file_identifier_bytes(0);  // the parent's
  const auto add = [&](const std::string& name) -> Status {
    PREGROOVE_RETURN_IF_ERROR(check_udf_name(name, path_to(name)));
    bytes += udf::file_identifier_bytes(udf::compressed(name).size());
    return {};
  };
  for (const File& file : folder.directory->files) {
    // 7z refuses a volume with links, and libudfread takes them for files.
    if (file.is_special()) continue;
    PREGROOVE_RETURN_IF_ERROR(check_udf_content(file, path_to(file.name)));
    PREGROOVE_RETURN_IF_ERROR(add(file.name));
    ++udf_->shown_files;
  }
  for (const Directory& child : folder.directory->directories)
    PREGROOVE_RETURN_IF_ERROR(add(child.name));
  if (bytes > std::numeric_limits<std::uint32_t>::max())
    return fail(
        ErrorCode::kUnsupported,
        fmt::format("\"{}\" holds more files than a directory can describe", path_of(index)),
        "Spread the files over several folders.");
  return static_cast<std::uint32_t>(bytes);
}

Status Layout::place_udf(std::int64_t& next) {
  if (!udf_) return {};
  udf_->files = file_offsets_.size();
  constexpr std::int64_t kFileSetAndTerminator = 2;
  if (formats_.udf_alone == UdfAlone::k250) begin_metadata(next);
  udf_->file_set = udf_->metadata ? 0 : next - udf_->partition;
  udf_->folder_entries = udf_->file_set + kFileSetAndTerminator;
  udf_->file_entries = udf_->folder_entries + static_cast<std::int64_t>(folders_.size());
  std::int64_t block = udf_->file_entries + static_cast<std::int64_t>(udf_->files);
  udf_->directories.reserve(folders_.size());
  for (std::size_t i = 0; i < folders_.size(); ++i) {
    PREGROOVE_ASSIGN_OR_RETURN(const std::uint32_t bytes, udf_directory_bytes(i));
    udf_->directories.push_back({.block = block, .bytes = bytes});
    block += blocks_for_bytes(bytes).value;
  }
  next = udf_->partition + block;
  if (udf_->metadata) end_metadata(block, next);
  return {};
}

// The blocks of the file begin with a unit of the volume.
void Layout::begin_metadata(std::int64_t next) {
  const std::int64_t entry = next - udf_->partition;
  const std::int64_t first = address(next + 1).value;
  const std::int64_t aligned = (first + kMetadataUnit - 1) / kMetadataUnit * kMetadataUnit;
  udf_->metadata = {.entry = entry, .first = entry + 1 + (aligned - first)};
}

void Layout::end_metadata(std::int64_t used, std::int64_t& next) {
  UdfLayout::Metadata& metadata = *udf_->metadata;
  metadata.blocks = (used + kMetadataUnit - 1) / kMetadataUnit * kMetadataUnit;
  metadata.mirror_entry = metadata.first + metadata.blocks;
  next = udf_->partition + metadata.mirror_entry + 1;
}

Status Layout::begin_udf() {
  if (!formats_.udf && has_iso9660()) return {};
  if (!has_iso9660() && session_start_ != Lba{0})
    return fail(ErrorCode::kUnsupported,
                "a volume of UDF alone begins at the start of a disc, and nowhere else",
                "Leave out --udf-only, or make an image of it for a blank disc.");
  if (session_start_ > kUdfLastSessionStart)
    return fail(ErrorCode::kUnsupported,
                "UDF can be in the first session of a disc only, and this is a later one",
                "Leave out --udf, or insert a blank disc.");
  udf_.emplace();
  udf_->revision =
      has_iso9660() ? udf::kRevision102 : static_cast<std::uint16_t>(formats_.udf_alone);
  udf_->partition = (kUdfAnchor - session_start_).value + 1;
  return {};
}

}  // namespace pregroove::image
