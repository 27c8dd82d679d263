// CDBs in words. A table of its own, so that a wrong layout in an encoder is not hidden by the same
// wrong layout here; offsets are those of the MMC-6 and SPC-4 command tables.
#include <fmt/format.h>

#include <algorithm>

#include "engine/mmc/command.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

enum class Kind : std::uint8_t {
  kNumber,   // "blocks=16"
  kAddress,  // "lba=-150"
  kHex,      // "page=05h"
  kFlag,     // the label alone, when the bits are not all 0
  kName,     // the name of the value
};

constexpr std::size_t kMaxNames = 8;

struct Field {
  std::string_view label;
  Kind kind = Kind::kNumber;
  std::size_t offset = 0;
  std::size_t width = 1;  // bytes, most significant first
  std::uint32_t mask = 0xFFFFFFFF;
  unsigned shift = 0;
  std::array<std::string_view, kMaxNames> names{};  // kName: by value; empty: say the number
};

constexpr std::size_t kMaxFields = 4;

struct Words {
  Opcode opcode;
  std::array<Field, kMaxFields> fields{};  // up to the first one without a label
};

constexpr Field kImmediate{"immediate", Kind::kFlag, 1, 1, 0x01};
constexpr Field kLba{"lba", Kind::kAddress, 2, 4};
constexpr Field kAllocation{"allocation", Kind::kNumber, 7, 2};
constexpr Field kListLength{"bytes", Kind::kNumber, 7, 2};

constexpr auto kWords = std::to_array<Words>({
    {Opcode::kTestUnitReady, {}},
    {Opcode::kRequestSense, {{{"allocation", Kind::kNumber, 4, 1}}}},
    {Opcode::kFormatUnit, {{{"format", Kind::kNumber, 1, 1, 0x07}}}},
    {Opcode::kInquiry, {{{"allocation", Kind::kNumber, 3, 2}}}},
    {Opcode::kStartStopUnit,
     {{{"action", Kind::kName, 4, 1, 0x03, 0, {{"stop", "start", "eject", "load"}}}, kImmediate}}},
    {Opcode::kPreventAllowMediumRemoval,
     {{{"prevent",
        Kind::kName,
        4,
        1,
        0x03,
        0,
        {{"allow", "prevent", "persistent-allow", "persistent-prevent"}}}}}},
    {Opcode::kReadFormatCapacities, {{kAllocation}}},
    {Opcode::kReadCapacity, {}},
    {Opcode::kRead10, {{kLba, {"blocks", Kind::kNumber, 7, 2}}}},
    {Opcode::kWrite10, {{kLba, {"blocks", Kind::kNumber, 7, 2}}}},
    {Opcode::kSynchronizeCache, {{{"immediate", Kind::kFlag, 1, 1, 0x02}}}},
    {Opcode::kReadTocPmaAtip,
     {{{"format",
        Kind::kName,
        2,
        1,
        0x0F,
        0,
        {{"toc", "session-info", "raw-toc", "pma", "atip", "cd-text"}}},
       {"msf", Kind::kFlag, 1, 1, 0x02},
       {"start", Kind::kNumber, 6, 1},
       kAllocation}}},
    {Opcode::kGetConfiguration,
     {{{"type", Kind::kName, 1, 1, 0x03, 0, {{"all", "current", "one"}}},
       {"feature", Kind::kHex, 2, 2},
       kAllocation}}},
    {Opcode::kGetEventStatusNotification,
     {{{"classes", Kind::kHex, 4, 1}, {"polled", Kind::kFlag, 1, 1, 0x01}, kAllocation}}},
    {Opcode::kReadDiscInformation, {{{"type", Kind::kNumber, 1, 1, 0x07}, kAllocation}}},
    {Opcode::kReadTrackInformation,
     {{{"by", Kind::kName, 1, 1, 0x03, 0, {{"lba", "track", "session"}}},
       {"number", Kind::kAddress, 2, 4},
       kAllocation}}},
    {Opcode::kReserveTrack, {{{"blocks", Kind::kNumber, 5, 4}}}},
    {Opcode::kSendOpcInformation, {{{"do-opc", Kind::kFlag, 1, 1, 0x01}}}},
    {Opcode::kModeSelect10, {{kListLength}}},
    {Opcode::kModeSense10,
     {{{"page", Kind::kHex, 2, 1, 0x3F},
       {"values", Kind::kName, 2, 1, 0xC0, 6, {{"current", "changeable", "default", "saved"}}},
       kAllocation}}},
    {Opcode::kCloseTrackSession,
     {{{"function",
        Kind::kName,
        2,
        1,
        0x07,
        0,
        {{"stop-background-format", "track", "session", "finalize-formatted", "session-dl",
          "finalize-minimal-radius", "finalize"}}},
       {"track", Kind::kNumber, 4, 2},
       kImmediate}}},
    {Opcode::kReadBufferCapacity, {{kAllocation}}},
    {Opcode::kSendCueSheet, {{{"bytes", Kind::kNumber, 6, 3}}}},
    {Opcode::kBlank,
     {{{"type",
        Kind::kName,
        1,
        1,
        0x07,
        0,
        {{"disc", "minimal", "track", "unreserve-track", "track-tail", "unclose-session",
          "last-session"}}},
       {"start", Kind::kNumber, 2, 4},
       {"immediate", Kind::kFlag, 1, 1, 0x10}}}},
    {Opcode::kRead12,
     {{kLba, {"blocks", Kind::kNumber, 6, 4}, {"streaming", Kind::kFlag, 10, 1, 0x80}}}},
    {Opcode::kWrite12,
     {{kLba, {"blocks", Kind::kNumber, 6, 4}, {"streaming", Kind::kFlag, 10, 1, 0x80}}}},
    {Opcode::kGetPerformance,
     {{{"type", Kind::kHex, 10, 1},
       {"data-type", Kind::kHex, 1, 1, 0x1F},
       kLba,
       {"descriptors", Kind::kNumber, 8, 2}}}},
    {Opcode::kSetStreaming, {{{"bytes", Kind::kNumber, 9, 2}}}},
    {Opcode::kSetCdSpeed, {{{"read", Kind::kNumber, 2, 2}, {"write", Kind::kNumber, 4, 2}}}},
    {Opcode::kReadCd,
     {{kLba,
       {"blocks", Kind::kNumber, 6, 3},
       {"sector-type", Kind::kNumber, 1, 1, 0x1C, 2},
       {"channels", Kind::kHex, 9, 2}}}},
    {Opcode::kSendDiscStructure, {{{"format", Kind::kHex, 7, 1}, {"bytes", Kind::kNumber, 8, 2}}}},
});

