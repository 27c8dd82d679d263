#include "engine/mmc/disc_information.h"

#include <fmt/format.h>

#include "engine/mmc/reply.h"
#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// MMC-6 table "READ DISC INFORMATION command".
struct ReadDiscInformationCdb {
  Opcode operation_code = Opcode::kReadDiscInformation;
  std::uint8_t data_type = 0;  // [2:0] 0: standard disc information
  std::array<std::uint8_t, 5> reserved{};
  Be16 allocation_length;
  std::uint8_t control = 0;
};
static_assert(cdb_struct<ReadDiscInformationCdb, Opcode::kReadDiscInformation>());
static_assert(offsetof(ReadDiscInformationCdb, allocation_length) == 7);

// MMC-6 table "disc information block", the part that every drive has to send.
struct DiscInformationBlock {
  Be16 length;
  std::uint8_t state;  // [7:5] data type, erasable, [3:2] last session, [1:0] disc
  std::uint8_t first_track;
  std::uint8_t sessions_lsb;
  std::uint8_t first_track_in_last_session_lsb;
  std::uint8_t last_track_in_last_session_lsb;
  std::uint8_t validity;  // DID_V, DBC_V, URU, DAC_V, -, D, [1:0] background format
  std::uint8_t disc_type;
  std::uint8_t sessions_msb;
  std::uint8_t first_track_in_last_session_msb;
  std::uint8_t last_track_in_last_session_msb;
  Be32 disc_id;
  Be32 last_session_lead_in_start;
  Be32 last_possible_lead_out_start;
};
static_assert(wire_struct<DiscInformationBlock, 24>());
static_assert(offsetof(DiscInformationBlock, disc_id) == 12);
static_assert(offsetof(DiscInformationBlock, last_possible_lead_out_start) == 20);

// Bar code and application code lie between the block and the table.
constexpr std::size_t kOpcCountOffset = 33;
constexpr std::size_t kOpcTableOffset = 34;

// MMC-6 table "OPC table entry".
struct OpcTableEntry {
  Be16 speed;
  std::array<std::uint8_t, 6> values;
};
static_assert(wire_struct<OpcTableEntry, 8>());

constexpr std::uint32_t kNoAddress = 0xFFFFFFFF;

constexpr std::uint16_t join(std::uint8_t msb, std::uint8_t lsb) {
  return static_cast<std::uint16_t>((msb << 8U) | lsb);
}

DiscType disc_type_of(std::uint8_t byte) {
  switch (const auto type = static_cast<DiscType>(byte)) {
    case DiscType::kCdDaOrCdRom:
    case DiscType::kCdI:
    case DiscType::kCdRomXa:
    case DiscType::kUndefined:
      return type;
  }
  return DiscType::kUndefined;
}

// The bytes of an MSF address, without the hour byte in front. 00:00:00, which lies before every
// program area, and FF:FF:FF both stand for "none"; so does anything under an hour byte of FFh.
Result<std::optional<Msf>> msf_field(Be32 field, std::string_view what) {
  const std::uint32_t raw = field.value();
  const Msf msf{.minute = byte_of(raw >> 16U), .second = byte_of(raw >> 8U), .frame = byte_of(raw)};
  if (byte_of(raw >> 24U) == 0xFF || msf == Msf{} || msf == Msf{0xFF, 0xFF, 0xFF})
    return std::nullopt;
  if (!is_valid(msf))
    return bad_reply(Opcode::kReadDiscInformation,
                     fmt::format("the {} {}:{}:{} is no position on a disc", what, msf.minute,
                                 msf.second, msf.frame));
  return msf;
}

Status read_msf_addresses(const DiscInformationBlock& wire, DiscInformation& information) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto lead_in,
                             msf_field(wire.last_session_lead_in_start, "last session's lead-in"));
  PREGROOVE_ASSIGN_OR_RETURN(
      const auto lead_out, msf_field(wire.last_possible_lead_out_start, "last possible lead-out"));
  // Only the lead-in of session 1 lies before the program area; the one of a later session is a
  // position like any other, also beyond 90 minutes.
  if (lead_in)
    information.last_session_lead_in_start =
        information.sessions <= 1 ? lba_from_lead_in_msf(*lead_in) : lba_from_msf(*lead_in);
  if (lead_out) information.last_possible_lead_out = lba_from_msf(*lead_out);
  return {};
}

