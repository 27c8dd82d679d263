// What a disc does with blocks of a CD that are not plain user data.
#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.h"
#include "simdrive/disc/cd_sectors.h"
#include "simdrive/disc/disc.h"

namespace simdrive {

using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::kBlockSize;
using pregroove::Status;

namespace {

// Sectors that are made or taken apart at a time.
constexpr BlockCount kSectorsAtOnce{64};

std::size_t as_size(BlockCount count) { return static_cast<std::size_t>(count.value); }

Status not_recorded(Lba lba) {
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("block {} of the disc is not recorded", lba.value));
}

bool is_silent(std::span<const std::byte> symbols, std::uint8_t mask) {
  return std::ranges::all_of(
      symbols, [mask](std::byte symbol) { return (symbol & std::byte{mask}) == std::byte{0}; });
}

}  // namespace

Status Disc::write_blocks(Lba lba, std::span<const std::byte> data, const HostBlock& block,
                          const WriteMode& mode) {
  PREGROOVE_CHECK(data.size() % block.size() == 0);
  const BlockCount count{static_cast<std::int64_t>(data.size() / block.size())};
  PREGROOVE_CHECK(layout_.check_write(lba, count, mode).has_value());
  return told(record_blocks(lba, data, block, mode));
}

Status Disc::record_blocks(Lba lba, std::span<const std::byte> data, const HostBlock& block,
                           const WriteMode& mode) {
  const BlockCount count{static_cast<std::int64_t>(data.size() / block.size())};
  if (block.main_bytes > 0) PREGROOVE_RETURN_IF_ERROR(store_blocks(lba, data, block));
  Layout next = layout_;
  next.record_write(lba, count, mode);
  if (next != layout_) PREGROOVE_RETURN_IF_ERROR(store_->save(next));
  layout_ = std::move(next);
  return {};
}

// Whatever a host sends, it cannot reach beyond the place that the blocks have.
Status Disc::store_blocks(Lba lba, std::span<const std::byte> data, const HostBlock& block) {
  const Area area = kept_as_user_data(block.format) ? Area::kUserData : Area::kSectors;
  const Lba first_kept = std::max(lba, shape_of(area).first);
  // A pregap before LBA 0 has no place for user data, which no command can read.
  const std::size_t skipped = as_size(first_kept - lba);
  if (skipped * block.size() >= data.size()) return {};
  const Lba place_end =
      Lba{0} + medium().capacity() + (area == Area::kUserData ? BlockCount{} : kLeadOutRoom);
  const BlockCount kept_count{static_cast<std::int64_t>((data.size() / block.size()) - skipped)};
  if (kept_count > place_end - first_kept)
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("block {} lies behind the end of the disc", first_kept.value));
  const auto kept_data = data.subspan(skipped * block.size());
  if (kept_verbatim(block)) return store_->write(area, first_kept, kept_data);
  const KeptBlocks kept = keep(block, first_kept, kept_data);
  PREGROOVE_RETURN_IF_ERROR(store_->write(area, first_kept, kept.main));
  if (kept.subchannels.empty()) return {};
  return store_->write(Area::kSubChannels, first_kept, kept.subchannels);
}

// One run of sectors of the same format.
Status Disc::read_run(Lba lba, SectorFormat format, std::span<std::byte> raw) const {
  if (!kept_as_user_data(format)) return store_->read(Area::kSectors, lba, raw);
  std::vector<std::byte> user_data(raw.size() / kRawSectorSize * kBlockSize);
  PREGROOVE_RETURN_IF_ERROR(store_->read(Area::kUserData, lba, user_data));
  encode_sectors({.form = sector_form(format)}, lba, user_data, raw);
  return {};
}

Status Disc::read_sectors(Lba lba, std::span<std::byte> raw) const {
  PREGROOVE_CHECK(raw.size() % kRawSectorSize == 0);
  while (!raw.empty()) {
    const auto place = sector_place(layout_, lba);
    if (!place) return not_recorded(lba);
    const std::size_t count = std::min(as_size(place->run_end - lba), raw.size() / kRawSectorSize);
    PREGROOVE_RETURN_IF_ERROR(read_run(lba, place->format, raw.first(count * kRawSectorSize)));
    raw = raw.subspan(count * kRawSectorSize);
    lba += BlockCount{static_cast<std::int64_t>(count)};
  }
  return {};
}

// P and Q come from what is known about the tracks where the host wrote none.
Status Disc::read_subchannel(Lba lba, std::span<std::byte, kSubchannelSize> symbols) const {
  constexpr std::uint8_t kPAndQ = 0xC0;
  const auto place = sector_place(layout_, lba);
  if (!place) return not_recorded(lba);
  PREGROOVE_RETURN_IF_ERROR(store_->read(Area::kSubChannels, lba, symbols));
  if (!is_silent(symbols, kPAndQ)) return {};
  const SubchannelPlace known = subchannel_place(layout_, *place);
  Subchannel stored{};
  std::ranges::copy(symbols, stored.begin());
  const Subchannel made = interleave(p_flag_at(lba, known), q_at(lba, known), r_to_w_of(stored));
  std::ranges::copy(made, symbols.begin());
  return {};
}

Status Disc::read_user_data(Lba lba, std::span<std::byte> buffer) const {
  std::vector<std::byte> raw;
  while (!buffer.empty()) {
    const auto place = sector_place(layout_, lba);
    if (!place || !has_user_blocks(place->format) || link_at(layout_, lba) != nullptr)
      return not_recorded(lba);
    BlockCount count = std::min(place->run_end - lba, pregroove::blocks_for_bytes(buffer.size()));
    if (kept_as_user_data(place->format)) {
      PREGROOVE_RETURN_IF_ERROR(store_->read(Area::kUserData, lba, buffer.first(count.bytes())));
    } else {
      count = std::min(count, kSectorsAtOnce);
      raw.resize(as_size(count) * kRawSectorSize);
      PREGROOVE_RETURN_IF_ERROR(store_->read(Area::kSectors, lba, raw));
      for (std::size_t i = 0; i < as_size(count); ++i) {
        const auto sector = std::span(raw).subspan(i * kRawSectorSize).first<kRawSectorSize>();
        const SectorReport report = inspect_sector(sector);
        if (report.user_data_size != kBlockSize)
          return not_recorded(lba + BlockCount{static_cast<std::int64_t>(i)});
        std::ranges::copy(sector.subspan(report.user_data_offset, kBlockSize),
                          buffer.subspan(i * kBlockSize).begin());
      }
    }
    buffer = buffer.subspan(static_cast<std::size_t>(count.bytes()));
    lba += count;
  }
  return {};
}

Status Disc::clear_blocks(Lba lba, BlockCount count) {
  PREGROOVE_RETURN_IF_ERROR(store_->clear(Area::kUserData, lba, count));
  if (!medium().is_cd()) return {};
  PREGROOVE_RETURN_IF_ERROR(store_->clear(Area::kSectors, lba, count));
  return store_->clear(Area::kSubChannels, lba, count);
}

// What was not user data of a disc that was blanked cannot shine through what is written next.
Status Disc::forget_sectors() {
  const BlockCount all = medium().capacity() + (Lba{0} - kFirstSectorAddress);
  PREGROOVE_RETURN_IF_ERROR(store_->clear(Area::kSectors, kFirstSectorAddress, all));
  return store_->clear(Area::kSubChannels, kFirstSectorAddress, all);
}

}  // namespace simdrive
