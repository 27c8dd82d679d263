#include "engine/mmc/disc_structure.h"

#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

constexpr std::uint8_t kLayerBoundaryFormat = 0x20;

// MMC-6 table "SEND DISC STRUCTURE command".
struct SendDiscStructureCdb {
  Opcode operation_code = Opcode::kSendDiscStructure;
  std::uint8_t media_type = 0;  // [3:0], 0: DVD
  std::array<std::uint8_t, 5> reserved{};
  std::uint8_t format = kLayerBoundaryFormat;
  Be16 parameter_list_length = Be16(kLayerBoundaryListSize);
  std::uint8_t reserved2 = 0;
  std::uint8_t control = 0;
};
static_assert(cdb_struct<SendDiscStructureCdb, Opcode::kSendDiscStructure>());
static_assert(offsetof(SendDiscStructureCdb, format) == 7);

// MMC-6 table "layer boundary information", behind the header that all structures have. The init
// status is the drive's to say.
struct LayerBoundaryList {
  Be16 length = Be16(kLayerBoundaryListSize - sizeof(Be16));  // of what follows it
  Be16 reserved;
  std::uint8_t init_status = 0;
  std::array<std::uint8_t, 3> reserved2{};
  Be32 layer_0_blocks;
};
static_assert(wire_struct<LayerBoundaryList, kLayerBoundaryListSize>());
static_assert(offsetof(LayerBoundaryList, layer_0_blocks) == 8);

}  // namespace

Cdb send_layer_boundary() { return make_cdb(SendDiscStructureCdb{}); }

std::array<std::byte, kLayerBoundaryListSize> encode_layer_boundary(BlockCount layer_0) {
  return bytes_of(LayerBoundaryList{.layer_0_blocks = wire_blocks<std::uint32_t, 4>(layer_0)});
}

}  // namespace pregroove::mmc
