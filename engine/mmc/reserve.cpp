#include "engine/mmc/reserve.h"

#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// MMC-6 table "RESERVE TRACK command", its size form (RMZ and ARSV are 0).
struct ReserveTrackCdb {
  Opcode operation_code = Opcode::kReserveTrack;
  std::uint8_t flags = 0;  // RMZ in bit 1, ARSV in bit 0
  std::array<std::uint8_t, 3> reserved{};
  Be32 size;
  std::uint8_t control = 0;
};
static_assert(cdb_struct<ReserveTrackCdb, Opcode::kReserveTrack>());
static_assert(offsetof(ReserveTrackCdb, size) == 5);

}  // namespace

Cdb reserve_track(BlockCount size) {
  return make_cdb(ReserveTrackCdb{.size = wire_blocks<std::uint32_t, 4>(size)});
}

}  // namespace pregroove::mmc
