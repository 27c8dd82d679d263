#include "engine/mmc/blank.h"

#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// MMC-6 table "BLANK command".
struct BlankCdb {
  Opcode operation_code = Opcode::kBlank;
  std::uint8_t type = 0;  // Immed in bit 4, [2:0] blanking type
  Be32 start;
  std::array<std::uint8_t, 5> reserved{};
  std::uint8_t control = 0;
};
static_assert(cdb_struct<BlankCdb, Opcode::kBlank>());
static_assert(offsetof(BlankCdb, start) == 2);

}  // namespace

Cdb blank(BlankType type, Immediate immediate, std::uint32_t start) {
  return make_cdb(BlankCdb{
      .type = byte_of(bit_if(immediate == Immediate::kYes, 4) | static_cast<unsigned>(type)),
      .start = Be32(start)});
}

}  // namespace pregroove::mmc
