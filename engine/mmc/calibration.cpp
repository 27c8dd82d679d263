#include "engine/mmc/calibration.h"

#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// MMC-6 table "SEND OPC INFORMATION command". Without a parameter list: the drive measures itself.
struct SendOpcInformationCdb {
  Opcode operation_code = Opcode::kSendOpcInformation;
  std::uint8_t do_opc = 0;  // bit 0
  std::array<std::uint8_t, 5> reserved{};
  Be16 parameter_list_length;
  std::uint8_t control = 0;
};
static_assert(cdb_struct<SendOpcInformationCdb, Opcode::kSendOpcInformation>());
static_assert(offsetof(SendOpcInformationCdb, parameter_list_length) == 7);

}  // namespace

Cdb send_opc_information(DoOpc do_opc) {
  return make_cdb(SendOpcInformationCdb{.do_opc = bit_if(do_opc == DoOpc::kYes, 0)});
}

}  // namespace pregroove::mmc
