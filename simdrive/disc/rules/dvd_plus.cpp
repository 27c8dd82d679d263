#include "simdrive/disc/rules/dvd_plus.h"

namespace simdrive {
namespace {

constexpr BlockCount kEccBlock{16};
// Pioneer R11: so many closed sessions, and so many open fragments.
constexpr int kMostSessions = 153;
constexpr int kMostOpenFragments = 15;
// Recalled, not read (ECMA-349): closure of one session and intro of the next one.
constexpr BlockCount kClosureAndIntro{2048};

constexpr SequentialTable kTable{.alignment = kEccBlock,
                                 .most_tracks = kMostSessions + kMostOpenFragments,
                                 .most_sessions = kMostSessions,
                                 .most_open_tracks = kMostOpenFragments};

}  // namespace

DvdPlusRules::DvdPlusRules() : SequentialRules(kTable) {}

BlockCount DvdPlusRules::session_gap(const Layout&, int) const { return kClosureAndIntro; }

void DvdPlusRules::begin_track(Track& track, const WriteMode& mode) const {
  SequentialRules::begin_track(track, mode);
  track.format = SectorFormat::kMode1;
  track.method = RecordingMethod::kSequential;
}

}  // namespace simdrive
