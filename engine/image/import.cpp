#include "engine/image/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <queue>
#include <unordered_set>
#include <utility>
#include <vector>

#include "engine/image/claims.h"
#include "engine/image/directory_parser.h"
#include "engine/image/end_mark.h"
#include "engine/image/holdings.h"
#include "engine/image/iso9660.h"
#include "engine/image/names.h"
#include "engine/image/windowed_reader.h"

namespace pregroove::image {
namespace {

// Descriptors that are looked at before the search for the terminator is given up.
constexpr int kDescriptorsMax = 64;

struct Descriptors {
  std::optional<VolumeDescriptor> primary;
  std::optional<VolumeDescriptor> joliet;
  std::optional<Lba> boot_catalog;
  bool enhanced = false;  // ISO 9660:1999, 8.5: plain names are as they are
  bool udf = false;
};

// UDF's own descriptors follow those of ISO 9660 (ECMA-167 2/9.2).
bool begins_extended_area(WindowedReader& blocks, Lba lba) {
  constexpr std::string_view kIdentifier = "BEA01";
  const auto block = blocks.blocks(lba, {1});
  return block && std::ranges::equal(block->subspan(1, kIdentifier.size()),
                                     std::as_bytes(std::span(kIdentifier)));
}

bool is_joliet(const VolumeDescriptor& descriptor) {
  const auto starts_with = [&](const auto& escape) {
    return std::ranges::equal(std::span(descriptor.escape_sequences).first(escape.size()), escape);
  };
  return descriptor.type == kDescriptorSupplementary && descriptor.version == 1 &&
         (starts_with(kEscapeUcs2Level1) || starts_with(kEscapeUcs2Level2) ||
          starts_with(kEscapeUcs2Level3));
}

std::unexpected<Error> no_volume(Lba session_start) {
  return fail(
      ErrorCode::kNotFound,
      fmt::format("the session at block {} holds no ISO 9660 file system", session_start.value),
      "Only data sessions with ISO 9660 or Joliet can be read.");
}

Result<Descriptors> read_descriptors(WindowedReader& blocks, Lba session_start) {
  Descriptors found;
  Lba lba = session_start + BlockCount{kSystemAreaBlocks};
  for (int i = 0; i < kDescriptorsMax; ++i, lba += BlockCount{1}) {
    PREGROOVE_ASSIGN_OR_RETURN(const auto block, blocks.blocks(lba, {1}));
    const VolumeDescriptor descriptor = *read_struct<VolumeDescriptor>(block);
    const auto& id = descriptor.standard_identifier;
    if (std::string_view(id.data(), id.size()) != kStandardIdentifier) break;
    if (descriptor.type == kDescriptorTerminator) {
      found.udf = begins_extended_area(blocks, lba + BlockCount{1});
      break;
    }
    if (!found.boot_catalog) found.boot_catalog = catalog_named_by(block);
    if (descriptor.type == kDescriptorPrimary && !found.primary) found.primary = descriptor;
    if (is_joliet(descriptor) && !found.joliet) found.joliet = descriptor;
    found.enhanced |= descriptor.type == kDescriptorSupplementary && descriptor.version == 2;
  }
  if (!found.primary) return no_volume(session_start);
  return found;
}

// A session can be too short to hold any.
Result<Descriptors> find_descriptors(WindowedReader& blocks, Lba session_start,
                                     const ImportOptions& options) {
  const Lba descriptors = session_start + BlockCount{kSystemAreaBlocks};
  if (options.medium_end && *options.medium_end - options.run_out <= descriptors)
    return no_volume(session_start);
  // The end of the volume is not known before its descriptor is: read no more than is needed.
  blocks.set_end(options.medium_end.value_or(session_start));
  return read_descriptors(blocks, session_start);
}

// A catalog that cannot be read makes no disc unreadable: it has no entries then.
BootCatalog read_boot_catalog(WindowedReader& blocks, Lba lba, Lba end) {
  BootCatalog catalog{.lba = lba};
  if (lba < Lba{0} || lba >= end) return catalog;
  if (const auto block = blocks.blocks(lba, {1})) catalog.entries = parse_boot_catalog(*block);
  return catalog;
}

template <std::size_t N>
std::string text_of(const Text<N>& field, NameTree tree) {
  const auto bytes = std::as_bytes(std::span(field));
  std::string text = tree == NameTree::kJoliet ? name_from_joliet(bytes) : text_from_plain(bytes);
  text.resize(std::min(text.find('\0'), text.size()));
  return std::string(trim_blanks(text));
}

Status check_descriptor(const VolumeDescriptor& descriptor) {
  constexpr std::string_view kWhere = "volume descriptor";
  if (!descriptor.logical_block_size.consistent() || !descriptor.volume_space_size.consistent())
    return corrupt_image(kWhere, "the two copies of a number differ");
  if (descriptor.logical_block_size.value() != kBlockSize)
    return fail(ErrorCode::kUnsupported,
                fmt::format("the file system has blocks of {} bytes; only 2048 are supported",
                            descriptor.logical_block_size.value()));
  return {};
}

// Walks the folders in the order of their addresses, as a drive likes it.
class TreeReader {
 public:
  TreeReader(WindowedReader& blocks, Lba end, const ImportOptions& options, NameReading reading)
      : blocks_(blocks),
        end_(end),
        options_(options),
        reading_(std::move(reading)),
        holdings_(options.held_bytes_max) {}

