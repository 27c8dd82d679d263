#include "engine/medium/kind.h"

#include <algorithm>
#include <array>

#include "engine/medium/session_cost.h"

namespace pregroove::medium {
namespace {

constexpr BlockCount kEccBlock{16};
constexpr BlockCount kCluster{32};

constexpr Traits cd(MediumKind kind, std::string_view name, Recording recording) {
  return {.kind = kind,
          .name = name,
          .recording = recording,
          .shortest_track = kMinimumTrack,
          .run_out = kRunOut};
}
constexpr Traits dvd(MediumKind kind, std::string_view name,
                     Recording recording = Recording::kNone) {
  return {.kind = kind,
          .name = name,
          .family = Family::kDvd,
          .recording = recording,
          .alignment = kEccBlock,
          .shortest_track = kEccBlock};
}
constexpr Traits bd(MediumKind kind, std::string_view name,
                    Recording recording = Recording::kNone) {
  return {.kind = kind,
          .name = name,
          .family = Family::kBd,
          .recording = recording,
          .alignment = kCluster,
          .shortest_track = kCluster};
}

// In the order of the enumeration.
constexpr auto kTable = std::to_array<Traits>({
    {.kind = MediumKind::kUnknown, .name = "unknown medium"},
    cd(MediumKind::kCdRom, "CD-ROM", Recording::kNone),
    cd(MediumKind::kCdR, "CD-R", Recording::kTrackAtOnce),
    cd(MediumKind::kCdRw, "CD-RW", Recording::kTrackAtOnce),
    dvd(MediumKind::kDvdRom, "DVD-ROM"),
    dvd(MediumKind::kDvdR, "DVD-R", Recording::kIncremental),
    dvd(MediumKind::kDvdRDualLayer, "DVD-R DL", Recording::kIncremental),
    dvd(MediumKind::kDvdRw, "DVD-RW", Recording::kIncremental),
    dvd(MediumKind::kDvdRwOverwrite, "DVD-RW", Recording::kOverwritten),
    dvd(MediumKind::kDvdRam, "DVD-RAM", Recording::kOverwritten),
    dvd(MediumKind::kDvdPlusRw, "DVD+RW", Recording::kOverwritten),
    dvd(MediumKind::kDvdPlusR, "DVD+R", Recording::kSequential),
    dvd(MediumKind::kDvdPlusRDualLayer, "DVD+R DL", Recording::kSequential),
    bd(MediumKind::kBdRom, "BD-ROM"),
    bd(MediumKind::kBdR, "BD-R", Recording::kSequential),
    bd(MediumKind::kBdRRandom, "BD-R"),
    bd(MediumKind::kBdRe, "BD-RE", Recording::kOverwritten),
});
static_assert([] {
  for (std::size_t index = 0; index < kTable.size(); ++index)
    if (static_cast<std::size_t>(kTable.at(index).kind) != index) return false;
  return true;
}());

}  // namespace

const Traits& traits_of(MediumKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  return kTable.at(index < kTable.size() ? index : 0);
}

std::string_view name_of(MediumKind kind) { return traits_of(kind).name; }

std::string_view name_of(WriteType type) {
  switch (type) {
    case WriteType::kNone:
      return "as the medium has it";
    case WriteType::kTrackAtOnce:
      return "track at once";
    case WriteType::kSessionAtOnce:
      return "session at once";
    case WriteType::kIncremental:
      return "incrementally";
    case WriteType::kDiscAtOnce:
      return "disc at once";
  }
  return "";
}

}  // namespace pregroove::medium
