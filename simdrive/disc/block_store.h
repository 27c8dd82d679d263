// Where the blocks of a simulated disc and the record about them are kept: in memory, or in a file.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "engine/base/error.h"
#include "simdrive/disc/layout.h"

namespace simdrive {

// Addresses are those of the user area, from LBA 0 to the capacity of the medium; the caller has
// checked them. Not thread safe.
class BlockStore {
 public:
  virtual ~BlockStore() = default;
  BlockStore(const BlockStore&) = delete;
  BlockStore& operator=(const BlockStore&) = delete;

  // data is a whole number of blocks.
  [[nodiscard]] virtual pregroove::Status write(Lba lba, std::span<const std::byte> data) = 0;
  // Blocks that were never written read as zeros.
  [[nodiscard]] virtual pregroove::Status read(Lba lba, std::span<std::byte> buffer) const = 0;
  [[nodiscard]] virtual pregroove::Status clear(Lba lba, BlockCount count) = 0;
  // Keeps the record: afterwards a reopened disc is in this state.
  [[nodiscard]] virtual pregroove::Status save(const Layout& layout) = 0;
  // Returns when everything is on the storage device.
  [[nodiscard]] virtual pregroove::Status flush() = 0;

 protected:
  BlockStore() = default;
};

// Holds only what was written, in pieces of one megabyte.
class MemoryStore final : public BlockStore {
 public:
  explicit MemoryStore(BlockCount capacity);

  [[nodiscard]] pregroove::Status write(Lba lba, std::span<const std::byte> data) override;
  [[nodiscard]] pregroove::Status read(Lba lba, std::span<std::byte> buffer) const override;
  [[nodiscard]] pregroove::Status clear(Lba lba, BlockCount count) override;
  [[nodiscard]] pregroove::Status save(const Layout&) override { return {}; }
  [[nodiscard]] pregroove::Status flush() override { return {}; }

 private:
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
};

}  // namespace simdrive
