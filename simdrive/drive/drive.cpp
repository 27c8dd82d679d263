#include "simdrive/drive/drive.h"

#include <fmt/format.h>

#include <utility>

#include "engine/base/check.h"
#include "simdrive/drive/command_table.h"
#include "simdrive/drive/drive_state.h"

namespace simdrive {
namespace {

using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Result;
using pregroove::scsi::Command;
using pregroove::scsi::Completion;
using pregroove::scsi::DataIn;
using pregroove::scsi::DataOut;
using pregroove::scsi::ScsiStatus;

Request request_of(const Command& command, std::size_t initiator) {
  Request request{.cdb = command.cdb, .initiator = initiator};
  if (const auto* in = std::get_if<DataIn>(&command.data)) request.data_in = in->buffer;
  if (const auto* out = std::get_if<DataOut>(&command.data)) request.data_out = out->buffer;
  return request;
}

Completion completion_of(const Outcome& outcome, const profiles::Personality& personality) {
  if (outcome) return {.bytes_transferred = outcome->bytes_transferred};
  return {.status = ScsiStatus::kCheckCondition,
          .bytes_transferred = outcome.error().bytes_transferred,
          .sense = sense_for(outcome.error(), personality.quirks.sense)};
}

}  // namespace

Drive::Drive(VirtualClock& clock, profiles::Personality personality)
    : state_(std::make_unique<DriveState>(clock, std::move(personality))) {}
Drive::~Drive() = default;

// A host that shares the drive with others.
class Drive::Initiator final : public pregroove::scsi::Transport {
 public:
  Initiator(Drive& drive, std::size_t number) : drive_(drive), number_(number) {}
  [[nodiscard]] Result<Completion> execute(const Command& command) override {
    return drive_.execute_for(number_, command);
  }

 private:
  Drive& drive_;
  std::size_t number_;
};

std::unique_ptr<pregroove::scsi::Transport> Drive::connect_initiator() {
  return std::make_unique<Initiator>(*this, state_->add_host());
}

Result<Completion> Drive::execute(const Command& command) { return execute_for(0, command); }

Result<Completion> Drive::execute_for(std::size_t initiator, const Command& command) {
  if (unplugged_ || !powered_)
    return fail(ErrorCode::kTransport, "the drive does not answer any more",
                "Check the cable and the power of the drive.");
  if (command.cdb.empty()) return fail(ErrorCode::kInvalidArgument, "a command without a CDB");
  const auto opcode = static_cast<std::uint8_t>(command.cdb.front());
  const CommandRow* const row = find_command(opcode);
  if (row != nullptr && command.cdb.size() != row->cdb_length)
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{}: a CDB of {} bytes", row->name, command.cdb.size()));

  const Duration started = state_->now();
  state_->clock->advance(state_->personality.limits.command_time);
  const bool known = row != nullptr && knows_command(state_->personality, opcode);
  const Completion completion =
      completion_of(known ? run_command(*row, *state_, request_of(command, initiator))
                          : refuse(Fault::kUnknownOpcode),
                    state_->personality);
  if (observer_)
    observer_({.cdb = command.cdb,
               .data = command.data,
               .completion = completion,
               .started = started,
               .finished = state_->now(),
               .initiator = initiator});
  return completion;
}

void Drive::insert(std::unique_ptr<Disc> disc) {
  PREGROOVE_CHECK(disc != nullptr);
  remove_disc();
  state_->disc = std::move(disc);
  state_->close_tray();
}

std::unique_ptr<Disc> Drive::remove_disc() {
  state_->open_tray();
  return std::move(state_->disc);
}

void Drive::open_tray() { state_->open_tray(); }

void Drive::close_tray() {
  if (state_->tray_open) state_->close_tray();
}

bool Drive::tray_is_open() const { return state_->tray_open; }

Disc* Drive::disc() { return state_->disc.get(); }

void Drive::press_eject_button() {
  for (HostState& host : state_->hosts) host.button_pressed = true;
  const bool occupied = state_->writing_in_background() || state_->operation.running(state_->now());
  if (state_->tray_open) {
    close_tray();
  } else if (state_->button_locked() || occupied) {
    state_->media_event = MediaEvent::kEjectRequest;
    state_->spread_news();
  } else {
    open_tray();
  }
}

void Drive::cut_power() {
  powered_ = false;
  state_->lose_power();
}

void Drive::switch_on() {
  if (std::exchange(powered_, true)) return;
  state_->switch_on();
}

bool Drive::occupied() const {
  const Duration now = state_->now();
  return state_->operation.running(now) || state_->background_format_since.has_value() ||
         (state_->medium_present() && (now < state_->ready_at || state_->writing_in_background()));
}

void Drive::set_observer(std::function<void(const CommandRecord&)> observer) {
  observer_ = std::move(observer);
}

void Drive::unplug() { unplugged_ = true; }

}  // namespace simdrive
