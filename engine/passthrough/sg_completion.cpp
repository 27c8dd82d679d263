#include "engine/passthrough/sg_completion.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

namespace pregroove::passthrough {
namespace {

// Bits 0 and 7 of a status byte are reserved (SAM-5 5.3.1).
constexpr std::uint8_t kStatusMask = 0x7E;
constexpr std::uint16_t kHostTimeOut = 0x03;
constexpr std::uint16_t kDriverTimeOut = 0x06;
// The driver status that only says "sense data is there".
constexpr std::uint16_t kDriverSense = 0x08;
// Above are suggestions that old kernels made.
constexpr std::uint16_t kDriverStatusMask = 0x0F;

struct HostStatus {
  std::uint16_t value;
  std::string_view name;
  std::string_view meaning;
};

constexpr auto kHostStatuses = std::to_array<HostStatus>({
    {0x01, "DID_NO_CONNECT", "the drive cannot be reached"},
    {0x02, "DID_BUS_BUSY", "the bus stayed busy"},
    {kHostTimeOut, "DID_TIME_OUT", "the drive did not answer in time"},
    {0x04, "DID_BAD_TARGET", "there is no such drive"},
    {0x05, "DID_ABORT", "the command was aborted"},
    {0x06, "DID_PARITY", "the data were damaged on the way"},
    {0x07, "DID_ERROR", "the host adapter reports an error"},
    {0x08, "DID_RESET", "the bus was reset"},
    {0x09, "DID_BAD_INTR", "the host adapter reports an unexpected interrupt"},
    {0x0A, "DID_PASSTHROUGH", "the command was handed on by force"},
    {0x0B, "DID_SOFT_ERROR", "the host adapter wants the command repeated"},
    {0x0C, "DID_IMM_RETRY", "the command was to be repeated at once"},
    {0x0D, "DID_REQUEUE", "the command was put back into the queue"},
    {0x0E, "DID_TRANSPORT_DISRUPTED", "the connection was interrupted"},
    {0x0F, "DID_TRANSPORT_FAILFAST", "the connection is given up"},
    {0x10, "DID_TARGET_FAILURE", "the drive failed for good"},
    {0x11, "DID_NEXUS_FAILURE", "the drive is reserved by another host"},
    {0x12, "DID_ALLOC_FAILURE", "no room on the device"},
    {0x13, "DID_MEDIUM_ERROR", "the medium failed"},
    {0x14, "DID_TRANSPORT_MARGINAL", "the connection is unreliable"},
});

constexpr auto kDriverStatuses = std::to_array<std::string_view>(
    {"DRIVER_OK", "DRIVER_BUSY", "DRIVER_SOFT", "DRIVER_MEDIA", "DRIVER_ERROR", "DRIVER_INVALID",
     "DRIVER_TIMEOUT", "DRIVER_HARD", "DRIVER_SENSE"});

std::string say_host(std::uint16_t value) {
  const auto* row = std::ranges::find(kHostStatuses, value, &HostStatus::value);
  return row != kHostStatuses.end() ? fmt::format("{} ({})", row->meaning, row->name)
                                    : fmt::format("unknown host status {:02X}h", value);
}

std::string say_driver(std::uint16_t value) {
  return value < kDriverStatuses.size()
             ? fmt::format("the kernel's driver reports {}", kDriverStatuses.at(value))
             : fmt::format("unknown driver status {:02X}h", value);
}

Error exchange_failed(ErrorCode code, const std::string& device, const std::string& why,
                      std::string advice = {}) {
  return fail(code, fmt::format("the exchange with \"{}\" failed: {}", device, why),
              std::move(advice))
      .error();
}

}  // namespace

Result<scsi::Completion> completion_of(const SgOutcome& outcome, const std::string& device) {
  const std::uint16_t driver = outcome.driver_status & kDriverStatusMask;
  if (outcome.host_status == kHostTimeOut || driver == kDriverTimeOut)
    return std::unexpected(exchange_failed(
        ErrorCode::kTimeout, device, "timeout, " + say_host(kHostTimeOut),
        "Wait until the drive is quiet; if it stays busy, switch it off and on again."));
  if (outcome.host_status != 0)
    return std::unexpected(
        exchange_failed(ErrorCode::kTransport, device, say_host(outcome.host_status)));
  if (driver != 0 && driver != kDriverSense)
    return std::unexpected(exchange_failed(ErrorCode::kTransport, device, say_driver(driver)));
  scsi::Completion completion;
  completion.status = static_cast<scsi::ScsiStatus>(outcome.status & kStatusMask);
  const auto missing = static_cast<std::size_t>(std::max(outcome.residual, 0));
  completion.bytes_transferred = outcome.requested - std::min(missing, outcome.requested);
  if (completion.status == scsi::ScsiStatus::kCheckCondition)
    completion.sense = scsi::decode_sense(outcome.sense);
  return completion;
}

Error exchange_error(int error_number, const std::string& device) {
  const std::string why = std::generic_category().message(error_number);
  switch (error_number) {
    case ENODEV:
    case ENXIO:
      return exchange_failed(ErrorCode::kTransport, device, "the drive is gone (" + why + ")");
    case EPERM:
    case EACCES:
      return exchange_failed(ErrorCode::kAccessDenied, device,
                             "the kernel does not let this user send the command (" + why + ")",
                             "Ask for permission to write to the device (group cdrom).");
    case ENOMEM:
      return exchange_failed(ErrorCode::kTransport, device,
                             "the kernel has no memory for the transfer (" + why + ")",
                             "Close other programs and try again.");
    default:
      return exchange_failed(ErrorCode::kTransport, device, why);
  }
}

}  // namespace pregroove::passthrough
