// A simulated CD recorder: the engine's port on one side, a simulated disc on the other.
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
};

class Drive final : public pregroove::scsi::Transport {
 public:
  // An empty drive with a closed tray that was just switched on. REQUIRES: the clock outlives it.
  // The drive "bd-writer" when no personality is given.
  explicit Drive(VirtualClock& clock, profiles::Personality personality = {});
  ~Drive() override;

  // An Error when the drive is unplugged, or when the CDB has another length than its operation
  // code says.
  [[nodiscard]] pregroove::Result<pregroove::scsi::Completion> execute(
      const pregroove::scsi::Command& command) override;

  // Puts a disc on the tray, instead of the one that is there, and closes it.
  void insert(std::unique_ptr<Disc> disc);
  // Opens the tray, by force if need be, and takes the disc; nullptr when there is none.
  std::unique_ptr<Disc> remove_disc();
  void open_tray();
  void close_tray();
  // The disc on the tray, nullptr when there is none: the back door for tests.
  [[nodiscard]] Disc* disc();

  void set_observer(std::function<void(const CommandRecord&)> observer);
  // The cable is pulled: every command fails from now on, whether it would have acted or not.
  void unplug();

 private:
  std::unique_ptr<DriveState> state_;
  std::function<void(const CommandRecord&)> observer_;
  bool unplugged_ = false;
};

}  // namespace simdrive
