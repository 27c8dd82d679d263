#include "simdrive/disc/rules/bd_r.h"

namespace simdrive {
namespace {

constexpr BlockCount kCluster{32};
// Recalled, not read: what the disc's management area and MMC allow is more than anybody uses.
constexpr int kMostTracks = 2302;
constexpr int kMostOpenTracks = 16;

constexpr SequentialTable kTable{.alignment = kCluster,
                                 .most_tracks = kMostTracks,
                                 .most_sessions = kMostTracks,
                                 .most_open_tracks = kMostOpenTracks};

}  // namespace

BdRRules::BdRRules() : SequentialRules(kTable) {}

void BdRRules::begin_track(Track& track, const WriteMode& mode) const {
  SequentialRules::begin_track(track, mode);
  track.format = SectorFormat::kMode1;
  track.method = RecordingMethod::kSequential;
}

}  // namespace simdrive