  Result<Tree> read(const RecordHeader& root, Attributes root_attributes) {
    Tree tree;
    tree.root().imported = true;
    tree.root().modified = time_of(root.recorded);
    tree.root().attributes = root_attributes;
    PREGROOVE_ASSIGN_OR_RETURN(const RecordPlace place, place_of(root, "/"));
    PREGROOVE_RETURN_IF_ERROR(enqueue(place, tree.root(), "", 0));
    while (!queue_.empty()) {
      const Pending next = queue_.top();
      queue_.pop();
      holdings_.give_back(next.path.size());
      PREGROOVE_RETURN_IF_ERROR(read_folder(next));
    }
    PREGROOVE_RETURN_IF_ERROR(claims_.check_overlaps());
    // The folder that only held what Rock Ridge had moved out of deeper ones.
    if (emptied_)
      std::erase_if(tree.root().directories,
                    [&](const Directory& folder) { return folder.name == *emptied_; });
    return tree;
  }

 private:
  struct Pending {
    RecordPlace place;
    Directory* into = nullptr;
    std::string path;
    std::size_t depth = 0;
    bool operator<(const Pending& other) const { return place.lba > other.place.lba; }
  };

  Status enqueue(RecordPlace place, Directory& into, std::string path, std::size_t depth) {
    const std::string shown = path.empty() ? "/" : path;
    if (place.bytes == 0) return corrupt_image(shown, "the folder has no blocks");
    if (place.bytes > options_.directory_bytes_max)
      return corrupt_image(shown, "the folder claims to be unreasonably large");
    if (depth > kDepthMax) return corrupt_image(shown, "folders are nested too deeply");
    if (!seen_.insert(place.lba.value).second)
      return corrupt_image(shown, "the folder leads back to another one");
    PREGROOVE_RETURN_IF_ERROR(
        claims_.add(place.lba, blocks_for_bytes(place.bytes), end_, Claims::Owner::kFolder, shown));
    PREGROOVE_RETURN_IF_ERROR(holdings_.take(path.size(), shown));
    queue_.push({.place = place, .into = &into, .path = std::move(path), .depth = depth});
    return {};
  }

