// The unit and its tray: TEST UNIT READY, REQUEST SENSE, REPORT LUNS (SPC-4 6.47, 6.39 and 6.33);
// START STOP UNIT, LOAD/UNLOAD MEDIUM, PREVENT ALLOW MEDIUM REMOVAL, MECHANISM STATUS, SEEK, SET
// READ AHEAD (MMC-6 chapter 6).
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/reply.h"
#include "simdrive/drive/sense_data.h"

namespace simdrive {
namespace {

using pregroove::Be16;
using pregroove::Be24;
using pregroove::Be32;

// MMC-6 table "mechanism status header".
struct MechanismStatus {
  std::uint8_t fault_and_slot = 0;
  std::uint8_t state = 0;  // bit 4: door open
  Be24 current_lba;
  std::uint8_t slots = 0;
  Be16 slot_table_length;
};
static_assert(pregroove::wire_struct<MechanismStatus, 8>());

// SPC-4 table "REPORT LUNS parameter data format", with the one logical unit 0.
struct LunList {
  Be32 length{8};
  Be32 reserved;
  std::array<std::uint8_t, 8> lun{};
};
static_assert(pregroove::wire_struct<LunList, 16>());

std::optional<CommandError> pending_sense(DriveState& state, HostState& host) {
  if (std::exchange(host.powered_on_unreported, false)) return CommandError{Fault::kPoweredOn};
  if (host.medium_changes_unreported > 0) {
    --host.medium_changes_unreported;
    return CommandError{Fault::kMediumChanged};
  }
  if (std::exchange(host.parameters_changed_unreported, false))
    return CommandError{Fault::kParametersChanged};
  if (state.operation.running(state.now())) {
    const bool formatting = state.operation.kind == LongOperation::Kind::kFormatting;
    return CommandError{
        .fault = formatting ? Fault::kFormatInProgress : Fault::kOperationInProgress,
        .progress = state.progress()};
  }
  return std::nullopt;
}

// START STOP UNIT with LoEj: bit 0 says whether to load or to eject.
Outcome move_tray(DriveState& state, bool load, bool immediate) {
  if (!load && state.removal_prevented()) return refuse(Fault::kRemovalPrevented);
  state.clock->advance(state.personality.limits.tray_time);
  if (load) {
    if (state.tray_open) state.close_tray();
    if (!immediate && state.medium_present()) state.clock->advance_to(state.ready_at);
  } else {
    state.drain_buffer();
    state.open_tray();
  }
  return Good{};
}

// The power condition field (MMC-6 6.46): active, idle, standby, and 5 for sleep.
std::optional<PowerState> power_state(std::uint8_t condition) {
  constexpr std::uint8_t kSleepCondition = 5;
  if (condition == kSleepCondition) return PowerState::kSleep;
  if (condition > static_cast<std::uint8_t>(PowerState::kStandby)) return std::nullopt;
  return static_cast<PowerState>(condition);
}

}  // namespace

Outcome test_unit_ready(DriveState&, const Request&) { return Good{}; }

Outcome request_sense(DriveState& state, const Request& request) {
  pregroove::scsi::Sense sense;
  if (const auto pending = pending_sense(state, state.hosts[request.initiator]))
    sense = sense_for(*pending, state.personality.quirks.sense);
  Reply reply;
  reply.append(fixed_sense(sense));
  return reply.send(request, request.byte(4));
}

Outcome start_stop_unit(DriveState& state, const Request& request) {
  const bool immediate = request.bit(1, 0);
  const bool load_eject = request.bit(4, 1);
  const bool start = request.bit(4, 0);
  const std::uint8_t power_condition = pregroove::bit_field(request.byte(4), 4, 4);
  if (power_condition != 0) {
    const auto next = power_state(power_condition);
    if (!next || load_eject || start) return refuse(Fault::kInvalidFieldInCdb);
    state.set_power(*next);
    return Good{};
  }
  if (load_eject) return move_tray(state, start, immediate);
  if (start) state.set_power(PowerState::kActive);
  // The spindle starts again by itself when it is needed: drives answer GOOD after a stop.
  if (start && state.medium_present() && !immediate) state.clock->advance_to(state.ready_at);
  return Good{};
}

Outcome load_unload_medium(DriveState& state, const Request& request) {
  const bool immediate = request.bit(1, 0);
  const bool load_unload = request.bit(4, 1);
  const bool start = request.bit(4, 0);
  const bool first_slot = request.byte(8) == 0;  // there is no changer
  if (!load_unload || !first_slot) return refuse(Fault::kInvalidFieldInCdb);
  return move_tray(state, start, immediate);
}

Outcome report_luns(DriveState&, const Request& request) {
  constexpr std::uint8_t kAllReports = 2;  // 0: logical units, 1: well-known ones, 2: both
  if (request.byte(2) > kAllReports) return refuse(Fault::kInvalidFieldInCdb);
  Reply reply;
  reply.append(LunList{});
  return reply.send(request, request.be32(6));
}

Outcome seek(DriveState& state, const Request& request) {
  const Lba lba{static_cast<std::int32_t>(request.be32(2))};
  if (lba < Lba{0} || lba >= state.layout().last_possible_lead_out())
    return std::unexpected(CommandError{.fault = Fault::kLbaOutOfRange, .lba = lba});
  state.drain_buffer();
  state.clock->advance(state.personality.limits.seek_time);
  return Good{};
}

// What the drive reads ahead is its own affair.
Outcome set_read_ahead(DriveState&, const Request&) { return Good{}; }

Outcome prevent_allow_medium_removal(DriveState& state, const Request& request) {
  const bool persistent = request.bit(4, 1);
  HostState& host = state.hosts[request.initiator];
  (persistent ? host.removal_prevented_persistently : host.removal_prevented) = request.bit(4, 0);
  return Good{};
}

Outcome mechanism_status(DriveState& state, const Request& request) {
  MechanismStatus wire;
  if (state.tray_open) wire.state = 0x10;
  Reply reply;
  reply.append(wire);
  return reply.send(request, request.be16(8));
}

}  // namespace simdrive
