// READ DISC INFORMATION and READ TRACK INFORMATION (MMC-6 6.22 and 6.27); READ DISC STRUCTURE,
// which says nothing about a CD.
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/drive_constants.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::Be16;
using pregroove::Be32;
using pregroove::bit_field;

// MMC-6 table "disc information block", data type 000b.
struct DiscInformation {
  Be16 length;
  std::uint8_t status = 0;  // data type [7:5], erasable 4, last session [3:2], disc [1:0]
  std::uint8_t first_track = 1;
  std::uint8_t sessions_low = 0;
  std::uint8_t first_track_in_last_session_low = 0;
  std::uint8_t last_track_in_last_session_low = 0;
  std::uint8_t validity = 0;
  std::uint8_t disc_type = 0xFF;
  std::uint8_t sessions_high = 0;
  std::uint8_t first_track_in_last_session_high = 0;
  std::uint8_t last_track_in_last_session_high = 0;
  Be32 disc_identification;
  Be32 last_session_lead_in;
  Be32 last_possible_lead_out;
  std::array<std::uint8_t, 8> bar_code{};
  std::uint8_t application_code = 0;
  std::uint8_t opc_tables = 0;
};
static_assert(pregroove::wire_struct<DiscInformation, 34>());

constexpr std::uint8_t kErasableBit = 0x10;
enum class LastSession : std::uint8_t { kEmpty = 0, kIncomplete = 1, kComplete = 3 };

// 00 M S F, as READ DISC INFORMATION gives positions on a CD.
Be32 msf_field(Lba lba) {
  const auto msf = pregroove::msf_from_lba(lba);
  if (!msf) return Be32(0xFFFFFFFF);
  return Be32((std::uint32_t{msf->minute} << 16U) | (std::uint32_t{msf->second} << 8U) |
              msf->frame);
}

// Where the lead-in of the session that is open now starts.
Lba open_session_lead_in(const Layout& layout) {
  if (layout.closed_sessions() == 0)
    return pregroove::lba_from_lead_in_msf(layout.medium().lead_in);
  return layout.next_session_start() - kPregap - kLeadIn;
}

struct LastSessionView {
  LastSession state = LastSession::kEmpty;
  int sessions = 1;
  int first_track = 1;
  int last_track = 1;
};

// The open session counts, also while it is empty; its last track is the one that can be written.
LastSessionView last_session(const Layout& layout) {
  const auto sessions = layout.sessions();
  if (layout.finalised()) {
    const Session& last = sessions.back();
    return {LastSession::kComplete, last.number, last.first_track, last.last_track};
  }
  const int next_track = std::min(static_cast<int>(layout.tracks().size()) + 1, kMaxTracks);
  const bool open = !sessions.empty() && sessions.back().state == SessionState::kOpen;
  if (!open) return {LastSession::kEmpty, layout.closed_sessions() + 1, next_track, next_track};
  const auto invisible = layout.invisible_track();
  return {LastSession::kIncomplete, sessions.back().number, sessions.back().first_track,
          invisible ? invisible->number : sessions.back().last_track};
}

std::uint8_t disc_type(const Layout& layout) {
  const auto sessions = layout.sessions();
  if (sessions.empty() || sessions.front().state != SessionState::kClosed) return 0xFF;
  return static_cast<std::uint8_t>(sessions.front().format);
}

// MMC-6 table "track information block".
struct TrackInformation {
  Be16 length;
  std::uint8_t number_low = 0;
  std::uint8_t session_low = 0;
  std::uint8_t reserved = 0;
  std::uint8_t track_mode = 0x04;  // data; damage 5, copy 4
  std::uint8_t data_mode = 0;      // RT 7, blank 6, packet 5, FP 4, data mode [3:0]
  std::uint8_t validity = 0;       // LRA_V 1, NWA_V 0
  Be32 start;
  Be32 next_writable;
  Be32 free_blocks;
  Be32 packet_size;
  Be32 size;
  Be32 last_recorded;
  std::uint8_t number_high = 0;
  std::uint8_t session_high = 0;
  Be16 reserved_34;
};
static_assert(pregroove::wire_struct<TrackInformation, 36>());

// RT: a reserved track, and on CD also a complete one (Pioneer R8, table of track states).
constexpr std::uint8_t kReservedTrackBit = 0x80;
constexpr std::uint8_t kBlankBit = 0x40;
constexpr std::uint8_t kDataModeUnknown = 0x0F;
constexpr std::uint8_t kNextWritableValid = 0x01;
constexpr std::uint16_t kInvisibleTrackNumber = 0xFF;

Be32 lba_field(Lba lba) { return Be32(static_cast<std::uint32_t>(lba.value)); }
Be32 count_field(BlockCount count) { return Be32(static_cast<std::uint32_t>(count.value)); }

TrackInformation describe(const Layout& layout, const Track& track) {
  TrackInformation wire{.number_low = static_cast<std::uint8_t>(track.number),
                        .session_low = static_cast<std::uint8_t>(track.session),
                        .start = lba_field(track.start)};
  const BlockCount free = layout.free_blocks(track);
  wire.data_mode = track.state == TrackState::kReserved ? kDataModeUnknown | kBlankBit
                                                        : static_cast<std::uint8_t>(track.format);
  if (track.reserved.value > 0 || track.state == TrackState::kComplete)
    wire.data_mode |= kReservedTrackBit;
  if (track.state != TrackState::kComplete && free.value > 0) {
    wire.validity = kNextWritableValid;
    wire.next_writable = lba_field(track.next_writable());
    wire.free_blocks = count_field(free);
  }
  wire.size = count_field(track.state == TrackState::kComplete ? track.end() - track.start
                                                               : track.recorded + free + kRunOut);
  return wire;
}

