#include "simdrive/disc/disc.h"

#include <fmt/format.h>

#include <utility>

#include "engine/base/check.h"

namespace simdrive {

using pregroove::kBlockSize;
using pregroove::Status;

std::unique_ptr<Disc> Disc::blank(const Medium& medium) {
  return std::make_unique<Disc>(std::make_unique<MemoryStore>(medium.capacity()), Layout(medium));
}

Status Disc::read_recorded(Lba lba, std::span<std::byte> buffer) const {
  const Lba end = lba + pregroove::blocks_for_bytes(buffer.size());
  for (Lba at = lba; at < end;) {
    const Track* const track = layout_.track_with_data_at(at);
    if (track == nullptr)
      return pregroove::fail(pregroove::ErrorCode::kInvalidArgument,
                             fmt::format("block {} of the disc is not recorded", at.value));
    at = track->next_writable();
  }
  return store_->read(lba, buffer);
}

Status Disc::write(Lba lba, std::span<const std::byte> data, SectorFormat format) {
  PREGROOVE_CHECK(data.size() % kBlockSize == 0);
  const BlockCount count = pregroove::blocks_for_bytes(data.size());
  PREGROOVE_CHECK(layout_.check_write(lba, count, format).has_value());
  // The data first: a record that names it may not be kept before it.
  PREGROOVE_RETURN_IF_ERROR(store_->write(lba, data));
  Layout next = layout_;
  next.record_write(lba, count, format);
  PREGROOVE_RETURN_IF_ERROR(store_->save(next));
  layout_ = std::move(next);
  return {};
}

Status Disc::commit(Layout next, Layout::Padding padding) {
  if (padding.count.value > 0)
    PREGROOVE_RETURN_IF_ERROR(store_->clear(padding.start, padding.count));
  PREGROOVE_RETURN_IF_ERROR(store_->save(next));
  layout_ = std::move(next);
  return {};
}

Status Disc::erase(bool everything) {
  Layout next = layout_;
  PREGROOVE_CHECK(next.erase().has_value());
  // The record first: it may not name data that is gone.
  PREGROOVE_RETURN_IF_ERROR(store_->save(next));
  layout_ = std::move(next);
  if (everything) return store_->clear(Lba{0}, medium().capacity());
  return {};
}

}  // namespace simdrive