  Status read_folder(const Pending& folder) {
    PREGROOVE_ASSIGN_OR_RETURN(
        const auto bytes, blocks_.blocks(folder.place.lba, blocks_for_bytes(folder.place.bytes)));
    PREGROOVE_ASSIGN_OR_RETURN(ParsedDirectory parsed,
                               parse_directory(bytes.first(folder.place.bytes), reading_,
                                               folder.path.empty() ? "/" : folder.path));
    const bool only_relocated =
        parsed.relocated > 0 && parsed.files.empty() && parsed.subfolders.empty();
    if (only_relocated && folder.depth == 1) emptied_ = folder.into->name;
    entries_ += parsed.files.size() + parsed.subfolders.size() + parsed.relocated;
    if (entries_ > options_.entries_max)
      return corrupt_image(folder.path, "there are unreasonably many files");
    for (const File& file : parsed.files) {
      const auto* old = std::get_if<OldExtents>(&file.content);
      if (old == nullptr) continue;
      for (const Extent& extent : old->extents)
        PREGROOVE_RETURN_IF_ERROR(claims_.add(extent.lba, blocks_for_bytes(extent.bytes), end_,
                                              Claims::Owner::kFile, folder.path + "/" + file.name));
    }
    folder.into->files = std::move(parsed.files);
    // Pointers to the elements stay good: the vector is complete before any of them is used.
    folder.into->directories.reserve(parsed.subfolders.size());
    for (SubfolderRecord& record : parsed.subfolders) {
      std::string path = folder.path + "/" + record.name;
      Directory& child =
          folder.into->directories.emplace_back(Directory{.name = std::move(record.name),
                                                          .modified = record.modified,
                                                          .attributes = record.attributes,
                                                          .imported = true});
      if (record.elsewhere) {
        PREGROOVE_ASSIGN_OR_RETURN(record.place, relocated_place(record.place.lba, path));
      }
      PREGROOVE_RETURN_IF_ERROR(enqueue(record.place, child, std::move(path), folder.depth + 1));
    }
    return {};
  }

  // Only the folder's own record tells how long it is.
  Result<RecordPlace> relocated_place(Lba lba, const std::string& path) {
    if (lba >= end_) return corrupt_image(path, "a relocated folder is outside of the volume");
    PREGROOVE_ASSIGN_OR_RETURN(const auto block, blocks_.blocks(lba, {1}));
    const RecordHeader header = *read_struct<RecordHeader>(block);
    PREGROOVE_ASSIGN_OR_RETURN(const RecordPlace place, place_of(header, path));
    if (place.lba != lba)
      return corrupt_image(path, "what is said to be a relocated folder is none");
    return place;
  }

