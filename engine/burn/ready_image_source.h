// A ready image as a source of blocks for a burn.
#pragma once

#include "engine/burn/block_source.h"
#include "engine/image/ready_image.h"

namespace pregroove::burn {

class ReadyImageSource final : public BlockSource {
 public:
  // REQUIRES: the image outlives it.
  explicit ReadyImageSource(image::ReadyImage& image) : image_(image) {}
  [[nodiscard]] BlockCount size() const override { return image_.size(); }
  [[nodiscard]] Result<std::size_t> read(std::span<std::byte> blocks) override {
    return image_.read(blocks);
  }
  [[nodiscard]] std::vector<Error> problems() const override { return image_.problems(); }

 private:
  image::ReadyImage& image_;
};

}  // namespace pregroove::burn
