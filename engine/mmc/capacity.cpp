#include "engine/mmc/capacity.h"

#include <fmt/format.h>

#include "engine/mmc/reply.h"
#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// MMC-6 table "READ CAPACITY command".
struct ReadCapacityCdb {
  Opcode operation_code = Opcode::kReadCapacity;
  std::array<std::uint8_t, 8> reserved{};
  std::uint8_t control = 0;
};
static_assert(cdb_struct<ReadCapacityCdb, Opcode::kReadCapacity>());

// MMC-6 table "READ CAPACITY response data".
struct CapacityData {
  Be32 last_lba;
  Be32 block_length;
};
static_assert(wire_struct<CapacityData, kCapacityReplySize>());

}  // namespace

Cdb read_capacity() { return make_cdb(ReadCapacityCdb{}); }

Result<Capacity> decode_capacity(std::span<const std::byte> reply) {
  const auto wire = read_struct<CapacityData>(reply);
  if (!wire) return short_reply(Opcode::kReadCapacity, reply.size(), sizeof(CapacityData));
  const Capacity capacity{.last_lba = lba_of(wire->last_lba),
                          .block_length = wire->block_length.value()};
  if (capacity.last_lba < Lba{0})
    return bad_reply(Opcode::kReadCapacity,
                     fmt::format("the last block is {:08X}h", wire->last_lba.value()));
  if (capacity.block_length == 0 && capacity.last_lba > Lba{0})
    return bad_reply(Opcode::kReadCapacity, "blocks of no bytes");
  return capacity;
}

}  // namespace pregroove::mmc
