// A disc in one sparse file. README.md gives the format byte by byte.
#pragma once

#include <string>

#include "engine/system/file.h"
#include "simdrive/disc/block_store.h"

namespace simdrive {

class FileStore final : public BlockStore {
 public:
  // Where the block of LBA 0 lies; the others follow without gaps.
  static constexpr std::uint64_t kUserAreaOffset = std::uint64_t{1} << 20U;

  [[nodiscard]] static pregroove::Result<std::unique_ptr<FileStore>> create(const std::string& path,
                                                                            const Medium& medium);
  struct Opened {
    std::unique_ptr<FileStore> store;
    Layout layout;
  };
  [[nodiscard]] static pregroove::Result<Opened> open(const std::string& path);

  explicit FileStore(pregroove::system::File file) : file_(std::move(file)) {}

  [[nodiscard]] pregroove::Status write(Lba lba, std::span<const std::byte> data) override;
  [[nodiscard]] pregroove::Status read(Lba lba, std::span<std::byte> buffer) const override;
  [[nodiscard]] pregroove::Status clear(Lba lba, BlockCount count) override;
  [[nodiscard]] pregroove::Status save(const Layout& layout) override;
  [[nodiscard]] pregroove::Status flush() override { return file_.sync_data(); }

 private:
  pregroove::system::File file_;
  std::uint64_t generation_ = 0;  // of the newest record; its slot is generation_ % 2
};

}  // namespace simdrive
