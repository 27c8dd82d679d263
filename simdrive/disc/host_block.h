// How the blocks of a WRITE to a CD are made up, and what is recorded for them: user data, whole
// sectors, sub-channels.
//
// Sources: MMC-6 7.5 (data block types of the write parameters page), 6.33 (data forms of a cue
// sheet).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "simdrive/disc/sector.h"
#include "simdrive/disc/subchannel.h"

namespace simdrive {

struct DataForm;

enum class SubchannelForm : std::uint8_t {
  kNone,
  kFormattedPq,  // 16 bytes: the Q frame, and P in the top bit of the last byte
  kPacked,       // 96 bytes: R to W only
  kRaw,          // 96 bytes: P to W
};
[[nodiscard]] constexpr std::size_t size_of(SubchannelForm form) {
  switch (form) {
    case SubchannelForm::kNone:
      return 0;
    case SubchannelForm::kFormattedPq:
      return sizeof(FormattedQ);
    case SubchannelForm::kPacked:
    case SubchannelForm::kRaw:
      return kSubchannelSize;
  }
  return 0;
}

struct HostBlock {
  SectorFormat format = SectorFormat::kMode1;         // what is recorded
  std::size_t main_bytes = pregroove::kBlockSize;     // 0: a block of a lead-in
  SubchannelForm subchannel = SubchannelForm::kNone;  // follows the main bytes
  std::optional<SubHeader> sub_header;                // XA, where the blocks carry none

  [[nodiscard]] constexpr std::size_t size() const { return main_bytes + size_of(subchannel); }
  constexpr bool operator==(const HostBlock&) const = default;
};

// By data block type; nullopt for a reserved one.
[[nodiscard]] std::optional<HostBlock> host_block(std::uint8_t data_block_type,
                                                  const SubHeader& sub_header = {});
// By the data form of a region; nullopt where the host sends nothing.
[[nodiscard]] std::optional<HostBlock> host_block(const DataForm& form);
[[nodiscard]] SectorFormat sector_format(SectorForm form);

// The disc keeps user data of these, and makes the rest of the sector when it is read.
[[nodiscard]] constexpr bool kept_as_user_data(SectorFormat format) {
  return format == SectorFormat::kMode1 || format == SectorFormat::kMode2Form1;
}

// What is kept of a run of blocks, the first of which goes to `first`. REQUIRES: blocks.size() is a
// multiple of block.size().
struct KeptBlocks {
  std::vector<std::byte> main;         // 2048 or 2352 bytes a block, by kept_as_user_data
  std::vector<std::byte> subchannels;  // 96 symbols a block; empty without. P and Q of packed
                                       // sub-channels are left zero
};
[[nodiscard]] KeptBlocks keep(const HostBlock& block, Lba first, std::span<const std::byte> blocks);
// The blocks are kept byte by byte as they come.
[[nodiscard]] constexpr bool kept_verbatim(const HostBlock& block) {
  const std::size_t size = kept_as_user_data(block.format) ? pregroove::kBlockSize : kRawSectorSize;
  return block.size() == size && block.format != SectorFormat::kAny;
}

// The P to W symbols of each block, which a lead-in is made of.
[[nodiscard]] Subchannel subchannel_of(const HostBlock& block,
                                       std::span<const std::byte> one_block);

}  // namespace simdrive
