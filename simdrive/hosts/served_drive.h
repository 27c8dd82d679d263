// A simulated drive that other processes use: the one core behind every way in.
//
// Hosts are named. What shares a name shares an initiator, with its unit attentions and its lock on
// the tray, as all programs of one machine share its host adapter; another name is another machine.
//
// Thread safe: commands and controls are carried out one after the other.
//
// Time is virtual. A command takes none of the caller's time, whatever it takes of the drive's. The
// time between two commands counts, many times faster, while the drive is occupied or has just said
// that it is not ready, so that a program which polls sees a blank of half an hour end within
// seconds; else it does not count, so that a slow machine causes no buffer underrun. With
// TimeMode::kReal commands take their time, and the time between them counts as it is.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "simdrive/drive/drive.h"
#include "simdrive/drive/sense_data.h"

namespace simdrive::hosts {

enum class TimeMode : std::uint8_t { kFast, kReal };

struct ServedDriveOptions {
  std::optional<std::string> disc;  // a disc file; an empty tray without
  profiles::Personality personality;
  TimeMode time = TimeMode::kFast;
  // The host's clock, which tells how long a host waited between two commands. It never goes back.
  std::function<std::chrono::steady_clock::time_point()> host_now = std::chrono::steady_clock::now;
};

// What a host asks for, as its wire brought it: nothing of it is trusted.
struct HostCommand {
  std::span<const std::byte> cdb;  // padding behind the CDB is ignored
  pregroove::scsi::DataPhase data;
};

struct HostReply {
  std::uint8_t status = 0;  // SAM-5 status
  std::size_t bytes_transferred = 0;
  // Of the status CHECK CONDITION; empty otherwise.
  std::array<std::byte, kFixedSenseSize> sense{};
  std::size_t sense_length = 0;
  Duration duration{};  // of virtual time
};

// What a control socket reports.
struct DriveStatus {
  bool powered = true;
  bool tray_open = false;
  std::optional<std::string> disc;  // its file
  std::optional<std::string> medium;
  bool occupied = false;
  Duration now{};
  std::size_t hosts = 0;
};

// What happens at the drive besides commands.
enum class DriveEventKind : std::uint8_t {
  kHostConnected,
  kLoaded,
  kEjected,
  kTrayClosed,
  kUnloaded,
  kButtonPressed,
  kPowerCut,
  kSwitchedOn,
};

struct DriveEvent {
  DriveEventKind kind{};
  Duration time{};
  std::string name;  // of the host, or of the disc's file
};

// Hears all that happens at the drive, in its order. It is called under the drive's lock, so it
// must not call the drive.
class DriveLog {
 public:
  DriveLog() = default;
  DriveLog(const DriveLog&) = delete;
  DriveLog& operator=(const DriveLog&) = delete;
  virtual ~DriveLog() = default;
  // Hosts are numbered from 1 (CommandRecord::initiator), as they connected.
  virtual void on_command(const CommandRecord& record) = 0;
  virtual void on_event(const DriveEvent& event) = 0;
};

class ServedDrive {
 public:
  [[nodiscard]] static pregroove::Result<std::unique_ptr<ServedDrive>> open(
      const ServedDriveOptions& options);
  ~ServedDrive();
  ServedDrive(const ServedDrive&) = delete;
  ServedDrive& operator=(const ServedDrive&) = delete;

  [[nodiscard]] TimeMode time_mode() const { return time_; }
  // The last command lies back so much more than it does: for a host whose waits are shortened.
  void count_as_waited(Duration wait);

  // The number of the host of this name, for execute(); it is made when it is new.
  [[nodiscard]] std::size_t host(const std::string& name);
  // An Error when the drive does not answer (no power), or when there is no such host.
  [[nodiscard]] pregroove::Result<HostReply> execute(std::size_t host, const HostCommand& command);

  // What a person, or a script in his place, does.
  //
  // Puts the disc of this file into the drive and closes the tray; the disc that was in it is taken
  // out first. When the file cannot be opened the drive stays as it is.
  [[nodiscard]] pregroove::Status load(const std::string& disc_file);
  // Opens the tray by force. The disc stays on it until another one is loaded.
  void eject();
  void close_tray();
  // Opens the tray and takes the disc away, so that its file is free.
  void unload();
  void press_button();
  void cut_power();
  void switch_on();
  [[nodiscard]] DriveStatus status();

  // Called under the lock, after each command. One observer; an empty one ends it.
  void set_observer(std::function<void(const CommandRecord&)> observer);
  // One log; it first hears of the hosts that are connected already. nullptr ends it. REQUIRES: the
  // log lives until then.
  void set_log(DriveLog* log);
  // Runs something on the drive and its disc, under the lock.
  void with_drive(const std::function<void(Drive&)>& action);

 private:
  explicit ServedDrive(const ServedDriveOptions& options);
  void let_time_pass();
  [[nodiscard]] bool is_file_of_the_disc(const std::string& file) const;
  void tell(DriveEventKind kind, const std::string& name = {});

  std::mutex mutex_;
  VirtualClock clock_;
  Drive drive_;
  TimeMode time_;
  std::function<std::chrono::steady_clock::time_point()> host_now_;
  std::map<std::string, std::size_t> host_numbers_;
  std::vector<std::unique_ptr<pregroove::scsi::Transport>> hosts_;
  std::optional<std::string> disc_file_;
  std::function<void(const CommandRecord&)> observer_;
  DriveLog* log_ = nullptr;
  bool powered_ = true;
  bool was_not_ready_ = false;  // what the last command was answered
  std::chrono::steady_clock::time_point last_command_;
};

}  // namespace simdrive::hosts
