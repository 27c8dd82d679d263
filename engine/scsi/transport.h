// THE PORT: all that the engine knows of hardware, and all that a simulated drive has to offer.
//
// Source of the shapes: SAM-5 (execute command), SPC-4 (CDB sizes).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>

#include "engine/base/error.h"
#include "engine/scsi/sense.h"

namespace pregroove::scsi {

// SAM-5 5.3.1. Other values are passed through as they are.
enum class ScsiStatus : std::uint8_t {
  kGood = 0x00,
  kCheckCondition = 0x02,
  kBusy = 0x08,
  kReservationConflict = 0x18,
};

struct NoData {};
struct DataIn {
  std::span<std::byte> buffer;  // filled from the front; Completion says how far
};
struct DataOut {
  std::span<const std::byte> buffer;
};
using DataPhase = std::variant<NoData, DataIn, DataOut>;

struct Command {
  std::span<const std::byte> cdb;
  DataPhase data;
  std::chrono::milliseconds timeout{30'000};
};

struct Completion {
  ScsiStatus status = ScsiStatus::kGood;
  std::size_t bytes_transferred = 0;
  std::optional<Sense>
      sense;  // present when status is kCheckCondition and the drive gave readable sense data
};

// The CDB length that the operation code's group fixes (SPC-4 table "operation code"); 0 for
// variable-length and vendor-specific groups.
[[nodiscard]] constexpr std::size_t cdb_size(std::uint8_t operation_code) {
  switch (operation_code >> 5U) {
    case 0:
      return 6;
    case 1:
    case 2:
      return 10;
    case 4:
      return 16;
    case 5:
      return 12;
    default:
      return 0;
  }
}

// Sends one SCSI command to one drive and waits for its completion.
//
// Executes the command exactly once: no retry, no sleep, no interpretation of sense data. An Error
// means that the exchange itself failed (device gone, timeout); whether the drive acted is then
// unknown. Not thread safe; one command at a time. REQUIRES: command.cdb.size() == cdb_size(first
// byte), except for vendor-specific operation codes.
class Transport {
 public:
  virtual ~Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  [[nodiscard]] virtual Result<Completion> execute(const Command& command) = 0;
  // The most bytes that one command may carry.
  [[nodiscard]] virtual std::size_t max_transfer_bytes() const { return std::size_t{64} * 1024; }

 protected:
  Transport() = default;
};

}  // namespace pregroove::scsi
