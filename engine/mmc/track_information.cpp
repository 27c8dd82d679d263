#include "engine/mmc/track_information.h"

#include <fmt/format.h>

#include "engine/mmc/reply.h"
#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// MMC-6 table "address/number type".
enum class AddressType : std::uint8_t { kLba = 0, kTrack = 1, kSession = 2 };
constexpr std::uint32_t kInvisibleTrack = 0xFF;

// MMC-6 table "READ TRACK INFORMATION command".
struct ReadTrackInformationCdb {
  Opcode operation_code = Opcode::kReadTrackInformation;
  std::uint8_t address_type = 0;  // Open in bit 2, [1:0] type
  Be32 address;
  std::uint8_t reserved = 0;
  Be16 allocation_length;
  std::uint8_t control = 0;
};
static_assert(cdb_struct<ReadTrackInformationCdb, Opcode::kReadTrackInformation>());
static_assert(offsetof(ReadTrackInformationCdb, allocation_length) == 7);

// MMC-6 table "track information block", the part that every drive has to send.
struct TrackInformationBlock {
  Be16 length;
  std::uint8_t track_lsb;
  std::uint8_t session_lsb;
  std::uint8_t reserved;
  std::uint8_t mode;      // [7:6] LJRS, damage, copy, [3:0] track mode
  std::uint8_t state;     // RT, blank, packet, FP, [3:0] data mode
  std::uint8_t validity;  // LRA_V in bit 1, NWA_V in bit 0
  Be32 start;
  Be32 next_writable;
  Be32 free_blocks;
  Be32 packet_size;
  Be32 size;
};
static_assert(wire_struct<TrackInformationBlock, 28>());
static_assert(offsetof(TrackInformationBlock, start) == 8);
static_assert(offsetof(TrackInformationBlock, size) == 24);

constexpr std::size_t kLastRecordedOffset = 28;

// The numbers' high bytes, which older drives do not send.
struct HighBytes {
  std::uint8_t track_msb;
  std::uint8_t session_msb;
};
static_assert(wire_struct<HighBytes, 2>());
constexpr std::size_t kHighBytesOffset = 32;

Cdb encode(AddressType type, std::uint32_t address, std::uint16_t allocation) {
  return make_cdb(ReadTrackInformationCdb{.address_type = static_cast<std::uint8_t>(type),
                                          .address = Be32(address),
                                          .allocation_length = Be16(allocation)});
}

// A track has to end where an address can still say so.
Status check(const TrackInformation& track) {
  const std::int64_t end = track.start.value + track.size.value;
  if (end > std::numeric_limits<std::int32_t>::max())
    return bad_reply(Opcode::kReadTrackInformation,
                     fmt::format("track {} has {} blocks from LBA {} on", track.number,
                                 track.size.value, track.start.value));
  if (track.free.value > std::numeric_limits<std::int32_t>::max())
    return bad_reply(Opcode::kReadTrackInformation,
                     fmt::format("track {} has {} free blocks", track.number, track.free.value));
  return {};
}

}  // namespace

Cdb read_track_information_at(Lba lba, std::uint16_t allocation) {
  return encode(AddressType::kLba, static_cast<std::uint32_t>(lba.value), allocation);
}

Cdb read_track_information(std::uint16_t track, std::uint16_t allocation) {
  return encode(AddressType::kTrack, track, allocation);
}

Cdb read_track_information_of_session(std::uint16_t session, std::uint16_t allocation) {
  return encode(AddressType::kSession, session, allocation);
}

Cdb read_invisible_track_information(std::uint16_t allocation) {
  return encode(AddressType::kTrack, kInvisibleTrack, allocation);
}

Result<TrackInformation> decode_track_information(std::span<const std::byte> reply) {
  const auto part = announced_part16(reply);
  const auto wire = read_struct<TrackInformationBlock>(part);
  if (!wire)
    return short_reply(Opcode::kReadTrackInformation, part.size(), sizeof(TrackInformationBlock));
  const auto high = read_struct<HighBytes>(part, kHighBytesOffset).value_or(HighBytes{});
  TrackInformation track{
      .number = static_cast<std::uint16_t>((high.track_msb << 8U) | wire->track_lsb),
      .session = static_cast<std::uint16_t>((high.session_msb << 8U) | wire->session_lsb),
      .damage = bit(wire->mode, 5),
      .copy = bit(wire->mode, 4),
      .track_mode = bit_field(wire->mode, 0, 4),
      .reserved = bit(wire->state, 7),
      .blank = bit(wire->state, 6),
      .packet = bit(wire->state, 5),
      .fixed_packet = bit(wire->state, 4),
      .data_mode = bit_field(wire->state, 0, 4),
      .start = lba_of(wire->start),
      .free = {wire->free_blocks.value()},
      .size = {wire->size.value()},
      .packet_size = wire->packet_size.value()};
  if (bit(wire->validity, 0)) track.next_writable = lba_of(wire->next_writable);
  const auto last_recorded = read_struct<Be32>(part, kLastRecordedOffset);
  if (bit(wire->validity, 1) && last_recorded) track.last_recorded = lba_of(*last_recorded);
  PREGROOVE_RETURN_IF_ERROR(check(track));
  return track;
}

}  // namespace pregroove::mmc
