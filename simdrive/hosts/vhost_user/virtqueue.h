// A split virtqueue, seen from the device (virtio 1.2, 2.7): descriptor table, available ring and
// used ring in the guest's memory, with indirect descriptors.
//
// The rings are the guest's. Indexes, lengths and addresses are checked whenever they are read,
// each is read once, and a chain has an end, whatever is in the table.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/base/error.h"
#include "simdrive/hosts/vhost_user/guest_memory.h"

namespace simdrive::hosts::vhost_user {

inline constexpr std::uint32_t kMaxQueueSize = 32768;  // virtio 1.2, 2.7
// Of one chain, also in an indirect table: virtio allows as many as the queue is long, and the
// queues that drivers make have 1024 entries at most.
inline constexpr std::uint32_t kMaxChainLength = 1024;

// Addresses in the monitor's process, as vhost-user has them.
struct QueueAddresses {
  std::uint64_t descriptors = 0;
  std::uint64_t available = 0;
  std::uint64_t used = 0;
};

// One request: what the device may read, and what it is to write.
struct Chain {
  std::uint16_t head = 0;
  Pieces readable;
  Pieces writable;
};

class VirtQueue {
 public:
  // False: not a power of two, or too large.
  [[nodiscard]] bool set_size(std::uint32_t size);
  void set_addresses(const QueueAddresses& addresses);
  // The request in the available ring that is the next one.
  void set_base(std::uint16_t next) { next_available_ = next; }
  [[nodiscard]] std::uint16_t base() const { return next_available_; }

  // Fills in the next request; false when there is none. An Error when the rings or the chain make
  // no sense: the queue cannot be served any further.
  [[nodiscard]] pregroove::Result<bool> take(const GuestMemory& memory, Chain& chain);
  // Gives a request back, after `written` bytes were put into its writable pieces.
  [[nodiscard]] pregroove::Status complete(const GuestMemory& memory, std::uint16_t head,
                                           std::uint32_t written);
  // Whether the driver wants to be told of what was completed.
  [[nodiscard]] bool wants_call(const GuestMemory& memory) const;

 private:
  struct Table;
  [[nodiscard]] pregroove::Result<Table> main_table(const GuestMemory& memory) const;

  std::uint32_t size_ = 0;
  QueueAddresses addresses_;
  std::uint16_t next_available_ = 0;
  std::optional<std::uint16_t> next_used_;  // read from the ring at first
};

}  // namespace simdrive::hosts::vhost_user
