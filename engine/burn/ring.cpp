#include "engine/burn/ring.h"

#include <xxhash.h>

#include <algorithm>
#include <chrono>

#include "engine/base/check.h"

namespace pregroove::burn {

Ring::Ring(BlockSource& source, std::size_t slot_count, std::size_t slot_bytes)
    : source_(source),
      slot_bytes_(static_cast<std::size_t>(
          std::clamp<std::uint64_t>(source.size().bytes(), kBlockSize, slot_bytes))),
      slots_(slot_count) {
  PREGROOVE_CHECK(slot_count >= 2 && slot_bytes > 0 && slot_bytes % kBlockSize == 0);
  feeder_ = std::jthread([this](const std::stop_token& stop) { feed(stop); });
}

Ring::~Ring() {
  feeder_.request_stop();
  changed_.notify_all();
}

// Fills one slot; false at the end of the source or after an error.
bool Ring::fill(Slot& slot) {
  // Not cleared: the source fills what it counts.
  if (!slot.storage) slot.storage = std::make_unique_for_overwrite<std::byte[]>(slot_bytes_);
  auto count = source_.read(std::span(slot.storage.get(), slot_bytes_));
  if (!count) {
    const std::lock_guard lock(mutex_);
    error_ = std::move(count).error();
    return false;
  }
  slot.used = *count;
  slot.checksum = XXH3_64bits(slot.storage.get(), slot.used);
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

// A file system that hangs must not make the user wait for ever.
template <typename Condition>
Status Ring::wait(std::unique_lock<std::mutex>& lock, const Cancelled& cancelled,
                  Condition condition) {
  constexpr auto kAskInterval = std::chrono::milliseconds(100);
  while (!changed_.wait_for(lock, kAskInterval, condition))
    if (cancelled())
      return fail(ErrorCode::kCancelled, "the burn was cancelled while files were read",
                  "Burn again when you are ready.");
  return {};
}

Result<Ring::Filled> Ring::next(const Cancelled& cancelled) {
  std::unique_lock lock(mutex_);
  if (lent_) {
    lent_ = false;
    changed_.notify_all();
  }
  PREGROOVE_RETURN_IF_ERROR(wait(lock, cancelled, [this] { return written_ > taken_ || ended_; }));
  if (written_ == taken_) {
    if (error_) return std::unexpected(*error_);
    return Filled{};
  }
  const Slot& slot = slots_[taken_ % slots_.size()];
  ++taken_;
  lent_ = true;
  return Filled{std::span<const std::byte>(slot.storage.get(), slot.used), slot.checksum};
}

Status Ring::wait_until_primed(const Cancelled& cancelled) {
  std::unique_lock lock(mutex_);
  return wait(lock, cancelled, [this] { return ended_ || written_ - taken_ == slots_.size(); });
}

}  // namespace pregroove::burn
