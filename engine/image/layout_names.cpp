// Names of a layout: what each hierarchy calls an entry, and in which order the records stand.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "engine/image/layout.h"

namespace pregroove::image {

std::string_view Layout::plain_name_of(const FolderLayout& folder, std::size_t entry) const {
  const std::size_t index = folder.first_name + entry;
  const std::size_t begin = index == 0 ? 0 : name_ends_[index - 1];
  return std::string_view(plain_names_).substr(begin, name_ends_[index] - begin);
}

std::string_view Layout::plain_name_of_folder(std::size_t folder) const {
  const FolderLayout& above = folders_[folders_[folder].parent];
  return plain_name_of(above, above.directory->files.size() + folder - above.first_child);
}

std::string_view Layout::joliet_name_of(const FolderLayout& folder, std::size_t entry) const {
  const auto mapped = joliet_names_.find(folder.first_name + static_cast<std::uint32_t>(entry));
  if (mapped != joliet_names_.end()) return mapped->second;
  const Directory& directory = *folder.directory;
  return entry < directory.files.size()
             ? std::string_view(directory.files[entry].name)
             : std::string_view(directory.directories[entry - directory.files.size()].name);
}

std::string_view Layout::joliet_name_of_folder(std::size_t folder) const {
  const FolderLayout& above = folders_[folders_[folder].parent];
  return joliet_name_of(above, above.directory->files.size() + folder - above.first_child);
}

bool Layout::shows(const File& file, Hierarchy hierarchy) const {
  return !file.is_special() || (hierarchy == Hierarchy::kPlain && formats_.rock_ridge);
}

// Beside Rock Ridge, which keeps the real name, a name that Joliet cannot hold is only mapped; and
// so is one that is on the disc already, since nobody can rename it there.
Status Layout::check_name(const std::string& name, std::size_t folder, NameOrigin origin) const {
  const auto check = [&](const std::string& path) {
    if (formats_.rock_ridge || !formats_.joliet || origin == NameOrigin::kImported)
      return check_posix_name(name, path);
    return check_joliet_name(name, path, origin, formats_.joliet_units_max);
  };
  if (check(name)) return {};
  return check(folder == 0 ? "/" + name : path_of(folder) + "/" + name);
}

void Layout::map_names(FolderLayout& folder) {
  std::vector<NameToMap> entries;
  entries.reserve(folder.entry_count());
  for (const File& file : folder.directory->files)
    entries.push_back({.name = file.name, .kind = EntryKind::kFile});
  for (const Directory& child : folder.directory->directories)
    entries.push_back({.name = child.name, .kind = EntryKind::kDirectory});
  for (const std::string& name : map_plain_names(entries, formats_.iso_level)) {
    plain_names_ += name;
    name_ends_.push_back(static_cast<std::uint32_t>(plain_names_.size()));
  }
}

void Layout::map_joliet_names(FolderLayout& folder) {
  if (!formats_.joliet) return;
  const Directory& directory = *folder.directory;
  std::vector<NameToCheck> names;
  names.reserve(folder.entry_count());
  for (const File& file : directory.files)
    names.push_back({.name = file.name,
                     .origin = file.is_imported() ? NameOrigin::kImported : NameOrigin::kNew});
  for (const Directory& child : directory.directories)
    names.push_back(
        {.name = child.name, .origin = child.imported ? NameOrigin::kImported : NameOrigin::kNew});
  for (auto& [entry, name] : map_joliet_names_of(names, formats_.joliet_units_max))
    joliet_names_.emplace(folder.first_name + static_cast<std::uint32_t>(entry), std::move(name));
}

void Layout::sort_records(FolderLayout& folder) const {
  const Files& files = folder.directory->files;
  const auto sorted = [&](Hierarchy hierarchy, const auto& less) {
    std::vector<std::uint32_t> order(folder.entry_count());
    std::iota(order.begin(), order.end(), 0U);
    std::erase_if(order, [&](std::uint32_t entry) {
      return entry < files.size() && !shows(files[entry], hierarchy);
    });
    if (!std::ranges::is_sorted(order, less)) std::ranges::sort(order, less);
    folder.order[static_cast<std::size_t>(hierarchy)] = std::move(order);
  };
  // Plain names hold nothing that sorts before ".", so their bytes sort as ECMA-119 9.3 wants.
  sorted(Hierarchy::kPlain, [&](std::uint32_t l, std::uint32_t r) {
    return plain_name_of(folder, l) < plain_name_of(folder, r);
  });
  if (!formats_.joliet) return;
  sorted(Hierarchy::kJoliet, [&](std::uint32_t l, std::uint32_t r) {
    return joliet_record_less(joliet_name_of(folder, l), joliet_name_of(folder, r));
  });
}

// xorriso 1.5.4 gives a whole tree up for one link that is longer, and isoinfo 1.1.11 dies of some.
void Layout::note_long_links() {
  constexpr std::size_t kReadByAll = 1023;
  std::size_t links = 0;
  for (const FolderLayout& folder : folders_) {
    for (const File& file : folder.directory->files) {
      const auto* link = std::get_if<SymbolicLink>(&file.content);
      if (link != nullptr && link->target.size() > kReadByAll) ++links;
    }
  }
  if (links > 0 && formats_.rock_ridge && has_iso9660())
    warnings_.push_back(fmt::format(
        "{} symbolic links lead to paths of more than {} characters; Linux reads them, but "
        "xorriso cannot read the disc",
        links, kReadByAll));
}

void Layout::note_left_out() {
  std::size_t specials = 0;
  for (const FolderLayout& folder : folders_)
    specials +=
        static_cast<std::size_t>(std::ranges::count_if(folder.directory->files, &File::is_special));
  if (specials > 0 && !has_iso9660())
    warnings_.push_back(fmt::format(
        "{} links, devices, pipes or sockets were left out: in UDF not all readers know them",
        specials));
  if (specials > 0 && !formats_.rock_ridge)
    warnings_.push_back(fmt::format(
        "{} links, devices, pipes or sockets were left out: only Rock Ridge can hold them",
        specials));
  if (specials > 0 && formats_.rock_ridge && formats_.joliet)
    warnings_.push_back(fmt::format(
        "{} links, devices, pipes or sockets are in the Rock Ridge tree only; Windows does not "
        "show them",
        specials));
  if (!joliet_names_.empty())
    warnings_.push_back(fmt::format(
        "{} names have other characters, or are longer, than Joliet can hold; Windows shows them "
        "changed, such as \"{}\"",
        joliet_names_.size(), std::ranges::min_element(joliet_names_, {}, [](const auto& mapped) {
                                return mapped.first;
                              })->second));
}

}  // namespace pregroove::image
