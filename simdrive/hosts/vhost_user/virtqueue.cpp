#include "simdrive/hosts/vhost_user/virtqueue.h"

#include <array>
#include <bit>
#include <vector>

#include "engine/base/bytes.h"
#include "simdrive/hosts/vhost_user/guarded_access.h"

namespace simdrive::hosts::vhost_user {
namespace {

using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Le16;
using pregroove::Le32;
using pregroove::Le64;
using pregroove::Result;
using pregroove::Status;

// virtio 1.2, 2.7.5.
struct WireDescriptor {
  Le64 address;
  Le32 length;
  Le16 flags;
  Le16 next;
};
static_assert(pregroove::wire_struct<WireDescriptor, 16>());
constexpr unsigned kNextFlag = 1;
constexpr unsigned kWritableFlag = 2;
constexpr unsigned kIndirectFlag = 4;

// virtio 1.2, 2.7.8.
struct WireUsedElement {
  Le32 head;
  Le32 written;
};
static_assert(pregroove::wire_struct<WireUsedElement, 8>());

// Both rings begin with flags and an index; the elements follow.
constexpr std::size_t kIndexOffset = 2;
constexpr std::size_t kRingOffset = 4;
constexpr unsigned kNoInterruptFlag = 1;  // 2.7.6

// The alignments of 2.7.
constexpr std::size_t kDescriptorsAlignment = 16;
constexpr std::size_t kAvailableAlignment = 2;
constexpr std::size_t kUsedAlignment = 4;

std::unexpected<pregroove::Error> broken(const char* what) {
  return fail(ErrorCode::kProtocol, what);
}
std::unexpected<pregroove::Error> memory_is_gone() {
  return fail(ErrorCode::kIo, "the memory of the virtual machine is gone");
}

std::span<std::byte> available_ring(const GuestMemory& memory, const QueueAddresses& addresses,
                                    std::uint32_t size) {
  return memory.at_user_address(addresses.available, kRingOffset + sizeof(Le16) * size,
                                kAvailableAlignment);
}
std::span<std::byte> used_ring(const GuestMemory& memory, const QueueAddresses& addresses,
                               std::uint32_t size) {
  return memory.at_user_address(addresses.used, kRingOffset + sizeof(WireUsedElement) * size,
                                kUsedAlignment);
}

template <typename T>
std::optional<T> load(std::span<const std::byte> bytes, std::size_t offset) {
  std::array<std::byte, sizeof(T)> copy{};
  if (!guarded_copy(copy, bytes.subspan(offset, sizeof(T)))) return std::nullopt;
  return pregroove::read_struct<T>(copy);
}

}  // namespace

// Descriptors of the main table, or a copy of an indirect one.
struct VirtQueue::Table {
  std::span<const std::byte> shared;
  std::vector<std::byte> copied;
  std::uint32_t count = 0;

