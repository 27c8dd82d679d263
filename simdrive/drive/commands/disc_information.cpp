// READ DISC INFORMATION and READ TRACK INFORMATION (MMC-6 6.22 and 6.27).
#include <algorithm>

#include "simdrive/disc/rules/bd_r.h"
#include "simdrive/disc/rules/cd.h"
#include "simdrive/drive/commands/handlers.h"
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

// MMC-6 table "OPC table entry".
struct OpcEntry {
  Be16 speed;  // kB/s
  std::array<std::uint8_t, 6> values{};
};
static_assert(pregroove::wire_struct<OpcEntry, 8>());

constexpr std::uint8_t kErasableBit = 0x10;
constexpr std::uint32_t kNone = 0xFFFFFFFF;

// 00 M S F on a CD, an LBA on other media.
Be32 position_field(std::optional<Lba> lba, const Medium& medium) {
  if (!lba) return Be32(kNone);
  if (!medium.is_cd()) return Be32(static_cast<std::uint32_t>(lba->value));
  const auto msf = pregroove::msf_from_lba(*lba);
  if (!msf) return Be32(kNone);
  return Be32((std::uint32_t{msf->minute} << 16U) | (std::uint32_t{msf->second} << 8U) |
              msf->frame);
}

std::uint8_t low(int value) { return static_cast<std::uint8_t>(value & 0xFF); }
std::uint8_t high(int value) { return static_cast<std::uint8_t>((value >> 8) & 0xFF); }

// MMC-6 table "track resources information block", data type 001b. Recalled, not read.
struct TrackResources {
  Be16 length;
  std::uint8_t data_type = 1U << 5U;
  std::uint8_t reserved = 0;
  Be16 most_tracks;
  Be16 tracks;
  Be16 most_appendable_tracks;
  Be16 appendable_tracks;
};
static_assert(pregroove::wire_struct<TrackResources, 12>());

// MMC-6 table "POW resources information block", data type 010b. Recalled, not read.
struct OverwriteResources {
  Be16 length;
  std::uint8_t data_type = 2U << 5U;
  std::uint8_t reserved = 0;
  Be32 replacements;
  Be32 map_entries;
  Be32 updates;
};
static_assert(pregroove::wire_struct<OverwriteResources, 16>());

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

constexpr std::uint8_t kDamageBit = 0x20;
constexpr std::uint8_t kReservedTrackBit = 0x80;
constexpr std::uint8_t kBlankBit = 0x40;
constexpr std::uint8_t kPacketBit = 0x20;
constexpr std::uint8_t kFixedPacketBit = 0x10;
constexpr std::uint8_t kLastRecordedValid = 0x02;
constexpr std::uint8_t kNextWritableValid = 0x01;
constexpr std::uint32_t kInvisibleTrackNumber = 0xFF;

Be32 lba_field(Lba lba) { return Be32(static_cast<std::uint32_t>(lba.value)); }
Be32 count_field(BlockCount count) { return Be32(static_cast<std::uint32_t>(count.value)); }

TrackInformation describe(const TrackView& view) {
  TrackInformation wire{.number_low = low(view.number),
                        .session_low = low(view.session),
                        .track_mode = view.track_mode,
                        .start = lba_field(view.start),
                        .free_blocks = count_field(view.free),
                        .packet_size = count_field(view.packet_size),
                        .size = count_field(view.size),
                        .number_high = high(view.number),
                        .session_high = high(view.session)};
  if (view.damaged) wire.track_mode |= kDamageBit;
  wire.data_mode = static_cast<std::uint8_t>(
      view.data_mode | (view.reserved ? kReservedTrackBit : 0) | (view.blank ? kBlankBit : 0) |
      (view.packet ? kPacketBit : 0) | (view.fixed_packet ? kFixedPacketBit : 0));
  if (view.next_writable) {
    wire.validity |= kNextWritableValid;
    wire.next_writable = lba_field(*view.next_writable);
  }
  if (view.last_recorded) {
    wire.validity |= kLastRecordedValid;
    wire.last_recorded = lba_field(*view.last_recorded);
  }
  return wire;
}

using Described = std::expected<TrackInformation, Fault>;

