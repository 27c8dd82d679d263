// READ TOC/PMA/ATIP (MMC-6 6.26).
#include "simdrive/disc/rules/cd.h"
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::Be16;
using pregroove::Be24;
using pregroove::Be32;
using pregroove::bit_field;

constexpr std::uint8_t kDataTrack = 0x14;  // ADR 1, control 4
constexpr unsigned kAdrPosition = 1;
constexpr unsigned kAdrPointer = 5;
constexpr std::uint8_t kLeadOutTrack = 0xAA;

struct TocHeader {
  Be16 length;
  std::uint8_t first = 0;
  std::uint8_t last = 0;
};
static_assert(pregroove::wire_struct<TocHeader, 4>());

// MMC-6 tables "TOC track descriptor format" (formats 0000b and 0001b).
struct TrackDescriptor {
  std::uint8_t reserved = 0;
  std::uint8_t adr_control = kDataTrack;
  std::uint8_t track = 0;
  std::uint8_t reserved_3 = 0;
  Be32 start;
};
static_assert(pregroove::wire_struct<TrackDescriptor, 8>());

struct MsfField {
  std::uint8_t minute = 0;
  std::uint8_t second = 0;
  std::uint8_t frame = 0;
};

// MMC-6 tables "TOC track descriptor format" (format 0010b) and "PMA descriptor" (0011b).
struct RawDescriptor {
  std::uint8_t session = 0;
  std::uint8_t adr_control = kDataTrack;
  std::uint8_t tno = 0;
  std::uint8_t point = 0;
  MsfField time;
  std::uint8_t zero = 0;
  MsfField point_time;
};
static_assert(pregroove::wire_struct<RawDescriptor, 11>());

// MMC-6 table "READ TOC/PMA/ATIP response data, format 0100b".
struct AtipReply {
  Be16 length;
  Be16 reserved;
  std::uint8_t power_and_speed = 0;   // 1 in bit 7, ITWP [6:4], DDCD 3, reference speed [2:0]
  std::uint8_t unrestricted_use = 0;  // URU 6
  std::uint8_t disc_type = 0;         // 1 in bit 7, rewritable 6, sub-type [5:3], A1 A2 A3 [2:0]
  std::uint8_t reserved_7 = 0;
  MsfField lead_in;
  std::uint8_t reserved_11 = 0;
  MsfField last_possible_lead_out;
  std::uint8_t reserved_15 = 0;
  Be24 additional_1;
  std::uint8_t reserved_19 = 0;
  Be24 additional_2;
  std::uint8_t reserved_23 = 0;
  Be24 additional_3;
  std::uint8_t reserved_27 = 0;
};
static_assert(pregroove::wire_struct<AtipReply, 28>());

MsfField msf_field(Msf msf) { return {msf.minute, msf.second, msf.frame}; }
// Everything that is recorded has an MSF: a CD ends before 100 minutes.
MsfField msf_field(Lba lba) { return msf_field(pregroove::msf_from_lba(lba).value_or(Msf{})); }

Be32 position(Lba lba, bool as_msf) {
  if (!as_msf) return Be32(static_cast<std::uint32_t>(lba.value));
  const MsfField msf = msf_field(lba);
  return Be32((std::uint32_t{msf.minute} << 16U) | (std::uint32_t{msf.second} << 8U) | msf.frame);
}

std::uint8_t adr_control(unsigned adr, std::uint8_t control) {
  return static_cast<std::uint8_t>((adr << 4U) | (control & 0x0FU));
}

// That of the first and of the last track speaks for what belongs to no track.
std::uint8_t control_of(const Layout& layout, int track) {
  const Track* const found = layout.track(track);
  return found == nullptr ? 4 : found->control;
}

Outcome send(Reply& reply, const Request& request) {
  reply.announce_length<Be16>(sizeof(Be16));
  return reply.send(request, request.be16(7));
}

// The tracks of the sessions that have a lead-in, in order; one that is not recorded in tracks is
// listed as one, and so are those of a BD-R with pseudo-overwriting, whose session is never closed.
std::vector<TrackView> tracks_in_toc(const Layout& layout) {
  std::vector<TrackView> tracks = layout.track_views();
  if (layout.tracks().empty()) return tracks;
  const int last_session = std::max(layout.closed_sessions(), 1);
  std::erase_if(tracks, [&](const TrackView& track) {
    return track.invisible || track.session > last_session;
  });
  return tracks;
}

