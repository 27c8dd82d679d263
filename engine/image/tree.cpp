#include "engine/image/tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <type_traits>

namespace pregroove::image {
namespace {

// Where an entry of this name is, or would be, in a sorted vector. Most trees are built in order.
template <typename Entries>
auto position_of(Entries& entries, std::string_view name) {
  if (!entries.empty() && entries.back().name < name) return entries.end();
  return std::ranges::lower_bound(entries, name, {},
                                  [](const auto& entry) { return std::string_view(entry.name); });
}

template <typename Entries>
auto* find_in(Entries& entries, std::string_view name) {
  const auto at = position_of(entries, name);
  return at != entries.end() && at->name == name ? &*at : nullptr;
}

// The components of a path; empty ones are dropped.
std::vector<std::string_view> components_of(std::string_view path) {
  std::vector<std::string_view> components;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (slash != 0) components.push_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return components;
}

Result<std::vector<std::string_view>> checked_components(std::string_view path) {
  auto components = components_of(path);
  if (components.size() > kDepthMax)
    return fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is nested too deeply", path));
  for (const std::string_view component : components) {
    if (component == "." || component == "..")
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format(R"("{}" is not a path on a disc: it contains "{}")", path, component),
                  "Give the path from the root of the disc, such as /photos/summer.");
  }
  return components;
}

// Of something that has a name.
Result<std::vector<std::string_view>> components_of_entry(std::string_view path) {
  PREGROOVE_ASSIGN_OR_RETURN(auto components, checked_components(path));
  if (components.empty())
    return fail(ErrorCode::kInvalidArgument, "the root of the disc stays, and keeps its name",
                "Give the path from the root of the disc, such as /photos/summer.");
  return components;
}

std::unexpected<Error> not_there(std::string_view path) {
  return fail(ErrorCode::kNotFound, fmt::format("\"{}\" is not on the disc", path),
              "Look for the path with pregroove ls; it begins at the root of the disc.");
}

std::unexpected<Error> name_taken(std::string_view path, std::string_view by) {
  return fail(ErrorCode::kAlreadyExists, fmt::format("\"{}\" exists already{}", path, by),
              "Give one of the two another name or another place on the disc.");
}

std::unexpected<Error> kinds_differ(std::string_view path, std::string_view old_kind,
                                    std::string_view new_kind) {
  return fail(ErrorCode::kAlreadyExists,
              fmt::format("\"{}\" is a {} and cannot be replaced by a {} of the same name", path,
                          old_kind, new_kind),
              "Use another name for the new one.");
}

// Appends "/name" to a path for as long as it lives.
class PathComponent {
 public:
  PathComponent(std::string& path, std::string_view name) : path_(path), length_(path.size()) {
    path_.append(1, '/').append(name);
  }
  PathComponent(const PathComponent&) = delete;
  PathComponent& operator=(const PathComponent&) = delete;
  ~PathComponent() { path_.resize(length_); }

