// SEND OPC INFORMATION: power calibration (MMC-6).
#pragma once

#include "engine/mmc/command.h"

namespace pregroove::mmc {

// kYes: calibrate now, on the disc that is in the drive.
enum class DoOpc : bool { kNo, kYes };

[[nodiscard]] Cdb send_opc_information(DoOpc do_opc);

}  // namespace pregroove::mmc