  [[nodiscard]] std::optional<WireDescriptor> at(std::uint32_t index) const {
    const std::size_t offset = index * sizeof(WireDescriptor);
    return copied.empty() ? load<WireDescriptor>(shared, offset)
                          : pregroove::read_struct<WireDescriptor>(copied, offset);
  }
  // 2.7.5.3: the table of an indirect descriptor.
  [[nodiscard]] static Result<Table> indirect(const GuestMemory& memory,
                                              const WireDescriptor& descriptor) {
    const std::uint32_t length = descriptor.length.value();
    if (length == 0 || length % sizeof(WireDescriptor) != 0 ||
        length / sizeof(WireDescriptor) > kMaxChainLength)
      return broken("an indirect table has an impossible length");
    Pieces pieces;
    if (!memory.append_pieces(descriptor.address.value(), length, pieces))
      return broken("an indirect table lies outside the memory");
    Table table{.copied = std::vector<std::byte>(length),
                .count = static_cast<std::uint32_t>(length / sizeof(WireDescriptor))};
    std::size_t done = 0;
    for (const auto piece : pieces) {
      if (!guarded_copy(std::span(table.copied).subspan(done, piece.size()), piece))
        return memory_is_gone();
      done += piece.size();
    }
    return table;
  }
};

namespace {

Status append_buffer(const GuestMemory& memory, const WireDescriptor& descriptor, Chain& chain) {
  const bool writable = (descriptor.flags.value() & kWritableFlag) != 0;
  if (!writable && !chain.writable.empty())
    return broken("a chain has a readable buffer behind a writable one");
  if (!memory.append_pieces(descriptor.address.value(), descriptor.length.value(),
                            writable ? chain.writable : chain.readable))
    return broken("a buffer lies outside the memory");
  return {};
}

}  // namespace

bool VirtQueue::set_size(std::uint32_t size) {
  if (!std::has_single_bit(size) || size > kMaxQueueSize) return false;
  size_ = size;
  return true;
}

void VirtQueue::set_addresses(const QueueAddresses& addresses) {
  addresses_ = addresses;
  next_used_.reset();
}

Result<VirtQueue::Table> VirtQueue::main_table(const GuestMemory& memory) const {
  const auto table = memory.at_user_address(addresses_.descriptors, sizeof(WireDescriptor) * size_,
                                            kDescriptorsAlignment);
  if (table.empty()) return broken("the descriptor table lies outside the memory");
  return Table{.shared = table, .count = size_};
}

Result<bool> VirtQueue::take(const GuestMemory& memory, Chain& chain) {
  const auto available = available_ring(memory, addresses_, size_);
  if (available.empty() || size_ == 0) return broken("the available ring lies outside the memory");
  const auto newest = guarded_load_acquire(&available[kIndexOffset]);
  if (!newest) return memory_is_gone();
  const auto waiting = static_cast<std::uint16_t>(*newest - next_available_);
  if (waiting == 0) return false;
  if (waiting > size_) return broken("more requests are available than the queue holds");
  const auto head = load<Le16>(available, kRingOffset + sizeof(Le16) * (next_available_ % size_));
  if (!head) return memory_is_gone();
  if (head->value() >= size_) return broken("a request begins outside the descriptor table");

  chain.head = head->value();
  chain.readable.clear();
  chain.writable.clear();
  PREGROOVE_ASSIGN_OR_RETURN(Table table, main_table(memory));
  bool indirect = false;
  std::uint32_t index = chain.head;
  for (std::uint32_t length = 1;; ++length) {
    if (index >= table.count) return broken("a chain leaves its table");
    if (length > kMaxChainLength) return broken("a chain is too long, or has no end");
    const auto descriptor = table.at(index);
    if (!descriptor) return memory_is_gone();
    const unsigned flags = descriptor->flags.value();
    if ((flags & kIndirectFlag) != 0) {
      if (indirect || (flags & kNextFlag) != 0)
        return broken("an indirect table where there must be none");
      PREGROOVE_ASSIGN_OR_RETURN(table, Table::indirect(memory, *descriptor));
      indirect = true;
      index = 0;
      continue;
    }
    PREGROOVE_RETURN_IF_ERROR(append_buffer(memory, *descriptor, chain));
    if ((flags & kNextFlag) == 0) break;
    index = descriptor->next.value();
  }
  ++next_available_;
  return true;
}

Status VirtQueue::complete(const GuestMemory& memory, std::uint16_t head, std::uint32_t written) {
  const auto used = used_ring(memory, addresses_, size_);
  if (used.empty()) return broken("the used ring lies outside the memory");
  if (!next_used_) next_used_ = guarded_load_acquire(&used[kIndexOffset]);
  if (!next_used_) return memory_is_gone();
  const auto element =
      pregroove::bytes_of(WireUsedElement{.head = Le32(head), .written = Le32(written)});
  const std::size_t offset = kRingOffset + sizeof(WireUsedElement) * (*next_used_ % size_);
  if (!guarded_copy(used.subspan(offset, element.size()), element)) return memory_is_gone();
  next_used_ = static_cast<std::uint16_t>(*next_used_ + 1);
  if (!guarded_store_release(&used[kIndexOffset], *next_used_)) return memory_is_gone();
  return {};
}

bool VirtQueue::wants_call(const GuestMemory& memory) const {
  const auto available = available_ring(memory, addresses_, size_);
  if (available.empty()) return false;
  // The driver looks at the used ring again after it has cleared the flag: our index must be
  // visible before the flag is read.
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  const auto flags = guarded_load_acquire(available.data());
  return flags && (*flags & kNoInterruptFlag) == 0;
}

}  // namespace simdrive::hosts::vhost_user
