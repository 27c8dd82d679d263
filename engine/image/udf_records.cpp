#include "engine/image/udf_records.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "engine/base/check.h"
#include "engine/image/end_mark.h"
#include "engine/image/udf.h"

namespace pregroove::image {
namespace {

using udf::TagId;

// File entries that are made at once.
constexpr std::size_t kEntriesOfAPiece = 64;
// UDF 1.02, 3.2.1: no identifier below 16 but that of the root.
constexpr std::uint64_t kFirstUniqueId = 16;

constexpr std::string_view kImplementation = "*Pregroove";

std::uint32_t as_u32(std::int64_t value) { return static_cast<std::uint32_t>(value); }

template <typename Descriptor>
void append_descriptor(const Descriptor& descriptor, TagId id, std::uint32_t location,
                       std::uint16_t revision, std::vector<std::byte>& out) {
  const std::size_t begin = out.size();
  out.resize(begin + kBlockSize);
  write_struct(out, begin, descriptor);
  udf::seal(std::span(out).subspan(begin, sizeof(Descriptor)), id, location, revision);
}

udf::ExtentAd extent(Lba lba, BlockCount blocks) {
  return {.bytes = Le32(static_cast<std::uint32_t>(blocks.bytes())),
          .location = Le32(as_u32(lba.value))};
}

// The maps of partitions by their places: the physical one, and the metadata partition that entries
// and directories are in from UDF 2.50 on.
constexpr std::uint16_t kPhysical = 0;
std::uint16_t map_of_entries(const UdfLayout& udf) { return udf.metadata ? 1 : kPhysical; }

// The block of an entry, a directory or the file set.
udf::LongAd place_of(const UdfLayout& udf, std::int64_t block) {
  return {.bytes = Le32(kBlockSize),
          .block = Le32(as_u32(block)),
          .partition = Le16(map_of_entries(udf))};
}

udf::Anchor anchor(const Layout& layout) {
  return {.main = extent(layout.address(kUdfMainOffset), kUdfSequenceBlocks),
          .reserve = extent(layout.address(kUdfReserveOffset), kUdfSequenceBlocks)};
}

// What a volume set must not share with another: the time, and the label (UDF 1.02, 2.2.2.5).
std::string volume_set_of(const ImageOptions& options) {
  const auto seconds = static_cast<std::uint32_t>(options.created.time_since_epoch().count());
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (unsigned shift = 32; shift > 0; shift -= 4) text += kDigits[(seconds >> (shift - 4)) & 0xFU];
  return text + "00000000" + options.volume_id;
}

udf::PrimaryVolume primary_volume(const ImageOptions& options) {
  udf::PrimaryVolume volume{.application = udf::plain_id(kImplementation),
                            .recorded = udf::timestamp(options.created),
                            .implementation = udf::plain_id(kImplementation)};
  udf::put_dstring(volume.volume_identifier, options.volume_id);
  udf::put_dstring(volume.volume_set_identifier, volume_set_of(options));
  return volume;
}

udf::ImplementationUse implementation_use(const ImageOptions& options, std::uint16_t revision) {
  udf::ImplementationUse use{.sequence_number = Le32(1),
                             .implementation = udf::udf_id("*UDF LV Info", revision),
                             .written_by = udf::plain_id(kImplementation)};
  udf::put_dstring(use.logical_volume_identifier, options.volume_id);
  return use;
}

udf::Partition partition(const Layout& layout) {
  const UdfLayout& udf = *layout.udf();
  return {.sequence_number = Le32(2),
          .contents = udf::plain_id(udf::is_third_edition(udf.revision) ? "+NSR03" : "+NSR02"),
          .start = Le32(as_u32(layout.address(udf.partition).value)),
          .blocks = Le32(as_u32(udf.partition_blocks.value)),
          .implementation = udf::plain_id(kImplementation)};
}

udf::LogicalVolume logical_volume(const Layout& layout, const ImageOptions& options) {
  udf::LogicalVolume volume{
      .sequence_number = Le32(3),
      .domain = udf::domain_id(layout.udf()->revision),
      .file_set = place_of(*layout.udf(), layout.udf()->file_set),
      .implementation = udf::plain_id(kImplementation),
      .integrity = extent(layout.address(kUdfIntegrityOffset), kUdfIntegrityBlocks)};
  udf::put_dstring(volume.identifier, options.volume_id);
  return volume;
}

struct LogicalVolumeOfTwo {
  udf::LogicalVolume volume;
  udf::KnownMap metadata;
};
static_assert(wire_struct<LogicalVolumeOfTwo, 510>());

// The mirror is another entry for the same blocks: what is damaged is found by both, or by none.
LogicalVolumeOfTwo logical_volume_of_two(const Layout& layout, const ImageOptions& options) {
  const UdfLayout& udf = *layout.udf();
  LogicalVolumeOfTwo two{
      .volume = logical_volume(layout, options),
      .metadata = {.identifier = udf::udf_id("*UDF Metadata Partition", udf.revision)}};
  two.volume.maps = Le32(2);
  two.volume.map_bytes =
      Le32(sizeof(LogicalVolumeOfTwo) - sizeof(udf::LogicalVolume) + two.volume.map_length);
  const auto map = bytes_of(udf::MetadataMap{.file = Le32(as_u32(udf.metadata->entry)),
                                             .mirror = Le32(as_u32(udf.metadata->mirror_entry)),
                                             .bitmap = Le32(udf::kNoBitmap),
                                             .allocation_unit = Le32(kMetadataUnit),
                                             .alignment = Le16(kMetadataUnit)});
  std::ranges::transform(map, two.metadata.more.begin(),
                         [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
  return two;
}

void append_logical_volume(const Layout& layout, const ImageOptions& options,
                           std::uint32_t location, std::vector<std::byte>& out) {
  const std::uint16_t revision = layout.udf()->revision;
  if (layout.udf()->metadata)
    append_descriptor(logical_volume_of_two(layout, options), TagId::kLogicalVolume, location,
                      revision, out);
  else
    append_descriptor(logical_volume(layout, options), TagId::kLogicalVolume, location, revision,
                      out);
}

// One copy of the volume descriptor sequence (ECMA-167 3/8.4.2).
void append_sequence(const Layout& layout, const ImageOptions& options, std::int64_t offset,
                     std::vector<std::byte>& out) {
  PREGROOVE_CHECK(out.size() <= static_cast<std::size_t>(offset) * kBlockSize);
  out.resize(static_cast<std::size_t>(offset) * kBlockSize);
  const auto location = [&out, &layout] {
    return as_u32(layout.address(static_cast<std::int64_t>(out.size() / kBlockSize)).value);
  };
  const std::uint16_t revision = layout.udf()->revision;
  append_descriptor(primary_volume(options), TagId::kPrimaryVolume, location(), revision, out);
  append_descriptor(implementation_use(options, revision), TagId::kImplementationUse, location(),
                    revision, out);
  append_descriptor(partition(layout), TagId::kPartition, location(), revision, out);
  append_logical_volume(layout, options, location(), out);
  append_descriptor(udf::UnallocatedSpace{.sequence_number = Le32(4)}, TagId::kUnallocatedSpace,
                    location(), revision, out);
  append_descriptor(udf::Terminating{}, TagId::kTerminating, location(), revision, out);
}

std::uint64_t id_of_folder(std::size_t folder) { return folder == 0 ? 0 : kFirstUniqueId + folder; }
std::uint64_t id_of_file(const Layout& layout, std::size_t index) {
  return kFirstUniqueId + layout.folders().size() + index;
}

template <std::size_t Partitions>
udf::Integrity<Partitions> integrity(const Layout& layout, const ImageOptions& options) {
  const UdfLayout& udf = *layout.udf();
  udf::Integrity<Partitions> made{
      .recorded = udf::timestamp(options.created),
      .next_unique_id = Le64(id_of_file(layout, udf.files)),
      .implementation = udf::plain_id(kImplementation),
      .files = Le32(static_cast<std::uint32_t>(udf.shown_files)),
      .directories = Le32(static_cast<std::uint32_t>(layout.folders().size())),
      .revision_min_read = Le16(udf.revision),
      .revision_min_write = Le16(udf.revision),
      .revision_max_write = Le16(udf.revision)};
  made.blocks.front() = Le32(as_u32(udf.partition_blocks.value));
  if (udf.metadata) made.blocks.back() = Le32(as_u32(udf.metadata->blocks));
  return made;
}

void append_integrity(const Layout& layout, const ImageOptions& options,
                      std::vector<std::byte>& out) {
  out.resize(static_cast<std::size_t>(kUdfIntegrityOffset) * kBlockSize);
  const std::uint16_t revision = layout.udf()->revision;
  const auto at = as_u32(layout.address(kUdfIntegrityOffset).value);
  if (layout.udf()->metadata)
    append_descriptor(integrity<2>(layout, options), TagId::kLogicalVolumeIntegrity, at, revision,
                      out);
  else
    append_descriptor(integrity<1>(layout, options), TagId::kLogicalVolumeIntegrity, at, revision,
                      out);
  append_descriptor(udf::Terminating{}, TagId::kTerminating, at + 1, revision, out);
}

void append_file_set(const Layout& layout, const ImageOptions& options,
                     std::vector<std::byte>& out) {
  const UdfLayout& udf = *layout.udf();
  udf::FileSet set{.recorded = udf::timestamp(options.created),
                   .root = place_of(udf, udf.folder_entries),
                   .domain = udf::domain_id(udf.revision)};
  udf::put_dstring(set.volume_identifier, options.volume_id);
  udf::put_dstring(set.identifier, options.volume_id);
  append_descriptor(set, TagId::kFileSet, as_u32(udf.file_set), udf.revision, out);
  append_descriptor(udf::Terminating{}, TagId::kTerminating, as_u32(udf.file_set + 1), udf.revision,
                    out);
}

// ECMA-167 4/14.9.5: five bits each for others, group and owner: execute, write, read, change
// attributes, delete. Nobody may do the last two: the disc cannot be written.
std::uint32_t permissions(std::uint16_t mode) {
  std::uint32_t bits = 0;
  for (unsigned who = 0; who < 3; ++who) bits |= ((mode >> (3 * who)) & 7U) << (5 * who);
  return bits;
}

// ECMA-167 4/14.6.8: set-user-id, set-group-id and sticky are bits 6 to 8.
std::uint16_t mode_flags(std::uint16_t mode) {
  constexpr unsigned kSetUser = 04000;
  constexpr unsigned kSetGroup = 02000;
  constexpr unsigned kSticky = 01000;
  return static_cast<std::uint16_t>(((mode & kSetUser) != 0 ? 0x40U : 0U) |
                                    ((mode & kSetGroup) != 0 ? 0x80U : 0U) |
                                    ((mode & kSticky) != 0 ? 0x100U : 0U));
}

constexpr std::uint32_t kNobody = 0xFFFFFFFF;  // UDF 1.02, 2.3.6.3: not specified

udf::FileEntry entry_with(udf::FileType type, const Attributes& attributes,
                          system::FileTime modified, bool has_owners) {
  const udf::Timestamp time = udf::timestamp(modified);
  return {.type = static_cast<std::uint8_t>(type),
          .flags = Le16(mode_flags(attributes.permissions)),
          .user = Le32(has_owners ? attributes.user : kNobody),
          .group = Le32(has_owners ? attributes.group : kNobody),
          .permissions = Le32(permissions(attributes.permissions)),
          .links = Le16(1),
          .accessed = time,
          .modified = time,
          .changed = time,
          .implementation = udf::plain_id(kImplementation)};
}

constexpr TagId tag_of(const udf::FileEntry&) { return TagId::kFileEntry; }
constexpr TagId tag_of(const udf::ExtendedFileEntry&) { return TagId::kExtendedFileEntry; }

template <typename Form>
void append_entry(Form entry, std::span<const std::byte> allocation, std::int64_t location,
                  std::uint16_t revision, std::vector<std::byte>& out) {
  const std::size_t begin = out.size();
  out.resize(begin + kBlockSize);
  entry.allocation_bytes = Le32(static_cast<std::uint32_t>(allocation.size()));
  write_struct(out, begin, entry);
  std::ranges::copy(allocation, out.begin() + static_cast<std::ptrdiff_t>(begin + sizeof(Form)));
  udf::seal(std::span(out).subspan(begin, sizeof(Form) + allocation.size()), tag_of(entry),
            as_u32(location), revision);
}

// In whole blocks but for the end. Long descriptors name the physical partition, short ones mean
// that of the entry.
template <typename Descriptor>
std::vector<std::byte> extents_from(std::int64_t block, std::uint64_t bytes) {
  std::vector<std::byte> out;
  while (bytes > 0) {
    const std::uint64_t part = std::min(bytes, udf::kExtentBytesMax);
    const auto extent = bytes_of(
        Descriptor{.bytes = Le32(static_cast<std::uint32_t>(part)), .block = Le32(as_u32(block))});
    out.insert(out.end(), extent.begin(), extent.end());
    block += blocks_for_bytes(part).value;
    bytes -= part;
  }
  return out;
}

// ECMA-167 4/14.6.8.
constexpr std::uint16_t kLongDescriptors = 1;

// One of the two that describe the blocks of the metadata partition (UDF 2.50, 2.2.13). libudfread
// takes no other form of entry for them.
void append_metadata_entry(const UdfLayout& udf, const ImageOptions& options, udf::FileType type,
                           std::vector<std::byte>& out) {
  const UdfLayout::Metadata& metadata = *udf.metadata;
  const std::uint64_t bytes = BlockCount{metadata.blocks}.bytes();
  const udf::Timestamp time = udf::timestamp(options.created);
  udf::ExtendedFileEntry entry{.type = static_cast<std::uint8_t>(type),
                               .user = Le32(kNobody),
                               .group = Le32(kNobody),
                               .accessed = time,
                               .modified = time,
                               .created = time,
                               .changed = time,
                               .implementation = udf::plain_id(kImplementation)};
  entry.bytes = Le64(bytes);
  entry.object_bytes = entry.bytes;
  entry.blocks = Le64(static_cast<std::uint64_t>(metadata.blocks));
  append_entry(entry, extents_from<udf::ShortAd>(metadata.first, bytes),
               type == udf::FileType::kMetadata ? metadata.entry : metadata.mirror_entry,
               udf.revision, out);
}

// Before the file set: the metadata file's entry, and what aligns its blocks.
void append_metadata_head(const Layout& layout, const ImageOptions& options,
                          std::vector<std::byte>& out) {
  const UdfLayout& udf = *layout.udf();
  if (!udf.metadata) return;
  append_metadata_entry(udf, options, udf::FileType::kMetadata, out);
  out.resize(
      static_cast<std::size_t>(BlockCount{udf.metadata->first - udf.metadata->entry}.bytes()));
}

void append_metadata_end(const Layout& layout, const ImageOptions& options,
                         std::vector<std::byte>& out) {
  const UdfLayout& udf = *layout.udf();
  const UdfLayout::DirectoryPlace& last = udf.directories.back();
  const std::int64_t used = last.block + blocks_for_bytes(last.bytes).value;
  out.resize(static_cast<std::size_t>(BlockCount{udf.metadata->blocks - used}.bytes()));
  append_metadata_entry(udf, options, udf::FileType::kMetadataMirror, out);
}

// 4/14.9.6: 16 bits; more are said to be the most.
Le16 link_count(std::size_t links) {
  constexpr std::size_t kMost = std::numeric_limits<std::uint16_t>::max();
  return Le16(static_cast<std::uint16_t>(std::min(links, kMost)));
}

void append_folder_entry(const Layout& layout, const ImageOptions& options, std::size_t folder,
                         std::vector<std::byte>& out) {
  const UdfLayout& udf = *layout.udf();
  const FolderLayout& place = layout.folders()[folder];
  const Directory& directory = *place.directory;
  udf::FileEntry entry =
      entry_with(udf::FileType::kDirectory, directory.attributes,
                 folder == 0 ? options.created : directory.modified, options.formats.rock_ridge);
  const std::uint64_t bytes = udf.directories[folder].bytes;
  // Its name, and the parent entries of its subfolders; the root is its own parent.
  entry.links = link_count(1 + directory.directories.size());
  entry.bytes = Le64(bytes);
  entry.blocks = Le64(static_cast<std::uint64_t>(blocks_for_bytes(bytes).value));
  entry.unique_id = Le64(id_of_folder(folder));
  append_entry(entry, extents_from<udf::ShortAd>(udf.directories[folder].block, bytes),
               udf.folder_entries + static_cast<std::int64_t>(folder), udf.revision, out);
}

void append_regular_entry(const Layout& layout, const ImageOptions& options,
                          const FolderLayout& folder, std::size_t file,
                          std::vector<std::byte>& out) {
  const UdfLayout& udf = *layout.udf();
  const File& source = folder.directory->files[file];
  const std::size_t index = folder.first_file + file;
  udf::FileEntry entry = entry_with(udf::FileType::kRegular, source.attributes, source.modified,
                                    options.formats.rock_ridge);
  entry.links = link_count(layout.links_of(folder, file));
  entry.bytes = Le64(source.size());
  entry.blocks = Le64(static_cast<std::uint64_t>(blocks_for_bytes(source.size()).value));
  entry.unique_id = Le64(id_of_file(layout, index));
  std::vector<Extent> sections;
  layout.sections_of(folder, file, sections);
  const std::int64_t block = (sections.front().lba - layout.address(udf.partition)).value;
  if (udf.metadata) entry.flags = Le16(entry.flags.value() | kLongDescriptors);
  append_entry(entry,
               udf.metadata ? extents_from<udf::LongAd>(block, source.size())
                            : extents_from<udf::ShortAd>(block, source.size()),
               udf.file_entries + static_cast<std::int64_t>(index), udf.revision, out);
}

// One block; zeros for a file that UDF does not show, and for all names of a file but the first.
void append_file_entry(const Layout& layout, const ImageOptions& options,
                       const FolderLayout& folder, std::size_t file, std::vector<std::byte>& out) {
  const bool own = layout.udf_entry_of(folder, file) == folder.first_file + file;
  const File& source = folder.directory->files[file];
  if (!own || source.is_special())
    out.resize(out.size() + kBlockSize);
  else
    append_regular_entry(layout, options, folder, file, out);
}

class DirectoryWriter {
 public:
  DirectoryWriter(const UdfLayout& udf, std::int64_t block, std::vector<std::byte>& out)
      : udf_(udf), block_(block), out_(out), begin_(out.size()) {}

  void add(std::string_view name, std::uint8_t characteristics, std::int64_t entry,
           std::uint64_t unique_id) {
    const auto identifier = udf::compressed(name);
    const std::size_t at = out_.size();
    out_.resize(at + udf::file_identifier_bytes(identifier.size()));
    write_struct(
        out_, at,
        udf::FileIdentifier{.characteristics = characteristics,
                            .identifier_bytes = static_cast<std::uint8_t>(identifier.size()),
                            .entry = place_with_id(entry, unique_id)});
    std::ranges::copy(identifier,
                      out_.begin() + static_cast<std::ptrdiff_t>(at + sizeof(udf::FileIdentifier)));
    const auto block = block_ + static_cast<std::int64_t>((at - begin_) / kBlockSize);
    udf::seal(std::span(out_).subspan(at), TagId::kFileIdentifier, as_u32(block), udf_.revision);
  }
  [[nodiscard]] std::size_t bytes() const { return out_.size() - begin_; }

 private:
  // UDF 2.01, 2.3.4.3: the lower half of the entry's unique identifier; of older ones nothing.
  [[nodiscard]] udf::LongAd place_with_id(std::int64_t entry, std::uint64_t unique_id) const {
    udf::LongAd place = place_of(udf_, entry);
    if (!udf::is_third_edition(udf_.revision)) return place;
    constexpr std::size_t kIdAt = 2;
    for (std::size_t i = kIdAt; i < place.implementation_use.size(); ++i, unique_id >>= 8U)
      place.implementation_use[i] = static_cast<std::uint8_t>(unique_id);
    return place;
  }

  const UdfLayout& udf_;
  std::int64_t block_;
  std::vector<std::byte>& out_;
  std::size_t begin_;
};

void append_directory_of(const Layout& layout, std::size_t index, std::vector<std::byte>& out) {
  const UdfLayout& udf = *layout.udf();
  const FolderLayout& folder = layout.folders()[index];
  const std::size_t begin = out.size();
  DirectoryWriter writer(udf, udf.directories[index].block, out);
  writer.add("", udf::kIsParent | udf::kIsDirectory, udf.folder_entries + folder.parent,
             id_of_folder(folder.parent));
  const Files& files = folder.directory->files;
  for (std::size_t f = 0; f < files.size(); ++f) {
    if (files[f].is_special()) continue;
    const std::size_t entry = layout.udf_entry_of(folder, f);
    writer.add(files[f].name, 0, udf.file_entries + static_cast<std::int64_t>(entry),
               id_of_file(layout, entry));
  }
  for (std::size_t d = 0; d < folder.directory->directories.size(); ++d) {
    const std::size_t child = folder.first_child + d;
    writer.add(folder.directory->directories[d].name, udf::kIsDirectory,
               udf.folder_entries + static_cast<std::int64_t>(child), id_of_folder(child));
  }
  PREGROOVE_CHECK(writer.bytes() == udf.directories[index].bytes);
  out.resize(begin + static_cast<std::size_t>(blocks_for_bytes(writer.bytes()).bytes()));
}

std::size_t pieces_for(std::size_t entries) {
  return (entries + kEntriesOfAPiece - 1) / kEntriesOfAPiece;
}

void append_folder_entries(const Layout& layout, const ImageOptions& options, std::size_t piece,
                           std::vector<std::byte>& out) {
  const std::size_t first = piece * kEntriesOfAPiece;
  const std::size_t end = std::min(first + kEntriesOfAPiece, layout.folders().size());
  for (std::size_t folder = first; folder < end; ++folder)
    append_folder_entry(layout, options, folder, out);
}

void append_file_entries(const Layout& layout, const ImageOptions& options, std::size_t piece,
                         std::vector<std::byte>& out) {
  const std::size_t first = piece * kEntriesOfAPiece;
  const std::size_t end = std::min(first + kEntriesOfAPiece, layout.udf()->files);
  const auto& folders = layout.folders();
  // The last folder that begins at or before the file; empty ones begin where the next one does.
  auto folder = std::ranges::upper_bound(folders, first, {}, &FolderLayout::first_file) - 1;
  for (std::size_t index = first; index < end; ++index) {
    while (index - folder->first_file >= folder->directory->files.size()) ++folder;
    append_file_entry(layout, options, *folder, index - folder->first_file, out);
  }
}

}  // namespace

void append_udf_recognition(const UdfLayout& udf, std::vector<std::byte>& out) {
  const std::string_view standard = udf::is_third_edition(udf.revision) ? "NSR03" : "NSR02";
  for (const std::string_view identifier :
       {std::string_view("BEA01"), standard, std::string_view("TEA01")}) {
    const std::size_t begin = out.size();
    out.resize(begin + kBlockSize);
    std::ranges::copy(std::as_bytes(std::span(identifier)),
                      out.begin() + static_cast<std::ptrdiff_t>(begin + 1));
    out[begin + 1 + identifier.size()] = std::byte{1};
  }
}

void append_udf_volume(const Layout& layout, const ImageOptions& options,
                       std::vector<std::byte>& out) {
  append_sequence(layout, options, kUdfMainOffset, out);
  append_sequence(layout, options, kUdfReserveOffset, out);
  append_integrity(layout, options, out);
  const UdfLayout& udf = *layout.udf();
  out.resize(static_cast<std::size_t>(udf.partition - 1) * kBlockSize);
  append_descriptor(anchor(layout), TagId::kAnchor, as_u32(kUdfAnchor.value), udf.revision, out);
}

void add_udf_anchor(const Layout& layout, Overlays& overlays) {
  const std::int64_t offset = layout.udf()->second_anchor;
  std::vector<std::byte> block;
  append_descriptor(anchor(layout), TagId::kAnchor, as_u32(layout.address(offset).value),
                    layout.udf()->revision, block);
  overlays.add(static_cast<std::uint64_t>(offset) * kBlockSize, block);
}

std::size_t udf_pieces(const Layout& layout) {
  if (!layout.udf()) return 0;
  const std::size_t folders = layout.folders().size();
  const std::size_t metadata_end = layout.udf()->metadata ? 1 : 0;
  return 1 + pieces_for(folders) + pieces_for(layout.udf()->files) + folders + metadata_end;
}

void append_udf_piece(const Layout& layout, const ImageOptions& options, std::size_t piece,
                      std::vector<std::byte>& out) {
  if (piece == 0) {
    append_metadata_head(layout, options, out);
    return append_file_set(layout, options, out);
  }
  --piece;
  const std::size_t of_folders = pieces_for(layout.folders().size());
  if (piece < of_folders) return append_folder_entries(layout, options, piece, out);
  piece -= of_folders;
  const std::size_t of_files = pieces_for(layout.udf()->files);
  if (piece < of_files) return append_file_entries(layout, options, piece, out);
  piece -= of_files;
  if (piece < layout.folders().size()) return append_directory_of(layout, piece, out);
  append_metadata_end(layout, options, out);
}

}  // namespace pregroove::image