 private:
  std::string& path_;
  std::size_t length_;
};

// Names that occur in both sorted vectors, smallest first, handed to a function that may fail.
template <typename Left, typename Right, typename Function>
Status for_each_common(Left& left, Right& right, Function&& function) {
  auto l = left.begin();
  auto r = right.begin();
  while (l != left.end() && r != right.end()) {
    const int order = l->name.compare(r->name);
    if (order == 0) PREGROOVE_RETURN_IF_ERROR(function(*l, *r));
    if (order <= 0) ++l;
    if (order >= 0) ++r;
  }
  return {};
}

Status check_merge(const Directory& to, const Directory& from, Overwrite overwrite,
                   std::string& path) {
  PREGROOVE_RETURN_IF_ERROR(
      for_each_common(to.files, from.files, [&](const File& file, const File&) -> Status {
        if (overwrite == Overwrite::kYes) return {};
        const PathComponent component(path, file.name);
        return name_taken(path, "");
      }));
  PREGROOVE_RETURN_IF_ERROR(for_each_common(to.files, from.directories,
                                            [&](const File& file, const Directory&) -> Status {
                                              const PathComponent component(path, file.name);
                                              return kinds_differ(path, "file", "folder");
                                            }));
  PREGROOVE_RETURN_IF_ERROR(
      for_each_common(to.directories, from.files, [&](const Directory& old, const File&) -> Status {
        const PathComponent component(path, old.name);
        return kinds_differ(path, "folder", "file");
      }));
  return for_each_common(to.directories, from.directories,
                         [&](const Directory& left, const Directory& right) -> Status {
                           const PathComponent component(path, left.name);
                           return check_merge(left, right, overwrite, path);
                         });
}

// Both vectors into one, sorted; when_equal(old, added) yields the entry that stays.
template <typename Entry, typename WhenEqual>
std::vector<Entry> merge_sorted(std::vector<Entry>&& to, std::vector<Entry>&& from,
                                const WhenEqual& when_equal) {
  if (from.empty()) return std::move(to);
  if (to.empty()) return std::move(from);
  std::vector<Entry> merged;
  merged.reserve(to.size() + from.size());
  auto l = to.begin();
  auto r = from.begin();
  while (l != to.end() && r != from.end()) {
    const int order = l->name.compare(r->name);
    if (order < 0) merged.push_back(std::move(*l++));
    if (order > 0) merged.push_back(std::move(*r++));
    if (order == 0) merged.push_back(when_equal(std::move(*l++), std::move(*r++)));
  }
  std::move(l, to.end(), std::back_inserter(merged));
  std::move(r, from.end(), std::back_inserter(merged));
  return merged;
}

Directory apply_merge(Directory to, Directory from) {
  to.modified = std::max(to.modified, from.modified);
  if (to.files.empty())
    to.files = std::move(from.files);
  else if (!from.files.empty())
    to.files = merge_sorted(std::move(to.files.edit()), std::move(from.files.edit()),
                            [](File&&, File&& added) { return std::move(added); });
  to.directories = merge_sorted(std::move(to.directories), std::move(from.directories),
                                [](Directory&& old, Directory&& added) {
                                  return apply_merge(std::move(old), std::move(added));
                                });
  return to;
}

// Folders below folders, itself counted.
std::size_t depth_of(const Directory& directory) {
  std::size_t below = 0;
  for (const Directory& child : directory.directories) below = std::max(below, depth_of(child));
  return below + 1;
}

// Out of a sorted vector.
template <typename Entries>
auto take_out(Entries& entries, std::string_view name) {
  const auto at = position_of(entries, name);
  auto entry = std::move(*at);
  entries.erase(at);
  return entry;
}

void note_new_name(File& file) {
  if (auto* old = std::get_if<OldExtents>(&file.content)) old->new_name = true;
}
void note_new_name(Directory& directory) { directory.imported = false; }

template <typename Entries>
void put_in(Entries& entries, typename Entries::value_type entry, std::string_view name) {
  entry.name = std::string(name);
  note_new_name(entry);
  const auto at = position_of(entries, name);
  entries.insert(at, std::move(entry));
}

system::FileTime modified_at(const Tree& tree, std::string_view path) {
  const File* const file = tree.find_file(path);
  return file != nullptr ? file->modified : tree.find_directory(path)->modified;
}

void walk_directory(const Directory& directory, std::string& path, const Tree::FileVisitor& on_file,
                    const Tree::DirectoryVisitor& on_directory) {
  for (const File& file : directory.files) {
    const PathComponent component(path, file.name);
    if (on_file) on_file(path, file);
  }
  for (const Directory& child : directory.directories) {
    const PathComponent component(path, child.name);
    if (on_directory) on_directory(path, child);
    walk_directory(child, path, on_file, on_directory);
  }
}

void count_directory(const Directory& directory, TreeCounts& counts) {
  counts.files += directory.files.size();
  counts.directories += directory.directories.size();
  for (const File& file : directory.files) {
    const std::uint64_t size = file.size();
    counts.bytes += size;
    if (!std::holds_alternative<OldExtents>(file.content)) counts.new_bytes += size;
  }
  for (const Directory& child : directory.directories) count_directory(child, counts);
}

template <typename Folder>  // constant or not
Folder* descend(Folder& root, std::span<const std::string_view> components) {
  Folder* directory = &root;
  for (const std::string_view component : components) {
    directory = directory->find_directory(component);
    if (directory == nullptr) return nullptr;
  }
  return directory;
}

// The folder behind the components, made where it is missing.
Result<Directory*> make_directories(Directory& root, std::span<const std::string_view> components,
                                    system::FileTime modified) {
  Directory* directory = &root;
  std::string path;
  for (const std::string_view component : components) {
    path.append(1, '/').append(component);
    if (directory->find_file(component) != nullptr) return kinds_differ(path, "file", "folder");
    auto at = position_of(directory->directories, component);
    if (at == directory->directories.end() || at->name != component)
      at = directory->directories.insert(
          at, Directory{.name = std::string(component), .modified = modified});
    directory = &*at;
  }
  return directory;
}

}  // namespace

std::string SourceFile::path() const {
  if (folder == nullptr || folder->empty()) return leaf;
  return folder->back() == '/' ? *folder + leaf : fmt::format("{}/{}", *folder, leaf);
}

std::uint64_t File::size() const {
  if (const auto* source = std::get_if<SourceFile>(&content)) return source->size;
  if (const auto* memory = std::get_if<Memory>(&content)) return memory->bytes.size();
  std::uint64_t bytes = 0;
  if (const auto* old = std::get_if<OldExtents>(&content)) {
    for (const Extent& extent : old->extents) bytes += extent.bytes;
  }
  return bytes;
}

