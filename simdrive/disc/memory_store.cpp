#include <algorithm>
#include <cstring>

#include "simdrive/disc/block_store.h"

namespace simdrive {
namespace {

using pregroove::kBlockSize;
using pregroove::Status;

constexpr std::size_t kChunkBytes = 1U << 20U;

// Calls step(chunk, offset in the chunk, offset in the range, length) for the pieces of a range.
template <typename Step>
void for_each_piece(Lba lba, std::size_t bytes, const Step& step) {
  const std::size_t begin = static_cast<std::size_t>(lba.value) * kBlockSize;
  for (std::size_t done = 0; done < bytes;) {
    const std::size_t offset = (begin + done) % kChunkBytes;
    const std::size_t length = std::min(bytes - done, kChunkBytes - offset);
    step((begin + done) / kChunkBytes, offset, done, length);
    done += length;
  }
}

}  // namespace

MemoryStore::MemoryStore(BlockCount capacity)
    : chunks_((static_cast<std::size_t>(capacity.bytes()) + kChunkBytes - 1) / kChunkBytes) {}

Status MemoryStore::write(Lba lba, std::span<const std::byte> data) {
  for_each_piece(lba, data.size(),
                 [&](std::size_t chunk, std::size_t offset, std::size_t done, std::size_t length) {
                   auto& bytes = chunks_[chunk];
                   if (bytes == nullptr) bytes = std::make_unique<std::byte[]>(kChunkBytes);
                   std::memcpy(bytes.get() + offset, data.data() + done, length);
                 });
  return {};
}

Status MemoryStore::read(Lba lba, std::span<std::byte> buffer) const {
  for_each_piece(lba, buffer.size(),
                 [&](std::size_t chunk, std::size_t offset, std::size_t done, std::size_t length) {
                   const auto& bytes = chunks_[chunk];
                   if (bytes == nullptr)
                     std::memset(buffer.data() + done, 0, length);
                   else
                     std::memcpy(buffer.data() + done, bytes.get() + offset, length);
                 });
  return {};
}

Status MemoryStore::clear(Lba lba, BlockCount count) {
  for_each_piece(lba, static_cast<std::size_t>(count.bytes()),
                 [&](std::size_t chunk, std::size_t offset, std::size_t, std::size_t length) {
                   auto& bytes = chunks_[chunk];
                   if (bytes == nullptr) return;
                   if (length == kChunkBytes)
                     bytes.reset();
                   else
                     std::memset(bytes.get() + offset, 0, length);
                 });
  return {};
}

}  // namespace simdrive
