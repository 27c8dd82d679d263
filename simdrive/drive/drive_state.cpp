#include "simdrive/drive/drive_state.h"

#include <algorithm>
#include <limits>

#include "simdrive/drive/background_format.h"
#include "simdrive/drive/drive_constants.h"

namespace simdrive {

namespace {

// Capacity of a CD of 80 minutes: with one constant speed it does not matter to the times.
const Spiral& spiral() {
  static const Spiral kSpiral =
      spiral_of(MediumFamily::kCd, DiscSize::k12cm,
                BlockCount{std::int64_t{80} * pregroove::kFramesPerMinute});
  return kSpiral;
}

}  // namespace

DriveState::DriveState(VirtualClock& virtual_clock, profiles::Personality drive_personality)
    : clock(&virtual_clock),
      personality(std::move(drive_personality)),
      buffer(kBufferBytes, SpeedCurve::clv(cd_speed(1), spiral())) {
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
  mode_pages = ModePages();
  read_speed_limit.reset();
  write_speed_limit.reset();
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

std::span<const Speed> DriveState::write_speeds() const {
  static constexpr auto kWithoutMedium =
      std::to_array<Speed>({cd_speed(48), cd_speed(40), cd_speed(32), cd_speed(24), cd_speed(16),
                            cd_speed(12), cd_speed(8), cd_speed(4)});
  const bool recordable = medium_present() && !disc->medium().pressed();
  return recordable ? disc->medium().write_speeds : std::span<const Speed>(kWithoutMedium);
}

Speed DriveState::write_speed() const {
  return fastest_within(write_speeds(),
                        write_speed_limit.value_or(std::numeric_limits<std::uint32_t>::max()));
}

Speed DriveState::read_speed() const {
  const auto asked = read_speed_limit.value_or(std::numeric_limits<std::uint32_t>::max());
  return fastest_within(kReadSpeeds, asked);
}

WriteMode DriveState::write_mode() const {
  const WriteParameters parameters = mode_pages.write_parameters();
  return {.method = parameters.method,
          .format = parameters.sector_format,
          .another_session_may_follow = parameters.another_session_may_follow,
          .session_format = parameters.session_format};
}

bool DriveState::test_writing() const {
  if (!mode_pages.write_parameters().test_write || !medium_present()) return false;
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
  for (HostState& host : hosts) host.removal_prevented = false;
  if (disc != nullptr) media_event = MediaEvent::kMediaRemoval;
}

void DriveState::close_tray() {
  tray_open = false;
  if (disc == nullptr) return;
  for (HostState& host : hosts)
    host.medium_changes_unreported = personality.quirks.medium_change_attentions;
  media_event = MediaEvent::kNewMedia;
  configuration_changed = true;
  ready_at = now() + personality.limits.spin_up_time;
}

void DriveState::fill_buffer(Lba first, BlockCount count, std::size_t bytes) {
  buffer.set_curve(SpeedCurve::clv(write_speed(), spiral()), now());
  buffer.fill(first, count, bytes, now());
}

void DriveState::begin(LongOperation::Kind kind, Duration duration, bool immediate) {
  // It starts when what is buffered is written.
  const Duration start = std::max(now(), buffer.empty_at());
  operation = {.kind = kind, .start = start, .end = start + duration};
  if (!immediate) clock->advance_to(operation.end);
}

}  // namespace simdrive
