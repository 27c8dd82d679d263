#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include "simdrive/disc/block_store.h"

namespace simdrive {
namespace {

using pregroove::Status;

constexpr std::size_t kChunkBytes = 1U << 20U;

std::size_t index_of(Area area) { return static_cast<std::size_t>(area); }

// Calls step(chunk, offset in the chunk, offset in the range, length) for the pieces of a range.
template <typename Step>
void for_each_piece(Area area, Lba lba, std::size_t bytes, const Step& step) {
  const AreaShape shape = shape_of(area);
  const std::size_t begin = static_cast<std::size_t>((lba - shape.first).value) * shape.stride;
  for (std::size_t done = 0; done < bytes;) {
    const std::size_t offset = (begin + done) % kChunkBytes;
    const std::size_t length = std::min(bytes - done, kChunkBytes - offset);
    step((begin + done) / kChunkBytes, offset, done, length);
    done += length;
  }
}

// Of calloc, and not of new: memory that comes fresh from the system is zero already, and
// filling it once more would cost as much as the data do.
std::byte* zeroed_chunk() {
  auto* const chunk = static_cast<std::byte*>(std::calloc(kChunkBytes, 1));
  if (chunk == nullptr) throw std::bad_alloc();
  return chunk;
}

}  // namespace

void MemoryStore::Release::operator()(std::byte* chunk) const { std::free(chunk); }

std::uint64_t area_size(Area area, const Medium& medium, BlockCount capacity) {
  if (area == Area::kUserData) return capacity.bytes();
  if (!medium.is_cd()) return 0;
  const AreaShape shape = shape_of(area);
  const BlockCount blocks = (Lba{0} - shape.first) + capacity + kLeadOutRoom;
  return static_cast<std::uint64_t>(blocks.value) * shape.stride;
}

MemoryStore::MemoryStore(const Medium& medium, BlockCount capacity) {
  for (const Area area : {Area::kUserData, Area::kSectors, Area::kSubChannels})
    areas_[index_of(area)].resize((area_size(area, medium, capacity) + kChunkBytes - 1) /
                                  kChunkBytes);
}

Status MemoryStore::write(Area area, Lba lba, std::span<const std::byte> data) {
  Chunks& chunks = areas_[index_of(area)];
  for_each_piece(area, lba, data.size(),
                 [&](std::size_t chunk, std::size_t offset, std::size_t done, std::size_t length) {
                   auto& bytes = chunks[chunk];
                   if (bytes == nullptr) bytes.reset(zeroed_chunk());
                   std::memcpy(bytes.get() + offset, data.data() + done, length);
                 });
  return {};
}

Status MemoryStore::read(Area area, Lba lba, std::span<std::byte> buffer) const {
  const Chunks& chunks = areas_[index_of(area)];
  for_each_piece(area, lba, buffer.size(),
                 [&](std::size_t chunk, std::size_t offset, std::size_t done, std::size_t length) {
                   const auto& bytes = chunks[chunk];
                   if (bytes == nullptr)
                     std::memset(buffer.data() + done, 0, length);
                   else
                     std::memcpy(buffer.data() + done, bytes.get() + offset, length);
                 });
  return {};
}

Lba MemoryStore::end_of_user_data() const {
  constexpr std::size_t kBlocksInChunk = kChunkBytes / pregroove::kBlockSize;
  const Chunks& chunks = areas_[index_of(Area::kUserData)];
  const auto last = std::find_if(chunks.rbegin(), chunks.rend(),
                                 [](const auto& chunk) { return chunk != nullptr; });
  const auto used = static_cast<std::size_t>(chunks.rend() - last);
  return Lba{static_cast<std::int32_t>(used * kBlocksInChunk)};
}

Status MemoryStore::clear(Area area, Lba lba, BlockCount count) {
  Chunks& chunks = areas_[index_of(area)];
  const std::size_t size = static_cast<std::size_t>(count.value) * shape_of(area).stride;
  for_each_piece(area, lba, size,
                 [&](std::size_t chunk, std::size_t offset, std::size_t, std::size_t length) {
                   auto& bytes = chunks[chunk];
                   if (bytes == nullptr) return;
                   if (length == kChunkBytes)
                     bytes.reset();
                   else
                     std::memset(bytes.get() + offset, 0, length);
                 });
  return {};
}

}  // namespace simdrive