// A DVD as MMC's text describes it for drives that read only, and some writers report it: the last
// border is session 2, and all that lies before it session 1, of one track each (burning.md 3.4).
std::vector<TrackView> as_two_sessions(const Layout& layout) {
  constexpr int kMostSessions = 2;
  const auto sessions = layout.sessions();
  const auto closed = static_cast<std::size_t>(layout.closed_sessions());
  TrackView first{.number = 1, .session = 1, .end = sessions[closed - 1].lead_out_start};
  if (closed < kMostSessions) return {first};
  TrackView last = first;
  last.number = last.session = kMostSessions;
  first.end = last.start = sessions[closed - 1].start;
  return {first, last};
}

bool has_plain_toc(const DriveState& state) {
  const Layout& layout = state.layout();
  return state.personality.quirks.dvd_toc == profiles::DvdToc::kTwoSessions &&
         layout.medium().family() == MediumFamily::kDvd && layout.closed_sessions() > 0;
}

// 99 tracks is what the fields can say; a DVD or BD may have more.
std::uint8_t track_field(int number) { return static_cast<std::uint8_t>(std::min(number, 99)); }

Outcome formatted_toc(const DriveState& state, const Request& request) {
  const bool as_msf = request.bit(1, 1);
  const std::uint8_t from = request.byte(6);
  const auto tracks =
      has_plain_toc(state) ? as_two_sessions(state.layout()) : tracks_in_toc(state.layout());
  if (from > tracks.back().number && from != kLeadOutTrack)
    return refuse(Fault::kInvalidFieldInCdb);
  Reply reply;
  reply.append(TocHeader{.first = 1, .last = track_field(tracks.back().number)});
  for (const TrackView& track : tracks) {
    if (track.number < from || track.number > 99) continue;
    reply.append(TrackDescriptor{.adr_control = adr_control(kAdrPosition, track.track_mode),
                                 .track = static_cast<std::uint8_t>(track.number),
                                 .start = position(track.start, as_msf)});
  }
  reply.append(TrackDescriptor{.adr_control = adr_control(kAdrPosition, tracks.back().track_mode),
                               .track = kLeadOutTrack,
                               .start = position(tracks.back().end, as_msf)});
  return send(reply, request);
}

Outcome session_information(const DriveState& state, const Request& request) {
  const Layout& layout = state.layout();
  // What can be written anywhere has one session that starts at LBA 0.
  Session session{.first_track = 1};
  int last = std::max(layout.closed_sessions(), 1);
  if (layout.closed_sessions() > 0) session = layout.sessions()[static_cast<std::size_t>(last - 1)];
  if (has_plain_toc(state)) last = session.first_track = as_two_sessions(layout).back().number;
  Reply reply;
  reply.append(TocHeader{.first = 1, .last = track_field(last)});
  const std::uint8_t control =
      layout.medium().is_cd() ? control_of(layout, session.first_track) : std::uint8_t{4};
  reply.append(TrackDescriptor{.adr_control = adr_control(kAdrPosition, control),
                               .track = track_field(session.first_track),
                               .start = position(session.start, request.bit(1, 1))});
  return send(reply, request);
}

// The pointers to the next session, which the lead-in of each session carries (ECMA-394 annex on
// multi-session discs; MMC-6, points B0 and C0).
void append_session_pointers(Reply& reply, const Layout& layout, const Session& session) {
  const bool final_session = layout.finalised() && session.number == layout.closed_sessions();
  const Lba next = session.lead_out_start + session_gap(session.number);
  const auto number = static_cast<std::uint8_t>(session.number);
  const std::uint8_t pointers = session.number == 1 ? 2 : 1;
  const std::uint8_t pointer = adr_control(kAdrPointer, control_of(layout, session.first_track));
  reply.append(RawDescriptor{.session = number,
                             .adr_control = pointer,
                             .point = 0xB0,
                             .time = final_session ? MsfField{0xFF, 0xFF, 0xFF} : msf_field(next),
                             .zero = pointers,
                             .point_time = msf_field(layout.last_possible_lead_out())});
  if (session.number != 1) return;
  reply.append(RawDescriptor{.session = number,
                             .adr_control = pointer,
                             .point = 0xC0,
                             .point_time = msf_field(layout.medium().atip.lead_in)});
}