  WindowedReader& blocks_;
  Lba end_;
  const ImportOptions& options_;
  NameReading reading_;
  std::priority_queue<Pending> queue_;
  std::unordered_set<std::int32_t> seen_;
  Claims claims_;
  Holdings holdings_;
  std::size_t entries_ = 0;
  std::optional<std::string> emptied_;  // a folder of the root that held relocated folders only
};

// How Rock Ridge begins on this volume, and what it says of the root folder.
struct RockRidge {
  std::size_t skipped = 0;
  Attributes root = kDirectoryAttributes;
};

// A volume without it, or with a root folder that cannot be read, has none.
std::optional<RockRidge> find_rock_ridge(WindowedReader& blocks,
                                         const ContinuationSource& continuation,
                                         const VolumeDescriptor& primary, Lba end) {
  const auto place = place_of(primary.root.header, "/");
  if (!place || place->lba >= end) return std::nullopt;
  const auto block = blocks.blocks(place->lba, {1});
  if (!block) return std::nullopt;
  const auto use = system_use_of(*block);
  const auto skipped = find_sharing_protocol(use);
  if (!skipped) return std::nullopt;
  // SUSP 5.3: the bytes that others have to skip are not there in this record, unless it is the
  // same record that they belong to.
  const auto fields = parse_fields(use, continuation, "/");
  if (!fields || !fields->posix) return std::nullopt;
  return RockRidge{.skipped = *skipped, .root = attributes_from(*fields, kDirectoryAttributes)};
}

Result<NameTree> choose_tree(const Descriptors& found, bool rock_ridge,
                             const ImportOptions& options) {
  if (!options.names && rock_ridge) return NameTree::kRockRidge;
  if (!options.names) return found.joliet ? NameTree::kJoliet : NameTree::kPlain;
  if (*options.names == NameTree::kRockRidge && !rock_ridge)
    return fail(ErrorCode::kNotFound, "the session has no Rock Ridge names",
                "Read it with its Joliet or plain ISO 9660 names.");
  if (*options.names == NameTree::kJoliet && !found.joliet)
    return fail(ErrorCode::kNotFound, "the session has no Joliet names",
                "Read it with its plain ISO 9660 names.");
  return *options.names;
}

// A mark beyond the end was never written; one that cannot be read for a scratch is an error.
Status find_end_mark(BlockReader& reader, const VolumeDescriptor& primary, Imported& imported,
                     const ImportOptions& options) {
  if (!is_start_mark(primary.application_use, imported.session_start, imported.volume_size))
    return {};
  imported.complete = false;
  const std::int64_t last = imported.session_start.value + imported.volume_size.value - 1;
  const std::int64_t end = options.medium_end ? (*options.medium_end - options.run_out).value
                                              : std::numeric_limits<std::int32_t>::max();
  if (imported.volume_size.value < 1 || last >= end) return {};
  std::array<std::byte, kBlockSize> block{};
  PREGROOVE_RETURN_IF_ERROR(reader.read(Lba{static_cast<std::int32_t>(last)}, block));
  imported.complete = is_end_mark(block, imported.session_start, imported.volume_size);
  if (*imported.complete)
    imported.checksums = checksums_of_end_mark(block, imported.session_start, imported.volume_size);
  return {};
}

}  // namespace

bool may_hold_iso9660(BlockReader& reader, Lba session_start, const ImportOptions& options) {
  WindowedReader blocks(reader);
  const auto found = find_descriptors(blocks, session_start, options);
  return found || found.error().code != ErrorCode::kNotFound;
}

Result<Imported> import_session(BlockReader& reader, Lba session_start,
                                const ImportOptions& options) {
  WindowedReader blocks(reader);
  PREGROOVE_ASSIGN_OR_RETURN(const Descriptors found,
                             find_descriptors(blocks, session_start, options));
  PREGROOVE_RETURN_IF_ERROR(check_descriptor(*found.primary));
  if (found.joliet) PREGROOVE_RETURN_IF_ERROR(check_descriptor(*found.joliet));

  Imported imported;
  imported.volume_id = found.joliet ? text_of(found.joliet->volume_id, NameTree::kJoliet)
                                    : text_of(found.primary->volume_id, NameTree::kPlain);
  imported.application_id = text_of(found.primary->application_id, NameTree::kPlain);
  imported.publisher_id = text_of(found.primary->publisher_id, NameTree::kPlain);
  imported.created = time_of(found.primary->created);
  imported.session_start = session_start;
  imported.has_udf = found.udf;
  imported.volume_size = {found.primary->volume_space_size.value()};
  PREGROOVE_RETURN_IF_ERROR(find_end_mark(reader, *found.primary, imported, options));
  if (imported.complete == false) return imported;

  constexpr std::int64_t kAddressMax = std::numeric_limits<std::int32_t>::max();
  const std::int64_t volume_end = session_start.value + imported.volume_size.value;
  const Lba end = options.medium_end.value_or(
      Lba{static_cast<std::int32_t>(std::min(volume_end, kAddressMax))});
  blocks.set_end(end);
  if (found.boot_catalog) imported.boot = read_boot_catalog(blocks, *found.boot_catalog, end);
  // Fields go on somewhere else than the folders are, so that one window would always be wrong.
  WindowedReader continued(reader);
  continued.set_end(end);
  const ContinuationSource continuation = [&](Lba block) -> Result<std::span<const std::byte>> {
    if (block >= end) return corrupt_image("/", "Rock Ridge fields are outside of the volume");
    return continued.blocks(block, {1});
  };
  const auto rock_ridge = find_rock_ridge(blocks, continuation, *found.primary, end);
  PREGROOVE_ASSIGN_OR_RETURN(imported.names, choose_tree(found, rock_ridge.has_value(), options));
  NameReading reading{.tree = imported.names,
                      .lower_case_plain_names = options.lower_case_plain_names && !found.enhanced,
                      .continuation = continuation};
  const bool use_rock_ridge = imported.names == NameTree::kRockRidge;
  if (use_rock_ridge) reading.skipped = rock_ridge->skipped;
  const VolumeDescriptor& volume =
      imported.names == NameTree::kJoliet ? *found.joliet : *found.primary;
  PREGROOVE_ASSIGN_OR_RETURN(
      imported.tree,
      TreeReader(blocks, end, options, std::move(reading))
          .read(volume.root.header, use_rock_ridge ? rock_ridge->root : kDirectoryAttributes));
  return imported;
}

}  // namespace pregroove::image
