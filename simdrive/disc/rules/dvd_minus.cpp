#include "simdrive/disc/rules/dvd_minus.h"

#include <algorithm>
#include <array>
#include "simdrive/disc/rules/dvd_rw_overwrite.h"

namespace simdrive {
namespace {

// Recalled, not read: RMD fields have room for so many RZones.
constexpr int kMostRZones = 2302;
// Recalled, not read: the RMD names an invisible RZone and two other ones that are open.
constexpr int kMostOpenRZones = 3;
constexpr int kMostReservedRZones = 2;
// Recalled, not read: what must be recorded before the lead-out so that it lies at the least radius
// that players need (growisofs warns of slow closing below it).
constexpr BlockCount kLeastBeforeLeadOut{380000};
// Recalled, not read: the length of a lead-in or lead-out that is written.
constexpr BlockCount kLeadOut{4096};

// Recalled, not read (ECMA-359, ECMA-338): sectors of a border zone by where the bordered area
// ends (1792, 2368 and 2944 ECC blocks; later 384, 480 and 608); physical sector numbers count from
// 30000h at LBA 0.
constexpr std::int32_t kFirstPhysicalSector = 0x30000;
struct BorderRow {
  std::int32_t last_physical_sector;
  BlockCount first_border;
  BlockCount later_border;
};
constexpr auto kBorders = std::to_array<BorderRow>({
    {0x0B25EF, {28672}, {6144}},
    {0x1656CF, {37888}, {7680}},
    {0x7FFFFFFF, {47104}, {9728}},
});

constexpr std::uint8_t kBlankWholeDisc = 0;
constexpr std::uint8_t kBlankMinimally = 1;

constexpr SequentialTable kTable{.alignment = kDvdEccBlock,
                                 .most_tracks = kMostRZones,
                                 .most_sessions = kMostRZones,
                                 .most_open_tracks = kMostOpenRZones,
                                 .most_reserved_tracks = kMostReservedRZones,
                                 .tells_last_recorded = true};

bool disc_at_once(const WriteMode& mode) { return mode.method == RecordingMethod::kSessionAtOnce; }

bool incremental(const WriteMode& mode) {
  return mode.method == RecordingMethod::kVariablePacket ||
         mode.method == RecordingMethod::kFixedPacket;
}

}  // namespace

DvdMinusRules::DvdMinusRules() : SequentialRules(kTable) {}

BlockCount DvdMinusRules::session_gap(const Layout& layout, int session) const {
  const auto tracks = layout.tracks();
  const auto last = std::find_if(tracks.rbegin(), tracks.rend(), [session](const Track& track) {
    return track.session == session;
  });
  if (last == tracks.rend()) return {};
  const std::int32_t end = last->end().value - 1 + kFirstPhysicalSector;
  const auto* const row = std::ranges::find_if(
      kBorders, [end](const BorderRow& border) { return end <= border.last_physical_sector; });
  return session == 1 ? row->first_border : row->later_border;
}

// Write types: 0 and 2 (Pioneer's command references). Disc-at-once fills the one reservation of a
// blank disc.
Ruling DvdMinusRules::check_mode(const Layout& layout, const Track* track,
                                 const WriteMode& mode) const {
  const bool at_once = track != nullptr && track->method == RecordingMethod::kDiscAtOnce;
  if (at_once != disc_at_once(mode)) {
    // Nothing is reserved yet.
    const bool too_early = layout.status() == DiscStatus::kBlank && disc_at_once(mode);
    return std::unexpected(too_early ? Refusal::kOutOfSequence : Refusal::kOtherSectorFormat);
  }
  if (!at_once && (!incremental(mode) || layout.recording().minimally_blanked))
    return std::unexpected(Refusal::kOtherSectorFormat);
  return {};
}

Ruling DvdMinusRules::reserve(Layout& layout, BlockCount size, const WriteMode& mode) const {
  if (layout.finalised()) return std::unexpected(Refusal::kDiscComplete);
  const bool possible = disc_at_once(mode)
                            ? layout.status() == DiscStatus::kBlank
                            : incremental(mode) && !layout.recording().minimally_blanked;
  if (!possible) return std::unexpected(Refusal::kOtherSectorFormat);
  const bool taken_at_once = std::ranges::any_of(layout.tracks(), [](const Track& track) {
    return track.method == RecordingMethod::kDiscAtOnce;
  });
  if (taken_at_once) return std::unexpected(Refusal::kOtherSectorFormat);
  return SequentialRules::reserve(layout, size, mode);
}

FormatCapacities DvdMinusRules::format_capacities(const Layout& layout) const {
  if (!layout.medium().erasable()) return SequentialRules::format_capacities(layout);
  return sequential_dvd_rw_format_capacities();
}

Effected DvdMinusRules::format(Layout& layout, const FormatRequest& request) const {
  if (!layout.medium().erasable()) return SequentialRules::format(layout, request);
  return format_dvd_rw(layout, request);
}

void DvdMinusRules::begin_track(Track& track, const WriteMode& mode) const {
  track.state = TrackState::kOpen;
  track.method = disc_at_once(mode) ? RecordingMethod::kDiscAtOnce : RecordingMethod::kIncremental;
  track.packet = track.method == RecordingMethod::kIncremental ? kDvdEccBlock : BlockCount{};
}

// The end of the data ends disc-at-once recording: the rest of the reservation is padded, lead-in
// and lead-out are written, and nothing can follow.
Effected DvdMinusRules::synchronize(Layout& layout, const WriteMode& mode) const {
  const Track* open = layout.open_track();
  if (open == nullptr || open->method != RecordingMethod::kDiscAtOnce)
    return SequentialRules::synchronize(layout, mode);
  auto effect = close_track(layout, open->number);
  if (!effect) return effect;
  const auto closed = close_session_with_effect(layout, false, SessionFormat::kCdRom);
  if (!closed) return closed;
  effect->laser_blocks += closed->laser_blocks;
  return effect;
}

// CLOSE TRACK repairs what an interruption left (burning.md 3.6: close it or give up).
Effected DvdMinusRules::close(Layout& layout, const CloseRequest& request,
                              const WriteMode& mode) const {
  auto effect = SequentialRules::close(layout, request, mode);
  if (effect && effect->changed && request.function == CloseFunction::kTrack)
    layout.edit().tracks[static_cast<std::size_t>(request.track - 1)].damaged = false;
  return effect;
}

// A dual-layer disc takes one session in practice (mmc.md 2.9).
Ruling DvdMinusRules::close_session(Layout& layout, bool another_may_follow, SessionFormat) const {
  const bool dual_layer = layout.medium().kind == MediumKind::kDvdRDualLayer;
  return SequentialRules::close_session(layout, another_may_follow && !dual_layer,
                                        SessionFormat::kCdRom);
}

BlockCount DvdMinusRules::closing_blocks(const Layout& layout, bool another_may_follow) const {
  if (another_may_follow) return SequentialRules::closing_blocks(layout, another_may_follow);
  const BlockCount recorded = layout.tracks().back().end() - Lba{0};
  return kLeadOut + std::max(kLeastBeforeLeadOut - recorded, BlockCount{});
}

Effected DvdMinusRules::blank(Layout& layout, std::uint8_t type, std::uint32_t) const {
  if (!layout.medium().erasable()) return std::unexpected(Refusal::kNotErasable);
  if (type != kBlankWholeDisc && type != kBlankMinimally)
    return std::unexpected(Refusal::kInvalidFunction);
  Recording blank;
  blank.calibrations = layout.recording().calibrations;
  blank.minimally_blanked = type == kBlankMinimally;
  layout.edit() = blank;
  if (type == kBlankWholeDisc)
    return Effect{.laser_blocks = layout.capacity(),
                  .changed = true,
                  .cleared = {{Lba{0}, layout.last_possible_lead_out()}}};
  // The recording management area and the lead-in.
  return Effect{.laser_blocks = kLeadOut, .changed = true};
}

Effected DvdMinusRules::repair(Layout& layout, int number) const {
  if (layout.track(number) == nullptr) return std::unexpected(Refusal::kNoSuchTrack);
  Track& track = layout.edit().tracks[static_cast<std::size_t>(number - 1)];
  if (!track.damaged) return Effect{};
  track.damaged = false;
  if (track.state != TrackState::kOpen) return Effect{.changed = true};
  const Padding padding{track.next_writable(), align(track.recorded) - track.recorded};
  track.recorded += padding.count;
  return Effect{.padding = {padding}, .changed = true};
}

// Pioneer R11: an RZone that grows is an incomplete track; a reserved one, empty or partly
// recorded, has a code of its own.
Refusal DvdMinusRules::hindrance(const Track& track) const {
  return track.reserved.value > 0 ? Refusal::kReservedTrackIncomplete : Refusal::kTrackIncomplete;
}

// Pioneer R8, table of track states: a disc-at-once RZone counts as reserved while it is empty.
void DvdMinusRules::classify(const Track& track, TrackView& view) const {
  SequentialRules::classify(track, view);
  view.packet = track.method == RecordingMethod::kIncremental;
  if (!view.packet && track.state != TrackState::kReserved) view.reserved = false;
}

void DvdMinusRules::classify_invisible(const Layout& layout, TrackView& view) const {
  SequentialRules::classify_invisible(layout, view);
  if (layout.recording().minimally_blanked) return;
  view.packet = true;
  view.packet_size = kDvdEccBlock;
}

}  // namespace simdrive
