// SEND OPC INFORMATION (MMC-6 6.34).
#include "simdrive/drive/commands/handlers.h"

namespace simdrive {
namespace {

constexpr std::size_t kOpcEntry = 8;

Outcome calibrate(DriveState& state) {
  const CalibrationResult result = state.calibrate();
  if (result != CalibrationResult::kFull && !state.disc->commit(state.layout()))
    return refuse(Fault::kWriteError);
  // What this drive answers to everybody, whatever the area is like (mmc.md 2.4).
  if (const auto& sense = state.personality.quirks.sense.opc)
    return std::unexpected(CommandError{.fault = Fault::kCommandSequence, .sense = sense});
  switch (result) {
    case CalibrationResult::kOk:
      break;
    case CalibrationResult::kAlmostFull:  // calibrated all the same
      return refuse(Fault::kCalibrationAreaAlmostFull);
    case CalibrationResult::kFull:
      return refuse(Fault::kCalibrationAreaFull);
  }
  return Good{};
}

}  // namespace

Outcome send_opc_information(DriveState& state, const Request& request) {
  const std::size_t length = request.be16(7);
  if (length % kOpcEntry != 0 || length > request.data_out.size())
    return refuse(Fault::kParameterListLength);
  if (state.layout().finalised() && !state.disc->medium().erasable())
    return refuse(Fault::kCannotWriteMedium);
  const bool do_opc = request.bit(1, 0);
  if (do_opc) {
    if (auto outcome = calibrate(state); !outcome) return outcome;
  }
  return Good{length};
}

}  // namespace simdrive
