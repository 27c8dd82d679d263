// A disc in one sparse file. README.md gives the format byte by byte; record.h is the record in it.
#pragma once

#include <string>

#include "engine/system/file.h"
#include "simdrive/disc/block_store.h"

namespace simdrive {

class FileStore final : public BlockStore {
 public:
  // Where the block of LBA 0 lies; the others follow without gaps.
  static constexpr std::uint64_t kUserAreaOffset = std::uint64_t{1} << 20U;

  // The file holds the layout as its first record; with kLater it counts as damaged until save().
  enum class FirstRecord : std::uint8_t { kNow, kLater };
  [[nodiscard]] static pregroove::Result<std::unique_ptr<FileStore>> create(
      const std::string& path, const Layout& layout, FirstRecord record = FirstRecord::kNow);
  struct Opened {
    std::unique_ptr<FileStore> store;
    Layout layout;
  };
  [[nodiscard]] static pregroove::Result<Opened> open(const std::string& path, Access access);

  FileStore(pregroove::system::File file, const Medium& medium, BlockCount capacity);

  [[nodiscard]] pregroove::Status write(Area area, Lba lba,
                                        std::span<const std::byte> data) override;
  [[nodiscard]] pregroove::Status read(Area area, Lba lba,
                                       std::span<std::byte> buffer) const override;
  [[nodiscard]] pregroove::Status clear(Area area, Lba lba, BlockCount count) override;
  [[nodiscard]] Lba end_of_user_data() const override;
  [[nodiscard]] pregroove::Status save(const Layout& layout) override;
  [[nodiscard]] pregroove::Status flush() override { return file_.sync_data(); }

 private:
  [[nodiscard]] std::uint64_t offset_of(Area area, Lba lba) const;

  pregroove::system::File file_;
  BlockCount capacity_;
  std::array<std::uint64_t, kAreas> area_offsets_{};
  std::uint64_t generation_ = 0;   // of the newest record; its slot is generation_ % 2
  std::vector<std::byte> record_;  // kept for its storage
};

}  // namespace simdrive
