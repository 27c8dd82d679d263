// READ BUFFER CAPACITY (MMC-6 6.17).
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::Be16;
using pregroove::Be32;

// MMC-6 table "READ BUFFER CAPACITY data", byte and block form.
struct BufferCapacity {
  Be16 length;
  std::uint8_t reserved = 0;
  std::uint8_t block = 0;
  Be32 total;
  Be32 available;
};
static_assert(pregroove::wire_struct<BufferCapacity, 12>());

}  // namespace

Outcome read_buffer_capacity(DriveState& state, const Request& request) {
  const bool in_blocks = request.bit(1, 0);
  const std::size_t unit = in_blocks ? pregroove::kBlockSize : 1;
  const bool garbage =
      state.personality.quirks.buffer_capacity == profiles::BufferCapacity::kGarbage;
  const std::size_t total = state.buffer.capacity() / unit;
  // Garbage is more than there is, which programs can see (burning.md 4.6).
  const std::size_t available = garbage ? 2 * total : state.buffer.available(state.now()) / unit;
  Reply reply;
  reply.append(BufferCapacity{.block = static_cast<std::uint8_t>(in_blocks ? 1 : 0),
                              .total = Be32(static_cast<std::uint32_t>(total)),
                              .available = Be32(static_cast<std::uint32_t>(available))});
  reply.announce_length<Be16>(sizeof(Be16));
  return reply.send(request, request.be16(7));
}

}  // namespace simdrive
