// What the Linux kernel says about an exchange, turned into the port's Completion or Error. Pure.
//
// Sources: Linux include/scsi/sg.h (sg_io_hdr), include/scsi/scsi_status.h (host bytes),
// the SG_IO HOWTO (driver bytes).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "engine/base/error.h"
#include "engine/scsi/transport.h"

namespace pregroove::passthrough {

// The fields of sg_io_hdr that the kernel fills in.
struct SgOutcome {
  std::uint8_t status = 0;
  std::uint16_t host_status = 0;
  std::uint16_t driver_status = 0;
  std::int32_t residual = 0;         // bytes that were asked for and not moved
  std::size_t requested = 0;         // bytes
  std::span<const std::byte> sense;  // as many as the kernel says it wrote
};

// kTransport when the exchange failed, kTimeout when the kernel gave up waiting for the drive: in
// both cases nobody knows whether the drive acted. CHECK CONDITION without readable sense data is
// an exchange that took place.
[[nodiscard]] Result<scsi::Completion> completion_of(const SgOutcome& outcome,
                                                     const std::string& device);

// Why the SG_IO call itself failed.
[[nodiscard]] Error exchange_error(int error_number, const std::string& device);

}  // namespace pregroove::passthrough
