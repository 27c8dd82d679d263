#include "engine/mmc/close.h"

#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// MMC-6 table "CLOSE TRACK/SESSION command".
struct CloseTrackSessionCdb {
  Opcode operation_code = Opcode::kCloseTrackSession;
  std::uint8_t immed = 0;
  std::uint8_t function = 0;  // [2:0]
  std::uint8_t reserved = 0;
  Be16 track;
  std::array<std::uint8_t, 3> reserved2{};
  std::uint8_t control = 0;
};
static_assert(cdb_struct<CloseTrackSessionCdb, Opcode::kCloseTrackSession>());
static_assert(offsetof(CloseTrackSessionCdb, function) == 2);
static_assert(offsetof(CloseTrackSessionCdb, track) == 4);

}  // namespace

Cdb close_track_session(CloseFunction function, std::uint16_t track, Immediate immediate) {
  return make_cdb(CloseTrackSessionCdb{.immed = bit_if(immediate == Immediate::kYes, 0),
                                       .function = static_cast<std::uint8_t>(function),
                                       .track = Be16(track)});
}

}  // namespace pregroove::mmc
