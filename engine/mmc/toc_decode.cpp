// The replies of READ TOC/PMA/ATIP; the CDB and what can be read out of a raw TOC are in toc.cpp.
#include <fmt/format.h>

#include "engine/mmc/reply.h"
#include "engine/mmc/toc.h"
#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// The start of every format. What the two numbers mean differs.
struct TocHeader {
  Be16 data_length;
  std::uint8_t first;
  std::uint8_t last;
};
static_assert(wire_struct<TocHeader, kTocHeaderSize>());

// MMC-6 table "TOC track descriptor", formats 0 and 1.
struct TrackDescriptor {
  std::uint8_t reserved;
  std::uint8_t adr_control;  // [7:4] ADR, [3:0] CONTROL
  std::uint8_t track;
  std::uint8_t reserved2;
  Be32 address;  // LBA, or 00 M S F
};
static_assert(wire_struct<TrackDescriptor, 8>());

// MMC-6 tables for formats 2 (raw TOC) and 3 (PMA).
struct RawDescriptor {
  std::uint8_t session;
  std::uint8_t adr_control;
  std::uint8_t track;
  std::uint8_t point;
  std::array<std::uint8_t, 3> msf;
  std::uint8_t zero;
  std::array<std::uint8_t, 3> pmsf;
};
static_assert(wire_struct<RawDescriptor, 11>());

// MMC-6 table "ATIP descriptor", the part that all drives send.
struct AtipDescriptor {
  Be16 data_length;
  std::array<std::uint8_t, 2> reserved;
  std::uint8_t power_and_speed;  // bit 7 is 1, [6:4] ITWP, DDCD, [2:0] reference speed
  std::uint8_t unrestricted;     // URU in bit 6
  std::uint8_t disc_type;        // bit 7 is 1, rewritable, [5:3] sub-type, A1, A2, A3 valid
  std::uint8_t reserved2;
  std::array<std::uint8_t, 3> lead_in_start;
  std::uint8_t reserved3;
  std::array<std::uint8_t, 3> last_lead_out_start;
  std::uint8_t reserved4;
};
static_assert(wire_struct<AtipDescriptor, 16>());
static_assert(offsetof(AtipDescriptor, lead_in_start) == 8);
static_assert(offsetof(AtipDescriptor, last_lead_out_start) == 12);
constexpr std::size_t kAtipValuesOffset = 16;  // A1, A2, A3, each with a reserved byte behind it
constexpr std::size_t kAtipValueStride = 4;

constexpr Msf msf_of(const std::array<std::uint8_t, 3>& bytes) {
  return {.minute = bytes[0], .second = bytes[1], .frame = bytes[2]};
}

std::unexpected<Error> bad_toc(const std::string& what) {
  return bad_reply(Opcode::kReadTocPmaAtip, what);
}

Result<TocTrack> track_of(const TrackDescriptor& wire, TimeForm time) {
  TocTrack track{.number = wire.track,
                 .adr = bit_field(wire.adr_control, 4, 4),
                 .control = bit_field(wire.adr_control, 0, 4),
                 .start = lba_of(wire.address)};
  if (time == TimeForm::kLba) return track;
  const std::uint32_t raw = wire.address.value();
  const Msf msf{.minute = byte_of(raw >> 16U), .second = byte_of(raw >> 8U), .frame = byte_of(raw)};
  const auto start = program_lba(msf);
  if (!start)
    return bad_toc(
        fmt::format("track {} starts at {}:{}:{}", wire.track, msf.minute, msf.second, msf.frame));
  track.start = *start;
  return track;
}

// Takes the next entry of format 0 into the table.
Status add_entry(FormattedToc& toc, const TocTrack& entry) {
  if (toc.lead_out) return bad_toc("an entry after the lead-out");
  const Lba floor = toc.tracks.empty() ? entry.start : toc.tracks.back().start;
  if (entry.start < floor)
    return bad_toc(fmt::format("track {} starts before the one in front of it", entry.number));
  if (entry.number == kLeadOutTrack) {
    toc.lead_out = entry.start;
    return {};
  }
  const bool in_range = entry.number >= toc.first_track && entry.number <= toc.last_track;
  const bool ascending = toc.tracks.empty() || entry.number > toc.tracks.back().number;
  if (!in_range || !ascending)
    return bad_toc(fmt::format("track {} is out of order in a table of {} to {}", entry.number,
                               toc.first_track, toc.last_track));
  toc.tracks.push_back(entry);
  return {};
}

RawTocEntry raw_entry(const RawDescriptor& wire) {
  return {.session = wire.session,
          .adr = bit_field(wire.adr_control, 4, 4),
          .control = bit_field(wire.adr_control, 0, 4),
          .track = wire.track,
          .point = wire.point,
          .msf = msf_of(wire.msf),
          .zero = wire.zero,
          .pmsf = msf_of(wire.pmsf)};
}

std::vector<RawTocEntry> raw_entries(std::span<const std::byte> part) {
  std::vector<RawTocEntry> entries;
  for (std::size_t at = kTocHeaderSize; const auto wire = read_struct<RawDescriptor>(part, at);
       at += sizeof(RawDescriptor))
    entries.push_back(raw_entry(*wire));
  return entries;
}