void append_raw_session(Reply& reply, const Layout& layout, const Session& session) {
  const auto number = static_cast<std::uint8_t>(session.number);
  const auto append = [&](std::uint8_t point, std::uint8_t control, MsfField point_time) {
    reply.append(RawDescriptor{.session = number,
                               .adr_control = adr_control(kAdrPosition, control),
                               .point = point,
                               .point_time = point_time});
  };
  const std::uint8_t first = control_of(layout, session.first_track);
  const std::uint8_t last = control_of(layout, session.last_track);
  append(0xA0, first,
         {static_cast<std::uint8_t>(session.first_track), static_cast<std::uint8_t>(session.format),
          0});
  append(0xA1, last, {static_cast<std::uint8_t>(session.last_track), 0, 0});
  append(0xA2, last, msf_field(session.lead_out_start));
  for (const Track& track : layout.tracks()) {
    if (track.session == session.number)
      append(static_cast<std::uint8_t>(track.number), track.control, msf_field(track.start));
  }
  append_session_pointers(reply, layout, session);
}

Outcome raw_toc(const Layout& layout, const Request& request) {
  const int from = request.byte(6);
  const int last = layout.closed_sessions();
  if (from > last) return refuse(Fault::kInvalidFieldInCdb);
  Reply reply;
  reply.append(TocHeader{.first = 1, .last = static_cast<std::uint8_t>(last)});
  for (const Session& session : layout.sessions()) {
    if (session.state == SessionState::kClosed && session.number >= from)
      append_raw_session(reply, layout, session);
  }
  return send(reply, request);
}

// The program memory area lists a track as soon as it is complete, before any lead-in does.
Outcome program_memory_area(const Layout& layout, const Request& request) {
  Reply reply;
  reply.append(TocHeader{});
  for (const Track& track : layout.tracks()) {
    if (track.state != TrackState::kComplete) continue;
    reply.append(RawDescriptor{.session = static_cast<std::uint8_t>(track.session),
                               .adr_control = adr_control(kAdrPosition, track.control),
                               .point = static_cast<std::uint8_t>(track.number),
                               .time = msf_field(track.end()),
                               .point_time = msf_field(track.start)});
  }
  return send(reply, request);
}

Outcome read_atip(const Layout& layout, const Request& request) {
  const Medium& medium = layout.medium();
  const Atip& atip = medium.atip;
  constexpr std::uint8_t kAlwaysSet = 0x80;
  AtipReply wire{.lead_in = msf_field(atip.lead_in),
                 .last_possible_lead_out = msf_field(atip.last_possible_lead_out),
                 .additional_1 = Be24(atip.additional_information_1)};
  wire.power_and_speed = static_cast<std::uint8_t>(kAlwaysSet | (atip.indicative_power << 4U) |
                                                   atip.reference_speed_code);
  wire.disc_type = static_cast<std::uint8_t>(kAlwaysSet | (medium.erasable() ? 0x40U : 0U) |
                                             (std::uint32_t{atip.sub_type} << 3U) |
                                             (atip.additional_information_1 != 0 ? 0x04U : 0U));
  Reply reply;
  reply.append(wire);
  return send(reply, request);
}

// The packs as they were recorded, with their CRC; a header alone without any.
Outcome cd_text(const DriveState& state, const Request& request) {
  const auto& packs = state.layout().recording().cd_text;
  const bool refused =
      packs.empty() && state.personality.quirks.cd_text_absent == profiles::CdTextAbsent::kRefused;
  if (refused || !state.personality.features.cd_text_read) return refuse(Fault::kInvalidFieldInCdb);
  Reply reply;
  reply.append(TocHeader{});
  for (const auto& pack : packs) reply.append_bytes(pack);
  return send(reply, request);
}

}  // namespace

Outcome read_toc_pma_atip(DriveState& state, const Request& request) {
  const Layout& layout = state.layout();
  // SFF-8020 had the format in the control byte; the kernel and libcdio still use it for session
  // information.
  const std::uint8_t old_format = bit_field(request.byte(9), 6, 2);
  const std::uint8_t format =
      bit_field(request.byte(2), 0, 4) != 0 ? bit_field(request.byte(2), 0, 4) : old_format;
  const Medium& medium = layout.medium();
  const bool recordable_cd = medium.is_cd() && !medium.pressed();
  if (format == 3 && recordable_cd) return program_memory_area(layout, request);
  if (format == 4 && recordable_cd) return read_atip(layout, request);
  if (layout.readable_capacity().value == 0) return refuse(Fault::kInvalidFieldInCdb);
  switch (format) {
    case 0:
      return formatted_toc(state, request);
    case 1:
      return session_information(state, request);
    case 2:
      if (!medium.is_cd()) return refuse(Fault::kInvalidFieldInCdb);
      return raw_toc(layout, request);
    case 5:
      if (!medium.is_cd()) return refuse(Fault::kInvalidFieldInCdb);
      return cd_text(state, request);
    default:
      return refuse(Fault::kInvalidFieldInCdb);
  }
}

}  // namespace simdrive
