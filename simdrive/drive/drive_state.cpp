#include "simdrive/drive/drive_state.h"

#include <algorithm>
#include <utility>

#include "simdrive/drive/background_format.h"

namespace simdrive {

DriveState::DriveState(VirtualClock& virtual_clock, profiles::Personality drive_personality)
    : clock(&virtual_clock),
      personality(std::move(drive_personality)),
      mode_pages(personality),
      speeds(personality),
      buffer(personality.limits.buffer_bytes[MediumFamily::kCd], speeds.write_curve()) {
  add_host();
}

bool DriveState::removal_prevented() const {
  return std::ranges::any_of(hosts, &HostState::removal_prevented);
}

bool DriveState::button_locked() const {
  return removal_prevented() ||
         std::ranges::any_of(hosts, &HostState::removal_prevented_persistently);
}

std::size_t DriveState::add_host() {
  hosts.push_back({.powered_on_unreported = personality.quirks.power_on_attention});
  return hosts.size() - 1;
}

void DriveState::spread_news() {
  for (HostState& host : hosts) {
    if (media_event != MediaEvent::kNone) host.media_event = media_event;
    host.configuration_changed |= configuration_changed;
  }
  media_event = MediaEvent::kNone;
  configuration_changed = false;
}

void DriveState::lose_power() {
  stop_background_format(*this);
  buffer.discard();
  operation = {};
  rehearsal.reset();
  at_once.reset();
  mode_pages = ModePages(personality);
  speeds.set_limits({}, {});
  limits_from_streaming = false;
  answered_spuriously = false;
  head.reset();
  calibrated_for.reset();
  transfer_test_memory.clear();
  media_event = MediaEvent::kNone;
  configuration_changed = false;
  for (HostState& host : hosts) host = {};
}

void DriveState::switch_on() {
  power = PowerState::kActive;
  for (HostState& host : hosts) host.powered_on_unreported = personality.quirks.power_on_attention;
  if (medium_present()) ready_at = now() + personality.limits.spin_up_time;
}

void DriveState::set_power(PowerState next) {
  if (next == power) return;
  power = next;
  for (HostState& host : hosts) host.power_changed = true;
}

WriteMode DriveState::write_mode() const {
  const WriteParameters parameters = mode_pages.write_parameters();
  WriteMode mode{.method = parameters.method,
                 .another_session_may_follow = parameters.another_session_may_follow,
                 .session_format = parameters.session_format,
                 .packet = parameters.packet};
  // The page may be left from a CD: other media hold nothing but blocks of data.
  if (!medium_present() || !disc->medium().is_cd()) return mode;
  mode.format = parameters.block.format;
  mode.control = parameters.control;
  mode.isrc = parameters.isrc;
  mode.catalogue = parameters.catalogue;
  const bool raw = parameters.method == RecordingMethod::kRaw;
  if (at_once && at_once->raw == raw) mode.session = &*at_once;
  return mode;
}

bool DriveState::test_writing() const {
  if (!mode_pages.write_parameters().test_write || !medium_present()) return false;
  // The page may be left from another family, or of a drive that takes any page.
  if (!personality.features.test_write.contains(disc->medium().family())) return false;
  switch (disc->medium().kind) {
    case MediumKind::kCdR:
    case MediumKind::kCdRw:
    case MediumKind::kDvdR:
    case MediumKind::kDvdRDualLayer:
      return true;
    case MediumKind::kDvdRw:
      return layout().recording().formatting.state == FormatState::kUnformatted;
    default:
      return false;
  }
}

void DriveState::open_tray() {
  if (tray_open) return;
  tray_open = true;
  stop_background_format(*this);
  // What was being written is lost; the disc keeps what the record says.
  buffer.discard();
  operation = {};
  rehearsal.reset();
  at_once.reset();
  for (HostState& host : hosts) host.removal_prevented = false;
  speeds.insert(nullptr);
  if (disc != nullptr) media_event = MediaEvent::kMediaRemoval;
}

void DriveState::close_tray() {
  tray_open = false;
  if (disc == nullptr) return;
  last_read = Lba{0};
  for (HostState& host : hosts)
    host.medium_changes_unreported = personality.quirks.medium_change_attentions;
  media_event = MediaEvent::kNewMedia;
  configuration_changed = true;
  ready_at = now() + personality.limits.spin_up_time;
  const Medium& medium = disc->medium();
  speeds.insert(&medium);
  if (limits_from_streaming && !personality.quirks.set_streaming_survives_medium_change)
    speeds.set_limits({}, {});
  buffer = WriteBuffer(personality.buffer_bytes(medium.kind), speeds.write_curve());
  head.reset();
  calibrated_for.reset();
}

}  // namespace simdrive
