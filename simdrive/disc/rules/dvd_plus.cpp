#include "simdrive/disc/rules/dvd_plus.h"

#include <algorithm>

namespace simdrive {
namespace {

// Pioneer R11: so many closed sessions; R8: so many reserved fragments, and the one behind them.
constexpr int kMostSessions = 153;
constexpr int kMostReservedFragments = 15;
// Pioneer R11: the last session of a dual-layer disc, and when the host moved the layer break.
constexpr int kLastDualLayerSession = 127;
constexpr int kLastSessionWithMovedBreak = 126;
// Recalled, not read (ECMA-349): what ends one session, and what begins the next one.
constexpr BlockCount kClosure{1024};
constexpr BlockCount kIntro{1024};
// Pioneer R11: with fewer than 65 ECC blocks left behind the closure the disc is finalised. That
// is an intro of 64 and one to write.
constexpr BlockCount kLeastRoom{65 * kDvdEccBlock.value};
// Recalled, not read: the blocks of layer 0 of a dual-layer disc between the radii of 24 mm, where
// the data begin, and 30 mm; from the area of the two rings to 58 mm.
constexpr BlockCount kThirtyMillimetres{242528};
// Recalled, not read: what is written at the end of layer 0 and the start of layer 1.
constexpr BlockCount kMiddleZones{12288};

constexpr SequentialTable kTable{.alignment = kDvdEccBlock,
                                 .most_tracks = kMostSessions + kMostReservedFragments,
                                 .most_sessions = kMostSessions,
                                 .most_open_tracks = kMostReservedFragments + 1,
                                 .most_reserved_tracks = kMostReservedFragments,
                                 .tells_last_recorded = true};

bool dual_layer(const Layout& layout) {
  return layout.medium().kind == MediumKind::kDvdPlusRDualLayer;
}

BlockCount layer_0(const Layout& layout) {
  return BlockCount{layout.last_possible_lead_out().value / 2};
}

int last_session(const Layout& layout) {
  if (!dual_layer(layout)) return kMostSessions;
  return layout.recording().layer_0.value > 0 ? kLastSessionWithMovedBreak : kLastDualLayerSession;
}

// The fragments of a session follow each other without a gap.
void merge_fragments(std::vector<Track>& tracks, int session) {
  const auto first = std::ranges::find(tracks, session, &Track::session);
  const BlockCount recorded = tracks.back().end() - first->start;
  *first = {.number = first->number,
            .session = session,
            .start = first->start,
            .recorded = recorded,
            .state = TrackState::kComplete,
            .method = RecordingMethod::kSequential};
  tracks.erase(first + 1, tracks.end());
}

}  // namespace

DvdPlusRules::DvdPlusRules() : SequentialRules(kTable) {}

BlockCount DvdPlusRules::capacity(const Layout& layout) const {
  const BlockCount chosen = layout.recording().layer_0;
  return chosen.value > 0 ? BlockCount{2 * chosen.value} : layout.medium().capacity();
}

BlockCount DvdPlusRules::session_gap(const Layout&, int) const { return kClosure + kIntro; }

// The write parameters page does not apply (MMC-6 7.5).
Ruling DvdPlusRules::check_mode(const Layout&, const Track*, const WriteMode&) const { return {}; }

void DvdPlusRules::begin_track(Track& track, const WriteMode&) const {
  track.state = TrackState::kOpen;
  track.method = RecordingMethod::kSequential;
}

bool DvdPlusRules::becomes_final(const Layout& layout) const {
  const int session = layout.closed_sessions() + 1;
  const Lba end = layout.tracks().back().end();
  if (session >= last_session(layout)) return true;
  if (layout.last_possible_lead_out() - (end + kClosure) < kLeastRoom) return true;
  return dual_layer(layout) && session == 1 && end - Lba{0} < kThirtyMillimetres;
}

BlockCount DvdPlusRules::closing_blocks(const Layout& layout, bool) const {
  const bool crosses_layers = dual_layer(layout) && layout.closed_sessions() == 0 &&
                              layout.tracks().back().end() - Lba{0} > layer_0(layout);
  return kClosure + kIntro + (crosses_layers ? kMiddleZones : BlockCount{});
}

Ruling DvdPlusRules::close_session(Layout& layout, bool another_may_follow,
                                   SessionFormat format) const {
  if (!holds_open_session(layout)) return {};
  const int session = layout.closed_sessions() + 1;
  const bool open = another_may_follow && !becomes_final(layout);
  if (auto ruling = SequentialRules::close_session(layout, open, format); !ruling) return ruling;
  merge_fragments(layout.edit().tracks, session);
  return {};
}

Effected DvdPlusRules::close(Layout& layout, const CloseRequest& request,
                             const WriteMode& mode) const {
  switch (request.function) {
    case CloseFunction::kTrack:
      return SequentialRules::close(layout, request, mode);
    // Recalled, not read: on two layers 100b closes the session too.
    case CloseFunction::kDualLayer:
      if (!dual_layer(layout)) return std::unexpected(Refusal::kInvalidFunction);
      [[fallthrough]];
    case CloseFunction::kSession:
      if (layout.finalised()) return std::unexpected(Refusal::kDiscComplete);
      return close_session_with_effect(layout, true, SessionFormat::kCdRom);
    case CloseFunction::kFinaliseMinimalRadius:
    case CloseFunction::kFinaliseDisc:
      return finalise(layout, SessionFormat::kCdRom);
    default:
      return std::unexpected(Refusal::kInvalidFunction);
  }
}

// Bytes 16 to 19 of READ DISC INFORMATION: the intro of the session that is open now, 0 before the
// first one is closed (Pioneer R11).
std::optional<Lba> DvdPlusRules::last_session_lead_in(const Layout& layout) const {
  if (layout.finalised()) return std::nullopt;
  if (layout.closed_sessions() == 0) return Lba{0};
  return layout.next_session_start() - kIntro;
}

std::optional<Lba> DvdPlusRules::last_possible_lead_out(const Layout& layout) const {
  if (layout.finalised()) return std::nullopt;
  return layout.last_possible_lead_out();
}

Ruling DvdPlusRules::set_layer_boundary(Layout& layout, BlockCount layer_0) const {
  if (!dual_layer(layout)) return std::unexpected(Refusal::kInvalidFunction);
  if (!layout.tracks().empty() || layout.recording().layer_0.value > 0)
    return std::unexpected(Refusal::kOutOfSequence);
  const bool possible = layer_0.value > 0 && layer_0.value % kDvdEccBlock.value == 0 &&
                        2 * layer_0.value <= layout.medium().capacity().value;
  if (!possible) return std::unexpected(Refusal::kInvalidFormat);
  layout.edit().layer_0 = layer_0;
  return {};
}

pregroove::Status DvdPlusRules::check_invariants(const Layout& layout) const {
  const BlockCount chosen = layout.recording().layer_0;
  const bool possible = chosen.value == 0 || (dual_layer(layout) && chosen.value > 0 &&
                                              chosen.value % kDvdEccBlock.value == 0 &&
                                              2 * chosen.value <= layout.medium().capacity().value);
  if (!possible) return broken_record("its layer break");
  return SequentialRules::check_invariants(layout);
}

}  // namespace simdrive
