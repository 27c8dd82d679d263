#include "simdrive/disc/rules/bd_r.h"

#include <algorithm>

namespace simdrive {
namespace {

// Recalled, not read: what the disc's management area and MMC allow is more than anybody uses.
constexpr int kMostTracks = 2302;
// Recalled, not read: sequential recording ranges that can be open at a time.
constexpr int kMostOpenTracks = 16;

constexpr SequentialTable kTable{.alignment = kBdCluster,
                                 .most_tracks = kMostTracks,
                                 .most_sessions = kMostTracks,
                                 .most_open_tracks = kMostOpenTracks,
                                 .most_reserved_tracks = kMostOpenTracks - 1,
                                 .tells_last_recorded = true};

// FORMAT UNIT: type 00h gives the default spare areas, 32h those that the host wants. The
// sub-types (Pioneer BDR-203).
constexpr std::uint8_t kDefaultSpares = 0x00;
constexpr std::uint8_t kChosenSpares = 0x32;
constexpr std::uint8_t kSequentialWithOverwrite = 0;
constexpr std::uint8_t kSequential = 1;
constexpr std::uint8_t kRandom = 2;

// Clusters of spare areas on a layer: the inner one, and the outer one by default (BDR-203) and
// at most (the list of a BD-RE, burning.md 4.3; recalled, not read, that BD-R is alike).
constexpr std::int64_t kInnerSpare = 4096;
constexpr std::int64_t kDefaultOuterSpare = 8192;
constexpr std::int64_t kLargestOuterSpare = 16384;

std::int64_t spare_clusters(const Medium& medium, std::int64_t outer_spare) {
  return medium.layers * (kInnerSpare + outer_spare);
}

BlockCount blocks_with(const Medium& medium, std::int64_t outer_spare) {
  return medium.capacity() - BlockCount{spare_clusters(medium, outer_spare) * kBdCluster.value};
}

bool formatted(const Recording& recording) {
  return recording.formatting.state == FormatState::kFormatted;
}

FormatDescriptor descriptor(const Medium& medium, std::uint8_t type, std::uint8_t sub_type,
                            std::int64_t outer_spare) {
  return {.blocks = static_cast<std::uint32_t>(blocks_with(medium, outer_spare).value),
          .type = type,
          .sub_type = sub_type,
          .parameter = static_cast<std::uint32_t>(spare_clusters(medium, outer_spare))};
}

bool can_be_formatted(const Layout& layout) {
  return layout.tracks().empty() && !formatted(layout.recording());
}

// Blocks behind everything that is written or reserved, less those that replace others.
BlockCount room_at_the_end(const Layout& layout) {
  const Lba end = layout.tracks().empty() ? Lba{0} : layout.tracks().back().end();
  return layout.last_possible_lead_out() - end - layout.recording().remapped;
}

// What overwriting takes: a new place for each cluster that is touched.
BlockCount replacement(Lba lba, BlockCount count) {
  const std::int64_t first = lba.value / kBdCluster.value;
  const std::int64_t last = ((lba + count).value - 1) / kBdCluster.value;
  return BlockCount{(last - first + 1) * kBdCluster.value};
}

bool overwrites(const Layout& layout, Lba lba) {
  return is_pseudo_overwritable(layout.recording()) && layout.track_with_data_at(lba) != nullptr;
}

}  // namespace

bool is_pseudo_overwritable(const Recording& recording) {
  return formatted(recording) && recording.formatting.sub_type == kSequentialWithOverwrite;
}

bool is_random_recording(const Recording& recording) {
  return formatted(recording) && recording.formatting.sub_type == kRandom;
}

BdRRules::BdRRules() : SequentialRules(kTable) {}

// A formatted disc is no blank one any more, even before anything is written: it is appendable,
// with one empty session (mmc.md 2.5).
DiscStatus BdRRules::status(const Layout& layout) const {
  const DiscStatus status = SequentialRules::status(layout);
  const bool empty = status == DiscStatus::kBlank;
  return empty && formatted(layout.recording()) ? DiscStatus::kAppendable : status;
}

BlockCount BdRRules::capacity(const Layout& layout) const {
  const Formatting& formatting = layout.recording().formatting;
  return formatted(layout.recording()) ? formatting.user_blocks : layout.medium().capacity();
}

BlockCount BdRRules::free_blocks(const Layout& layout, const Track& track) const {
  const BlockCount free = SequentialRules::free_blocks(layout, track);
  const bool grows = track.state == TrackState::kOpen && track.reserved.value == 0;
  return grows ? std::max(free - layout.recording().remapped, BlockCount{}) : free;
}

BlockCount BdRRules::free_blocks(const Layout& layout, const InvisibleTrack& track) const {
  const BlockCount free = SequentialRules::free_blocks(layout, track);
  return std::max(free - layout.recording().remapped, BlockCount{});
}

// Recalled, not read: the sessions of a disc with pseudo-overwriting are never closed, and yet it
// can be mounted; so what is recorded counts there.
BlockCount BdRRules::readable_capacity(const Layout& layout) const {
  if (!is_pseudo_overwritable(layout.recording()) || layout.tracks().empty())
    return SequentialRules::readable_capacity(layout);
  const auto tracks = layout.tracks();
  const auto last = std::find_if(tracks.rbegin(), tracks.rend(),
                                 [](const Track& track) { return track.recorded.value > 0; });
  return last == tracks.rend() ? BlockCount{} : last->next_writable() - Lba{0};
}

FormatCapacities BdRRules::format_capacities(const Layout& layout) const {
  const Medium& medium = layout.medium();
  FormatCapacities capacities{.state = CapacityState::kFormatted,
                              .blocks = static_cast<std::uint32_t>(capacity(layout).value)};
  if (!can_be_formatted(layout)) return capacities;
  capacities.state = CapacityState::kUnformatted;
  capacities.formats = {
      descriptor(medium, kDefaultSpares, kSequentialWithOverwrite, kDefaultOuterSpare),
      descriptor(medium, kDefaultSpares, kSequential, kDefaultOuterSpare),
      descriptor(medium, kDefaultSpares, kRandom, kDefaultOuterSpare),
      descriptor(medium, kChosenSpares, kSequentialWithOverwrite, kDefaultOuterSpare),
      descriptor(medium, kChosenSpares, kSequentialWithOverwrite, kLargestOuterSpare),
      descriptor(medium, kChosenSpares, kSequentialWithOverwrite, 0),
  };
  return capacities;
}

// The page does not apply (MMC-6 7.5).
Ruling BdRRules::check_mode(const Layout&, const Track*, const WriteMode&) const { return {}; }

void BdRRules::begin_track(Track& track, const WriteMode&) const {
  track.state = TrackState::kOpen;
  track.method = RecordingMethod::kSequential;
}

Ruling BdRRules::check_write(const Layout& layout, Lba lba, BlockCount count,
                             const WriteMode& mode) const {
  if (layout.finalised() || !overwrites(layout, lba))
    return SequentialRules::check_write(layout, lba, count, mode);
  if (layout.readable_run(lba, count) < count)
    return std::unexpected(Refusal::kNotNextWritableAddress);
  if (replacement(lba, count) > room_at_the_end(layout))
    return std::unexpected(Refusal::kDoesNotFit);
  return {};
}

void BdRRules::record_write(Layout& layout, Lba lba, BlockCount count,
                            const WriteMode& mode) const {
  if (overwrites(layout, lba))
    layout.edit().remapped += replacement(lba, count);
  else
    SequentialRules::record_write(layout, lba, count, mode);
}

Effected BdRRules::close(Layout& layout, const CloseRequest& request, const WriteMode& mode) const {
  switch (request.function) {
    case CloseFunction::kTrack:
      return SequentialRules::close(layout, request, mode);
    case CloseFunction::kSession:
      if (layout.finalised()) return std::unexpected(Refusal::kDiscComplete);
      // As drives answer (dvd+rw-tools; Debian bug 713016).
      if (is_pseudo_overwritable(layout.recording()))
        return std::unexpected(Refusal::kTrackIncomplete);
      return close_session_with_effect(layout, true, SessionFormat::kCdRom);
    case CloseFunction::kFinaliseDisc:
      return finalise(layout, SessionFormat::kCdRom);
    default:
      return std::unexpected(Refusal::kInvalidFunction);
  }
}

Effected BdRRules::format(Layout& layout, const FormatRequest& request) const {
  const Medium& medium = layout.medium();
  const bool known_type = request.type == kDefaultSpares || request.type == kChosenSpares;
  if (!known_type || !can_be_formatted(layout)) return std::unexpected(Refusal::kOtherMediumFormat);
  if (request.sub_type > kRandom) return std::unexpected(Refusal::kInvalidFormat);
  BlockCount blocks = blocks_with(medium, kDefaultOuterSpare);
  if (request.type == kChosenSpares) {
    blocks = BlockCount{request.blocks};
    const bool possible = blocks.value % kBdCluster.value == 0 &&
                          blocks <= blocks_with(medium, 0) &&
                          blocks >= blocks_with(medium, kLargestOuterSpare);
    if (!possible) return std::unexpected(Refusal::kInvalidFormat);
  }
  layout.edit().formatting = {.state = FormatState::kFormatted,
                              .type = request.type,
                              .sub_type = request.sub_type,
                              .user_blocks = blocks};
  return Effect{.laser_blocks = kBdCluster, .changed = true};
}

pregroove::Status BdRRules::check_invariants(const Layout& layout) const {
  const Recording& recording = layout.recording();
  const Formatting& formatting = recording.formatting;
  const bool whole_clusters = formatting.user_blocks.value % kBdCluster.value == 0 &&
                              recording.remapped.value % kBdCluster.value == 0;
  const bool possible = whole_clusters && formatting.user_blocks >= BlockCount{} &&
                        formatting.user_blocks <= layout.medium().capacity() &&
                        recording.remapped >= BlockCount{} && recording.written.empty() &&
                        (recording.remapped.value == 0 || is_pseudo_overwritable(recording));
  if (!possible) return broken_record("its formatting");
  PREGROOVE_RETURN_IF_ERROR(SequentialRules::check_invariants(layout));
  if (room_at_the_end(layout) < BlockCount{}) return broken_record("too much is remapped");
  return {};
}

}  // namespace simdrive