void read_lba_addresses(const DiscInformationBlock& wire, DiscInformation& information) {
  if (wire.last_session_lead_in_start.value() != kNoAddress)
    information.last_session_lead_in_start = lba_of(wire.last_session_lead_in_start);
  if (wire.last_possible_lead_out_start.value() != kNoAddress)
    information.last_possible_lead_out = lba_of(wire.last_possible_lead_out_start);
}

std::vector<OpcEntry> opc_entries(std::span<const std::byte> part) {
  std::vector<OpcEntry> entries;
  if (part.size() <= kOpcCountOffset) return entries;
  const auto count = std::to_integer<std::size_t>(part[kOpcCountOffset]);
  for (std::size_t i = 0; i < count; ++i) {
    const auto entry =
        read_struct<OpcTableEntry>(part, kOpcTableOffset + (i * sizeof(OpcTableEntry)));
    if (!entry) break;
    entries.push_back({.speed_kb_per_s = entry->speed.value(), .values = entry->values});
  }
  return entries;
}

// What the numbers have to agree on; an address is read only after that.
Status check(const DiscInformation& information) {
  const bool recorded =
      information.status == DiscStatus::kAppendable || information.status == DiscStatus::kComplete;
  if (recorded && information.sessions == 0)
    return bad_reply(Opcode::kReadDiscInformation, "a recorded disc without any session");
  if (information.last_track_in_last_session < information.first_track_in_last_session)
    return bad_reply(Opcode::kReadDiscInformation,
                     fmt::format("the last session ends with track {} and starts with track {}",
                                 information.last_track_in_last_session,
                                 information.first_track_in_last_session));
  return {};
}

}  // namespace

Cdb read_disc_information(std::uint16_t allocation) {
  return make_cdb(ReadDiscInformationCdb{.allocation_length = Be16(allocation)});
}

std::uint16_t DiscInformation::complete_sessions() const {
  if (sessions == 0 || last_session_state == SessionState::kComplete) return sessions;
  return static_cast<std::uint16_t>(sessions - 1);
}

Result<DiscInformation> decode_disc_information(std::span<const std::byte> reply,
                                                AddressForm form) {
  const auto part = announced_part16(reply);
  const auto wire = read_struct<DiscInformationBlock>(part);
  if (!wire)
    return short_reply(Opcode::kReadDiscInformation, part.size(), sizeof(DiscInformationBlock));
  if (bit_field(wire->state, 5, 3) != 0)
    return bad_reply(Opcode::kReadDiscInformation, "not standard disc information");
  DiscInformation information{
      .status = static_cast<DiscStatus>(bit_field(wire->state, 0, 2)),
      .last_session_state = static_cast<SessionState>(bit_field(wire->state, 2, 2)),
      .erasable = bit(wire->state, 4),
      .first_track = wire->first_track,
      .sessions = join(wire->sessions_msb, wire->sessions_lsb),
      .first_track_in_last_session =
          join(wire->first_track_in_last_session_msb, wire->first_track_in_last_session_lsb),
      .last_track_in_last_session =
          join(wire->last_track_in_last_session_msb, wire->last_track_in_last_session_lsb),
      .disc_type = disc_type_of(wire->disc_type),
      .unrestricted_use = bit(wire->validity, 5),
      .background_format = static_cast<BackgroundFormat>(bit_field(wire->validity, 0, 2)),
      .opc = opc_entries(part)};
  if (bit(wire->validity, 7)) information.disc_id = wire->disc_id.value();
  PREGROOVE_RETURN_IF_ERROR(check(information));
  if (form == AddressForm::kMsf) {
    PREGROOVE_RETURN_IF_ERROR(read_msf_addresses(*wire, information));
  } else {
    read_lba_addresses(*wire, information);
  }
  return information;
}

}  // namespace pregroove::mmc
