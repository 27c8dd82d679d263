#include "simdrive/hosts/transcripts/replayed_drive.h"

#include <fmt/format.h>

namespace simdrive::hosts::transcripts {

using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Result;
using pregroove::Status;
using pregroove::scsi::Completion;
using pregroove::scsi::DataIn;
using pregroove::scsi::DataOut;
using pregroove::scsi::DataPhase;
using pregroove::scsi::NoData;

Status ReplayedDrive::load(const std::string& name) {
  if (loaded_ == name) {
    drive_.close_tray();
    return {};
  }
  const auto file = discs_.find(name);
  if (file == discs_.end())
    return fail(ErrorCode::kNotFound, fmt::format("there is no disc \"{}\"", name));
  PREGROOVE_ASSIGN_OR_RETURN(auto disc, Disc::open_file(file->second));
  drive_.insert(std::move(disc));
  loaded_ = name;
  return {};
}

Status ReplayedDrive::happen(const DriveEvent& event) {
  clock_.advance_to(event.time);
  switch (event.kind) {
    case DriveEventKind::kHostConnected:
      hosts_.push_back(drive_.connect_initiator());
      break;
    case DriveEventKind::kLoaded:
      return load(event.name);
    case DriveEventKind::kEjected:
      drive_.open_tray();
      break;
    case DriveEventKind::kTrayClosed:
      drive_.close_tray();
      break;
    case DriveEventKind::kUnloaded:
      drive_.remove_disc();
      loaded_.reset();
      break;
    case DriveEventKind::kButtonPressed:
      drive_.press_eject_button();
      break;
    case DriveEventKind::kPowerCut:
      drive_.cut_power();
      break;
    case DriveEventKind::kSwitchedOn:
      drive_.switch_on();
      break;
  }
  return {};
}

Result<Completion> ReplayedDrive::execute(const CommandEntry& entry, std::span<const std::byte> out,
                                          std::span<std::byte> in) {
  if (entry.host > hosts_.size())
    return fail(ErrorCode::kInvalidArgument, fmt::format("there is no host {}", entry.host));
  clock_.advance_to(entry.started);
  DataPhase data = NoData{};
  if (entry.direction == Direction::kIn) data = DataIn{in};
  if (entry.direction == Direction::kOut) data = DataOut{out};
  return hosts_[entry.host - 1]->execute({.cdb = entry.cdb, .data = data});
}

}  // namespace simdrive::hosts::transcripts
