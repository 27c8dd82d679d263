// A bounded ring of buffers between the thread that reads files and the one that feeds the drive,
// so that a slow file system does not starve the drive, and a slow drive does not fill the memory.
//
// Invariant: at most slot_count buffers exist, and no more than the source needs; each is either
// free, filled, or lent to exactly one side.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "engine/burn/block_source.h"

namespace pregroove::burn {

class Ring {
 public:
  // A filled buffer, lent to the consumer until the next call of next().
  struct Filled {
    std::span<const std::byte> blocks;
    std::uint64_t checksum = 0;  // XXH3 of these bytes, taken while they were read
  };

  // Asked now and then while the source keeps the consumer waiting; true ends the wait with
  // kCancelled.
  using Cancelled = std::function<bool()>;

  // Starts reading at once. REQUIRES: source outlives the ring; slot_bytes is a multiple of the
  // block size.
  Ring(BlockSource& source, std::size_t slot_count, std::size_t slot_bytes);
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring();

  // The next buffer in order; empty blocks at the end. An error of the source comes after
  // everything that was read before it.
  [[nodiscard]] Result<Filled> next(const Cancelled& cancelled);
  // Returns when the ring is full or the source has ended, so that a burn starts with a reserve.
  [[nodiscard]] Status wait_until_primed(const Cancelled& cancelled);

 private:
  struct Slot {
    std::unique_ptr<std::byte[]> storage;  // none before it is filled for the first time
    std::size_t used = 0;
    std::uint64_t checksum = 0;
  };
  void feed(const std::stop_token& stop);
  bool fill(Slot& slot);
  template <typename Condition>
  Status wait(std::unique_lock<std::mutex>& lock, const Cancelled& cancelled, Condition condition);

  BlockSource& source_;
  std::size_t slot_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<Slot> slots_;
  std::size_t written_ = 0;  // slots filled since the start
  std::size_t taken_ = 0;    // slots handed out since the start
  bool lent_ = false;        // the slot taken last is still in the consumer's hands
  bool ended_ = false;
  std::optional<Error> error_;
  std::jthread feeder_;
};

}  // namespace pregroove::burn
