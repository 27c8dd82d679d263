#include "engine/image/udf_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "engine/image/claims.h"
#include "engine/image/directory_parser.h"
#include "engine/image/holdings.h"
#include "engine/image/udf_volume.h"

namespace pregroove::image {
namespace {

using udf::Address;
using udf::Entry;
using udf::Volume;

// The name of a folder or file, and where its entry is.
struct Named {
  std::string name;
  Address at;
  bool folder = false;
};

// A record of a folder (4/14.4); `size` is how far the next one is.
struct Record {
  udf::FileIdentifier header;
  std::span<const std::byte> name;
  std::size_t size = 0;
};

std::optional<Record> record_at(std::span<const std::byte> bytes) {
  const auto header = read_struct<udf::FileIdentifier>(bytes);
  if (!header || header->tag.identifier.value() != std::to_underlying(udf::TagId::kFileIdentifier))
    return std::nullopt;
  const std::size_t name_begins = sizeof(*header) + header->implementation_use_bytes.value();
  const std::size_t size =
      (name_begins + header->identifier_bytes + 3) / 4 * 4;  // padded to a multiple of four
  if (size > bytes.size()) return std::nullopt;
  // Its place is that of the block in which it begins; not all writers fill it in.
  if (!udf::verified_tag(bytes.first(size), header->tag.location.value())) return std::nullopt;
  return Record{*header, bytes.subspan(name_begins, header->identifier_bytes), size};
}

// UDF 2.60, 2.3.13: blocks that nobody may use, in the root; no file of the user's.
bool is_unusable_space(const Record& record, std::string_view name) {
  constexpr unsigned kHidden = 0x01;
  return (record.header.characteristics & kHidden) != 0 && name == "Non-Allocatable Space";
}

Result<std::vector<Named>> parse_folder(std::span<const std::byte> bytes, std::string_view path) {
  constexpr unsigned kDeleted = 0x04;
  std::vector<Named> entries;
  while (!bytes.empty()) {
    const auto record = record_at(bytes);
    if (!record) return corrupt_image(path, "one of its records is damaged");
    bytes = bytes.subspan(record->size);
    const unsigned characteristics = record->header.characteristics;
    if ((characteristics & (kDeleted | udf::kIsParent)) != 0) continue;
    auto name = udf::expanded(record->name);
    if (!name || !is_acceptable_name(*name))
      return corrupt_image(path, "a name in it is empty or unsafe");
    if (is_unusable_space(*record, *name)) continue;
    entries.push_back({.name = *std::move(name),
                       .at = udf::address_of(record->header.entry),
                       .folder = (characteristics & udf::kIsDirectory) != 0});
  }
  std::ranges::sort(entries, {}, &Named::name);
  if (std::ranges::adjacent_find(entries, {}, &Named::name) != entries.end())
    return corrupt_image(path, "it holds the same name twice");
  return entries;
}

// 4/14.16.1. nullopt for what is no path.
std::optional<std::string> target_of(std::span<const std::byte> bytes) {
  enum Type : std::uint8_t { kAnyRoot = 1, kRoot = 2, kParent = 3, kSelf = 4, kName = 5 };
  std::string path;
  while (!bytes.empty()) {
    const auto component = read_struct<udf::PathComponent>(bytes);
    if (!component) return std::nullopt;
    const std::size_t size = sizeof(*component) + component->identifier_bytes;
    if (size > bytes.size()) return std::nullopt;
    const auto name = udf::expanded(bytes.subspan(sizeof(*component), component->identifier_bytes));
    bytes = bytes.subspan(size);
    if (component->type == kAnyRoot || component->type == kRoot) {
      path.assign(1, '/');
      continue;
    }
    if (!path.empty() && path != "/") path += '/';
    if (component->type == kParent)
      path += "..";
    else if (component->type == kSelf)
      path += '.';
    else if (component->type == kName && name && !name->empty())
      path += *name;
    else
      return std::nullopt;
  }
  if (path.empty()) return std::nullopt;
  return path;
}

class UdfTreeReader {
 public:
  UdfTreeReader(Volume& volume, const ImportOptions& options)
      : volume_(volume), options_(options), holdings_(options.held_bytes_max) {}

  Result<Tree> read() {
    Tree tree;
    PREGROOVE_ASSIGN_OR_RETURN(const Entry root, volume_.entry(volume_.root()));
    if (root.type != udf::kTypeDirectory) return corrupt_image("/", "it is no folder");
    describe(root, tree.root());
    PREGROOVE_RETURN_IF_ERROR(enqueue(root, tree.root(), "", 0));
    while (!pending_.empty()) {
      const Pending next = std::move(pending_.back());
      pending_.pop_back();
      holdings_.give_back(next.size());
      PREGROOVE_RETURN_IF_ERROR(read_folder(next));
    }
    PREGROOVE_RETURN_IF_ERROR(claims_.check_overlaps());
    return tree;
  }

