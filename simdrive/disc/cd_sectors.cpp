#include "simdrive/disc/cd_sectors.h"

#include <algorithm>
#include <string>

namespace simdrive {
namespace {

template <std::size_t kSize>
std::string text_of(const std::array<char, kSize>& field) {
  return field.front() == '\0' ? std::string() : std::string(field.begin(), field.end());
}

// The index point that is in force: the last one that starts here or before.
const IndexPoint* point_at(const Layout& layout, Lba lba) {
  const auto& points = layout.recording().index_points;
  const auto next = std::ranges::upper_bound(points, lba, {}, &IndexPoint::start);
  return next == points.begin() ? nullptr : &*std::prev(next);
}

std::optional<Lba> next_point(const Layout& layout, Lba lba) {
  const auto& points = layout.recording().index_points;
  const auto next = std::ranges::upper_bound(points, lba, {}, &IndexPoint::start);
  return next == points.end() ? std::nullopt : std::optional(next->start);
}

SectorPlace place_in_track(const Track& track) {
  return {.track = static_cast<std::uint8_t>(track.number),
          .control = track.control,
          .format = track.format,
          .track_start = track.start,
          .run_end = track.next_writable()};
}

}  // namespace

std::optional<SectorPlace> sector_place(const Layout& layout, Lba lba) {
  if (lba < Lba{0}) return std::nullopt;
  const Track* track = layout.track_with_data_at(lba);
  const IndexPoint* point = point_at(layout, lba);
  if (track != nullptr && !track->at_once()) return place_in_track(*track);
  if (point == nullptr)
    return track == nullptr ? std::nullopt : std::optional(place_in_track(*track));
  const Track* named = layout.track(point->track);
  // Before the first index 1 of a session there is a pause that belongs to no track yet.
  const bool first_pause = track == nullptr && point->index == 0 && named != nullptr &&
                           named->at_once() && lba < named->start && named->recorded.value > 0;
  if (track == nullptr && !first_pause) return std::nullopt;
  SectorPlace place{.track = point->track,
                    .index = point->index,
                    .control = point->control,
                    .format = point->format,
                    .track_start = named != nullptr ? named->start : track->next_writable(),
                    .run_end = first_pause ? named->start : track->next_writable()};
  if (const auto next = next_point(layout, lba)) place.run_end = std::min(place.run_end, *next);
  return place;
}

const Extent* link_at(const Layout& layout, Lba lba) {
  const auto& links = layout.recording().links;
  const auto found = std::ranges::upper_bound(links, lba, {}, &Extent::end);
  return found != links.end() && found->start <= lba ? &*found : nullptr;
}

SubchannelPlace subchannel_place(const Layout& layout, const SectorPlace& place) {
  SubchannelPlace result{.control = place.control,
                         .track = place.track,
                         .index = place.index,
                         .track_start = place.track_start,
                         .catalog_number = text_of(layout.recording().catalogue)};
  if (const Track* track = layout.track(place.track)) result.isrc = text_of(track->isrc);
  // A record from a file may hold anything.
  if (!is_catalog_number(result.catalog_number)) result.catalog_number.clear();
  if (!is_isrc(result.isrc)) result.isrc.clear();
  const Track* following = layout.track(place.track + 1);
  if (following != nullptr && following->format == SectorFormat::kAudio)
    result.next_start = following->start;
  return result;
}

}  // namespace simdrive
