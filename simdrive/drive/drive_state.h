// Everything that a simulated drive remembers between two commands, and what happens to it when a
// disc comes and goes. The command handlers work on it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "simdrive/disc/disc.h"
#include "simdrive/drive/mode_pages.h"
#include "simdrive/mechanics/long_operation.h"
#include "simdrive/mechanics/virtual_clock.h"
#include "simdrive/mechanics/write_buffer.h"
#include "simdrive/profiles/personality.h"

namespace simdrive {

// What the host is told about the tray once (MMC-6 table "media event codes").
enum class MediaEvent : std::uint8_t {
  kNone = 0,
  kEjectRequest = 1,
  kNewMedia = 2,
  kMediaRemoval = 3,
  kBackgroundFormatComplete = 5,
  kBackgroundFormatRestarted = 6,
};

struct DriveState {
  DriveState(VirtualClock& virtual_clock, profiles::Personality drive_personality);

  VirtualClock* clock;
  const profiles::Personality personality;

  bool tray_open = false;
  std::unique_ptr<Disc> disc;  // on the tray, whether that is open or closed
  bool removal_prevented = false;
  Duration ready_at{};  // the disc is up to speed

  bool powered_on_unreported = true;
  bool medium_changed_unreported = false;
  MediaEvent media_event = MediaEvent::kNone;
  bool configuration_changed = false;  // the profile became another since the last event poll

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