std::optional<std::array<std::uint8_t, 3>> atip_value(std::span<const std::byte> part, bool valid,
                                                      std::size_t index) {
  if (!valid) return std::nullopt;
  return read_struct<std::array<std::uint8_t, 3>>(part,
                                                  kAtipValuesOffset + (index * kAtipValueStride));
}

}  // namespace

Result<FormattedToc> decode_formatted_toc(std::span<const std::byte> reply, TimeForm time) {
  const auto part = announced_part16(reply);
  const auto header = read_struct<TocHeader>(part);
  if (!header) return short_reply(Opcode::kReadTocPmaAtip, part.size(), sizeof(TocHeader));
  if (header->first > header->last)
    return bad_toc(fmt::format("first track {}, last track {}", header->first, header->last));
  FormattedToc toc{.first_track = header->first, .last_track = header->last};
  for (std::size_t at = sizeof(TocHeader); const auto wire = read_struct<TrackDescriptor>(part, at);
       at += sizeof(TrackDescriptor)) {
    PREGROOVE_ASSIGN_OR_RETURN(const TocTrack track, track_of(*wire, time));
    PREGROOVE_RETURN_IF_ERROR(add_entry(toc, track));
  }
  return toc;
}

Result<SessionInfo> decode_session_info(std::span<const std::byte> reply, TimeForm time) {
  const auto part = announced_part16(reply);
  const auto header = read_struct<TocHeader>(part);
  const auto wire = read_struct<TrackDescriptor>(part, sizeof(TocHeader));
  if (!header || !wire)
    return short_reply(Opcode::kReadTocPmaAtip, part.size(),
                       sizeof(TocHeader) + sizeof(TrackDescriptor));
  if (header->first > header->last)
    return bad_toc(fmt::format("first session {}, last session {}", header->first, header->last));
  PREGROOVE_ASSIGN_OR_RETURN(const TocTrack track, track_of(*wire, time));
  return SessionInfo{.first_session = header->first,
                     .last_session = header->last,
                     .first_track_of_last_session = track};
}

Result<RawToc> decode_raw_toc(std::span<const std::byte> reply) {
  const auto part = announced_part16(reply);
  const auto header = read_struct<TocHeader>(part);
  if (!header) return short_reply(Opcode::kReadTocPmaAtip, part.size(), sizeof(TocHeader));
  if (header->first > header->last)
    return bad_toc(fmt::format("first session {}, last session {}", header->first, header->last));
  RawToc toc{
      .first_session = header->first, .last_session = header->last, .entries = raw_entries(part)};
  for (const RawTocEntry& entry : toc.entries)
    if (entry.session < toc.first_session || entry.session > toc.last_session)
      return bad_toc(fmt::format("an entry of session {} in a table of {} to {}", entry.session,
                                 toc.first_session, toc.last_session));
  return toc;
}

Result<Pma> decode_pma(std::span<const std::byte> reply) {
  const auto part = announced_part16(reply);
  if (part.size() < kTocHeaderSize)
    return short_reply(Opcode::kReadTocPmaAtip, part.size(), kTocHeaderSize);
  return Pma{.entries = raw_entries(part)};
}

Result<Atip> decode_atip(std::span<const std::byte> reply) {
  const auto part = announced_part16(reply);
  const auto wire = read_struct<AtipDescriptor>(part);
  if (!wire) return short_reply(Opcode::kReadTocPmaAtip, part.size(), sizeof(AtipDescriptor));
  const Msf lead_in = msf_of(wire->lead_in_start);
  const Msf lead_out = msf_of(wire->last_lead_out_start);
  const Lba lead_in_start = lba_from_lead_in_msf(lead_in);
  if (!is_valid(lead_in) || lead_in_start >= Lba{0})
    return bad_toc(
        fmt::format("an ATIP lead-in at {}:{}:{}", lead_in.minute, lead_in.second, lead_in.frame));
  const auto last_lead_out = program_lba(lead_out);
  if (!last_lead_out || *last_lead_out < Lba{0})
    return bad_toc(fmt::format("an ATIP lead-out at {}:{}:{}", lead_out.minute, lead_out.second,
                               lead_out.frame));
  return Atip{.indicative_writing_power = bit_field(wire->power_and_speed, 4, 3),
              .reference_speed = bit_field(wire->power_and_speed, 0, 3),
              .unrestricted_use = bit(wire->unrestricted, 6),
              .rewritable = bit(wire->disc_type, 6),
              .sub_type = bit_field(wire->disc_type, 3, 3),
              .lead_in_start = lead_in_start,
              .last_possible_lead_out = *last_lead_out,
              .a1 = atip_value(part, bit(wire->disc_type, 2), 0),
              .a2 = atip_value(part, bit(wire->disc_type, 1), 1),
              .a3 = atip_value(part, bit(wire->disc_type, 0), 2)};
}

Result<std::vector<CdTextPack>> decode_cd_text(std::span<const std::byte> reply) {
  const auto part = announced_part16(reply);
  if (part.size() < kTocHeaderSize)
    return short_reply(Opcode::kReadTocPmaAtip, part.size(), kTocHeaderSize);
  std::vector<CdTextPack> packs;
  for (std::size_t at = kTocHeaderSize; const auto pack = read_struct<CdTextPack>(part, at);
       at += kCdTextPackSize)
    packs.push_back(*pack);
  return packs;
}

}  // namespace pregroove::mmc
