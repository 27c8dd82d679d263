#include "simdrive/hosts/served_drive.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include "engine/system/standard_streams.h"

namespace simdrive::hosts {
namespace {

using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Result;
using pregroove::Status;
using pregroove::scsi::Command;
using pregroove::scsi::Completion;
using pregroove::scsi::SenseKey;

// Virtual seconds that pass in a second of the host while the drive is occupied.
constexpr int kHaste = 600;
// At least that much, so that a program which polls without a pause gets there as well.
constexpr Duration kLeastWait = std::chrono::milliseconds(20);

// A command without the padding that wires add behind a CDB; zeros where it is too short.
std::array<std::byte, 16> padded(std::span<const std::byte> cdb) {
  std::array<std::byte, 16> whole{};
  std::ranges::copy(cdb.first(std::min(cdb.size(), whole.size())), whole.begin());
  return whole;
}

bool is_not_ready(const Completion& completion) {
  return completion.sense && completion.sense->key() == SenseKey::kNotReady;
}

HostReply reply_for(const Completion& completion) {
  HostReply reply{.status = static_cast<std::uint8_t>(completion.status),
                  .bytes_transferred = completion.bytes_transferred};
  if (!completion.sense) return reply;
  reply.sense = fixed_sense(*completion.sense);
  reply.sense_length = reply.sense.size();
  return reply;
}

}  // namespace

ServedDrive::ServedDrive(const ServedDriveOptions& options)
    : drive_(clock_, options.personality),
      time_(options.time),
      host_now_(options.host_now),
      last_command_(host_now_()) {
  drive_.set_observer([this](const CommandRecord& record) {
    if (observer_) observer_(record);
    if (log_ != nullptr) log_->on_command(record);
  });
}

ServedDrive::~ServedDrive() = default;

Result<std::unique_ptr<ServedDrive>> ServedDrive::open(const ServedDriveOptions& options) {
  std::unique_ptr<ServedDrive> served(new ServedDrive(options));
  if (options.disc) PREGROOVE_RETURN_IF_ERROR(served->load(*options.disc));
  return served;
}

std::size_t ServedDrive::host(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto [entry, made] = host_numbers_.try_emplace(name, hosts_.size());
  if (made) {
    hosts_.push_back(drive_.connect_initiator());
    tell(DriveEventKind::kHostConnected, name);
  }
  return entry->second;
}

void ServedDrive::count_as_waited(Duration wait) {
  const std::lock_guard lock(mutex_);
  last_command_ -= wait;
}

void ServedDrive::let_time_pass() {
  const auto now = host_now_();
  const auto elapsed = std::chrono::duration_cast<Duration>(now - last_command_);
  last_command_ = now;
  if (time_ == TimeMode::kReal)
    clock_.advance(elapsed);
  else if (was_not_ready_ || drive_.occupied())
    clock_.advance(std::max(elapsed * kHaste, kLeastWait));
}

void ServedDrive::tell(DriveEventKind kind, const std::string& name) {
  if (log_ != nullptr) log_->on_event({.kind = kind, .time = clock_.now(), .name = name});
}

Result<HostReply> ServedDrive::execute(std::size_t host, const HostCommand& command) {
  std::unique_lock lock(mutex_);
  if (host >= hosts_.size()) return fail(ErrorCode::kInvalidArgument, "there is no such host");
  if (command.cdb.empty()) return fail(ErrorCode::kInvalidArgument, "a command without a CDB");
  let_time_pass();
  const auto cdb = padded(command.cdb);
  const std::size_t fixed = pregroove::scsi::cdb_size(static_cast<std::uint8_t>(cdb.front()));
  const std::size_t size = fixed > 0 ? fixed : std::min(command.cdb.size(), cdb.size());
  const Duration started = clock_.now();
  PREGROOVE_ASSIGN_OR_RETURN(
      const Completion completion,
      hosts_[host]->execute({.cdb = std::span(cdb).first(size), .data = command.data}));
  was_not_ready_ = is_not_ready(completion);
  HostReply reply = reply_for(completion);
  reply.duration = clock_.now() - started;
  if (time_ == TimeMode::kReal) {
    lock.unlock();
    std::this_thread::sleep_for(reply.duration);
    lock.lock();
    last_command_ = host_now_();
  }
  return reply;
}

bool ServedDrive::is_file_of_the_disc(const std::string& file) const {
  std::error_code missing;
  return disc_file_ && std::filesystem::equivalent(*disc_file_, file, missing);
}

Status ServedDrive::load(const std::string& disc_file) {
  const std::lock_guard lock(mutex_);
  if (is_file_of_the_disc(
          disc_file)) {  // the tray is open with this very disc on it, or closed already
    drive_.close_tray();
    tell(DriveEventKind::kLoaded, *disc_file_);
    return {};
  }
  PREGROOVE_ASSIGN_OR_RETURN(auto disc, Disc::open_file(disc_file));
  disc->set_failure_observer([](const pregroove::Error& error) {
    pregroove::system::write_error(
        fmt::format("simdrive: the disc cannot be kept: {}\n", error.message));
  });
  drive_.insert(std::move(disc));
  std::error_code no_folder;
  disc_file_ = std::filesystem::absolute(disc_file, no_folder).string();
  tell(DriveEventKind::kLoaded, *disc_file_);
  return {};
}

void ServedDrive::eject() {
  const std::lock_guard lock(mutex_);
  drive_.open_tray();
  tell(DriveEventKind::kEjected);
}

void ServedDrive::close_tray() {
  const std::lock_guard lock(mutex_);
  drive_.close_tray();
  tell(DriveEventKind::kTrayClosed);
}

void ServedDrive::unload() {
  const std::lock_guard lock(mutex_);
  drive_.remove_disc();
  disc_file_.reset();
  tell(DriveEventKind::kUnloaded);
}

void ServedDrive::press_button() {
  const std::lock_guard lock(mutex_);
  drive_.press_eject_button();
  tell(DriveEventKind::kButtonPressed);
}

void ServedDrive::cut_power() {
  const std::lock_guard lock(mutex_);
  powered_ = false;
  drive_.cut_power();
  tell(DriveEventKind::kPowerCut);
}

void ServedDrive::switch_on() {
  const std::lock_guard lock(mutex_);
  powered_ = true;
  drive_.switch_on();
  tell(DriveEventKind::kSwitchedOn);
}

DriveStatus ServedDrive::status() {
  const std::lock_guard lock(mutex_);
  DriveStatus status{.powered = powered_,
                     .tray_open = drive_.tray_is_open(),
                     .disc = disc_file_,
                     .occupied = drive_.occupied(),
                     .now = clock_.now(),
                     .hosts = hosts_.size()};
  if (const Disc* const disc = drive_.disc()) status.medium = std::string(disc->medium().name);
  return status;
}

void ServedDrive::set_observer(std::function<void(const CommandRecord&)> observer) {
  const std::lock_guard lock(mutex_);
  observer_ = std::move(observer);
}

void ServedDrive::set_log(DriveLog* log) {
  const std::lock_guard lock(mutex_);
  log_ = log;
  std::vector<std::string> names(hosts_.size());
  for (const auto& [name, number] : host_numbers_) names.at(number) = name;
  for (const std::string& name : names) tell(DriveEventKind::kHostConnected, name);
}

void ServedDrive::with_drive(const std::function<void(Drive&)>& action) {
  const std::lock_guard lock(mutex_);
  action(drive_);
}

}  // namespace simdrive::hosts
