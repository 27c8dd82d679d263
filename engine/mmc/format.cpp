#include "engine/mmc/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "engine/mmc/reply.h"
#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// MMC-6 table "FORMAT UNIT command".
struct FormatUnitCdb {
  Opcode operation_code = Opcode::kFormatUnit;
  std::uint8_t flags = 0x11;  // FmtData, format code 001b
  std::array<std::uint8_t, 3> reserved{};
  std::uint8_t control = 0;
};
static_assert(cdb_struct<FormatUnitCdb, Opcode::kFormatUnit>());

// MMC-6 table "format list header", and the one descriptor that follows.
struct FormatList {
  std::uint8_t reserved = 0;
  std::uint8_t flags = 0;  // FOV 7, DCRT 5, Immed 1
  Be16 descriptor_length{8};
  Be32 blocks;
  std::uint8_t type = 0;  // [7:2] format type, [1:0] sub-type
  Be24 type_dependent;
};
static_assert(wire_struct<FormatList, kFormatListSize>());

// MMC-6 table "READ FORMAT CAPACITIES command".
struct ReadFormatCapacitiesCdb {
  Opcode operation_code = Opcode::kReadFormatCapacities;
  std::array<std::uint8_t, 6> reserved{};
  Be16 allocation;
  std::uint8_t control = 0;
};
static_assert(cdb_struct<ReadFormatCapacitiesCdb, Opcode::kReadFormatCapacities>());
static_assert(offsetof(ReadFormatCapacitiesCdb, allocation) == 7);

// MMC-6 tables "capacity list header", "current/maximum capacity descriptor" and "formattable
// capacity descriptor".
struct CapacityListHeader {
  std::array<std::uint8_t, 3> reserved{};
  std::uint8_t length = 0;
};
static_assert(wire_struct<CapacityListHeader, 4>());
struct CapacityDescriptor {
  Be32 blocks;
  std::uint8_t type = 0;  // current: [1:0] descriptor type; formattable: [7:2] type, [1:0] sub-type
  Be24 type_dependent;
};
static_assert(wire_struct<CapacityDescriptor, 8>());

}  // namespace

Cdb format_unit() { return make_cdb(FormatUnitCdb{}); }

std::array<std::byte, kFormatListSize> encode_format(const FormatDescriptor& descriptor,
                                                     Immediate immediate,
                                                     Certification certification) {
  const bool disabled = certification == Certification::kDisabled;
  return bytes_of(FormatList{
      .flags = byte_of(bit_if(disabled, 7) | bit_if(disabled, 5) |
                       bit_if(immediate == Immediate::kYes, 1)),
      .blocks = Be32(descriptor.blocks),
      .type = byte_of((static_cast<unsigned>(descriptor.type) << 2U) | (descriptor.sub_type & 3U)),
      .type_dependent = Be24(descriptor.type_dependent)});
}

Cdb read_format_capacities(std::uint16_t allocation) {
  return make_cdb(ReadFormatCapacitiesCdb{.allocation = Be16(allocation)});
}

Result<FormatCapacities> decode_format_capacities(std::span<const std::byte> reply) {
  constexpr std::size_t kFirst = sizeof(CapacityListHeader);
  constexpr std::size_t kEach = sizeof(CapacityDescriptor);
  const auto header = read_struct<CapacityListHeader>(reply);
  const auto current = read_struct<CapacityDescriptor>(reply, kFirst);
  if (!header || !current || header->length < kEach)
    return short_reply(Opcode::kReadFormatCapacities, reply.size(), kFirst + kEach);
  FormatCapacities capacities;
  const std::uint8_t state = bit_field(current->type, 0, 2);
  if (state == 0)
    return bad_reply(Opcode::kReadFormatCapacities, "the first descriptor has no type");
  capacities.state = static_cast<CapacityState>(state);
  capacities.blocks = BlockCount{current->blocks.value()};
  if (capacities.blocks.value > std::numeric_limits<std::int32_t>::max())
    return bad_reply(Opcode::kReadFormatCapacities,
                     fmt::format("the disc has {} blocks", capacities.blocks.value));
  const std::size_t end = std::min(reply.size(), kFirst + header->length);
  for (std::size_t at = kFirst + kEach; at + kEach <= end; at += kEach) {
    const auto wire = *read_struct<CapacityDescriptor>(reply, at);
    capacities.possible.push_back({.blocks = wire.blocks.value(),
                                   .type = static_cast<FormatType>(bit_field(wire.type, 2, 6)),
                                   .sub_type = bit_field(wire.type, 0, 2),
                                   .type_dependent = wire.type_dependent.value()});
  }
  return capacities;
}

}  // namespace pregroove::mmc
