// A simulated recorder of CD, DVD and Blu-ray Disc: the engine's port on one side, a simulated disc
// on the other.
//
// Strict: every address, mode and CDB bit is checked, and a refusal carries the sense code that a
// real drive returns. What it can do is listed in command_table.cpp.
//
// Not thread safe; it lives in the time of the clock that it is given, and advances it by what
// commands take.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "engine/scsi/transport.h"
#include "simdrive/disc/disc.h"
#include "simdrive/mechanics/virtual_clock.h"
#include "simdrive/profiles/personality.h"

namespace simdrive {

struct DriveState;

// One command as it passed the port. The spans are valid during the call of the observer only.
struct CommandRecord {
  std::span<const std::byte> cdb;
  pregroove::scsi::DataPhase data;  // a DataIn buffer is already filled
  pregroove::scsi::Completion completion;
  Duration started{};
  Duration finished{};
  std::size_t initiator = 0;  // 0: Drive::execute, then as connect_initiator() made them
};

class Drive final : public pregroove::scsi::Transport {
 public:
  // An empty drive with a closed tray that was just switched on. REQUIRES: the clock outlives it.
  // The drive "bd-writer" when no personality is given.
  explicit Drive(VirtualClock& clock, profiles::Personality personality = {});
  ~Drive() override;

  // An Error when the drive is unplugged or has no power, or when the CDB has another length than
  // its operation code says.
  [[nodiscard]] pregroove::Result<pregroove::scsi::Completion> execute(
      const pregroove::scsi::Command& command) override;

  // Another host on the same drive, with unit attentions, a lock and events of its own (SAM-5, I_T
  // nexus). REQUIRES: the drive outlives it.
  [[nodiscard]] std::unique_ptr<pregroove::scsi::Transport> connect_initiator();

  // Puts a disc on the tray, instead of the one that is there, and closes it.
  void insert(std::unique_ptr<Disc> disc);
  // Opens the tray, by force if need be, and takes the disc; nullptr when there is none.
  std::unique_ptr<Disc> remove_disc();
  void open_tray();
  void close_tray();
  [[nodiscard]] bool tray_is_open() const;
  // The disc on the tray, nullptr when there is none: the back door for tests.
  [[nodiscard]] Disc* disc();

  // What a person does: opens a closed tray and closes an open one. A drive that is locked, or that
  // is writing, tells the hosts instead (media event 1).
  void press_eject_button();
  // The mains fail and come back. In between every command fails. What was rehearsed or set by a
  // host is gone; what a WRITE brought counts as recorded, though a real drive loses its buffer.
  // The disc is as its record says, and the tray stays where it is.
  void cut_power();
  void switch_on();

  // Something is under way that time alone will end: the disc spins up, a long operation runs, or
  // buffered data is still being written.
  [[nodiscard]] bool occupied() const;

  void set_observer(std::function<void(const CommandRecord&)> observer);
  // The cable is pulled: every command fails from now on, whether it would have acted or not.
  void unplug();

 private:
  class Initiator;
  [[nodiscard]] pregroove::Result<pregroove::scsi::Completion> execute_for(
      std::size_t initiator, const pregroove::scsi::Command& command);

  std::unique_ptr<DriveState> state_;
  std::function<void(const CommandRecord&)> observer_;
  bool unplugged_ = false;
  bool powered_ = true;
};

}  // namespace simdrive
