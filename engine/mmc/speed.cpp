#include "engine/mmc/speed.h"

#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// MMC-6 table "SET CD SPEED command".
struct SetCdSpeedCdb {
  Opcode operation_code = Opcode::kSetCdSpeed;
  std::uint8_t rotational_control = 0;  // [1:0]
  Be16 read_speed;
  Be16 write_speed;
  std::array<std::uint8_t, 5> reserved{};
  std::uint8_t control = 0;
};
static_assert(cdb_struct<SetCdSpeedCdb, Opcode::kSetCdSpeed>());
static_assert(offsetof(SetCdSpeedCdb, write_speed) == 4);

}  // namespace

Cdb set_cd_speed(CdSpeed read, CdSpeed write) {
  return make_cdb(
      SetCdSpeedCdb{.read_speed = Be16(read.kb_per_s), .write_speed = Be16(write.kb_per_s)});
}

}  // namespace pregroove::mmc
