#include "simdrive/drive/command_table.h"

#include <algorithm>

#include "engine/base/bytes.h"
#include "engine/scsi/transport.h"
#include "simdrive/drive/background_format.h"
#include "simdrive/drive/commands/handlers.h"

namespace simdrive {
namespace {

constexpr auto kNoDisc = MediumNeed::kNotNeeded;
constexpr auto kDisc = MediumNeed::kNeeded;
constexpr auto kReport = UnitAttention::kReported;
constexpr auto kLeave = UnitAttention::kLeftPending;
constexpr auto kServed = WhileBusy::kServed;
constexpr auto kNotBlanking = WhileBusy::kRefusedWhileBlanking;
constexpr auto kNotClosing = WhileBusy::kRefusedWhileClosing;
constexpr auto kNotWriting = WhileBusy::kRefusedWhileWriting;

// Sorted by operation code. Layouts: MMC-6 chapter 6, SPC-4 chapter 6 (INQUIRY, MODE SENSE,
// MODE SELECT, REQUEST SENSE); the bits that a row leaves out are reserved there, or not supported.
constexpr auto kCommands = std::to_array<CommandRow>({
    {0x00, "TEST UNIT READY", 6, kDisc, kReport, kNotBlanking, {0xFF}, test_unit_ready},
    {0x03, "REQUEST SENSE", 6, kNoDisc, kLeave, kServed, {0xFF, 0, 0, 0, 0xFF}, request_sense},
    {0x04, "FORMAT UNIT", 6, kDisc, kReport, kNotClosing, {0xFF, 0x1F}, format_unit},
    {0x12, "INQUIRY", 6, kNoDisc, kLeave, kServed, {0xFF, 0x01, 0xFF, 0xFF, 0xFF}, inquiry},
    {0x15,
     "MODE SELECT (6)",
     6,
     kNoDisc,
     kReport,
     kServed,
     {0xFF, 0x11, 0, 0, 0xFF},
     mode_select_6},
    {0x1A,
     "MODE SENSE (6)",
     6,
     kNoDisc,
     kReport,
     kServed,
     {0xFF, 0x08, 0xFF, 0xFF, 0xFF},
     mode_sense_6},
    {0x1B,
     "START STOP UNIT",
     6,
     kNoDisc,
     kReport,
     kNotClosing,
     {0xFF, 0x01, 0, 0, 0xF3},
     start_stop_unit},
    {0x1E,
     "PREVENT ALLOW MEDIUM REMOVAL",
     6,
     kNoDisc,
     kReport,
     kServed,
     {0xFF, 0, 0, 0, 0x03},
     prevent_allow_medium_removal},
    {0x23,
     "READ FORMAT CAPACITIES",
     10,
     kNoDisc,
     kReport,
     kNotClosing,
     {0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF},
     read_format_capacities},
    {0x25, "READ CAPACITY", 10, kDisc, kReport, kNotClosing, {0xFF}, read_capacity},
    {0x28,
     "READ (10)",
     10,
     kDisc,
     kReport,
     kNotClosing,
     {0xFF, 0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0xFF, 0xFF},
     read_10},
    {0x2A,
     "WRITE (10)",
     10,
     kDisc,
     kReport,
     kNotClosing,
     {0xFF, 0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0xFF, 0xFF},
     write_10},
    {0x2B, "SEEK (10)", 10, kDisc, kReport, kNotClosing, {0xFF, 0, 0xFF, 0xFF, 0xFF, 0xFF}, seek},
    {0x2E,
     "WRITE AND VERIFY (10)",
     10,
     kDisc,
     kReport,
     kNotClosing,
     {0xFF, 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0xFF, 0xFF},
     write_and_verify_10},
    {0x2F,
     "VERIFY (10)",
     10,
     kDisc,
     kReport,
     kNotClosing,
     {0xFF, 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0xFF, 0xFF},
     verify_10},
    {0x35,
     "SYNCHRONIZE CACHE",
     10,
     kDisc,
     kReport,
     kNotClosing,
     {0xFF, 0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0xFF, 0xFF},
     synchronize_cache},
    {0x3B,
     "WRITE BUFFER",
     10,
     kNoDisc,
     kReport,
     kServed,
     {0xFF, 0x1F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
     write_buffer},
    {0x3C,
     "READ BUFFER",
     10,
     kNoDisc,
     kReport,
     kServed,
     {0xFF, 0x1F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
     read_buffer},
    {0x42,
     "READ SUB-CHANNEL",
     10,
     kDisc,
     kReport,
     kNotClosing,
     {0xFF, 0x02, 0x40, 0xFF, 0, 0, 0xFF, 0xFF, 0xFF},
     read_sub_channel},
    {0x43,
     "READ TOC/PMA/ATIP",
     10,
     kDisc,
     kReport,
     kNotClosing,
     {0xFF, 0x02, 0x0F, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xC0},
     read_toc_pma_atip},
    {0x46,
     "GET CONFIGURATION",
     10,
     kNoDisc,
     kLeave,
     kServed,
     {0xFF, 0x03, 0xFF, 0xFF, 0, 0, 0, 0xFF, 0xFF},
     get_configuration},
    {0x4A,
     "GET EVENT STATUS NOTIFICATION",
     10,
     kNoDisc,
     kLeave,
     kServed,
     {0xFF, 0x01, 0, 0, 0xFF, 0, 0, 0xFF, 0xFF},
     get_event_status_notification},
    {0x4C,
     "LOG SELECT",
     10,
     kNoDisc,
     kReport,
     kServed,
     {0xFF, 0x03, 0xFF, 0xFF, 0, 0, 0, 0xFF, 0xFF},
     log_select},
    {0x4D,
     "LOG SENSE",
     10,
     kNoDisc,
     kReport,
     kServed,
     {0xFF, 0x01, 0xFF, 0xFF, 0, 0xFF, 0xFF, 0xFF, 0xFF},
     log_sense},
    {0x51,
     "READ DISC INFORMATION",
     10,
     kDisc,
     kReport,
     kNotWriting,
     {0xFF, 0x07, 0, 0, 0, 0, 0, 0xFF, 0xFF},
     read_disc_information},
    {0x52,
     "READ TRACK INFORMATION",
     10,
     kDisc,
     kReport,
     kNotWriting,
     {0xFF, 0x03, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0xFF, 0xFF},
     read_track_information},
    {0x53,
     "RESERVE TRACK",
     10,
     kDisc,
     kReport,
     kNotClosing,
     {0xFF, 0x03, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
     reserve_track},
    {0x54,
     "SEND OPC INFORMATION",
     10,
     kDisc,
     kReport,
     kNotClosing,
     {0xFF, 0x01, 0, 0, 0, 0, 0, 0xFF, 0xFF},
     send_opc_information},
    {0x55,
     "MODE SELECT (10)",
     10,
     kNoDisc,
     kReport,
     kServed,
     {0xFF, 0x11, 0, 0, 0, 0, 0, 0xFF, 0xFF},
     mode_select},
    {0x58,
     "REPAIR TRACK",
     10,
     kDisc,
     kReport,
     kNotClosing,
     {0xFF, 0x01, 0, 0, 0xFF, 0xFF},
     repair_track},
    {0x5A,
     "MODE SENSE (10)",
     10,
     kNoDisc,
     kReport,
     kServed,
     {0xFF, 0x08, 0xFF, 0xFF, 0, 0, 0, 0xFF, 0xFF},
     mode_sense},
    {0x5B,
     "CLOSE TRACK/SESSION",
     10,
     kDisc,
     kReport,
     kNotClosing,
     {0xFF, 0x01, 0x07, 0, 0xFF, 0xFF},
     close_track_session},
    {0x5C,
     "READ BUFFER CAPACITY",
     10,
     kNoDisc,
     kReport,
     kServed,
     {0xFF, 0x01, 0, 0, 0, 0, 0, 0xFF, 0xFF},
     read_buffer_capacity},
    {0x5D,
     "SEND CUE SHEET",
     10,
     kDisc,
     kReport,
     kNotClosing,
     {0xFF, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF},
     send_cue_sheet},
    {0xA0,
     "REPORT LUNS",
     12,
     kNoDisc,
     kLeave,
     kServed,
     {0xFF, 0, 0xFF, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF},
     report_luns},
    {0xA1, "BLANK", 12, kDisc, kReport, kNotClosing, {0xFF, 0x17, 0xFF, 0xFF, 0xFF, 0xFF}, blank},
    {0xA2,
     "SEND EVENT",
     12,
     kNoDisc,
     kReport,
     kServed,
     {0xFF, 0x01, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF},
     send_event},
    {0xA3,
     "SEND KEY",
     12,
     kNoDisc,
     kReport,
     kServed,
     {0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF},
     send_key},
    {0xA4,
     "REPORT KEY",
     12,
     kNoDisc,
     kReport,
     kServed,
     {0xFF, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0xFF, 0xFF, 0xFF, 0xFF},
     report_key},
    {0xA6,
     "LOAD/UNLOAD MEDIUM",
     12,
     kNoDisc,
     kReport,
     kNotClosing,
     {0xFF, 0x01, 0, 0, 0x03, 0, 0, 0, 0xFF},
     load_unload_medium},
    {0xA7,
     "SET READ AHEAD",
     12,
     kDisc,
     kReport,
     kNotClosing,
     {0xFF, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
     set_read_ahead},
    {0xA8,
     "READ (12)",
     12,
     kDisc,
     kReport,
     kNotClosing,
     {0xFF, 0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x80},
     read_12},
    {0xAA,
     "WRITE (12)",
     12,
     kDisc,
     kReport,
     kNotClosing,
     {0xFF, 0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x80},
     write_12},
    {0xAC,
     "GET PERFORMANCE",
     12,
     kNoDisc,
     kReport,
     kServed,
     {0xFF, 0x1F, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF, 0xFF},
     get_performance},
    {0xAD,
     "READ DISC STRUCTURE",
     12,
     kDisc,
     kReport,
     kNotClosing,
     {0xFF, 0x0F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xC0},
     read_disc_structure},
    {0xB6,
     "SET STREAMING",
     12,
     kNoDisc,
     kReport,
     kServed,
     {0xFF, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF},
     set_streaming},
    {0xB9,
     "READ CD MSF",
     12,
     kDisc,
     kReport,
     kNotClosing,
     {0xFF, 0x1E, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0x07},
     read_cd_msf},
    {0xBB,
     "SET CD SPEED",
     12,
     kNoDisc,
     kReport,
     kServed,
     {0xFF, 0x03, 0xFF, 0xFF, 0xFF, 0xFF},
     set_cd_speed},
    {0xBD,
     "MECHANISM STATUS",
     12,
     kNoDisc,
     kReport,
     kServed,
     {0xFF, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF},
     mechanism_status},
    {0xBE,
     "READ CD",
     12,
     kDisc,
     kReport,
     kNotClosing,
     {0xFF, 0x1E, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0x07},
     read_cd},
    {0xBF,
     "SEND DISC STRUCTURE",
     12,
     kDisc,
     kReport,
     kNotClosing,
     {0xFF, 0x0F, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF},
     send_disc_structure},
});

static_assert(std::ranges::is_sorted(kCommands, {}, &CommandRow::opcode));
static_assert(std::ranges::all_of(kCommands, [](const CommandRow& row) {
  return row.cdb_length == pregroove::scsi::cdb_size(row.opcode);
}));

bool reserved_bits_are_zero(const CommandRow& row, const Request& request) {
  for (std::size_t i = 0; i < row.cdb_length; ++i) {
    if ((request.byte(i) & ~row.usage[i] & 0xFFU) != 0) return false;
  }
  return true;
}

// What changes the disc; a drive that only reads its kind refuses it.
constexpr auto kWritingCommands =
    std::to_array<std::uint8_t>({0x04, 0x2A, 0x2E, 0x53, 0x54, 0x58, 0x5B, 0x5D, 0xA1, 0xAA, 0xBF});
constexpr std::uint8_t kGetConfiguration = 0x46;

// SAM-5 5.14: reported once to each host, then gone.
std::optional<Fault> take_unit_attention(HostState& host) {
  if (std::exchange(host.powered_on_unreported, false)) return Fault::kPoweredOn;
  if (host.medium_changes_unreported > 0) {
    --host.medium_changes_unreported;
    return Fault::kMediumChanged;
  }
  if (std::exchange(host.parameters_changed_unreported, false)) return Fault::kParametersChanged;
  return std::nullopt;
}

bool reports_unit_attention(const CommandRow& row, const DriveState& state) {
  return row.unit_attention == UnitAttention::kReported ||
         (row.opcode == kGetConfiguration && state.personality.quirks.get_configuration_attention);
}

std::optional<CommandError> busy(const CommandRow& row, const DriveState& state) {
  const Duration now = state.now();
  if (state.operation.running(now)) {
    const bool formatting = state.operation.kind == LongOperation::Kind::kFormatting;
    const bool erasing = formatting || state.operation.kind == LongOperation::Kind::kBlanking;
    const bool closing_shows =
        state.personality.quirks.tur_while_closing == profiles::WhileBusy::kBusy;
    if (row.while_busy >= WhileBusy::kRefusedWhileClosing ||
        ((erasing || closing_shows) && row.while_busy == WhileBusy::kRefusedWhileBlanking))
      return CommandError{
          .fault = formatting ? Fault::kFormatInProgress : Fault::kOperationInProgress,
          .progress = state.progress()};
  }
  const bool writing_shows =
      state.personality.quirks.information_while_writing == profiles::WhileBusy::kBusy;
  if (writing_shows && row.while_busy == WhileBusy::kRefusedWhileWriting &&
      state.writing_in_background())
    return CommandError{Fault::kOperationInProgress};
  return std::nullopt;
}

std::optional<CommandError> medium_missing(const DriveState& state) {
  if (state.tray_open) return CommandError{Fault::kMediumNotPresentTrayOpen};
  if (state.disc == nullptr) return CommandError{Fault::kMediumNotPresentTrayClosed};
  if (state.now() < state.ready_at) return CommandError{Fault::kBecomingReady};
  if (!state.medium_known()) return CommandError{Fault::kCannotReadMedium};
  return std::nullopt;
}

// A pressed disc is left to the rules of the disc.
bool cannot_write(const CommandRow& row, const DriveState& state) {
  const MediumKind kind = state.disc->medium().kind;
  return !is_pressed(kind) && !state.personality.writes(kind) &&
         std::ranges::find(kWritingCommands, row.opcode) != kWritingCommands.end();
}

}  // namespace

std::uint16_t Request::be16(std::size_t index) const {
  return pregroove::read_struct<pregroove::Be16>(cdb, index).value_or(pregroove::Be16{}).value();
}
std::uint32_t Request::be24(std::size_t index) const {
  return pregroove::read_struct<pregroove::Be24>(cdb, index).value_or(pregroove::Be24{}).value();
}
std::uint32_t Request::be32(std::size_t index) const {
  return pregroove::read_struct<pregroove::Be32>(cdb, index).value_or(pregroove::Be32{}).value();
}

std::span<const CommandRow> all_commands() { return kCommands; }

const CommandRow* find_command(std::uint8_t operation_code) {
  const auto* const found =
      std::ranges::lower_bound(kCommands, operation_code, {}, &CommandRow::opcode);
  return found != kCommands.end() && found->opcode == operation_code ? &*found : nullptr;
}

bool knows_command(const profiles::Personality& personality, std::uint8_t operation_code) {
  if (!personality.knows_command(operation_code)) return false;
  const profiles::Features& features = personality.features;
  switch (operation_code) {
    case 0x4A:  // GET EVENT STATUS NOTIFICATION
      return !features.event_classes.empty();
    case 0x5D:  // SEND CUE SHEET
      return features.cd_write_types.contains(profiles::CdWriteType::kSessionAtOnce);
    case 0xA3:  // SEND KEY
    case 0xA4:  // REPORT KEY
      return personality.reads(MediumFamily::kDvd);
    case 0xA1:  // BLANK
      return personality.writes(MediumKind::kCdRw) || personality.writes(MediumKind::kDvdRw);
    case 0xAC:  // GET PERFORMANCE
    case 0xB6:  // SET STREAMING
      return features.real_time_streaming;
    default:
      return true;
  }
}

Outcome run_command(const CommandRow& row, DriveState& state, const Request& request) {
  update_background_format(state);
  state.spread_news();
  if (reports_unit_attention(row, state)) {
    if (const auto attention = take_unit_attention(state.hosts[request.initiator]))
      return refuse(*attention);
  }
  if (!reserved_bits_are_zero(row, request)) return refuse(Fault::kInvalidFieldInCdb);
  if (row.medium == MediumNeed::kNeeded) {
    state.set_power(PowerState::kActive);
    if (const auto missing = medium_missing(state)) return std::unexpected(*missing);
    if (cannot_write(row, state)) return refuse(Fault::kCannotWriteKind);
  }
  if (const auto reason = busy(row, state)) return std::unexpected(*reason);
  return row.handler(state, request);
}

}  // namespace simdrive