// What describe() says of the first view that fits.
template <typename Fits>
Described describe_first(const Layout& layout, const Fits& fits, Fault otherwise) {
  for (const TrackView& view : layout.track_views()) {
    if (fits(view)) return describe(view);
  }
  return std::unexpected(otherwise);
}

// Track 0 stands for the lead-in of the session that is not closed yet. Recalled, not read: drives
// are said to give its place and length.
Described describe_lead_in(const Layout& layout) {
  const auto start = layout.disc_view().last_session_lead_in;
  if (!layout.medium().is_cd() || !start) return std::unexpected(Fault::kInvalidFieldInCdb);
  const Lba end = layout.closed_sessions() == 0 ? Lba{0} - kPregap : *start + kLeadIn;
  return TrackInformation{.session_low = low(layout.closed_sessions() + 1),
                          .data_mode = 0x0F | kBlankBit,
                          .start = lba_field(*start),
                          .size = count_field(end - *start)};
}

// Track FFh is the one that can be written now, whether something is in it already or not. On DVD
// and BD that is the one behind all reservations.
Described describe_writable(const Layout& layout) {
  const Track* open = layout.open_track();
  const bool behind_reservations = !layout.medium().is_cd() && layout.invisible_track().has_value();
  return describe_first(
      layout,
      [&](const TrackView& view) {
        return open == nullptr || behind_reservations ? view.invisible
                                                      : view.number == open->number;
      },
      Fault::kInvalidFieldInCdb);
}

Described describe_by_number(const Layout& layout, std::uint32_t number) {
  if (number == 0) return describe_lead_in(layout);
  if (number == kInvisibleTrackNumber) return describe_writable(layout);
  return describe_first(
      layout,
      [&](const TrackView& view) { return static_cast<std::uint32_t>(view.number) == number; },
      Fault::kInvalidFieldInCdb);
}

Described describe_by_address(const Layout& layout, Lba lba) {
  return describe_first(
      layout, [&](const TrackView& view) { return lba >= view.start && lba < view.end; },
      Fault::kLbaOutOfRange);
}

Described describe_by_session(const Layout& layout, std::uint32_t number) {
  return describe_first(
      layout,
      [&](const TrackView& view) { return static_cast<std::uint32_t>(view.session) == number; },
      Fault::kInvalidFieldInCdb);
}

Outcome send(Reply& reply, const Request& request) {
  reply.announce_length<Be16>(sizeof(Be16));
  return reply.send(request, request.be16(7));
}

Outcome track_resources(const Layout& layout, const Request& request) {
  const TrackLimits limits = layout.track_limits();
  const auto views = layout.track_views();
  const auto appendable = std::ranges::count_if(
      views, [](const TrackView& view) { return view.next_writable.has_value(); });
  const auto field = [](auto count) { return Be16(static_cast<std::uint16_t>(count)); };
  Reply reply;
  reply.append(TrackResources{.most_tracks = field(limits.tracks),
                              .tracks = field(layout.tracks().size()),
                              .most_appendable_tracks = field(limits.appendable),
                              .appendable_tracks = field(appendable)});
  return send(reply, request);
}

// What can be replaced is limited by the room at the end alone.
Outcome overwrite_resources(const Layout& layout, const Request& request) {
  constexpr std::int64_t kCluster = kBdCluster.value;
  if (layout.medium().kind != MediumKind::kBdR || !is_pseudo_overwritable(layout.recording()))
    return refuse(Fault::kInvalidFieldInCdb);
  BlockCount free;
  for (const TrackView& view : layout.track_views()) {
    if (!view.reserved) free = std::max(free, view.free);
  }
  const Be32 clusters(static_cast<std::uint32_t>(free.value / kCluster));
  Reply reply;
  reply.append(
      OverwriteResources{.replacements = clusters, .map_entries = clusters, .updates = clusters});
  return send(reply, request);
}

// Length of READ TRACK INFORMATION: 36 bytes on CD; with the read compatibility LBA on DVD, and
// with the layer jump addresses on dual-layer DVD-R (Pioneer's command references). Recalled, not
// read: BD as CD. All that follows the 36 bytes is zero here.
std::size_t track_information_size(const Medium& medium) {
  if (medium.kind == MediumKind::kDvdRDualLayer) return 48;
  return medium.family() == MediumFamily::kDvd ? 40 : sizeof(TrackInformation);
}

