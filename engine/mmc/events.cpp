#include "engine/mmc/events.h"

#include <fmt/format.h>

#include "engine/mmc/reply.h"
#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// MMC-6 table "GET EVENT STATUS NOTIFICATION command".
struct GetEventStatusCdb {
  Opcode operation_code = Opcode::kGetEventStatusNotification;
  std::uint8_t polled = 0;
  std::array<std::uint8_t, 2> reserved{};
  std::uint8_t classes = 0;
  std::array<std::uint8_t, 2> reserved2{};
  Be16 allocation_length;
  std::uint8_t control = 0;
};
static_assert(cdb_struct<GetEventStatusCdb, Opcode::kGetEventStatusNotification>());
static_assert(offsetof(GetEventStatusCdb, classes) == 4);
static_assert(offsetof(GetEventStatusCdb, allocation_length) == 7);

// MMC-6 table "event status notification response".
struct EventHeader {
  Be16 data_length;
  std::uint8_t notification_class;  // NEA in bit 7, [2:0] class
  std::uint8_t supported_classes;
};
static_assert(wire_struct<EventHeader, 4>());
constexpr std::uint8_t kMediaClassNumber = 4;

// MMC-6 table "media event descriptor".
struct MediaEventDescriptor {
  std::uint8_t event_code;    // [3:0]
  std::uint8_t media_status;  // bit 1 present, bit 0 door or tray open
  std::uint8_t start_slot;
  std::uint8_t end_slot;
};
static_assert(wire_struct<MediaEventDescriptor, 4>());

}  // namespace

Cdb get_event_status(std::uint8_t classes, Polled polled, std::uint16_t allocation) {
  return make_cdb(GetEventStatusCdb{.polled = bit_if(polled == Polled::kYes, 0),
                                    .classes = classes,
                                    .allocation_length = Be16(allocation)});
}

Result<std::optional<MediaEvent>> decode_media_event(std::span<const std::byte> reply) {
  const auto part = announced_part16(reply);
  const auto header = read_struct<EventHeader>(part);
  if (!header)
    return short_reply(Opcode::kGetEventStatusNotification, part.size(), sizeof(EventHeader));
  if (bit(header->notification_class, 7)) return std::nullopt;
  if (bit_field(header->notification_class, 0, 3) != kMediaClassNumber) return std::nullopt;
  const auto wire = read_struct<MediaEventDescriptor>(part, sizeof(EventHeader));
  if (!wire) return short_reply(Opcode::kGetEventStatusNotification, part.size(), kEventReplySize);
  const std::uint8_t code = bit_field(wire->event_code, 0, 4);
  if (code > static_cast<std::uint8_t>(MediaEventCode::kBackgroundFormatRestarted))
    return bad_reply(Opcode::kGetEventStatusNotification,
                     fmt::format("media event code {} is reserved", code));
  return MediaEvent{.code = static_cast<MediaEventCode>(code),
                    .medium_present = bit(wire->media_status, 1),
                    .door_open = bit(wire->media_status, 0)};
}

}  // namespace pregroove::mmc
