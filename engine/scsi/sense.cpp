#include "engine/scsi/sense.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/base/bytes.h"

namespace pregroove::scsi {
namespace {

struct AdditionalSenseName {
  std::uint8_t asc;
  std::uint8_t ascq;
  std::string_view name;
};

// T10 ASC/ASCQ assignments that recorders use (SPC-4 annex "additional sense codes", MMC-6 annex
// F), sorted.
constexpr auto kAdditionalSenseNames = std::to_array<AdditionalSenseName>({
    {0x00, 0x00, "NO ADDITIONAL SENSE INFORMATION"},
    {0x00, 0x16, "OPERATION IN PROGRESS"},
    {0x02, 0x00, "NO SEEK COMPLETE"},
    {0x04, 0x00, "LOGICAL UNIT NOT READY, CAUSE NOT REPORTABLE"},
    {0x04, 0x01, "LOGICAL UNIT IS IN PROCESS OF BECOMING READY"},
    {0x04, 0x02, "LOGICAL UNIT NOT READY, INITIALIZING COMMAND REQUIRED"},
    {0x04, 0x03, "LOGICAL UNIT NOT READY, MANUAL INTERVENTION REQUIRED"},
    {0x04, 0x04, "LOGICAL UNIT NOT READY, FORMAT IN PROGRESS"},
    {0x04, 0x07, "LOGICAL UNIT NOT READY, OPERATION IN PROGRESS"},
    {0x04, 0x08, "LOGICAL UNIT NOT READY, LONG WRITE IN PROGRESS"},
    {0x08, 0x00, "LOGICAL UNIT COMMUNICATION FAILURE"},
    {0x09, 0x00, "TRACK FOLLOWING ERROR"},
    {0x09, 0x01, "TRACKING SERVO FAILURE"},
    {0x09, 0x02, "FOCUS SERVO FAILURE"},
    {0x09, 0x03, "SPINDLE SERVO FAILURE"},
    {0x0C, 0x00, "WRITE ERROR"},
    {0x0C, 0x07, "WRITE ERROR - RECOVERY NEEDED"},
    {0x0C, 0x08, "WRITE ERROR - RECOVERY FAILED"},
    {0x0C, 0x09, "WRITE ERROR - LOSS OF STREAMING"},
    {0x0C, 0x0A, "WRITE ERROR - PADDING BLOCKS ADDED"},
    {0x11, 0x00, "UNRECOVERED READ ERROR"},
    {0x11, 0x05, "L-EC UNCORRECTABLE ERROR"},
    {0x11, 0x06, "CIRC UNRECOVERED ERROR"},
    {0x1A, 0x00, "PARAMETER LIST LENGTH ERROR"},
    {0x1B, 0x00, "SYNCHRONOUS DATA TRANSFER ERROR"},
    {0x20, 0x00, "INVALID COMMAND OPERATION CODE"},
    {0x21, 0x00, "LOGICAL BLOCK ADDRESS OUT OF RANGE"},
    {0x21, 0x02, "INVALID ADDRESS FOR WRITE"},
    {0x21, 0x03, "INVALID WRITE CROSSING LAYER JUMP"},
    {0x24, 0x00, "INVALID FIELD IN CDB"},
    {0x25, 0x00, "LOGICAL UNIT NOT SUPPORTED"},
    {0x26, 0x00, "INVALID FIELD IN PARAMETER LIST"},
    {0x26, 0x01, "PARAMETER NOT SUPPORTED"},
    {0x26, 0x02, "PARAMETER VALUE INVALID"},
    {0x27, 0x00, "WRITE PROTECTED"},
    {0x28, 0x00, "NOT READY TO READY CHANGE, MEDIUM MAY HAVE CHANGED"},
    {0x29, 0x00, "POWER ON, RESET, OR BUS DEVICE RESET OCCURRED"},
    {0x2A, 0x01, "MODE PARAMETERS CHANGED"},
    {0x2C, 0x00, "COMMAND SEQUENCE ERROR"},
    {0x2E, 0x00, "INSUFFICIENT TIME FOR OPERATION"},
    {0x30, 0x00, "INCOMPATIBLE MEDIUM INSTALLED"},
    {0x30, 0x01, "CANNOT READ MEDIUM - UNKNOWN FORMAT"},
    {0x30, 0x02, "CANNOT READ MEDIUM - INCOMPATIBLE FORMAT"},
    {0x30, 0x04, "CANNOT WRITE MEDIUM - UNKNOWN FORMAT"},
    {0x30, 0x05, "CANNOT WRITE MEDIUM - INCOMPATIBLE FORMAT"},
    {0x30, 0x06, "CANNOT FORMAT MEDIUM - INCOMPATIBLE MEDIUM"},
    {0x30, 0x10, "MEDIUM NOT FORMATTED"},
    {0x31, 0x00, "MEDIUM FORMAT CORRUPTED"},
    {0x31, 0x01, "FORMAT COMMAND FAILED"},
    {0x32, 0x00, "NO DEFECT SPARE LOCATION AVAILABLE"},
    {0x32, 0x01, "DEFECT LIST UPDATE FAILURE"},
    {0x39, 0x00, "SAVING PARAMETERS NOT SUPPORTED"},
    {0x3A, 0x00, "MEDIUM NOT PRESENT"},
    {0x3A, 0x01, "MEDIUM NOT PRESENT - TRAY CLOSED"},
    {0x3A, 0x02, "MEDIUM NOT PRESENT - TRAY OPEN"},
    {0x3E, 0x02, "TIMEOUT ON LOGICAL UNIT"},
    {0x44, 0x00, "INTERNAL TARGET FAILURE"},
    {0x51, 0x00, "ERASE FAILURE"},
    {0x53, 0x00, "MEDIA LOAD OR EJECT FAILED"},
    {0x53, 0x02, "MEDIUM REMOVAL PREVENTED"},
    {0x57, 0x00, "UNABLE TO RECOVER TABLE-OF-CONTENTS"},
    {0x5A, 0x00, "OPERATOR REQUEST OR STATE CHANGE INPUT"},
    {0x5A, 0x01, "OPERATOR MEDIUM REMOVAL REQUEST"},
    {0x5A, 0x03, "OPERATOR SELECTED WRITE PERMIT"},
    {0x5D, 0x03, "SPARE AREA EXHAUSTION PREDICTION THRESHOLD EXCEEDED"},
    {0x63, 0x00, "END OF USER AREA ENCOUNTERED ON THIS TRACK"},
    {0x63, 0x01, "PACKET DOES NOT FIT IN AVAILABLE SPACE"},
    {0x64, 0x00, "ILLEGAL MODE FOR THIS TRACK"},
    {0x64, 0x01, "INVALID PACKET SIZE"},
    {0x72, 0x00, "SESSION FIXATION ERROR"},
    {0x72, 0x01, "SESSION FIXATION ERROR WRITING LEAD-IN"},
    {0x72, 0x02, "SESSION FIXATION ERROR WRITING LEAD-OUT"},
    {0x72, 0x03, "SESSION FIXATION ERROR - INCOMPLETE TRACK IN SESSION"},
    {0x72, 0x04, "EMPTY OR PARTIALLY WRITTEN RESERVED TRACK"},
    {0x72, 0x05, "NO MORE TRACK RESERVATIONS ALLOWED"},
    {0x73, 0x00, "CD CONTROL ERROR"},
    {0x73, 0x01, "POWER CALIBRATION AREA ALMOST FULL"},
    {0x73, 0x02, "POWER CALIBRATION AREA IS FULL"},
    {0x73, 0x03, "POWER CALIBRATION AREA ERROR"},
    {0x73, 0x04, "PROGRAM MEMORY AREA UPDATE FAILURE"},
    {0x73, 0x05, "PROGRAM MEMORY AREA IS FULL"},
    {0x73, 0x06, "RMA/PMA IS ALMOST FULL"},
    {0x73, 0x17, "RDZ IS FULL"},
});

constexpr bool sorted_without_repetition() {
  for (std::size_t i = 1; i < kAdditionalSenseNames.size(); ++i) {
    const auto& a = kAdditionalSenseNames[i - 1];
    const auto& b = kAdditionalSenseNames[i];
    if (a.asc > b.asc || (a.asc == b.asc && a.ascq >= b.ascq)) return false;
  }
  return true;
}
static_assert(sorted_without_repetition());

constexpr auto kSenseKeyNames = std::to_array<std::string_view>(
    {"NO SENSE", "RECOVERED ERROR", "NOT READY", "MEDIUM ERROR", "HARDWARE ERROR",
     "ILLEGAL REQUEST", "UNIT ATTENTION", "DATA PROTECT", "BLANK CHECK", "VENDOR SPECIFIC",
     "COPY ABORTED", "ABORTED COMMAND", "RESERVED", "VOLUME OVERFLOW", "MISCOMPARE", "COMPLETED"});
static_assert(kSenseKeyNames.size() == 16);

// SPC-4 table "fixed format sense data", as far as it is read.
struct FixedSense {
  std::uint8_t response_code;  // bit 7: INFORMATION is valid
  std::uint8_t obsolete;
  std::uint8_t key_and_flags;
  Be32 information;
  std::uint8_t additional_length;
  Be32 command_specific;
  std::uint8_t asc;
  std::uint8_t ascq;
  std::uint8_t fru;
  std::uint8_t key_specific_flags;  // bit 7: the two bytes that follow are valid
  Be16 key_specific;
};
static_assert(wire_struct<FixedSense, 18>());
constexpr std::size_t kFixedSenseWithoutTail = 14;  // up to and including ASCQ

std::uint8_t byte_at(std::span<const std::byte> bytes, std::size_t index) {
  return std::to_integer<std::uint8_t>(bytes[index]);
}

bool key_carries_progress(std::uint8_t key) {
  return key == static_cast<std::uint8_t>(SenseKey::kNoSense) ||
         key == static_cast<std::uint8_t>(SenseKey::kNotReady);
}

std::optional<Sense> decode_fixed(std::span<const std::byte> bytes) {
  if (bytes.size() < kFixedSenseWithoutTail) return std::nullopt;
  std::array<std::byte, sizeof(FixedSense)> padded{};
  std::ranges::copy(bytes.first(std::min(bytes.size(), padded.size())), padded.begin());
  const auto raw = *read_struct<FixedSense>(padded);
  Sense sense;
  sense.code = {bit_field(raw.key_and_flags, 0, 4), raw.asc, raw.ascq};
  sense.deferred = bit_field(raw.response_code, 0, 7) == 0x71;
  if (bit_field(raw.response_code, 7, 1) != 0)
    sense.information = Lba{static_cast<std::int32_t>(raw.information.value())};
  if (bit_field(raw.key_specific_flags, 7, 1) != 0 && key_carries_progress(sense.code.key))
    sense.progress = raw.key_specific.value();
  return sense;
}

std::optional<Sense> decode_descriptors(std::span<const std::byte> bytes) {
  constexpr std::size_t kHeader = 8;
  if (bytes.size() < kHeader) return std::nullopt;
  Sense sense;
  sense.code = {bit_field(byte_at(bytes, 1), 0, 4), byte_at(bytes, 2), byte_at(bytes, 3)};
  sense.deferred = bit_field(byte_at(bytes, 0), 0, 7) == 0x73;
  const std::size_t end = std::min(bytes.size(), kHeader + byte_at(bytes, 7));
  for (std::size_t at = kHeader; at + 2 <= end; at += 2U + byte_at(bytes, at + 1)) {
    const auto descriptor =
        bytes.subspan(at, std::min<std::size_t>(end - at, 2U + byte_at(bytes, at + 1)));
    constexpr std::uint8_t kInformation = 0x00;
    constexpr std::uint8_t kKeySpecific = 0x02;
    if (byte_at(descriptor, 0) == kInformation && descriptor.size() >= 12 &&
        bit_field(byte_at(descriptor, 2), 7, 1) != 0)
      sense.information = Lba{static_cast<std::int32_t>(read_struct<Be64>(descriptor, 4)->value())};
    if (byte_at(descriptor, 0) == kKeySpecific && descriptor.size() >= 7 &&
        bit_field(byte_at(descriptor, 4), 7, 1) != 0 && key_carries_progress(sense.code.key))
      sense.progress = read_struct<Be16>(descriptor, 5)->value();
  }
  return sense;
}

}  // namespace

std::optional<Sense> decode_sense(std::span<const std::byte> bytes) {
  if (bytes.empty()) return std::nullopt;
  switch (bit_field(byte_at(bytes, 0), 0, 7)) {
    case 0x70:
    case 0x71:
      return decode_fixed(bytes);
    case 0x72:
    case 0x73:
      return decode_descriptors(bytes);
    default:
      return std::nullopt;
  }
}

std::string_view name_of(SenseKey key) {
  return kSenseKeyNames[bit_field(static_cast<std::uint8_t>(key), 0, 4)];
}

std::string_view name_of_additional_sense(std::uint8_t asc, std::uint8_t ascq) {
  const auto* const found = std::ranges::find_if(
      kAdditionalSenseNames, [&](const auto& row) { return row.asc == asc && row.ascq == ascq; });
  return found == kAdditionalSenseNames.end() ? std::string_view{} : found->name;
}

std::string to_string(SenseCode code) {
  const std::string_view additional = name_of_additional_sense(code.asc, code.ascq);
  return fmt::format("{}, {} ({:X}/{:02X}/{:02X})", name_of(static_cast<SenseKey>(code.key)),
                     additional.empty() ? "vendor-specific or unknown reason" : additional,
                     code.key, code.asc, code.ascq);
}

}  // namespace pregroove::scsi