std::uint32_t value_of(const Field& field, std::span<const std::byte> bytes) {
  std::uint32_t value = 0;
  for (const std::byte byte : bytes.subspan(field.offset, field.width))
    value = (value << 8U) | std::to_integer<std::uint32_t>(byte);
  return (value & field.mask) >> field.shift;
}

std::string words_of(const Field& field, std::uint32_t value) {
  switch (field.kind) {
    case Kind::kAddress:
      return fmt::format(" {}={}", field.label, static_cast<std::int32_t>(value));
    case Kind::kHex:
      return fmt::format(" {}={:0{}X}h", field.label, value, field.width * 2);
    case Kind::kFlag:
      return value == 0 ? std::string() : fmt::format(" {}", field.label);
    case Kind::kName:
      if (value < kMaxNames && !field.names.at(value).empty())
        return fmt::format(" {}", field.names.at(value));
      break;
    case Kind::kNumber:
      break;
  }
  return fmt::format(" {}={}", field.label, value);
}

std::string hex_of(std::span<const std::byte> bytes) {
  std::string text;
  for (const std::byte byte : bytes) text += fmt::format(" {:02X}", std::to_integer<int>(byte));
  return text;
}

}  // namespace

std::string describe_cdb(std::span<const std::byte> bytes) {
  if (bytes.empty()) return "no command";
  const auto opcode = static_cast<Opcode>(bytes[0]);
  const auto* const words = std::ranges::find(kWords, opcode, &Words::opcode);
  const std::size_t size = scsi::cdb_size(static_cast<std::uint8_t>(opcode));
  if (words == kWords.end() || bytes.size() < size) {
    const auto name = scsi::name_of(opcode);
    return fmt::format("{}{}", name.empty() ? "command" : name, hex_of(bytes));
  }
  std::string text(scsi::name_of(opcode));
  for (const Field& field : words->fields) {
    if (field.label.empty()) break;
    text += words_of(field, value_of(field, bytes));
  }
  return text;
}

std::string describe(const Cdb& cdb) { return describe_cdb(cdb.view()); }

}  // namespace pregroove::mmc
