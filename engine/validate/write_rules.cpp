#include "engine/validate/write_rules.h"

#include <algorithm>
#include <array>

#include "engine/base/bytes.h"
#include "engine/mmc/mode.h"
#include "engine/scsi/transport.h"
#include "engine/validate/read_only.h"

namespace pregroove::validate {
namespace {

using Bytes = std::span<const std::byte>;

std::uint8_t byte_of(Bytes bytes, std::size_t index) {
  return std::to_integer<std::uint8_t>(bytes[index]);
}

bool always(Bytes, Bytes) { return true; }

// SP would save them. Of the pages, the write parameters alone, one at a time: whatever comes
// behind them would be another page.
bool selects_write_parameters(Bytes cdb, Bytes out) {
  constexpr std::size_t kDescriptorLengthByte = 7;
  constexpr std::size_t kPageHeader = 2;
  constexpr std::uint8_t kWriteParameters = 0x05;
  if (bit_field(byte_of(cdb, 1), 0, 1) != 0) return false;
  if (out.size() < mmc::kModeHeaderSize + kPageHeader) return false;
  // A longer descriptor has its length in byte 6, too.
  if (byte_of(out, kDescriptorLengthByte - 1) != 0) return false;
  const std::size_t page = mmc::kModeHeaderSize + byte_of(out, kDescriptorLengthByte);
  if (out.size() < page + kPageHeader || byte_of(out, page) != kWriteParameters) return false;
  return out.size() <= page + kPageHeader + byte_of(out, page + 1);
}

// The layer boundary. The other formats are time stamps, copyright, and what drives keep.
bool sets_layer_break(Bytes cdb, Bytes) {
  constexpr std::size_t kFormatByte = 7;
  constexpr std::uint8_t kLayerBoundary = 0x20;
  return byte_of(cdb, kFormatByte) == kLayerBoundary;
}

constexpr std::uint8_t kFormatUnit = 0x04;
constexpr std::uint8_t kWrite10 = 0x2A;
constexpr std::uint8_t kWriteAndVerify = 0x2E;
constexpr std::uint8_t kVerify = 0x2F;
constexpr std::uint8_t kSynchronizeCache = 0x35;
constexpr std::uint8_t kReserveTrack = 0x53;
constexpr std::uint8_t kSendOpc = 0x54;
constexpr std::uint8_t kModeSelect = 0x55;
constexpr std::uint8_t kCloseTrackSession = 0x5B;
constexpr std::uint8_t kSendCueSheet = 0x5D;
constexpr std::uint8_t kBlank = 0xA1;
constexpr std::uint8_t kWrite12 = 0xAA;
constexpr std::uint8_t kSetStreaming = 0xB6;
constexpr std::uint8_t kSetCdSpeed = 0xBB;
constexpr std::uint8_t kSendDiscStructure = 0xBF;

struct CommandRow {
  std::uint8_t opcode;
  bool (*allowed)(Bytes cdb, Bytes out);
};
// MMC-6 chapter 6: none of these outlives the disc or the power.
constexpr auto kCommands = std::to_array<CommandRow>({
    {kFormatUnit, always},
    {kWrite10, always},
    {kWriteAndVerify, always},
    {kVerify, always},
    {kSynchronizeCache, always},
    {kReserveTrack, always},
    {kSendOpc, always},
    {kModeSelect, selects_write_parameters},
    {kCloseTrackSession, always},
    {kSendCueSheet, always},
    {kBlank, always},
    {kWrite12, always},
    {kSetStreaming, always},
    {kSetCdSpeed, always},
    {kSendDiscStructure, sets_layer_break},
});
static_assert(std::ranges::is_sorted(kCommands, {}, &CommandRow::opcode));

template <std::size_t Count>
bool among(const std::array<std::string_view, Count>& states, std::string_view state) {
  return std::ranges::find(states, state) != states.end();
}

Effect effect_of_write(Bytes cdb, std::string_view state) {
  constexpr auto kOverwritten = std::to_array<std::string_view>(
      {"formatted", "no-spares", "small-overwrite", "background-running"});
  constexpr std::size_t kLength10 = 7;
  constexpr std::size_t kLength12 = 6;
  const Bytes length = byte_of(cdb, 0) == kWrite12 ? cdb.subspan(kLength12, 4)  // blocks
                                                   : cdb.subspan(kLength10, 2);
  if (std::ranges::all_of(length, [](std::byte value) { return value == std::byte{0}; }))
    return Effect::kNone;
  return among(kOverwritten, state) ? Effect::kContents : Effect::kDisc;
}

}  // namespace

bool may_be_sent_while_writing(Bytes cdb, Bytes out) {
  if (changes_nothing(cdb)) return true;
  if (cdb.empty() || cdb.size() != scsi::cdb_size(byte_of(cdb, 0))) return false;
  const auto* const row = std::ranges::find(kCommands, byte_of(cdb, 0), &CommandRow::opcode);
  return row != kCommands.end() && row->allowed(cdb, out);
}

Effect effect_of(Bytes cdb, const DiscCondition& disc) {
  constexpr auto kNothingToClose = std::to_array<std::string_view>({"formatted", "no-spares"});
  if (changes_nothing(cdb)) return Effect::kNone;
  switch (byte_of(cdb, 0)) {
    case kModeSelect:
    case kSetStreaming:
    case kSetCdSpeed:
    case kSendCueSheet:  // a promise, until something is written
      return Effect::kSettings;
    case kVerify:
      return Effect::kNone;
    case kSendOpc:  // leaves its mark in the calibration area
      return disc.write_once ? Effect::kDisc : Effect::kNone;
    case kSynchronizeCache:
      return disc.state == "open-track" ? Effect::kDisc : Effect::kNone;
    case kWrite10:
    case kWrite12:
    case kWriteAndVerify:
      return effect_of_write(cdb, disc.state);
    case kCloseTrackSession:
      return among(kNothingToClose, disc.state) ? Effect::kNone : Effect::kDisc;
    default:
      return Effect::kDisc;
  }
}

bool takes_long(Bytes cdb) {
  constexpr auto kLong =
      std::to_array<std::uint8_t>({kFormatUnit, kSynchronizeCache, kReserveTrack, kSendOpc,
                                   kCloseTrackSession, kBlank, kSendDiscStructure});
  return !cdb.empty() && std::ranges::find(kLong, byte_of(cdb, 0)) != kLong.end();
}

bool erases_disc(Bytes cdb) {
  return !cdb.empty() && (byte_of(cdb, 0) == kFormatUnit || byte_of(cdb, 0) == kBlank);
}

}  // namespace pregroove::validate
