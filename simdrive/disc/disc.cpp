#include "simdrive/disc/disc.h"

#include <fmt/format.h>

#include <utility>

#include "engine/base/check.h"
#include "simdrive/disc/file_store.h"

namespace simdrive {

using pregroove::Result;
using pregroove::Status;

std::unique_ptr<Disc> Disc::blank(const Medium& medium) { return in_memory(Layout(medium)); }

std::unique_ptr<Disc> Disc::in_memory(Layout layout) {
  const Medium& medium = layout.medium();
  const BlockCount capacity = medium.pressed() ? layout.capacity() : medium.capacity();
  return std::make_unique<Disc>(std::make_unique<MemoryStore>(medium, capacity), std::move(layout));
}

Result<std::unique_ptr<Disc>> Disc::create_file(const std::string& path, const Medium& medium) {
  return create_file(path, Layout(medium));
}

Result<std::unique_ptr<Disc>> Disc::create_file(const std::string& path, Layout layout) {
  PREGROOVE_ASSIGN_OR_RETURN(auto store, FileStore::create(path, layout));
  return std::make_unique<Disc>(std::move(store), std::move(layout));
}

Result<std::unique_ptr<Disc>> Disc::begin_pressing(const std::string& path, Layout layout) {
  PREGROOVE_CHECK(layout.medium().pressed());
  PREGROOVE_ASSIGN_OR_RETURN(auto store,
                             FileStore::create(path, layout, FileStore::FirstRecord::kLater));
  return std::make_unique<Disc>(std::move(store), std::move(layout));
}

Result<std::unique_ptr<Disc>> Disc::open_file(const std::string& path, Access access) {
  auto opened = FileStore::open(path, access);
  if (opened) return std::make_unique<Disc>(std::move(opened->store), std::move(opened->layout));
  pregroove::Error error = std::move(opened).error();
  if (error.code == pregroove::ErrorCode::kNotFound)
    error.advice = fmt::format("Make a blank disc with: simdrive create {} --medium cd-r-80", path);
  if (error.code == pregroove::ErrorCode::kAccessDenied)
    error.advice = "Give yourself permission to use the disc file, or work on a copy of it.";
  return std::unexpected(std::move(error));
}

Status Disc::read_recorded(Lba lba, std::span<std::byte> buffer) const {
  const BlockCount count = pregroove::blocks_for_bytes(buffer.size());
  if (const BlockCount run = layout_.recorded_run(lba, count); run < count)
    return pregroove::fail(pregroove::ErrorCode::kInvalidArgument,
                           fmt::format("block {} of the disc is not recorded", (lba + run).value));
  if (medium().is_cd() && !medium().pressed()) return read_user_data(lba, buffer);
  return store_->read(Area::kUserData, lba, buffer);
}

Status Disc::press(Lba lba, std::span<const std::byte> data) {
  PREGROOVE_CHECK(medium().pressed() && lba >= Lba{0});
  PREGROOVE_CHECK(lba + pregroove::blocks_for_bytes(data.size()) <= Lba{0} + layout_.capacity());
  return store_->write(Area::kUserData, lba, data);
}

Status Disc::write(Lba lba, std::span<const std::byte> data, const WriteMode& mode) {
  return write_blocks(lba, data, HostBlock{}, mode);
}

Status Disc::interrupt() {
  const Track* open = layout_.open_track();
  if (open == nullptr) return {};
  Layout next = layout_;
  next.edit().tracks[static_cast<std::size_t>(open->number - 1)].damaged = true;
  return commit(std::move(next));
}

Status Disc::told(Status outcome) const {
  if (!outcome && failure_observer_) failure_observer_(outcome.error());
  return outcome;
}

Status Disc::commit(Layout next, const Effect& effect) {
  return told(take_over(std::move(next), effect));
}

Status Disc::take_over(Layout next, const Effect& effect) {
  for (const Padding& padding : effect.padding) {
    if (padding.count.value > 0)
      PREGROOVE_RETURN_IF_ERROR(clear_blocks(padding.start, padding.count));
  }
  // The record before what is given up: it may not name data that is gone.
  PREGROOVE_RETURN_IF_ERROR(store_->save(next));
  layout_ = std::move(next);
  const bool blanked = layout_.tracks().empty() && effect.changed;
  if (medium().is_cd() && blanked) PREGROOVE_RETURN_IF_ERROR(forget_sectors());
  for (const Extent& extent : effect.cleared)
    PREGROOVE_RETURN_IF_ERROR(store_->clear(Area::kUserData, extent.start, extent.count()));
  return {};
}

}  // namespace simdrive
