// Where blocks of an existing file system come from: a drive, a disc file, an image file.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "engine/base/error.h"
#include "engine/base/units.h"
#include "engine/system/file.h"

namespace pregroove::image {

class BlockReader {
 public:
  virtual ~BlockReader() = default;
  BlockReader(const BlockReader&) = delete;
  BlockReader& operator=(const BlockReader&) = delete;

  // Fills the buffer with blocks from `first` on, or fails. The buffer may be larger than what a
  // drive transfers at once. REQUIRES: the buffer is a whole number of blocks.
  [[nodiscard]] virtual Status read(Lba first, std::span<std::byte> whole_blocks) = 0;

 protected:
  BlockReader() = default;
};

// An image file whose first byte is block `origin`.
class FileBlockReader final : public BlockReader {
 public:
  [[nodiscard]] static Result<FileBlockReader> open(const std::string& path, Lba origin = {});
  FileBlockReader(FileBlockReader&& other) noexcept;

  [[nodiscard]] Status read(Lba first, std::span<std::byte> whole_blocks) override;
  // The address after the last whole block.
  [[nodiscard]] Lba end() const { return end_; }

 private:
  FileBlockReader(system::File file, Lba origin, Lba end);
  system::File file_;
  Lba origin_;
  Lba end_;
};

}  // namespace pregroove::image
