#include "engine/mmc/mode.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/mmc/reply.h"
#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// SPC-4 table "MODE SENSE(10) command".
struct ModeSense10Cdb {
  Opcode operation_code = Opcode::kModeSense10;
  std::uint8_t flags = 0;  // DBD in bit 3
  std::uint8_t page = 0;   // [7:6] PC, [5:0] page code
  std::uint8_t subpage = 0;
  std::array<std::uint8_t, 3> reserved{};
  Be16 allocation_length;
  std::uint8_t control = 0;
};
static_assert(cdb_struct<ModeSense10Cdb, Opcode::kModeSense10>());
static_assert(offsetof(ModeSense10Cdb, allocation_length) == 7);

// SPC-4 table "MODE SELECT(10) command".
struct ModeSelect10Cdb {
  Opcode operation_code = Opcode::kModeSelect10;
  std::uint8_t flags = 0;  // PF in bit 4, SP in bit 0
  std::array<std::uint8_t, 5> reserved{};
  Be16 parameter_list_length;
  std::uint8_t control = 0;
};
static_assert(cdb_struct<ModeSelect10Cdb, Opcode::kModeSelect10>());
static_assert(offsetof(ModeSelect10Cdb, parameter_list_length) == 7);

// SPC-4 table "mode parameter header(10)".
struct ModeHeader {
  Be16 mode_data_length;
  std::uint8_t medium_type;
  std::uint8_t device_specific;
  std::array<std::uint8_t, 2> reserved;
  Be16 block_descriptor_length;
};
static_assert(wire_struct<ModeHeader, kModeHeaderSize>());

// SPC-4 tables "page_0 mode page format" and "sub_page mode page format".
struct PageHeader {
  std::uint8_t code;  // PS, SPF, [5:0] page code
  std::uint8_t length;
};
static_assert(wire_struct<PageHeader, 2>());
struct SubPageHeader {
  std::uint8_t code;
  std::uint8_t subpage;
  Be16 length;
};
static_assert(wire_struct<SubPageHeader, 4>());

}  // namespace

Cdb mode_sense10(scsi::ModePage page, PageControl control, std::uint16_t allocation,
                 BlockDescriptors descriptors) {
  return make_cdb(ModeSense10Cdb{
      .flags = bit_if(descriptors == BlockDescriptors::kDisabled, 3),
      .page = byte_of((static_cast<unsigned>(control) << 6U) | static_cast<unsigned>(page)),
      .allocation_length = Be16(allocation)});
}

Cdb mode_select10(std::uint16_t parameter_list_length) {
  return make_cdb(ModeSelect10Cdb{.flags = bit_if(true, 4),
                                  .parameter_list_length = Be16(parameter_list_length)});
}

Result<std::span<const std::byte>> find_mode_page(std::span<const std::byte> reply,
                                                  scsi::ModePage page) {
  const auto part = announced_part16(reply);
  const auto header = read_struct<ModeHeader>(part);
  if (!header) return short_reply(Opcode::kModeSense10, part.size(), sizeof(ModeHeader));
  std::size_t at = sizeof(ModeHeader) + header->block_descriptor_length.value();
  while (const auto wire = read_struct<PageHeader>(part, at)) {
    const bool has_subpage = bit(wire->code, 6);
    std::size_t size = sizeof(PageHeader) + wire->length;
    if (has_subpage) {
      const auto sub = read_struct<SubPageHeader>(part, at);
      if (!sub) break;
      size = sizeof(SubPageHeader) + sub->length.value();
    }
    if (!has_subpage && bit_field(wire->code, 0, 6) == static_cast<std::uint8_t>(page))
      return part.subspan(at, std::min(size, part.size() - at));
    at += size;
  }
  return bad_reply(Opcode::kModeSense10,
                   fmt::format("mode page {:02X}h is not in it", static_cast<unsigned>(page)));
}

}  // namespace pregroove::mmc
