// Everything that a simulated drive remembers between two commands, and what happens to it when a
// disc comes and goes. The command handlers work on it.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "simdrive/disc/at_once_session.h"
#include "simdrive/disc/disc.h"
#include "simdrive/drive/command_error.h"
#include "simdrive/drive/host_state.h"
#include "simdrive/drive/mode_pages.h"
#include "simdrive/drive/speed_selection.h"
#include "simdrive/mechanics/calibration.h"
#include "simdrive/mechanics/long_operation.h"
#include "simdrive/mechanics/virtual_clock.h"
#include "simdrive/mechanics/write_buffer.h"
#include "simdrive/profiles/personality.h"

namespace simdrive {

// MMC-6 table "power status"; START STOP UNIT names them likewise, but sleep is 5 there.
enum class PowerState : std::uint8_t { kActive = 1, kIdle = 2, kStandby = 3, kSleep = 4 };

// DVD regions, as a new drive has them (MMC-6, RPC phase II).
struct RegionSetting {
  std::uint8_t mask = 0xFF;  // a zero bit for the region of the drive: none yet
  std::uint8_t changes_left = 5;
};

struct DriveState {
  DriveState(VirtualClock& virtual_clock, profiles::Personality drive_personality);

  VirtualClock* clock;
  const profiles::Personality personality;

  bool tray_open = false;
  std::unique_ptr<Disc> disc;  // on the tray, whether that is open or closed
  Duration ready_at{};         // the disc is up to speed
  PowerState power = PowerState::kActive;

  std::vector<HostState> hosts;  // never empty; the first is that of Drive::execute
  // What happened since the last command began; spread_news() hands it to every host.
  MediaEvent media_event = MediaEvent::kNone;
  bool configuration_changed = false;  // the profile or a feature became another

  RegionSetting region;
  std::vector<std::byte> transfer_test_memory;  // of READ BUFFER and WRITE BUFFER

  ModePages mode_pages;
  SpeedSelection speeds;
  bool limits_from_streaming = false;  // SET STREAMING came last, not SET CD SPEED
  WriteBuffer buffer;
  std::uint32_t writes_since_spurious_answer = 0;
  bool answered_spuriously = false;   // the last WRITE, with 2/04/08
  std::optional<Lba> head;            // where the reading laser stands
  std::optional<int> calibrated_for;  // the number of closed sessions when it was calibrated
  LongOperation operation;
  // DVD+RW: since when the format goes on by itself from where the disc says (background_format.h).
  std::optional<Duration> background_format_since;
  // While a test write is going on: the layout that the disc would have.
  std::optional<Layout> rehearsal;
  Lba last_read;  // where READ SUB-CHANNEL finds the head
  // CD: the session that is being recorded at once, from SEND CUE SHEET on (at_once.h).
  std::optional<AtOnceSession> at_once;

  [[nodiscard]] Duration now() const { return clock->now(); }
  [[nodiscard]] bool medium_present() const { return disc != nullptr && !tray_open; }
  // A disc is there, and of a kind that the drive can read.
  [[nodiscard]] bool medium_known() const {
    return medium_present() && personality.reads(disc->medium().kind);
  }
  [[nodiscard]] bool removal_prevented() const;
  // Also against the button only.
  [[nodiscard]] bool button_locked() const;
  // REQUIRES: medium_present(); the command table sees to it.
  [[nodiscard]] const Layout& layout() const { return disc->layout(); }
  // Buffered data is being written, though the command that brought it is answered.
  [[nodiscard]] bool writing_in_background() const { return !buffer.empty(now()); }

  [[nodiscard]] std::span<const Speed> write_speeds() const { return speeds.write_speeds(); }
  [[nodiscard]] Speed write_speed() const { return speeds.write_speed(); }
  [[nodiscard]] Speed read_speed() const { return speeds.read_speed(); }
  // Bytes of user data that the laser writes in a second. REQUIRES: medium_present().
  [[nodiscard]] std::uint64_t user_write_rate() const {
    return user_bytes_per_second(write_speed(), disc->medium().family());
  }
  // How the host writes at present: the write parameters page.
  [[nodiscard]] WriteMode write_mode() const;
  // The host asks for a test write and the disc allows one: CD, DVD-R and sequential DVD-RW.
  [[nodiscard]] bool test_writing() const;

  // A host that has not been heard of; its number.
  std::size_t add_host();
  void spread_news();
  // What an interruption of the power leaves: the disc, and the place of the tray.
  void lose_power();
  void switch_on();
  void set_power(PowerState next);

  void open_tray();
  void close_tray();

  // timing.cpp: what takes time.
  //
  // What the host asks for, of reading and of writing.
  void set_speed_limits(SpeedLimit read, SpeedLimit write);
  // Starts something long: answered at once with immediate, else time passes first.
  void begin(LongOperation::Kind kind, Duration duration, bool immediate);
  // Of the operation that is running, as this drive tells it.
  [[nodiscard]] std::uint16_t progress() const;
  // What recording this many blocks takes besides what is buffered. Lead-ins and management areas
  // lie inside, so closing is counted from LBA 0. REQUIRES: medium_present(), here and below.
  [[nodiscard]] Duration recording_time(Lba first, BlockCount count) const;
  // Before a WRITE changes anything: sees to it that there is room for its data, letting time pass
  // where such a WRITE waits. Else why it is refused; then nothing was taken.
  [[nodiscard]] std::expected<void, CommandError> make_room(Lba first, std::size_t bytes);
  // The data of a WRITE, which leave at the speed that holds there. Sequential recording begins or
  // goes on with it; where its end is known it ends there by itself.
  void accept(Lba first, BlockCount count, std::size_t bytes);
  // What the drive writes by itself.
  void fill_buffer(Lba first, BlockCount count, std::size_t bytes);
  // Lets time pass until the buffer is written.
  void drain_buffer() const { clock->advance_to(buffer.empty_at()); }
  // Lets the time pass that reading takes, after what is still buffered.
  void spend_reading_time(Lba first, BlockCount count);
  // Whether this WRITE is refused although there is room for it.
  [[nodiscard]] bool answers_spuriously();
  // Calibrates the laser, which uses up a piece of the disc; not saved yet.
  [[nodiscard]] CalibrationResult calibrate();
  // Before the first data of a session, when the host did not ask for it.
  [[nodiscard]] std::expected<void, CommandError> calibrate_once();
};

}  // namespace simdrive
