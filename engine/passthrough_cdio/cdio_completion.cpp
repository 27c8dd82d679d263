#include "engine/passthrough_cdio/cdio_completion.h"

#include <cdio/cdio.h>
#include <fmt/format.h>

#include <utility>

namespace pregroove::passthrough {
namespace {

std::unexpected<Error> exchange_failed(ErrorCode code, const std::string& device,
                                       std::string_view why, std::string advice = {}) {
  return fail(code, fmt::format("the exchange with \"{}\" failed: {}", device, why),
              std::move(advice));
}

// A 5/00/00 of no drive's making would hide what happened; without a sense key nothing was sensed.
bool says_something(std::span<const std::byte> sense) {
  const auto decoded = scsi::decode_sense(sense);
  return decoded && decoded->key() != scsi::SenseKey::kNoSense;
}

}  // namespace

Result<scsi::Completion> completion_of(const CdioOutcome& outcome, const std::string& device) {
  if (outcome.return_code == DRIVER_OP_SUCCESS)
    return scsi::Completion{.bytes_transferred = outcome.requested};
  if (says_something(outcome.sense))
    return scsi::Completion{.status = scsi::ScsiStatus::kCheckCondition,
                            .sense = scsi::decode_sense(outcome.sense)};
  switch (outcome.return_code) {
    case DRIVER_OP_MMC_SENSE_DATA:
      return scsi::Completion{.status = scsi::ScsiStatus::kCheckCondition};
    case DRIVER_OP_NOT_PERMITTED:
      return exchange_failed(ErrorCode::kAccessDenied, device, "this user may not send the command",
                             "Ask for permission to write to the device.");
    case DRIVER_OP_UNSUPPORTED:
    case DRIVER_OP_NO_DRIVER:
      return exchange_failed(ErrorCode::kUnsupported, device,
                             "libcdio cannot send commands on this system");
    default:
      return exchange_failed(ErrorCode::kTransport, device,
                             fmt::format("libcdio reports {}", outcome.return_code));
  }
}

}  // namespace pregroove::passthrough
