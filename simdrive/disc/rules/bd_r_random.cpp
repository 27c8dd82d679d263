#include "simdrive/disc/rules/bd_r_random.h"

#include <algorithm>

namespace simdrive {
namespace {

// What the record of a disc has room for (README.md of simdrive/disc, "The disc file").
constexpr std::size_t kMostExtents = 24000;

Lba cluster_start(Lba lba) { return lba - BlockCount{lba.value % kBdCluster.value}; }
Lba cluster_end(Lba lba) { return cluster_start(lba + kBdCluster - BlockCount{1}); }

const std::vector<Extent>& written(const Layout& layout) { return layout.recording().written; }

// The first extent that ends behind the address.
std::vector<Extent>::const_iterator extent_behind(const Layout& layout, Lba lba) {
  return std::ranges::find_if(written(layout),
                              [lba](const Extent& extent) { return extent.end > lba; });
}

BlockCount written_blocks(const Layout& layout) {
  BlockCount blocks;
  for (const Extent& extent : written(layout)) blocks += extent.count();
  return blocks;
}

bool carries_on(const Layout& layout, Lba lba) {
  return std::ranges::find(written(layout), lba, &Extent::end) != written(layout).end();
}

// A write begins a cluster, or carries on in one that is not filled yet.
bool may_start_at(const Layout& layout, Lba lba) {
  return lba == cluster_start(lba) || carries_on(layout, lba);
}

}  // namespace

DiscStatus BdRRandomRules::status(const Layout& layout) const {
  return layout.finalised() ? DiscStatus::kComplete : DiscStatus::kRandomAccess;
}

BlockCount BdRRandomRules::capacity(const Layout& layout) const {
  return layout.recording().formatting.user_blocks;
}

// The first cluster that was never written.
std::optional<Lba> BdRRandomRules::next_writable_address(const Layout& layout) const {
  if (layout.finalised()) return std::nullopt;
  Lba next{0};
  for (const Extent& extent : written(layout)) {
    if (extent.start != next) break;
    next = cluster_end(extent.end);
  }
  if (next - Lba{0} >= capacity(layout)) return std::nullopt;
  return next;
}

BlockCount BdRRandomRules::free_blocks(const Layout& layout, const Track&) const {
  return capacity(layout) - written_blocks(layout);
}

Readability BdRRandomRules::readability(const Layout& layout, Lba lba) const {
  if (lba < Lba{0} || lba - Lba{0} >= capacity(layout)) return Readability::kBeyond;
  const auto found = extent_behind(layout, lba);
  const bool recorded = found != written(layout).end() && found->start <= lba;
  return recorded ? Readability::kUserData : Readability::kNotRecorded;
}

BlockCount BdRRandomRules::readable_run(const Layout& layout, Lba lba, BlockCount count) const {
  Lba end = lba;
  for (auto found = extent_behind(layout, lba);
       found != written(layout).end() && found->start <= end && end - lba < count; ++found)
    end = found->end;
  return std::min(end - lba, count);
}

// As of other media that can be written anywhere: one session, complete.
DiscView BdRRandomRules::disc_view(const Layout& layout) const {
  return {.status = status(layout), .last_session = LastSessionState::kComplete};
}

std::vector<TrackView> BdRRandomRules::track_views(const Layout& layout) const {
  return {TrackView{.number = 1,
                    .session = 1,
                    .size = capacity(layout),
                    .free = free_blocks(layout, Track{}),
                    .next_writable = next_writable_address(layout),
                    .data_mode = 1,
                    .end = Lba{0} + capacity(layout)}};
}

BlockCount BdRRandomRules::readable_capacity(const Layout& layout) const {
  return capacity(layout);
}

FormatCapacities BdRRandomRules::format_capacities(const Layout& layout) const {
  return {.state = CapacityState::kFormatted,
          .blocks = static_cast<std::uint32_t>(capacity(layout).value)};
}

pregroove::Status BdRRandomRules::check_invariants(const Layout& layout) const {
  const Recording& recording = layout.recording();
  const BlockCount blocks = recording.formatting.user_blocks;
  const auto starts_cluster = [](const Extent& extent) {
    return extent.start == cluster_start(extent.start);
  };
  const bool sound = recording.tracks.empty() && recording.closed_sessions.empty() &&
                     recording.remapped.value == 0 && blocks > BlockCount{} &&
                     blocks <= layout.medium().capacity() && blocks.value % kBdCluster.value == 0 &&
                     std::ranges::all_of(recording.written, starts_cluster) &&
                     (recording.written.empty() || recording.written.back().end - Lba{0} <= blocks);
  if (sound) return {};
  return broken_record("its written clusters");
}

Ruling BdRRandomRules::check_write(const Layout& layout, Lba lba, BlockCount count,
                                   const WriteMode&) const {
  if (layout.finalised()) return std::unexpected(Refusal::kDiscComplete);
  if (lba < Lba{0} || lba - Lba{0} + count > capacity(layout))
    return std::unexpected(Refusal::kDoesNotFit);
  if (!may_start_at(layout, lba)) return std::unexpected(Refusal::kNotNextWritableAddress);
  const auto next = extent_behind(layout, lba);
  if (next != written(layout).end() && next->start < lba + count)
    return std::unexpected(Refusal::kNotNextWritableAddress);
  if (!carries_on(layout, lba) && written(layout).size() >= kMostExtents)
    return std::unexpected(Refusal::kDoesNotFit);
  return {};
}

void BdRRandomRules::record_write(Layout& layout, Lba lba, BlockCount count,
                                  const WriteMode&) const {
  auto& extents = layout.edit().written;
  const auto next =
      std::ranges::find_if(extents, [lba](const Extent& extent) { return extent.start > lba; });
  auto place = extents.insert(next, Extent{lba, lba + count});
  if (place + 1 != extents.end() && (place + 1)->start == place->end) {
    place->end = (place + 1)->end;
    place = extents.erase(place + 1) - 1;
  }
  if (place == extents.begin() || (place - 1)->end != place->start) return;
  (place - 1)->end = place->end;
  extents.erase(place);
}

Effected BdRRandomRules::synchronize(Layout& layout, const WriteMode&) const {
  Effect effect;
  auto& extents = layout.edit().written;
  for (Extent& extent : extents) {
    const Padding padding{extent.end, cluster_end(extent.end) - extent.end};
    if (padding.count.value == 0) continue;
    effect.padding.push_back(padding);
    effect.changed = true;
    extent.end += padding.count;
  }
  for (std::size_t i = 1; i < extents.size();) {
    if (extents[i - 1].end != extents[i].start) {
      ++i;
      continue;
    }
    extents[i - 1].end = extents[i].end;
    extents.erase(extents.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return effect;
}

// There are no tracks and sessions to be closed, but the disc can be finalised.
Effected BdRRandomRules::close(Layout& layout, const CloseRequest& request,
                               const WriteMode& mode) const {
  if (request.function != CloseFunction::kFinaliseDisc)
    return std::unexpected(Refusal::kInvalidFunction);
  if (layout.finalised()) return std::unexpected(Refusal::kDiscComplete);
  auto effect = synchronize(layout, mode);
  layout.edit().finalised = true;
  effect->changed = true;
  return effect;
}

}  // namespace simdrive
