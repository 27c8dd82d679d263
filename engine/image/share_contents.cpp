#include <algorithm>
#include <map>
#include <ranges>
#include <set>
#include <utility>

#include "engine/image/layout.h"
#include "engine/image/source_sum.h"
#include "engine/image/update.h"

namespace pregroove::image {
namespace {

using FileIdentity = std::pair<std::uint64_t, std::uint64_t>;  // device and inode
using Names = std::vector<File*>;

// The extents in which the disc's content is described.
OldExtents extents_from(const StoredChecksum& stored) {
  OldExtents old;
  Lba lba = stored.lba;
  for (std::uint64_t left = stored.bytes; left > 0;) {
    const std::uint64_t bytes = std::min(left, kSectionBytesMax);
    old.extents.push_back({.lba = lba, .bytes = bytes});
    lba += blocks_for_bytes(bytes);
    left -= bytes;
  }
  return old;
}

class Sharer {
 public:
  Sharer(const StoredChecksums& stored, const ShareOptions& options)
      : options_(options), apart_(options.apart.begin(), options.apart.end()) {
    for (const StoredChecksum& record : stored.records())
      if (record.whole) on_disc_[record.bytes].push_back(&record);
  }

  void collect(Directory& directory, const std::string& path) {
    for (File& file : directory.files.edit()) {
      const auto* source = std::get_if<SourceFile>(&file.content);
      if (source == nullptr || source->size == 0 || apart_.contains(path + "/" + file.name))
        continue;
      by_size_[source->size][{source->device, source->inode}].push_back(&file);
    }
    for (Directory& child : directory.directories) collect(child, path + "/" + child.name);
  }

  Result<ShareCounts> share() {
    for (auto& [size, files] : by_size_) {
      const auto stored = on_disc_.find(size);
      if (files.size() < 2 && stored == on_disc_.end()) continue;
      PREGROOVE_RETURN_IF_ERROR(
          share_of_size(files, stored == on_disc_.end()
                                   ? std::span<const StoredChecksum* const>{}
                                   : std::span<const StoredChecksum* const>(stored->second)));
    }
    return counts_;
  }

 private:
  Status share_of_size(const std::map<FileIdentity, Names>& files,
                       std::span<const StoredChecksum* const> stored) {
    std::map<Sha256Sum, std::vector<const Names*>> by_sum;
    for (const Names& names : files | std::views::values) {
      const auto& source = std::get<SourceFile>(names.front()->content);
      const auto sum = sum_of_source(source, options_.cancelled);
      if (!sum && sum.error().code == ErrorCode::kCancelled) return std::unexpected(sum.error());
      // Whoever reads it for the image says what is wrong with it.
      if (sum) by_sum[*sum].push_back(&names);
    }
    for (const auto& [sum, same] : by_sum) {
      const auto old = std::ranges::find(stored, sum, &StoredChecksum::sum);
      if (old != stored.end())
        take_from_disc(same, **old);
      else if (same.size() > 1)
        put_together(same);
    }
    return {};
  }

  void take_from_disc(const std::vector<const Names*>& same, const StoredChecksum& stored) {
    for (const Names* names : same) {
      for (File* file : *names) {
        OldExtents old = extents_from(stored);
        old.new_name = true;
        old.links = std::get<SourceFile>(file->content).links;
        file->content = std::move(old);
      }
      count(stored.bytes);
    }
  }

  void put_together(const std::vector<const Names*>& same) {
    ++last_content_;
    for (const Names* names : same) {
      for (File* file : *names) std::get<SourceFile>(file->content).content = last_content_;
      if (names != same.front()) count(names->front()->size());
    }
  }

  void count(std::uint64_t bytes) {
    ++counts_.files;
    counts_.bytes += bytes;
  }

  const ShareOptions& options_;
  std::set<std::string> apart_;
  std::map<std::uint64_t, std::vector<const StoredChecksum*>> on_disc_;
  std::map<std::uint64_t, std::map<FileIdentity, Names>> by_size_;
  std::uint32_t last_content_ = 0;
  ShareCounts counts_;
};

}  // namespace

Result<ShareCounts> share_contents(Tree& tree, const StoredChecksums& stored,
                                   const ShareOptions& options) {
  Sharer sharer(stored, options);
  sharer.collect(tree.root(), "");
  return sharer.share();
}

}  // namespace pregroove::image
