// What Rock Ridge says of the entries of a layout, and which names are links to one file.
#include <map>
#include <utility>

#include "engine/image/layout.h"
#include "engine/image/susp.h"

namespace pregroove::image {
namespace {

std::uint32_t type_of(const File& file) {
  if (std::holds_alternative<SymbolicLink>(file.content)) return kModeLink;
  const auto* special = std::get_if<SpecialFile>(&file.content);
  if (special == nullptr) return kModeRegular;
  switch (special->kind) {
    case SpecialKind::kCharacterDevice:
      return kModeCharacterDevice;
    case SpecialKind::kBlockDevice:
      return kModeBlockDevice;
    case SpecialKind::kPipe:
      return kModePipe;
    case SpecialKind::kSocket:
      return kModeSocket;
  }
  return kModeRegular;
}

bool is_device(const SpecialFile& file) {
  return file.kind == SpecialKind::kCharacterDevice || file.kind == SpecialKind::kBlockDevice;
}

// What tells that two names are one file; nothing for a file with one name.
using FileIdentity = std::pair<std::uint64_t, std::uint64_t>;
std::optional<FileIdentity> identity_of(const File& file) {
  // No device has this number; extents of the disc are told apart by it from files on disk.
  constexpr std::uint64_t kOnThisDisc = ~std::uint64_t{0};
  if (const auto* source = std::get_if<SourceFile>(&file.content);
      source != nullptr && source->links > 1)
    return FileIdentity{source->device, source->inode};
  if (const auto* old = std::get_if<OldExtents>(&file.content);
      old != nullptr && old->links > 1 && !old->extents.empty())
    return FileIdentity{kOnThisDisc, static_cast<std::uint64_t>(old->extents.front().lba.value)};
  return std::nullopt;
}

}  // namespace

void Layout::find_links() {
  std::map<FileIdentity, std::vector<std::uint32_t>> names;
  for (const FolderLayout& folder : folders_) {
    std::uint32_t index = folder.first_file;
    for (const File& file : folder.directory->files) {
      if (const auto identity = identity_of(file)) names[*identity].push_back(index);
      ++index;
    }
  }
  for (const auto& [identity, indices] : names) {
    if (indices.size() < 2) continue;
    const auto count = static_cast<std::uint32_t>(indices.size());
    for (const std::uint32_t index : indices)
      links_.emplace(index, Link{.first = indices.front(), .count = count});
  }
}

bool Layout::is_further_link(const FolderLayout& folder, std::size_t file) const {
  if (links_.empty()) return false;
  const auto index = folder.first_file + static_cast<std::uint32_t>(file);
  const auto link = links_.find(index);
  return link != links_.end() && link->second.first != index;
}

void Layout::fields_of_file(const FolderLayout& folder, std::size_t file,
                            std::vector<std::byte>& out) const {
  out.clear();
  if (!formats_.rock_ridge) return;
  const File& entry = folder.directory->files[file];
  const auto index = folder.first_file + static_cast<std::uint32_t>(file);
  EntryAttributes attributes{.name = entry.name,
                             .mode = entry.attributes.permissions | type_of(entry),
                             .user = entry.attributes.user,
                             .group = entry.attributes.group,
                             .serial = index + 1,
                             .modified = entry.modified};
  if (const auto link = links_.find(index); link != links_.end()) {
    attributes.links = link->second.count;
    attributes.serial = link->second.first + 1;
  }
  if (const auto* link = std::get_if<SymbolicLink>(&entry.content))
    attributes.link_target = link->target;
  if (const auto* special = std::get_if<SpecialFile>(&entry.content);
      special != nullptr && is_device(*special))
    attributes.device = special->device;
  append_fields(attributes, out);
}

EntryAttributes Layout::attributes_of(std::size_t folder) const {
  const Directory& directory = *folders_[folder].directory;
  // Its name, its own ".", and the ".." of each subfolder.
  constexpr std::uint32_t kNameAndSelf = 2;
  return {.mode = directory.attributes.permissions | kModeDirectory,
          .links = kNameAndSelf + static_cast<std::uint32_t>(directory.directories.size()),
          .user = directory.attributes.user,
          .group = directory.attributes.group,
          .serial = static_cast<std::uint32_t>(file_offsets_.size() + folder + 1),
          .modified = folder == 0 ? created_ : directory.modified};
}

void Layout::fields_of_folder(std::size_t folder, std::vector<std::byte>& out) const {
  out.clear();
  if (!formats_.rock_ridge) return;
  EntryAttributes attributes = attributes_of(folder);
  attributes.name = folders_[folder].directory->name;
  append_fields(attributes, out);
}

void Layout::fields_of_dot_record(std::size_t folder, Role role,
                                  std::vector<std::byte>& out) const {
  out.clear();
  if (!formats_.rock_ridge) return;
  EntryAttributes attributes = attributes_of(folder);
  attributes.announces = role == Role::kSelf && folder == 0;
  append_fields(attributes, out);
}

}  // namespace pregroove::image