TrackInformation describe(const Layout& layout, const InvisibleTrack& track) {
  TrackInformation wire{.number_low = static_cast<std::uint8_t>(track.number),
                        .session_low = static_cast<std::uint8_t>(track.session),
                        .data_mode = kDataModeUnknown | kBlankBit,
                        .start = lba_field(track.start)};
  const BlockCount free = layout.free_blocks(track);
  if (free.value > 0) {
    wire.validity = kNextWritableValid;
    wire.next_writable = lba_field(track.start);
    wire.free_blocks = count_field(free);
    wire.size = count_field(free + kRunOut);
  }
  return wire;
}

using Described = std::expected<TrackInformation, Fault>;

// The track that can be written now, whether something is in it already or not.
Described describe_writable(const Layout& layout) {
  if (const Track* open = layout.open_track()) return describe(layout, *open);
  if (const auto invisible = layout.invisible_track()) return describe(layout, *invisible);
  return std::unexpected(Fault::kInvalidFieldInCdb);
}

// Track 0 stands for the lead-in of the session that is not closed yet. Recalled, not read: drives
// are said to give its place and length.
Described describe_lead_in(const Layout& layout) {
  if (layout.finalised()) return std::unexpected(Fault::kInvalidFieldInCdb);
  const Lba start = open_session_lead_in(layout);
  const Lba end = layout.closed_sessions() == 0 ? Lba{0} - kPregap : start + kLeadIn;
  return TrackInformation{.session_low = static_cast<std::uint8_t>(layout.closed_sessions() + 1),
                          .data_mode = kDataModeUnknown | kBlankBit,
                          .start = lba_field(start),
                          .size = count_field(end - start)};
}

Described describe_by_number(const Layout& layout, std::uint32_t number) {
  if (number == 0) return describe_lead_in(layout);
  if (number == kInvisibleTrackNumber) return describe_writable(layout);
  if (number > static_cast<std::uint32_t>(kMaxTracks))
    return std::unexpected(Fault::kInvalidFieldInCdb);
  if (const Track* track = layout.track(static_cast<int>(number))) return describe(layout, *track);
  const auto invisible = layout.invisible_track();
  if (invisible && invisible->number == static_cast<int>(number))
    return describe(layout, *invisible);
  return std::unexpected(Fault::kInvalidFieldInCdb);
}

Described describe_by_address(const Layout& layout, Lba lba) {
  for (const Track& track : layout.tracks()) {
    const bool grows = track.state == TrackState::kOpen && track.reserved.value == 0;
    const Lba end = grows ? layout.last_possible_lead_out() : track.end();
    if (lba >= track.start && lba < end) return describe(layout, track);
  }
  const auto invisible = layout.invisible_track();
  if (invisible && lba >= invisible->start && lba < layout.last_possible_lead_out())
    return describe(layout, *invisible);
  return std::unexpected(Fault::kLbaOutOfRange);
}

Described describe_by_session(const Layout& layout, std::uint32_t number) {
  for (const Session& session : layout.sessions()) {
    if (static_cast<std::uint32_t>(session.number) == number)
      return describe(layout, *layout.track(session.first_track));
  }
  const auto invisible = layout.invisible_track();
  if (invisible && static_cast<std::uint32_t>(invisible->session) == number)
    return describe(layout, *invisible);
  return std::unexpected(Fault::kInvalidFieldInCdb);
}

}  // namespace

Outcome read_disc_information(DriveState& state, const Request& request) {
  const std::uint8_t data_type = bit_field(request.byte(1), 0, 3);
  if (data_type != 0) return refuse(Fault::kInvalidFieldInCdb);
  const Layout& layout = state.layout();
  const LastSessionView last = last_session(layout);
  DiscInformation wire;
  wire.status = static_cast<std::uint8_t>((layout.medium().erasable() ? kErasableBit : 0) |
                                          (static_cast<unsigned>(last.state) << 2U) |
                                          static_cast<unsigned>(layout.status()));
  wire.sessions_low = static_cast<std::uint8_t>(last.sessions);
  wire.first_track_in_last_session_low = static_cast<std::uint8_t>(last.first_track);
  wire.last_track_in_last_session_low = static_cast<std::uint8_t>(last.last_track);
  wire.disc_type = disc_type(layout);
  constexpr std::uint32_t kNoMore = 0xFFFFFFFF;
  wire.last_session_lead_in =
      layout.finalised() ? Be32(kNoMore) : msf_field(open_session_lead_in(layout));
  wire.last_possible_lead_out =
      layout.finalised() ? Be32(kNoMore) : msf_field(layout.last_possible_lead_out());
  Reply reply;
  reply.append(wire);
  reply.announce_length<Be16>(sizeof(Be16));
  return reply.send(request, request.be16(7));
}

Outcome read_track_information(DriveState& state, const Request& request) {
  const Layout& layout = state.layout();
  const std::uint32_t address = request.be32(2);
  Described described = std::unexpected(Fault::kInvalidFieldInCdb);
  switch (bit_field(request.byte(1), 0, 2)) {
    case 0:
      described = describe_by_address(layout, Lba{static_cast<std::int32_t>(address)});
      break;
    case 1:
      described = describe_by_number(layout, address);
      break;
    case 2:
      described = describe_by_session(layout, address);
      break;
    default:
      break;
  }
  if (!described) return refuse(described.error());
  Reply reply;
  reply.append(*described);
  reply.announce_length<Be16>(sizeof(Be16));
  return reply.send(request, request.be16(7));
}

Outcome read_disc_structure(DriveState&, const Request&) {
  return refuse(Fault::kInvalidFieldInCdb);
}

}  // namespace simdrive
