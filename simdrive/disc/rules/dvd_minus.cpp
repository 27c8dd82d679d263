#include "simdrive/disc/rules/dvd_minus.h"

namespace simdrive {
namespace {

// Blocks in an ECC block.
constexpr BlockCount kEccBlock{16};
// Recalled, not read: RMD field 1 has room for so many RZones.
constexpr int kMostRZones = 2302;
// Recalled, not read (ECMA-359): a first border zone near the inner radius, and later ones.
constexpr BlockCount kFirstBorder{28672};
constexpr BlockCount kLaterBorder{6144};

constexpr SequentialTable kTable{
    .alignment = kEccBlock, .most_tracks = kMostRZones, .most_sessions = kMostRZones};

}  // namespace

DvdMinusRules::DvdMinusRules() : SequentialRules(kTable) {}

BlockCount DvdMinusRules::session_gap(const Layout&, int closed_session) const {
  return closed_session == 1 ? kFirstBorder : kLaterBorder;
}

void DvdMinusRules::begin_track(Track& track, const WriteMode& mode) const {
  SequentialRules::begin_track(track, mode);
  track.format = SectorFormat::kMode1;
  track.method = mode.method == RecordingMethod::kSessionAtOnce ? RecordingMethod::kDiscAtOnce
                                                                : RecordingMethod::kIncremental;
  track.packet = track.method == RecordingMethod::kIncremental ? kEccBlock : BlockCount{};
}

void DvdMinusRules::classify(const Track& track, TrackView& view) const {
  SequentialRules::classify(track, view);
  view.packet = track.method == RecordingMethod::kIncremental;
}

void DvdMinusRules::classify_invisible(TrackView& view) const {
  SequentialRules::classify_invisible(view);
  view.packet = true;
  view.packet_size = kEccBlock;
}

}  // namespace simdrive
