// Who has a recorder to himself: what OpenExclusive and RecordDisc arbitrate with.
#pragma once

#include <cstdint>
#include <mutex>

namespace pregroove::imapi {

// Safe to use from several threads.
class RecorderAccess {
 public:
  enum class Use : std::uint8_t { kFree, kOpened, kBurning };

  // False when somebody has it already, even if it is the same holder.
  [[nodiscard]] bool acquire(const void* holder, Use use) {
    const std::scoped_lock lock(mutex_);
    if (holder_ != nullptr) return false;
    holder_ = holder;
    use_ = use;
    return true;
  }
  // Nothing happens when somebody else has it.
  void release(const void* holder) {
    const std::scoped_lock lock(mutex_);
    if (holder_ != holder) return;
    holder_ = nullptr;
    use_ = Use::kFree;
  }
  [[nodiscard]] bool held_by(const void* holder) const {
    const std::scoped_lock lock(mutex_);
    return holder_ == holder;
  }
  [[nodiscard]] Use use() const {
    const std::scoped_lock lock(mutex_);
    return use_;
  }

 private:
  mutable std::mutex mutex_;
  const void* holder_ = nullptr;
  Use use_ = Use::kFree;
};

}  // namespace pregroove::imapi
