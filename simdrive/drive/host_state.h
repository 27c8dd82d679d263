// What the drive keeps apart for each host that talks to it (SAM-5: per I_T nexus): unit
// attentions, the lock of the tray, and events that it was not told of yet.
#pragma once

#include <cstdint>

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

struct HostState {
  // Unit attention conditions, in the order in which they are reported.
  bool powered_on_unreported = false;
  std::uint32_t medium_changes_unreported = 0;  // that many commands are still told of the change
  bool parameters_changed_unreported = false;   // by another host

  bool removal_prevented = false;
  // Stops the button only: the host ejects by command when it is told of the button (recalled, not
  // read: MMC-6 6.13, persistent prevent).
  bool removal_prevented_persistently = false;

  // News that GET EVENT STATUS NOTIFICATION has not delivered yet.
  bool configuration_changed = false;
  bool power_changed = false;
  bool button_pressed = false;
  MediaEvent media_event = MediaEvent::kNone;
  bool told_busy = false;  // what the host was last told of the drive being busy
};

}  // namespace simdrive
