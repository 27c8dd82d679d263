#include "simdrive/disc/rules/pressed.h"

#include "engine/base/check.h"

namespace simdrive {
namespace {

// Recalled, not read: the longest CD (99 minutes less 2 seconds of pregap), a DVD and a BD with as
// many layers as are pressed.
constexpr BlockCount kLargestCdRom{445350};
constexpr BlockCount kLargestDvdRom{4173824};
constexpr BlockCount kLargestBdRom{48878592};

}  // namespace

BlockCount largest_pressed(MediumKind kind) {
  switch (kind) {
    case MediumKind::kCdRom:
      return kLargestCdRom;
    case MediumKind::kDvdRom:
      return kLargestDvdRom;
    default:
      PREGROOVE_CHECK(kind == MediumKind::kBdRom);
      return kLargestBdRom;
  }
}

PressedRules::PressedRules() : SequentialRules(SequentialTable{.most_tracks = 1}) {}

BlockCount PressedRules::capacity(const Layout& layout) const {
  return layout.tracks().empty() ? BlockCount{} : layout.tracks().front().recorded;
}

std::uint8_t PressedRules::disc_type(const Layout& layout) const {
  return static_cast<std::uint8_t>(layout.recording().closed_sessions.front().format);
}

pregroove::Status PressedRules::check_invariants(const Layout& layout) const {
  const Recording& recording = layout.recording();
  const bool sound = recording.tracks.size() == 1 && recording.closed_sessions.size() == 1 &&
                     recording.finalised && recording.formatting == Formatting{} &&
                     recording.tracks.front().method == RecordingMethod::kPressed &&
                     recording.tracks.front().state == TrackState::kComplete &&
                     recording.tracks.front().recorded.value > 0 &&
                     recording.tracks.front().recorded <= largest_pressed(layout.medium().kind);
  if (sound) return SequentialRules::check_invariants(layout);
  return broken_record("it is a pressed disc");
}

Ruling PressedRules::check_write(const Layout&, Lba, BlockCount, const WriteMode&) const {
  return std::unexpected(Refusal::kReadOnlyMedium);
}

Ruling PressedRules::reserve(Layout&, BlockCount, const WriteMode&) const {
  return std::unexpected(Refusal::kReadOnlyMedium);
}

Effected PressedRules::close(Layout&, const CloseRequest&, const WriteMode&) const {
  return std::unexpected(Refusal::kReadOnlyMedium);
}

}  // namespace simdrive