  [[nodiscard]] std::vector<std::string> left_out() const {
    std::vector<std::string> said;
    if (devices_ > 0) said.push_back(fmt::format("{} devices were left out", devices_));
    if (streams_ > 0)
      said.push_back(fmt::format("the named streams of {} files were left out", streams_));
    return said;
  }

 private:
  struct Pending {
    Entry entry;
    Directory* into = nullptr;
    std::string path;
    std::size_t depth = 0;
    [[nodiscard]] std::size_t size() const { return entry.descriptors.size() + path.size(); }
  };

  static void describe(const Entry& entry, Directory& into) {
    into.modified = entry.modified;
    into.attributes = entry.attributes;
    into.imported = true;
  }

  Status enqueue(Entry entry, Directory& into, std::string path, std::size_t depth) {
    const std::string shown = path.empty() ? "/" : path;
    if (depth > kDepthMax) return corrupt_image(shown, "folders are nested too deeply");
    if (!seen_.insert(entry.at).second)
      return corrupt_image(shown, "the folder leads back to another one");
    pending_.push_back({std::move(entry), &into, std::move(path), depth});
    return holdings_.take(pending_.back().size(), shown);
  }

  Status claim(std::span<const Extent> extents, Claims::Owner owner, const std::string& path) {
    for (const Extent& extent : extents) {
      if (extent.lba == kHole) continue;
      PREGROOVE_RETURN_IF_ERROR(
          claims_.add(extent.lba, blocks_for_bytes(extent.bytes), volume_.end(), owner, path));
    }
    return {};
  }

  Result<std::vector<Named>> names_in(const Pending& folder, const std::string& shown) {
    PREGROOVE_ASSIGN_OR_RETURN(const auto extents, volume_.extents(folder.entry));
    PREGROOVE_RETURN_IF_ERROR(claim(extents, Claims::Owner::kFolder, shown));
    // They cannot overlap, which is checked when all are known; without holes, which no folder has.
    folder_bytes_ += folder.entry.bytes;
    if (folder_bytes_ > (volume_.end() - Lba{0}).bytes())
      return corrupt_image(shown, "the folders are larger than the disc");
    PREGROOVE_ASSIGN_OR_RETURN(const auto bytes,
                               volume_.content(folder.entry, options_.directory_bytes_max));
    return parse_folder(bytes, shown);
  }

  Status read_folder(const Pending& folder) {
    const std::string shown = folder.path.empty() ? "/" : folder.path;
    PREGROOVE_ASSIGN_OR_RETURN(auto names, names_in(folder, shown));
    entries_ += names.size();
    if (entries_ > options_.entries_max)
      return corrupt_image(shown, "there are unreasonably many files");
    // Pointers to the elements stay good: the vector grows no more before they are used.
    folder.into->directories.reserve(
        static_cast<std::size_t>(std::ranges::count(names, true, &Named::folder)));
    for (Named& named : names) {
      std::string path = folder.path + "/" + named.name;
      PREGROOVE_ASSIGN_OR_RETURN(Entry entry, volume_.entry(named.at));
      if ((entry.type == udf::kTypeDirectory) != named.folder)
        return corrupt_image(path, "the folder and the entry disagree on what it is");
      if (entry.has_streams) ++streams_;
      if (!named.folder) {
        PREGROOVE_RETURN_IF_ERROR(
            add_file(*folder.into, std::move(named.name), std::move(entry), path));
        continue;
      }
      Directory& child = folder.into->directories.emplace_back();
      child.name = std::move(named.name);
      describe(entry, child);
      PREGROOVE_RETURN_IF_ERROR(
          enqueue(std::move(entry), child, std::move(path), folder.depth + 1));
    }
    return {};
  }

  Status add_file(Directory& into, std::string name, Entry entry, const std::string& path) {
    File file{.name = std::move(name), .modified = entry.modified, .attributes = entry.attributes};
    switch (entry.type) {
      case udf::kTypeRegular:
      case udf::kTypeUnspecified:
      case udf::kTypeRealTime: {
        PREGROOVE_ASSIGN_OR_RETURN(file.content, content_of(std::move(entry), path));
        break;
      }
      case udf::kTypeSymbolicLink: {
        PREGROOVE_ASSIGN_OR_RETURN(file.content, link_of(entry, path));
        break;
      }
      case udf::kTypePipe:
        file.content = SpecialFile{.kind = SpecialKind::kPipe};
        break;
      case udf::kTypeSocket:
        file.content = SpecialFile{.kind = SpecialKind::kSocket};
        break;
      case udf::kTypeBlockDevice:
      case udf::kTypeCharacterDevice:
        ++devices_;
        return {};
      default:
        return corrupt_image(path, fmt::format("there is no file of type {}", entry.type));
    }
    into.files.edit().push_back(std::move(file));
    return {};
  }

