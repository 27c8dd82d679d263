// GET EVENT STATUS NOTIFICATION (MMC-6 6.6): what happened to the tray and to the profile.
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::Be16;

// MMC-6 table "event header".
struct EventHeader {
  Be16 length;
  std::uint8_t flags = 0;  // NEA 7, class [2:0]
  std::uint8_t supported_classes = 0;
};
static_assert(pregroove::wire_struct<EventHeader, 4>());

constexpr std::uint8_t kNoEventAvailable = 0x80;
constexpr std::uint8_t kOperationalChangeClass = 1;
constexpr std::uint8_t kMediaClass = 4;
constexpr std::uint8_t kSupportedClasses = (1U << kOperationalChangeClass) | (1U << kMediaClass);

void append_operational_change(Reply& reply, DriveState& state) {
  const bool changed = std::exchange(state.configuration_changed, false);
  // Event 2: the features changed. Report code 1: ask GET CONFIGURATION (MMC-6 table
  // "operational event").
  const std::uint8_t event[] = {static_cast<std::uint8_t>(changed ? 2 : 0), 0, 0,
                                static_cast<std::uint8_t>(changed ? 1 : 0)};
  reply.append_bytes(event);
}

void append_media(Reply& reply, DriveState& state) {
  const auto event_code =
      static_cast<std::uint8_t>(std::exchange(state.media_event, MediaEvent::kNone));
  const auto status =
      static_cast<std::uint8_t>((state.medium_present() ? 0x02 : 0) | (state.tray_open ? 0x01 : 0));
  const std::uint8_t event[] = {event_code, status, 0, 0};
  reply.append_bytes(event);
}

// The lowest class that has news, or else the lowest one that was asked for; 0 for none.
std::uint8_t class_to_report(const DriveState& state, std::uint8_t asked) {
  const bool operational = ((asked >> kOperationalChangeClass) & 1U) != 0;
  const bool media = ((asked >> kMediaClass) & 1U) != 0;
  if (operational && state.configuration_changed) return kOperationalChangeClass;
  if (media && state.media_event != MediaEvent::kNone) return kMediaClass;
  if (operational) return kOperationalChangeClass;
  return media ? kMediaClass : 0;
}

}  // namespace

Outcome get_event_status_notification(DriveState& state, const Request& request) {
  const bool polled = request.bit(1, 0);
  if (!polled) return refuse(Fault::kInvalidFieldInCdb);  // no asynchronous notification
  const std::uint8_t reported = class_to_report(state, request.byte(4));
  Reply reply;
  reply.append(EventHeader{.flags = reported == 0 ? kNoEventAvailable : reported,
                           .supported_classes = kSupportedClasses});
  constexpr std::size_t kHeaderOnly = sizeof(EventHeader);
  // An event that does not reach the host stays pending.
  const bool room = request.be16(7) > kHeaderOnly && request.data_in.size() > kHeaderOnly;
  if (reported != 0 && !room) {
    reply.resize(sizeof(EventHeader) + 4);
  } else if (reported == kOperationalChangeClass) {
    append_operational_change(reply, state);
  } else if (reported == kMediaClass) {
    append_media(reply, state);
  }
  reply.announce_length<Be16>(sizeof(Be16));
  return reply.send(request, request.be16(7));
}

}  // namespace simdrive
