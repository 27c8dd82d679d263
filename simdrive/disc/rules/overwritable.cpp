#include "simdrive/disc/rules/overwritable.h"

#include <algorithm>

namespace simdrive {
namespace {

bool formatted(const Layout& layout) {
  return layout.recording().formatting.state != FormatState::kUnformatted;
}

}  // namespace

DiscStatus OverwritableRules::status(const Layout& layout) const {
  return formatted(layout) ? DiscStatus::kComplete : DiscStatus::kBlank;
}

BlockCount OverwritableRules::capacity(const Layout& layout) const {
  return formatted(layout) ? layout.recording().formatting.user_blocks : layout.medium().capacity();
}

std::optional<Lba> OverwritableRules::next_writable_address(const Layout& layout) const {
  if (!formatted(layout)) return std::nullopt;
  return Lba{0};
}

BlockCount OverwritableRules::free_blocks(const Layout&, const Track&) const { return {}; }

Readability OverwritableRules::readability(const Layout& layout, Lba lba) const {
  const bool within = lba >= Lba{0} && lba - Lba{0} < readable_capacity(layout);
  return within ? Readability::kUserData : Readability::kBeyond;
}

BlockCount OverwritableRules::readable_run(const Layout& layout, Lba lba, BlockCount count) const {
  if (readability(layout, lba) != Readability::kUserData) return {};
  return std::min(count, Lba{0} + readable_capacity(layout) - lba);
}

DiscView OverwritableRules::disc_view(const Layout& layout) const {
  return {
      .status = status(layout),
      .last_session = formatted(layout) ? LastSessionState::kComplete : LastSessionState::kEmpty};
}

std::vector<TrackView> OverwritableRules::track_views(const Layout& layout) const {
  return {TrackView{.number = 1,
                    .session = 1,
                    .size = capacity(layout),
                    .data_mode = 1,
                    .end = Lba{0} + capacity(layout)}};
}

BlockCount OverwritableRules::readable_capacity(const Layout& layout) const {
  return formatted(layout) ? capacity(layout) : BlockCount{};
}

pregroove::Status OverwritableRules::check_invariants(const Layout& layout) const {
  const Formatting& formatting = layout.recording().formatting;
  const bool sound = layout.tracks().empty() && layout.closed_sessions() == 0 &&
                     formatting.user_blocks >= BlockCount{} &&
                     formatting.user_blocks <= layout.medium().capacity();
  if (sound) return {};
  return pregroove::fail(pregroove::ErrorCode::kCorruptFile,
                         "the record of the disc contradicts itself: its formatting");
}

Ruling OverwritableRules::check_write(const Layout& layout, Lba lba, BlockCount count,
                                      const WriteMode&) const {
  if (!formatted(layout)) return std::unexpected(Refusal::kNotFormatted);
  if (lba < Lba{0} || lba - Lba{0} + count > capacity(layout))
    return std::unexpected(Refusal::kDoesNotFit);
  return {};
}

void OverwritableRules::record_write(Layout&, Lba, BlockCount, const WriteMode&) const {}

Effected OverwritableRules::close(Layout&, const CloseRequest&, const WriteMode&) const {
  return std::unexpected(Refusal::kInvalidFunction);
}

}  // namespace simdrive
