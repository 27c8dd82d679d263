// What tests of file system images share: scratch folders, trees of small files, discs in memory.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "engine/image/extract.h"
#include "engine/image/image.h"
#include "engine/image/import.h"
#include "engine/image/tree.h"
#include "tests/support/scratch_folder.h"

namespace pregroove::testing_support {

using PathsAndContents = std::map<std::string, std::string>;

inline std::vector<std::byte> bytes_from(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

inline image::Tree tree_of(const PathsAndContents& files) {
  image::Tree tree;
  for (const auto& [path, content] : files) {
    const auto added = tree.add_file(path, {.content = image::Memory{bytes_from(content)}});
    EXPECT_TRUE(added.has_value()) << path;
  }
  return tree;
}

// All blocks of the image, read in pieces of this many blocks.
inline std::vector<std::byte> blocks_of(const image::Image& image, std::size_t piece_blocks = 64) {
  image::ImageReader reader(image);
  std::vector<std::byte> all;
  std::vector<std::byte> piece(piece_blocks * kBlockSize);
  for (;;) {
    const auto count = reader.read(piece);
    EXPECT_TRUE(count.has_value());
    if (!count || *count == 0) break;
    all.insert(all.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(*count));
  }
  return all;
}

// Puts blocks into a file at a block address; the file is created or grows as needed.
inline void write_blocks(const std::string& path, std::int64_t first,
                         std::span<const std::byte> blocks) {
  auto file = system::File::create(path);
  if (!file) file = system::File::open_for_update(path);
  EXPECT_TRUE(file.has_value()) << path;
  if (!file) return;
  EXPECT_TRUE(file->write_at(static_cast<std::uint64_t>(first) * kBlockSize, blocks).has_value());
}

// Blocks in memory; those that were never put cannot be read, as on a disc.
class MemoryDisc final : public image::BlockReader {
 public:
  void put(Lba first, std::vector<std::byte> blocks) { parts_[first.value] = std::move(blocks); }

  Status read(Lba first, std::span<std::byte> whole_blocks) override {
    ++reads;
    for (const auto& [start, blocks] : parts_) {
      const std::int64_t offset = std::int64_t{first.value - start} * std::int64_t{kBlockSize};
      if (offset < 0 || static_cast<std::size_t>(offset) + whole_blocks.size() > blocks.size())
        continue;
      std::copy_n(blocks.begin() + offset, whole_blocks.size(), whole_blocks.begin());
      return {};
    }
    return fail(ErrorCode::kDevice, fmt::format("block {} cannot be read", first.value));
  }

  std::size_t reads = 0;

 private:
  std::map<std::int32_t, std::vector<std::byte>> parts_;
};

inline std::string content_of(image::BlockReader& disc, const image::File& file) {
  std::string content;
  const auto status =
      image::read_file(disc, file, [&content](std::span<const std::byte> bytes) -> Status {
        for (const std::byte byte : bytes) content += static_cast<char>(byte);
        return {};
      });
  EXPECT_TRUE(status.has_value()) << file.name;
  return content;
}

// Every file of an imported tree with what the disc holds for it.
inline PathsAndContents contents_of(image::BlockReader& disc, const image::Tree& tree) {
  PathsAndContents contents;
  tree.walk([&](std::string_view path, const image::File& file) {
    contents[std::string(path)] = content_of(disc, file);
  });
  return contents;
}

}  // namespace pregroove::testing_support
