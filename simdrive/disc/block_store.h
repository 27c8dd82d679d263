// Where the blocks of a simulated disc and the record about them are kept: in memory, or in a file.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "engine/base/error.h"
#include "simdrive/disc/layout.h"

namespace simdrive {

// A disc keeps most blocks as their user data alone. Whole CD sectors and sub-channels have places
// of their own; which of them a block uses, its track says.
enum class Area : std::uint8_t { kUserData, kSectors, kSubChannels };
inline constexpr std::size_t kAreas = 3;

struct AreaShape {
  std::size_t stride = 0;  // bytes of a block
  Lba first;               // the lowest address; lead-in and pregap of a CD have negative ones
};
// Addresses of lead-ins start at -13 500 or later (97:00:00 and up).
inline constexpr Lba kFirstSectorAddress{-15000};
[[nodiscard]] constexpr AreaShape shape_of(Area area) {
  switch (area) {
    case Area::kUserData:
      return {.stride = pregroove::kBlockSize, .first = Lba{0}};
    case Area::kSectors:
      return {.stride = 2352, .first = kFirstSectorAddress};
    case Area::kSubChannels:
      return {.stride = 96, .first = kFirstSectorAddress};
  }
  return {};
}
// Lead-outs follow the capacity.
inline constexpr BlockCount kLeadOutRoom{7000};
// Bytes of an area on a disc of this capacity; the areas for sectors exist on CD only.
[[nodiscard]] std::uint64_t area_size(Area area, const Medium& medium, BlockCount capacity);

// Several programs may read a disc at a time; one that changes it has it alone.
enum class Access : std::uint8_t { kReadAndWrite, kReadOnly };

// The caller has checked that the addresses lie in the area. Not thread safe.
class BlockStore {
 public:
  virtual ~BlockStore() = default;
  BlockStore(const BlockStore&) = delete;
  BlockStore& operator=(const BlockStore&) = delete;

  // data is a whole number of blocks of the area.
  [[nodiscard]] virtual pregroove::Status write(Area area, Lba lba,
                                                std::span<const std::byte> data) = 0;
  // Blocks that were never written read as zeros.
  [[nodiscard]] virtual pregroove::Status read(Area area, Lba lba,
                                               std::span<std::byte> buffer) const = 0;
  [[nodiscard]] virtual pregroove::Status clear(Area area, Lba lba, BlockCount count) = 0;
  // Every block of user data from here on is zeros. May be too high, never too low.
  [[nodiscard]] virtual Lba end_of_user_data() const = 0;
  // Keeps the record: afterwards a reopened disc is in this state.
  [[nodiscard]] virtual pregroove::Status save(const Layout& layout) = 0;
  // Returns when everything is on the storage device.
  [[nodiscard]] virtual pregroove::Status flush() = 0;

 protected:
  BlockStore() = default;
};

// Holds only what was written, in pieces of one megabyte.
class MemoryStore : public BlockStore {
 public:
  MemoryStore(const Medium& medium, BlockCount capacity);

  [[nodiscard]] pregroove::Status write(Area area, Lba lba,
                                        std::span<const std::byte> data) override;
  [[nodiscard]] pregroove::Status read(Area area, Lba lba,
                                       std::span<std::byte> buffer) const override;
  [[nodiscard]] pregroove::Status clear(Area area, Lba lba, BlockCount count) override;
  [[nodiscard]] Lba end_of_user_data() const override;
  [[nodiscard]] pregroove::Status save(const Layout&) override { return {}; }
  [[nodiscard]] pregroove::Status flush() override { return {}; }

 private:
  struct Release {
    void operator()(std::byte* chunk) const;
  };
  using Chunks = std::vector<std::unique_ptr<std::byte, Release>>;
  std::array<Chunks, kAreas> areas_;
};

}  // namespace simdrive
