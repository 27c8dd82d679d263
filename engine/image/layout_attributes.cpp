// What Rock Ridge says of the entries of a layout, and which of them share their blocks.
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
    for (const std::uint32_t index : indices) {
      links_.emplace(index, Link{.first = indices.front(), .count = count});
      first_of_content_.emplace(index, indices.front());
    }
  }
}

void Layout::find_same_contents() {
  std::unordered_map<std::uint32_t, std::uint32_t> first_by_content;
  for (const FolderLayout& folder : folders_) {
    std::uint32_t index = folder.first_file;
    for (const File& file : folder.directory->files) {
      const auto* source = std::get_if<SourceFile>(&file.content);
      if (source != nullptr && source->content != 0)
        first_of_content_[index] = first_by_content.emplace(source->content, index).first->second;
      ++index;
    }
  }
}

bool Layout::is_repeated(const FolderLayout& folder, std::size_t file) const {
  if (first_of_content_.empty()) return false;
  const auto index = folder.first_file + static_cast<std::uint32_t>(file);
  const auto first = first_of_content_.find(index);
  return first != first_of_content_.end() && first->second != index;
}

std::vector<std::string> Layout::paths_of_same_content(const FolderLayout& folder,
                                                       std::size_t file) const {
  std::vector<std::string> paths;
  const auto* source = std::get_if<SourceFile>(&folder.directory->files[file].content);
  if (source == nullptr || source->content == 0) return paths;
  for (std::size_t i = 0; i < folders_.size(); ++i) {
    for (const File& other : folders_[i].directory->files) {
      const auto* same = std::get_if<SourceFile>(&other.content);
      if (same == nullptr || same->content != source->content || same->inode == source->inode)
        continue;
      paths.push_back((i == 0 ? "" : path_of(i)) + "/" + other.name);
    }
  }
  return paths;
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
