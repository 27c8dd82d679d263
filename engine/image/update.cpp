#include "engine/image/update.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "engine/image/source_sum.h"

namespace pregroove::image {
namespace {

class Updater {
 public:
  Updater(const StoredChecksums& stored, const BaseSession& session)
      : stored_(stored), session_(session) {}

  // base: nullptr where the disc has no such folder.
  void update(Directory& added, const Directory* base) {
    for (File& file : added.files.edit()) {
      const File* old = base != nullptr ? base->find_file(file.name) : nullptr;
      update_file(file, old);
    }
    for (Directory& child : added.directories) {
      const Directory* old = base != nullptr ? base->find_directory(child.name) : nullptr;
      if (old == nullptr) ++counts_.added;
      update(child, old);
    }
  }

  [[nodiscard]] const UpdateCounts& counts() const { return counts_; }

 private:
  void update_file(File& file, const File* old) {
    if (old == nullptr) {
      ++counts_.added;
    } else if (!has_same_bytes(file, *old)) {
      ++counts_.changed;
    } else {
      const bool same = file.modified == old->modified && has_same_attributes(file, *old);
      ++(same ? counts_.unchanged : counts_.same_bytes);
      if (const auto* extents = std::get_if<OldExtents>(&old->content)) file.content = *extents;
    }
  }

  [[nodiscard]] bool has_same_attributes(const File& file, const File& old) const {
    return session_.attributes == CompareAttributes::kNo || file.attributes == old.attributes;
  }

  [[nodiscard]] bool has_same_bytes(const File& file, const File& old) const {
    if (file.is_special() || old.is_special()) return is_same_special(file, old);
    const auto* source = std::get_if<SourceFile>(&file.content);
    const auto* extents = std::get_if<OldExtents>(&old.content);
    if (source == nullptr || extents == nullptr || file.size() != old.size()) return false;
    const bool same_time = file.modified == old.modified && !may_have_changed_since(file.modified);
    if (file.size() == 0 || same_time) return !was_burned_in_part(*extents);
    const StoredChecksum* checksum = checksum_of(*extents);
    if (checksum == nullptr || !checksum->whole) return false;
    const auto sum = sum_of_source(*source);
    return sum && *sum == checksum->sum;
  }

  // File systems stamp changes with times that lag behind the clock: by a tick, and FAT by two
  // seconds. A time that is later than any burn lasts says nothing: it was set, or the session's.
  [[nodiscard]] bool may_have_changed_since(system::FileTime modified) const {
    constexpr std::chrono::hours kLongestBurn(24);
    constexpr std::chrono::seconds kLag(2);
    return modified >= session_.begun - kLag && modified <= session_.begun + kLongestBurn;
  }

  [[nodiscard]] static bool is_same_special(const File& file, const File& old) {
    if (const auto* link = std::get_if<SymbolicLink>(&file.content)) {
      const auto* old_link = std::get_if<SymbolicLink>(&old.content);
      return old_link != nullptr && old_link->target == link->target;
    }
    const auto* special = std::get_if<SpecialFile>(&file.content);
    const auto* old_special = std::get_if<SpecialFile>(&old.content);
    return special != nullptr && old_special != nullptr && special->kind == old_special->kind &&
           special->device == old_special->device;
  }

  [[nodiscard]] const StoredChecksum* checksum_of(const OldExtents& extents) const {
    if (extents.extents.empty()) return nullptr;
    std::uint64_t bytes = 0;
    for (const Extent& extent : extents.extents) bytes += extent.bytes;
    return stored_.find(extents.extents.front().lba, bytes);
  }

  // What was cut short when it was burned has the size that it should have had.
  [[nodiscard]] bool was_burned_in_part(const OldExtents& extents) const {
    const StoredChecksum* checksum = checksum_of(extents);
    return checksum != nullptr && !checksum->whole;
  }

  const StoredChecksums& stored_;
  const BaseSession& session_;
  UpdateCounts counts_;
};

std::size_t files_in(const Directory& directory) {
  std::size_t count = directory.files.size();
  for (const Directory& child : directory.directories) count += files_in(child);
  return count;
}

std::size_t remove_missing_below(Directory& base, const Directory& added) {
  const auto is_missing = [&added](const File& file) {
    return added.find_file(file.name) == nullptr;
  };
  std::size_t removed = 0;
  if (std::ranges::any_of(base.files, is_missing))
    removed = std::erase_if(base.files.edit(), is_missing);
  std::erase_if(base.directories, [&](Directory& child) {
    if (const Directory* kept = added.find_directory(child.name)) {
      removed += remove_missing_below(child, *kept);
      return false;
    }
    // A folder that has gone counts, too, when it was empty.
    removed += std::max<std::size_t>(files_in(child), 1);
    return true;
  });
  return removed;
}

}  // namespace

UpdateCounts keep_unchanged(Tree& added, const Tree& base, const StoredChecksums& stored,
                            const BaseSession& session) {
  Updater updater(stored, session);
  updater.update(added.root(), &base.root());
  return updater.counts();
}

std::size_t remove_missing(Tree& base, const Tree& added, const std::vector<std::string>& folders) {
  std::size_t removed = 0;
  for (const std::string& folder : folders) {
    Directory* old = base.find_directory(folder);
    const Directory* now = added.find_directory(folder);
    if (old != nullptr && now != nullptr) removed += remove_missing_below(*old, *now);
  }
  return removed;
}

}  // namespace pregroove::image
