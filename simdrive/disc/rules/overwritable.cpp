#include "simdrive/disc/rules/overwritable.h"

#include <algorithm>

namespace simdrive {
namespace {

bool within(BlockCount value, BlockCount most) { return value >= BlockCount{} && value <= most; }

// Nothing is left of sequential recording.
bool holds_formatting_only(const Recording& recording) {
  return recording.tracks.empty() && recording.closed_sessions.empty() && !recording.finalised &&
         !recording.minimally_blanked && recording.layer_0.value == 0 &&
         recording.remapped.value == 0 && recording.index_points.empty() &&
         recording.cd_text.empty() && recording.links.empty() && recording.written.empty();
}

}  // namespace

Effect format_anew(Layout& layout, const Formatting& formatting, BlockCount laser_blocks) {
  Recording recording;
  recording.calibrations = layout.recording().calibrations;
  recording.formatting = formatting;
  layout.edit() = std::move(recording);
  return {.laser_blocks = laser_blocks,
          .changed = true,
          .cleared = {{Lba{0}, Lba{0} + layout.medium().capacity()}}};
}

DiscStatus OverwritableRules::status(const Layout& layout) const {
  return formatted(layout) ? DiscStatus::kComplete : DiscStatus::kBlank;
}

BlockCount OverwritableRules::capacity(const Layout& layout) const {
  return formatted(layout) ? formatting(layout).user_blocks : layout.medium().capacity();
}

std::optional<Lba> OverwritableRules::next_writable_address(const Layout& layout) const {
  if (!formatted(layout)) return std::nullopt;
  return Lba{0};
}

BlockCount OverwritableRules::free_blocks(const Layout&, const Track&) const { return {}; }

BlockCount OverwritableRules::recorded(const Layout& layout) const {
  return readable_capacity(layout);
}

// Formatting fills the user area with zeros. Recalled, not read: no source says what a drive
// returns for a block that was formatted and never written.
Readability OverwritableRules::readability(const Layout& layout, Lba lba) const {
  if (lba < Lba{0} || lba - Lba{0} >= readable_capacity(layout)) return Readability::kBeyond;
  return lba - Lba{0} < recorded(layout) ? Readability::kUserData : Readability::kNotRecorded;
}

BlockCount OverwritableRules::readable_run(const Layout& layout, Lba lba, BlockCount count) const {
  if (readability(layout, lba) != Readability::kUserData) return {};
  return std::min(count, Lba{0} + recorded(layout) - lba);
}

DiscView OverwritableRules::disc_view(const Layout& layout) const {
  if (!formatted(layout)) return {.status = status(layout)};
  return {.status = status(layout), .last_session = LastSessionState::kComplete, .disc_type = 0x00};
}

// The whole disc is one track. The last recorded address is that of the last block, so that the
// Linux kernel finds the size of the disc (mmc.md 2.6).
std::vector<TrackView> OverwritableRules::track_views(const Layout& layout) const {
  const BlockCount size = capacity(layout);
  TrackView view{.number = 1, .session = 1, .size = size, .end = Lba{0} + size};
  if (formatted(layout)) {
    view.data_mode = 1;
    if (size.value > 0) view.last_recorded = Lba{0} + size - BlockCount{1};
  } else {
    view.blank = true;
    view.invisible = true;
    view.free = size;
  }
  return {view};
}

BlockCount OverwritableRules::readable_capacity(const Layout& layout) const {
  return formatted(layout) ? capacity(layout) : BlockCount{};
}

FormatCapacities OverwritableRules::format_capacities(const Layout& layout) const {
  return {.state = formatted(layout) ? CapacityState::kFormatted : CapacityState::kUnformatted,
          .blocks = as_field(capacity(layout)),
          .formats = formats(layout)};
}

pregroove::Status OverwritableRules::check_invariants(const Layout& layout) const {
  const Formatting& now = formatting(layout);
  const BlockCount most = layout.medium().capacity();
  const bool sound = holds_formatting_only(layout.recording()) && within(now.user_blocks, most) &&
                     within(now.de_iced, now.user_blocks) &&
                     (formatted(layout) ? possible(layout.medium(), now) : now == Formatting{});
  if (sound) return {};
  return broken_record("its formatting");
}

Ruling OverwritableRules::check_write(const Layout& layout, Lba lba, BlockCount count,
                                      const WriteMode&) const {
  if (!formatted(layout)) return std::unexpected(Refusal::kNotFormatted);
  if (lba < Lba{0} || lba - Lba{0} + count > capacity(layout))
    return std::unexpected(Refusal::kDoesNotFit);
  return {};
}

Effected OverwritableRules::close(Layout&, const CloseRequest&, const WriteMode&) const {
  return std::unexpected(Refusal::kInvalidFunction);
}

}  // namespace simdrive
