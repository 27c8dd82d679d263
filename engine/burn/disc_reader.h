// A disc in a drive as a source of blocks for the importer, and an image as a source of blocks for
// a burn.
#pragma once

#include "engine/burn/block_source.h"
#include "engine/drive/drive.h"
#include "engine/image/block_reader.h"
#include "engine/image/image.h"

namespace pregroove::burn {

class DiscReader final : public image::BlockReader {
 public:
  explicit DiscReader(drive::Drive& drive) : drive_(drive) {}
  [[nodiscard]] Status read(Lba first, std::span<std::byte> whole_blocks) override {
    return drive_.read(first, whole_blocks);
  }

 private:
  drive::Drive& drive_;
};

class ImageSource final : public BlockSource {
 public:
  explicit ImageSource(const image::Image& image) : size_(image.size()), reader_(image) {}
  [[nodiscard]] BlockCount size() const override { return size_; }
  [[nodiscard]] Result<std::size_t> read(std::span<std::byte> blocks) override {
    return reader_.read(blocks);
  }
  [[nodiscard]] std::vector<Error> problems() const override { return reader_.problems(); }

 private:
  BlockCount size_;
  image::ImageReader reader_;
};

}  // namespace pregroove::burn
