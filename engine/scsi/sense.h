// Sense data: what a drive says when a command did not simply succeed (SPC-4 4.5).
//
// Sense is a value. What it is called is one table here; what to do about it is another, in
// engine/drive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace pregroove::scsi {

// SPC-4 table "sense key descriptions".
enum class SenseKey : std::uint8_t {
  kNoSense = 0x0,
  kRecoveredError = 0x1,
  kNotReady = 0x2,
  kMediumError = 0x3,
  kHardwareError = 0x4,
  kIllegalRequest = 0x5,
  kUnitAttention = 0x6,
  kDataProtect = 0x7,
  kBlankCheck = 0x8,
  kVendorSpecific = 0x9,
  kCopyAborted = 0xA,
  kAbortedCommand = 0xB,
  kVolumeOverflow = 0xD,
  kMiscompare = 0xE,
};

struct Sense {
  SenseCode code;
  // True when the error belongs to an earlier command that had already been answered with GOOD
  // (response codes 71h and 73h); then the current command is not to blame.
  bool deferred = false;
  std::optional<Lba> information;         // the LBA that failed, when the drive says so
  std::optional<std::uint16_t> progress;  // 0..FFFFh of a long operation, when the drive says so

  [[nodiscard]] SenseKey key() const { return static_cast<SenseKey>(code.key); }
  bool operator==(const Sense&) const = default;
};

// Decodes fixed (70h, 71h) and descriptor (72h, 73h) format; nullopt when the bytes are neither, or
// too short.
[[nodiscard]] std::optional<Sense> decode_sense(std::span<const std::byte> bytes);

[[nodiscard]] std::string_view name_of(SenseKey key);
// The standard's name of an ASC/ASCQ pair; empty when the table does not hold it.
[[nodiscard]] std::string_view name_of_additional_sense(std::uint8_t asc, std::uint8_t ascq);
// "ILLEGAL REQUEST, INVALID ADDRESS FOR WRITE (5/21/02)".
[[nodiscard]] std::string to_string(SenseCode code);

}  // namespace pregroove::scsi
