#include "engine/validate/read_only.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "engine/base/bytes.h"
#include "engine/scsi/transport.h"

namespace pregroove::validate {
namespace {

using Cdb = std::span<const std::byte>;

std::uint8_t byte_of(Cdb cdb, std::size_t index) {
  return std::to_integer<std::uint8_t>(cdb[index]);
}

bool always(Cdb) { return true; }
// Asked to wait for an event instead, a drive may keep the bus.
bool is_polled(Cdb cdb) { return bit_field(byte_of(cdb, 1), 0, 1) == 1; }
// The other formats hand out authentication grants, of which there are four.
bool asks_for_the_region(Cdb cdb) {
  constexpr std::size_t kKeyFormatByte = 10;
  constexpr std::uint8_t kRegionState = 0x08;
  return bit_field(byte_of(cdb, kKeyFormatByte), 0, 6) == kRegionState;
}
// SP saves the parameters.
bool saves_nothing(Cdb cdb) { return bit_field(byte_of(cdb, 1), 0, 1) == 0; }
// Data and descriptor; the echo buffer and the error history keep a state.
bool asks_for_the_buffer(Cdb cdb) {
  constexpr std::uint8_t kHeaderAndData = 0;
  constexpr std::uint8_t kData = 2;
  constexpr std::uint8_t kDescriptor = 3;
  const std::uint8_t mode = bit_field(byte_of(cdb, 1), 0, 5);
  return mode == kHeaderAndData || mode == kData || mode == kDescriptor;
}

struct CommandRow {
  std::uint8_t opcode;
  bool (*harmless)(Cdb);
  std::string_view name;
};

// MMC-6 chapter 6 and SPC-4 chapter 6.
constexpr auto kCommands = std::to_array<CommandRow>({
    {0x00, always, "TEST UNIT READY"},
    {0x03, always, "REQUEST SENSE"},
    {0x12, always, "INQUIRY"},
    {0x1A, always, "MODE SENSE (6)"},
    {0x23, always, "READ FORMAT CAPACITIES"},
    {0x25, always, "READ CAPACITY"},
    {0x28, always, "READ (10)"},
    {0x3C, asks_for_the_buffer, "READ BUFFER"},
    {0x42, always, "READ SUB-CHANNEL"},
    {0x43, always, "READ TOC/PMA/ATIP"},
    {0x46, always, "GET CONFIGURATION"},
    {0x4A, is_polled, "GET EVENT STATUS NOTIFICATION"},
    {0x4D, saves_nothing, "LOG SENSE"},
    {0x51, always, "READ DISC INFORMATION"},
    {0x52, always, "READ TRACK INFORMATION"},
    {0x5A, always, "MODE SENSE (10)"},
    {0x5C, always, "READ BUFFER CAPACITY"},
    {0xA0, always, "REPORT LUNS"},
    {0xA4, asks_for_the_region, "REPORT KEY"},
    {0xA8, always, "READ (12)"},
    {0xAC, always, "GET PERFORMANCE"},
    {0xAD, always, "READ DISC STRUCTURE"},
    {0xB9, always, "READ CD MSF"},
    {0xBD, always, "MECHANISM STATUS"},
    {0xBE, always, "READ CD"},
});
static_assert(std::ranges::is_sorted(kCommands, {}, &CommandRow::opcode));

constexpr auto kReads = std::to_array<std::uint8_t>({0x28, 0xA8, 0xB9, 0xBE});
constexpr std::uint8_t kReadCdMsf = 0xB9;

bool is_whole(Cdb cdb) { return !cdb.empty() && cdb.size() == scsi::cdb_size(byte_of(cdb, 0)); }

}  // namespace

bool changes_nothing(Cdb cdb) {
  if (!is_whole(cdb)) return false;
  const auto* const row = std::ranges::find(kCommands, byte_of(cdb, 0), &CommandRow::opcode);
  return row != kCommands.end() && row->harmless(cdb);
}

bool reads_blocks(Cdb cdb) {
  return is_whole(cdb) && std::ranges::find(kReads, byte_of(cdb, 0)) != kReads.end();
}

bool reads_below_zero(Cdb cdb) {
  constexpr std::size_t kAddressByte = 2;
  constexpr std::uint8_t kSignBit = 0x80;
  if (!reads_blocks(cdb) || byte_of(cdb, 0) == kReadCdMsf) return false;
  return (byte_of(cdb, kAddressByte) & kSignBit) != 0;
}

}  // namespace pregroove::validate