  Result<Content> content_of(Entry entry, const std::string& path) {
    if (entry.allocation == udf::Allocation::kEmbedded) {
      PREGROOVE_RETURN_IF_ERROR(holdings_.take(entry.descriptors.size(), path));
      return Memory{.bytes = std::move(entry.descriptors)};
    }
    PREGROOVE_ASSIGN_OR_RETURN(auto extents, volume_.extents(entry));
    // Another name of a file claims nothing more.
    if (seen_.insert(entry.at).second)
      PREGROOVE_RETURN_IF_ERROR(claim(extents, Claims::Owner::kFile, path));
    return OldExtents{.extents = std::move(extents), .links = std::max(entry.links, 1U)};
  }

  Result<Content> link_of(const Entry& entry, const std::string& path) {
    constexpr std::uint64_t kPathMax = 65'536;
    PREGROOVE_ASSIGN_OR_RETURN(const auto bytes, volume_.content(entry, kPathMax));
    auto target = target_of(bytes);
    if (!target) return corrupt_image(path, "the symbolic link leads nowhere");
    PREGROOVE_RETURN_IF_ERROR(holdings_.take(target->size(), path));
    return SymbolicLink{.target = *std::move(target)};
  }

  Volume& volume_;
  const ImportOptions& options_;
  std::vector<Pending> pending_;
  std::set<Address> seen_;
  Claims claims_;
  Holdings holdings_;
  std::uint64_t folder_bytes_ = 0;
  std::size_t entries_ = 0;
  std::size_t devices_ = 0;
  std::size_t streams_ = 0;
};

Lba end_of(Lba session_start, const ImportOptions& options) {
  return options.medium_end.value_or(session_start) - options.run_out;
}

Result<Imported> import_volume(Volume& volume, Lba session_start, const ImportOptions& options) {
  Imported imported;
  imported.names = NameTree::kUdf;
  imported.has_udf = true;
  imported.udf_revision = volume.revision();
  imported.volume_id = volume.label();
  imported.created = volume.recorded();
  imported.session_start = session_start;
  imported.volume_size = volume.end() - session_start;
  UdfTreeReader tree(volume, options);
  PREGROOVE_ASSIGN_OR_RETURN(imported.tree, tree.read());
  imported.left_out = tree.left_out();
  return imported;
}

Result<Imported> import_by_copy(BlockReader& reader, Lba session_start,
                                const ImportOptions& options, udf::MetadataCopy copy) {
  PREGROOVE_ASSIGN_OR_RETURN(
      Volume volume, Volume::open(reader, session_start, end_of(session_start, options), copy));
  // Another attempt with the same blocks would find the same.
  if (copy == udf::MetadataCopy::kMirror && !volume.has_metadata_twice())
    return corrupt_image("UDF volume", "it has no mirror of its metadata");
  return import_volume(volume, session_start, options);
}

bool may_be_whole_elsewhere(const Error& error) {
  return error.code == ErrorCode::kCorruptImage || error.code == ErrorCode::kDevice;
}

}  // namespace

Result<UdfIdentity> identify_udf(BlockReader& reader, Lba session_start,
                                 const ImportOptions& options) {
  PREGROOVE_ASSIGN_OR_RETURN(const Volume volume,
                             Volume::open(reader, session_start, end_of(session_start, options)));
  return UdfIdentity{.revision = volume.revision(), .volume_id = volume.label()};
}

Result<Imported> import_udf(BlockReader& reader, Lba session_start, const ImportOptions& options) {
  auto imported = import_by_copy(reader, session_start, options, udf::MetadataCopy::kMain);
  if (imported || !may_be_whole_elsewhere(imported.error())) return imported;
  auto by_mirror = import_by_copy(reader, session_start, options, udf::MetadataCopy::kMirror);
  if (!by_mirror) return imported;
  by_mirror->left_out.emplace_back("the metadata is damaged, and was read from its mirror");
  return by_mirror;
}

std::string udf_revision_in_words(std::uint16_t revision) {
  return fmt::format("{:x}.{:02x}", revision >> 8U, revision & 0xFFU);
}

}  // namespace pregroove::image