const File* Directory::find_file(std::string_view wanted) const { return find_in(files, wanted); }
const Directory* Directory::find_directory(std::string_view wanted) const {
  return find_in(directories, wanted);
}
Directory* Directory::find_directory(std::string_view wanted) {
  return find_in(directories, wanted);
}

const File* Tree::find_file(std::string_view path) const {
  const auto components = components_of(path);
  if (components.empty()) return nullptr;
  const Directory* directory = descend(root_, std::span(components).first(components.size() - 1));
  return directory == nullptr ? nullptr : directory->find_file(components.back());
}

const Directory* Tree::find_directory(std::string_view path) const {
  return descend(root_, components_of(path));
}

Directory* Tree::find_directory(std::string_view path) {
  return descend(root_, components_of(path));
}

Status Tree::add_file(std::string_view path, File file) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto components, checked_components(path));
  if (components.empty())
    return fail(ErrorCode::kInvalidArgument, "a file needs a name",
                "Give the path from the root of the disc, such as /notes.txt.");
  PREGROOVE_ASSIGN_OR_RETURN(
      Directory* const directory,
      make_directories(root_, std::span(components).first(components.size() - 1), file.modified));
  const std::string_view name = components.back();
  if (directory->find_directory(name) != nullptr) return kinds_differ(path, "folder", "file");
  std::vector<File>& files = directory->files.edit();
  const auto at = position_of(files, name);
  if (at != files.end() && at->name == name) return name_taken(path, "");
  file.name = std::string(name);
  files.insert(at, std::move(file));
  return {};
}

Result<Directory*> Tree::add_directory(std::string_view path, system::FileTime modified) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto components, checked_components(path));
  return make_directories(root_, components, modified);
}

Status Tree::remove(std::string_view path) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto components, components_of_entry(path));
  Directory* const parent = descend(root_, std::span(components).first(components.size() - 1));
  const std::string_view name = components.back();
  if (parent != nullptr && parent->find_file(name) != nullptr) {
    take_out(parent->files.edit(), name);
    return {};
  }
  if (parent == nullptr || parent->find_directory(name) == nullptr) return not_there(path);
  take_out(parent->directories, name);
  return {};
}

Status Tree::check_rename(std::span<const std::string_view> from,
                          std::span<const std::string_view> to, std::string_view to_path) const {
  const Directory* const folder = descend(root_, from);
  if (folder == nullptr) return {};
  if (to.size() > from.size() && std::ranges::equal(from, to.first(from.size())))
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("a folder cannot be moved into itself, to \"{}\"", to_path),
                "Choose a place outside of it.");
  if (to.size() - 1 + depth_of(*folder) > kDepthMax)
    return fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is nested too deeply", to_path),
                "Choose a place nearer to the root.");
  return {};
}

Status Tree::rename(std::string_view from, std::string_view to) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto old_path, components_of_entry(from));
  PREGROOVE_ASSIGN_OR_RETURN(const auto new_path, components_of_entry(to));
  if (find_file(from) == nullptr && find_directory(from) == nullptr) return not_there(from);
  if (find_file(to) != nullptr || find_directory(to) != nullptr) return name_taken(to, "");
  PREGROOVE_RETURN_IF_ERROR(check_rename(old_path, new_path, to));
  // May move the old parent, and fails before it has made anything, or not at all.
  const auto new_folder = std::span(new_path).first(new_path.size() - 1);
  PREGROOVE_RETURN_IF_ERROR(make_directories(root_, new_folder, modified_at(*this, from)));
  Directory& parent = *descend(root_, std::span(old_path).first(old_path.size() - 1));
  const std::string_view name = old_path.back();
  if (parent.find_file(name) != nullptr) {
    File file = take_out(parent.files.edit(), name);
    put_in(descend(root_, new_folder)->files.edit(), std::move(file), new_path.back());
  } else {
    Directory folder = take_out(parent.directories, name);
    put_in(descend(root_, new_folder)->directories, std::move(folder), new_path.back());
  }
  return {};
}

Status Tree::merge(Tree&& added, Overwrite overwrite) {
  std::string path;
  PREGROOVE_RETURN_IF_ERROR(check_merge(root_, added.root_, overwrite, path));
  root_ = apply_merge(std::move(root_), std::move(added.root_));
  return {};
}

void Tree::walk(const FileVisitor& on_file, const DirectoryVisitor& on_directory) const {
  std::string path;
  walk_directory(root_, path, on_file, on_directory);
}

TreeCounts Tree::count() const {
  TreeCounts counts;
  count_directory(root_, counts);
  return counts;
}

}  // namespace pregroove::image
