#include "engine/burn/ring.h"

#include <xxhash.h>

#include "engine/base/check.h"

namespace pregroove::burn {

Ring::Ring(BlockSource& source, std::size_t slot_count, std::size_t slot_bytes)
    : source_(source), slots_(slot_count) {
  PREGROOVE_CHECK(slot_count >= 2 && slot_bytes > 0 && slot_bytes % kBlockSize == 0);
  for (Slot& slot : slots_) slot.storage.resize(slot_bytes);
  feeder_ = std::jthread([this](const std::stop_token& stop) { feed(stop); });
}

Ring::~Ring() {
  feeder_.request_stop();
  changed_.notify_all();
}

// Fills one slot; false at the end of the source or after an error.
bool Ring::fill(Slot& slot) {
  auto count = source_.read(slot.storage);
  if (!count) {
    const std::lock_guard lock(mutex_);
    error_ = std::move(count).error();
    return false;
  }
  slot.used = *count;
  slot.checksum = XXH3_64bits(slot.storage.data(), slot.used);
  return slot.used > 0;
}

void Ring::feed(const std::stop_token& stop) {
  for (;;) {
    std::size_t index = 0;
    {
      std::unique_lock lock(mutex_);
      const auto has_room = [this] { return written_ - taken_ + (lent_ ? 1 : 0) < slots_.size(); };
      if (!changed_.wait(lock, stop, has_room)) return;
      index = written_ % slots_.size();
    }
    const bool more = fill(slots_[index]);
    {
      const std::lock_guard lock(mutex_);
      if (more) ++written_;
      ended_ = !more;
    }
    changed_.notify_all();
    if (!more) return;
  }
}

Result<Ring::Filled> Ring::next() {
  std::unique_lock lock(mutex_);
  if (lent_) {
    lent_ = false;
    changed_.notify_all();
  }
  changed_.wait(lock, [this] { return written_ > taken_ || ended_; });
  if (written_ == taken_) {
    if (error_) return std::unexpected(*error_);
    return Filled{};
  }
  const Slot& slot = slots_[taken_ % slots_.size()];
  ++taken_;
  lent_ = true;
  return Filled{std::span(slot.storage).first(slot.used), slot.checksum};
}

double Ring::fill_level() const {
  const std::lock_guard lock(mutex_);
  return static_cast<double>(written_ - taken_) / static_cast<double>(slots_.size());
}

void Ring::wait_until_primed() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ended_ || written_ - taken_ == slots_.size(); });
}

}  // namespace pregroove::burn
