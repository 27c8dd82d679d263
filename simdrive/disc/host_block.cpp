#include "simdrive/disc/host_block.h"

#include <algorithm>
#include <array>

#include "engine/base/check.h"
#include "simdrive/disc/cue_sheet.h"

namespace simdrive {
namespace {

constexpr std::size_t kHeaderEnd = 16;   // sync and header
constexpr std::size_t kFormless = 2336;  // of which form 1 and form 2 are special cases
constexpr std::size_t kSubHeaderSize = 8;

struct BlockTypeRow {
  std::uint8_t type;
  HostBlock block;
};
// MMC-6 7.5, table "data block type codes".
constexpr auto kBlockTypes = std::to_array<BlockTypeRow>({
    {0, {SectorFormat::kAudio, 2352, SubchannelForm::kNone, {}}},
    {1, {SectorFormat::kAny, 2352, SubchannelForm::kFormattedPq, {}}},
    {2, {SectorFormat::kAny, 2352, SubchannelForm::kPacked, {}}},
    {3, {SectorFormat::kAny, 2352, SubchannelForm::kRaw, {}}},
    {8, {SectorFormat::kMode1, 2048, SubchannelForm::kNone, {}}},
    {9, {SectorFormat::kMode2, 2336, SubchannelForm::kNone, {}}},
    {10, {SectorFormat::kMode2Form1, 2048, SubchannelForm::kNone, {}}},
    {11, {SectorFormat::kMode2Mixed, 2056, SubchannelForm::kNone, {}}},
    {12, {SectorFormat::kMode2Mixed, 2324, SubchannelForm::kNone, {}}},
    {13, {SectorFormat::kMode2Mixed, 2332, SubchannelForm::kNone, {}}},
});
constexpr std::uint8_t kForm1WithoutSubHeader = 10;
constexpr std::uint8_t kForm2WithoutSubHeader = 12;

bool has_sync(std::span<const std::byte> sector) {
  constexpr std::size_t kSyncSize = 12;
  if (sector[0] != std::byte{0} || sector[kSyncSize - 1] != std::byte{0}) return false;
  return std::ranges::all_of(sector.subspan(1, kSyncSize - 2),
                             [](std::byte byte) { return byte == std::byte{0xFF}; });
}

// An XA block with the sub-header in front, which says how many of the bytes count.
void encode_with_sub_header(Lba lba, std::span<const std::byte> block, std::span<std::byte> raw) {
  constexpr std::size_t kSubModeOffset = 2;
  const bool form_2 = (std::to_integer<std::uint8_t>(block[kSubModeOffset]) & kSubModeForm2) != 0;
  const SectorEncoding encoding{.form = form_2 && block.size() >= kSubHeaderSize + 2324
                                            ? SectorForm::kMode2Form2
                                            : SectorForm::kMode2Form1,
                                .blocks_carry_sub_header = true};
  encode_sectors(encoding, lba, block.first(block_size(encoding)), raw);
}

// One whole sector of a block that has to be made one.
void encode_block(const HostBlock& block, Lba lba, std::span<const std::byte> main,
                  std::span<std::byte> raw) {
  switch (block.format) {
    case SectorFormat::kMode2:
      encode_sectors({.form = SectorForm::kMode2Formless}, lba, main.last(kFormless), raw);
      return;
    case SectorFormat::kMode2Mixed:
      if (main.size() == 2324 || main.size() == 2048)
        encode_sectors(
            {.form = main.size() == 2324 ? SectorForm::kMode2Form2 : SectorForm::kMode2Form1,
             .sub_header = block.sub_header},
            lba, main, raw);
      else
        encode_with_sub_header(lba, main.size() == kRawSectorSize ? main.subspan(kHeaderEnd) : main,
                               raw);
      return;
    default:
      std::ranges::copy(main.first(kRawSectorSize), raw.begin());
      // Data comes scrambled, as it will lie on the disc; it is kept as it will be read.
      if (block.format == SectorFormat::kAny && has_sync(raw))
        scramble_sector(raw.first<kRawSectorSize>());
      return;
  }
}

}  // namespace

SectorFormat sector_format(SectorForm form) {
  switch (form) {
    case SectorForm::kAudio:
      return SectorFormat::kAudio;
    case SectorForm::kMode0:
    case SectorForm::kMode1:
      return SectorFormat::kMode1;
    case SectorForm::kMode2Formless:
      return SectorFormat::kMode2;
    case SectorForm::kMode2Form1:
    case SectorForm::kMode2Form2:
      return SectorFormat::kMode2Mixed;
  }
  return SectorFormat::kAudio;
}

std::optional<HostBlock> host_block(std::uint8_t data_block_type, const SubHeader& sub_header) {
  const auto* const row = std::ranges::find(kBlockTypes, data_block_type, &BlockTypeRow::type);
  if (row == kBlockTypes.end()) return std::nullopt;
  HostBlock block = row->block;
  if (data_block_type == kForm2WithoutSubHeader) {
    block.sub_header = sub_header;
    block.sub_header->sub_mode |= kSubModeForm2;
  }
  // A sub-header of its own has to be kept with the sector; zeros leave it to the drive.
  if (data_block_type == kForm1WithoutSubHeader && sub_header != SubHeader{}) {
    block.format = SectorFormat::kMode2Mixed;
    block.sub_header = sub_header;
  }
  return block;
}

std::optional<HostBlock> host_block(const DataForm& form) {
  if (form.block_bytes() == 0) return std::nullopt;
  const bool packed = (form.code & 0xC0U) == 0xC0U;
  const SubchannelForm subchannel = packed ? SubchannelForm::kPacked : SubchannelForm::kRaw;
  return HostBlock{.format = sector_format(form.main),
                   .main_bytes = form.main_bytes,
                   .subchannel = form.subchannel_bytes == 0 ? SubchannelForm::kNone : subchannel};
}

Subchannel subchannel_of(const HostBlock& block, std::span<const std::byte> one_block) {
  const auto bytes = one_block.subspan(block.main_bytes);
  Subchannel symbols{};
  switch (block.subchannel) {
    case SubchannelForm::kNone:
      break;
    case SubchannelForm::kFormattedPq: {
      FormattedQ formatted{};
      std::ranges::copy(bytes.first(formatted.size()), formatted.begin());
      symbols = interleave(p_flag_of(formatted), q_of(formatted));
      break;
    }
    case SubchannelForm::kPacked:
    case SubchannelForm::kRaw: {
      const auto mask = std::byte{block.subchannel == SubchannelForm::kPacked ? std::uint8_t{0x3F}
                                                                              : std::uint8_t{0xFF}};
      std::ranges::transform(bytes.first(symbols.size()), symbols.begin(),
                             [mask](std::byte symbol) { return symbol & mask; });
      break;
    }
  }
  return symbols;
}

KeptBlocks keep(const HostBlock& block, Lba first, std::span<const std::byte> blocks) {
  PREGROOVE_CHECK(block.size() > 0 && blocks.size() % block.size() == 0);
  const std::size_t count = blocks.size() / block.size();
  const bool user_data = kept_as_user_data(block.format);
  const std::size_t stride = user_data ? pregroove::kBlockSize : kRawSectorSize;
  KeptBlocks kept;
  kept.main.resize(count * stride);
  if (block.subchannel != SubchannelForm::kNone) kept.subchannels.resize(count * kSubchannelSize);
  for (std::size_t i = 0; i < count; ++i) {
    const auto one = blocks.subspan(i * block.size(), block.size());
    const auto main = one.first(block.main_bytes);
    const auto target = std::span(kept.main).subspan(i * stride, stride);
    const Lba lba = first + BlockCount{static_cast<std::int64_t>(i)};
    if (!user_data)
      encode_block(block, lba, main, target);
    else
      std::ranges::copy(main.size() == kRawSectorSize
                            ? main.subspan(kHeaderEnd, pregroove::kBlockSize)
                            : main.first(pregroove::kBlockSize),
                        target.begin());
    if (!kept.subchannels.empty())
      std::ranges::copy(subchannel_of(block, one),
                        std::span(kept.subchannels).subspan(i * kSubchannelSize).begin());
  }
  return kept;
}

}  // namespace simdrive
