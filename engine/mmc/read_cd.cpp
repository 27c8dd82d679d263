#include "engine/mmc/read_cd.h"

#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// MMC-6 table "READ CD command".
struct ReadCdCdb {
  Opcode operation_code = Opcode::kReadCd;
  std::uint8_t sector_type = 0;  // [4:2], DAP in bit 1
  Be32 lba;
  Be24 transfer_blocks;
  std::uint8_t main_channel = 0;  // [7:3] as above, [2:1] C2
  std::uint8_t sub_channel = 0;   // [2:0]
  std::uint8_t control = 0;
};
static_assert(cdb_struct<ReadCdCdb, Opcode::kReadCd>());
static_assert(offsetof(ReadCdCdb, transfer_blocks) == 6);
static_assert(offsetof(ReadCdCdb, main_channel) == 9);

}  // namespace

Cdb read_cd(Lba lba, BlockCount blocks, ExpectedSectorType type, std::uint8_t main_channel,
            SubChannel sub_channel) {
  return make_cdb(ReadCdCdb{.sector_type = byte_of(static_cast<unsigned>(type) << 2U),
                            .lba = wire_lba(lba),
                            .transfer_blocks = wire_blocks<std::uint32_t, 3>(blocks),
                            .main_channel = main_channel,
                            .sub_channel = static_cast<std::uint8_t>(sub_channel)});
}

}  // namespace pregroove::mmc
