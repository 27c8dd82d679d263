// GET EVENT STATUS NOTIFICATION (MMC-6 6.6): what happened to the drive since the host asked last;
// SEND EVENT (MMC-6 6.32), with which a host plays the part of the keys.
#include <algorithm>
#include <array>

#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::Be16;
using profiles::EventClass;

// MMC-6 table "event header".
struct EventHeader {
  Be16 length;
  std::uint8_t flags = 0;  // NEA 7, class [2:0]
  std::uint8_t supported_classes = 0;
};
static_assert(pregroove::wire_struct<EventHeader, 4>());

constexpr std::uint8_t kNoEventAvailable = 0x80;
constexpr std::uint8_t kPersistentlyPrevented = 0x80;  // in the status bytes of classes 1, 3 and 5

// The four bytes that each class has behind the header; the first is the event code, 0 for none.
using Event = std::array<std::uint8_t, 4>;

std::uint8_t prevented(const HostState& host) {
  return host.removal_prevented_persistently ? kPersistentlyPrevented : 0;
}

// MMC-6 table "operational event": 2, the features changed; report code 1: ask GET CONFIGURATION.
Event operational_change(const DriveState&, const HostState& host) {
  if (!host.configuration_changed) return {0, prevented(host), 0, 0};
  return {2, prevented(host), 0, 1};
}

// MMC-6 table "power event": 1, the state was changed.
Event power_management(const DriveState& state, const HostState& host) {
  return {static_cast<std::uint8_t>(host.power_changed ? 1 : 0),
          static_cast<std::uint8_t>(state.power), 0, 0};
}

// MMC-6 table "external request event": 1, a key of the drive was pressed.
Event external_request(const DriveState&, const HostState& host) {
  return {static_cast<std::uint8_t>(host.button_pressed ? 1 : 0), prevented(host), 0, 0};
}

Event media(const DriveState& state, const HostState& host) {
  const auto status =
      static_cast<std::uint8_t>((state.medium_present() ? 0x02 : 0) | (state.tray_open ? 0x01 : 0));
  return {static_cast<std::uint8_t>(host.media_event), status, 0, 0};
}

// MMC-6 table "multiple host event": status 0, ready.
Event multi_initiator(const DriveState&, const HostState& host) {
  return {0, prevented(host), 0, 0};
}

// MMC-6 table "device busy event": 1, the state changed; status 1 busy; the time that it will take,
// in units of 100 ms. The codes are recalled, not read.
Event device_busy(const DriveState& state, const HostState& host) {
  constexpr std::int64_t kMostUnits = 0xFFFF;
  const Duration now = state.now();
  const bool busy = state.operation.running(now);
  const std::int64_t units =
      busy ? std::min<std::int64_t>(state.operation.remaining(now) / std::chrono::milliseconds(100),
                                    kMostUnits)
           : 0;
  return {static_cast<std::uint8_t>(busy != host.told_busy ? 1 : 0),
          static_cast<std::uint8_t>(busy ? 1 : 0), static_cast<std::uint8_t>(units >> 8),
          static_cast<std::uint8_t>(units & 0xFF)};
}

struct ClassRow {
  EventClass number{};
  Event (*describe)(const DriveState&, const HostState&);
};
constexpr auto kClasses = std::to_array<ClassRow>({
    {EventClass::kOperationalChange, operational_change},
    {EventClass::kPowerManagement, power_management},
    {EventClass::kExternalRequest, external_request},
    {EventClass::kMedia, media},
    {EventClass::kMultiInitiator, multi_initiator},
    {EventClass::kDeviceBusy, device_busy},
});

constexpr std::uint8_t class_bit(EventClass event_class) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(event_class));
}

std::uint8_t supported_classes(const profiles::Features& features) {
  std::uint8_t bits = 0;
  for (const ClassRow& row : kClasses)
    if (features.event_classes.contains(row.number)) bits |= class_bit(row.number);
  return bits;
}

// The lowest class that has news, or else the lowest one that was asked for.
const ClassRow* class_to_report(const DriveState& state, const HostState& host,
                                std::uint8_t asked) {
  const ClassRow* lowest = nullptr;
  for (const ClassRow& row : kClasses) {
    if ((asked & class_bit(row.number)) == 0) continue;
    if (row.describe(state, host).front() != 0) return &row;
    if (lowest == nullptr) lowest = &row;
  }
  return lowest;
}

void forget_event(HostState& host, const DriveState& state, EventClass told) {
  switch (told) {
    case EventClass::kOperationalChange:
      host.configuration_changed = false;
      break;
    case EventClass::kPowerManagement:
      host.power_changed = false;
      break;
    case EventClass::kExternalRequest:
      host.button_pressed = false;
      break;
    case EventClass::kMedia:
      host.media_event = MediaEvent::kNone;
      break;
    case EventClass::kMultiInitiator:
      break;
    case EventClass::kDeviceBusy:
      host.told_busy = state.operation.running(state.now());
      break;
  }
}

}  // namespace

Outcome get_event_status_notification(DriveState& state, const Request& request) {
  const bool polled = request.bit(1, 0);
  if (!polled) return refuse(Fault::kInvalidFieldInCdb);  // no asynchronous notification
  HostState& host = state.hosts[request.initiator];
  const std::uint8_t supported = supported_classes(state.personality.features);
  const ClassRow* const row = class_to_report(state, host, request.byte(4) & supported);
  Reply reply;
  reply.append(EventHeader{
      .flags = row == nullptr ? kNoEventAvailable : static_cast<std::uint8_t>(row->number),
      .supported_classes = supported});
  if (row != nullptr) {
    reply.append_bytes(row->describe(state, host));
    // An event that does not reach the host stays pending.
    constexpr std::size_t kHeaderOnly = sizeof(EventHeader);
    if (request.be16(7) > kHeaderOnly && request.data_in.size() > kHeaderOnly)
      forget_event(host, state, row->number);
  }
  reply.announce_length<Be16>(sizeof(Be16));
  return reply.send(request, request.be16(7));
}

Outcome send_event(DriveState& state, const Request& request) {
  struct EventParameters {
    EventHeader header;
    Event event{};
  };
  static_assert(pregroove::wire_struct<EventParameters, 8>());
  const std::size_t length = request.be16(8);
  if (length == 0) return Good{};
  const auto wire = pregroove::read_struct<EventParameters>(request.data_out);
  if (length != sizeof(EventParameters) || !wire) return refuse(Fault::kParameterListLength);
  const bool of_a_key =
      (wire->header.flags & 0x07U) == static_cast<unsigned>(EventClass::kExternalRequest);
  if (!of_a_key) return refuse(Fault::kInvalidFieldInParameterList);
  for (HostState& host : state.hosts) host.button_pressed = true;
  return Good{length};
}

}  // namespace simdrive
