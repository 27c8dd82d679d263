#include "engine/mmc/buffer.h"

#include <fmt/format.h>

#include "engine/mmc/reply.h"
#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// MMC-6 table "READ BUFFER CAPACITY command".
struct ReadBufferCapacityCdb {
  Opcode operation_code = Opcode::kReadBufferCapacity;
  std::uint8_t block = 0;  // bit 0: count in blocks
  std::array<std::uint8_t, 5> reserved{};
  Be16 allocation_length;
  std::uint8_t control = 0;
};
static_assert(cdb_struct<ReadBufferCapacityCdb, Opcode::kReadBufferCapacity>());
static_assert(offsetof(ReadBufferCapacityCdb, allocation_length) == 7);

// MMC-6 table "READ BUFFER CAPACITY data".
struct BufferCapacityData {
  Be16 data_length;
  std::uint8_t reserved;
  std::uint8_t block;  // bit 0: the numbers are blocks
  Be32 total;
  Be32 available;
};
static_assert(wire_struct<BufferCapacityData, kBufferCapacityReplySize>());

}  // namespace

Cdb read_buffer_capacity(std::uint16_t allocation) {
  return make_cdb(ReadBufferCapacityCdb{.allocation_length = Be16(allocation)});
}

Result<BufferCapacity> decode_buffer_capacity(std::span<const std::byte> reply) {
  const auto part = announced_part16(reply);
  const auto wire = read_struct<BufferCapacityData>(part);
  if (!wire)
    return short_reply(Opcode::kReadBufferCapacity, part.size(), sizeof(BufferCapacityData));
  if (bit(wire->block, 0))
    return bad_reply(Opcode::kReadBufferCapacity, "counted in blocks, and bytes were asked for");
  const BufferCapacity capacity{.total = wire->total.value(), .available = wire->available.value()};
  if (capacity.available > capacity.total)
    return bad_reply(Opcode::kReadBufferCapacity,
                     fmt::format("{} bytes of {} are free", capacity.available, capacity.total));
  return capacity;
}

}  // namespace pregroove::mmc