// The speeds that the drive has calibration results for; which it picks is not said anywhere.
std::span<const Speed> opc_speeds(const DriveState& state) {
  const auto speeds = state.write_speeds();
  return speeds.first(std::min<std::size_t>(state.personality.quirks.opc_entries, speeds.size()));
}

bool refuses_track(const DriveState& state, std::uint32_t number) {
  return number == kInvisibleTrackNumber && state.disc->medium().family() == MediumFamily::kDvd &&
         state.personality.quirks.track_ff_on_dvd == profiles::TrackFf::kRefused;
}

// Where the pregap of the first track starts, as some drives have it (burning.md 5).
bool counts_pregap(const DriveState& state, const TrackInformation& track) {
  return state.personality.quirks.blank_nwa_minus_150 && state.disc->medium().is_cd() &&
         state.layout().status() == DiscStatus::kBlank &&
         (track.validity & kNextWritableValid) != 0;
}

// Session-at-once continues a disc with the pregap, which the host sends; track-at-once behind it.
// cdrdao sets the write type before it asks (GenericMMC::getStartOfSession), and both it and wodim
// count 150 blocks from the answer to index 1; of a blank disc most drives say 0 all the same
// (burning.md 5, 6.3). A drive that refuses the write type there never gets that far.
bool continues_with_pregap(const DriveState& state, const TrackInformation& track) {
  const Layout& layout = state.layout();
  return state.disc->medium().is_cd() && layout.closed_sessions() > 0 &&
         state.personality.quirks.sao_on_appendable !=
             profiles::SaoOnAppendable::kRefusedAtModeSelect &&
         state.mode_pages.write_parameters().method == RecordingMethod::kSessionAtOnce &&
         (track.validity & kNextWritableValid) != 0 &&
         track.next_writable.value() == lba_field(layout.next_session_start()).value();
}

}  // namespace

Outcome read_disc_information(DriveState& state, const Request& request) {
  const std::uint8_t data_type = bit_field(request.byte(1), 0, 3);
  const Layout& layout = state.layout();
  if (data_type == 1) return track_resources(layout, request);
  if (data_type == 2) return overwrite_resources(layout, request);
  if (data_type != 0) return refuse(Fault::kInvalidFieldInCdb);
  const DiscView view = layout.disc_view();
  DiscInformation wire{
      .sessions_low = low(view.sessions),
      .first_track_in_last_session_low = low(view.first_track_in_last_session),
      .last_track_in_last_session_low = low(view.last_track_in_last_session),
      .validity = view.background_format,
      .disc_type = view.disc_type,
      .sessions_high = high(view.sessions),
      .first_track_in_last_session_high = high(view.first_track_in_last_session),
      .last_track_in_last_session_high = high(view.last_track_in_last_session),
      .last_session_lead_in = position_field(view.last_session_lead_in, layout.medium()),
      .last_possible_lead_out = position_field(view.last_possible_lead_out, layout.medium())};
  wire.status = static_cast<std::uint8_t>((layout.medium().erasable() ? kErasableBit : 0) |
                                          (static_cast<unsigned>(view.last_session) << 2U) |
                                          static_cast<unsigned>(view.status));
  const auto calibrated = opc_speeds(state);
  wire.opc_tables = static_cast<std::uint8_t>(calibrated.size());
  Reply reply;
  reply.append(wire);
  for (const Speed speed : calibrated)
    reply.append(OpcEntry{.speed = Be16(static_cast<std::uint16_t>(kilobytes_per_second(speed)))});
  return send(reply, request);
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
      if (refuses_track(state, address)) break;
      described = describe_by_number(layout, address);
      break;
    case 2:
      described = describe_by_session(layout, address);
      break;
    default:
      break;
  }
  if (!described) return refuse(described.error());
  if (counts_pregap(state, *described)) described->next_writable = lba_field(Lba{0} - kPregap);
  if (continues_with_pregap(state, *described))
    described->next_writable = lba_field(layout.next_session_start() - kPregap);
  Reply reply;
  reply.append(*described);
  reply.resize(track_information_size(layout.medium()));
  return send(reply, request);
}

}  // namespace simdrive
