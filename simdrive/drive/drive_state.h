// Everything that a simulated drive remembers between two commands, and what happens to it when a
// disc comes and goes. The command handlers work on it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "simdrive/disc/disc.h"
#include "simdrive/drive/host_state.h"
#include "simdrive/drive/mode_pages.h"
#include "simdrive/mechanics/long_operation.h"
#include "simdrive/mechanics/virtual_clock.h"
#include "simdrive/mechanics/write_buffer.h"
#include "simdrive/profiles/personality.h"

namespace simdrive {

// MMC-6 table "power status"; START STOP UNIT names them likewise, but sleep is 5 there.
enum class PowerState : std::uint8_t { kActive = 1, kIdle = 2, kStandby = 3, kSleep = 4 };

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

  ModePages mode_pages;
  std::optional<std::uint32_t> write_speed_limit;  // kB/s as asked for; none: as fast as possible
  std::optional<std::uint32_t> read_speed_limit;
  WriteBuffer buffer;
  LongOperation operation;
  // DVD+RW: since when the format goes on by itself from where the disc says (background_format.h).
  std::optional<Duration> background_format_since;
  // While a test write is going on: the layout that the disc would have.
  std::optional<Layout> rehearsal;

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

  // Speeds that the drive offers for the disc, or for a CD-R when there is none; descending.
  [[nodiscard]] std::span<const Speed> write_speeds() const;
  [[nodiscard]] Speed write_speed() const;
  [[nodiscard]] Speed read_speed() const;
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
  // Starts something long: answered at once with immediate, else time passes first.
  void begin(LongOperation::Kind kind, Duration duration, bool immediate);
  // Buffers the blocks, which leave at the speed that holds now.
  void fill_buffer(Lba first, BlockCount count, std::size_t bytes);
  // Lets time pass until the buffer is written.
  void drain_buffer() const { clock->advance_to(buffer.empty_at()); }
};

}  // namespace simdrive
