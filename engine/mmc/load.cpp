#include "engine/mmc/load.h"

#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// MMC-6 table "START STOP UNIT command".
struct StartStopUnitCdb {
  Opcode operation_code = Opcode::kStartStopUnit;
  std::uint8_t immed = 0;
  std::array<std::uint8_t, 2> reserved{};
  std::uint8_t action = 0;  // [7:4] power conditions, LoEj, Start
  std::uint8_t control = 0;
};
static_assert(cdb_struct<StartStopUnitCdb, Opcode::kStartStopUnit>());
static_assert(offsetof(StartStopUnitCdb, action) == 4);

// MMC-6 table "PREVENT ALLOW MEDIUM REMOVAL command".
struct PreventAllowCdb {
  Opcode operation_code = Opcode::kPreventAllowMediumRemoval;
  std::array<std::uint8_t, 3> reserved{};
  std::uint8_t prevent = 0;  // Persistent, Prevent
  std::uint8_t control = 0;
};
static_assert(cdb_struct<PreventAllowCdb, Opcode::kPreventAllowMediumRemoval>());
static_assert(offsetof(PreventAllowCdb, prevent) == 4);

}  // namespace

Cdb start_stop_unit(LoadAction action, Immediate immediate) {
  return make_cdb(StartStopUnitCdb{.immed = bit_if(immediate == Immediate::kYes, 0),
                                   .action = static_cast<std::uint8_t>(action)});
}

Cdb prevent_allow_medium_removal(Prevent prevent) {
  return make_cdb(PreventAllowCdb{.prevent = static_cast<std::uint8_t>(prevent)});
}

}  // namespace pregroove::mmc
