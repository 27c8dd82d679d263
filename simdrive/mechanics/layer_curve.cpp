#include "simdrive/mechanics/layer_curve.h"

#include <algorithm>
#include <cmath>

#include "engine/base/check.h"

namespace simdrive {
namespace {

constexpr double kNanosecondsPerSecond = 1e9;

double rate_of(Speed speed) { return std::max(speed, kSlowestSpeed).bytes_per_second; }

}  // namespace

LayerCurve::LayerCurve(const Spiral& spiral, std::span<const SpeedZone> zones, Speed outermost)
    : block_bytes_(passing_block_bytes(spiral.family)),
      inner_radius_(spiral.inner_radius_mm),
      outer_radius_(spiral.outer_radius_mm),
      area_per_block_(
          ((outer_radius_ * outer_radius_) - (inner_radius_ * inner_radius_)) /
          static_cast<double>(std::max<std::int64_t>(spiral.blocks_to_outer.value, 1))) {
  PREGROOVE_CHECK(!zones.empty());
  PREGROOVE_CHECK(0 < inner_radius_ && inner_radius_ < outer_radius_);
  for (std::size_t i = 0; i < zones.size(); ++i) {
    const std::int64_t start = i == 0 ? 0 : std::max(zones[i].first.value, 0);
    const std::int64_t end =
        i + 1 == zones.size() ? kWithoutEnd : std::max(zones[i + 1].first.value, 0);
    add_zone(start, end, rate_of(zones[i].speed), outermost.bytes_per_second);
  }
}

void LayerCurve::add_zone(std::int64_t start, std::int64_t end, double ceiling, double outermost) {
  if (end <= start) return;
  // From here on a disc that turns evenly would be faster than the zone.
  std::int64_t reached = start;
  if (outermost > 0) {
    constexpr double kFarOut = 1e15;
    const double position = position_at(ceiling / outermost * outer_radius_);
    reached = static_cast<std::int64_t>(std::ceil(std::clamp(position, 0.0, kFarOut)));
  }
  if (reached > start) add_piece(start, true, outermost);
  if (reached < end) add_piece(std::max(start, reached), false, ceiling);
}

void LayerCurve::add_piece(std::int64_t start, bool turns_evenly, double rate) {
  const double before = pieces_.empty() ? 0 : nanoseconds_to(start);
  pieces_.push_back({.start = start,
                     .turns_evenly = turns_evenly,
                     .rate = rate,
                     .start_radius = radius_at(static_cast<double>(start)),
                     .nanoseconds = before});
}

double LayerCurve::radius_at(double position) const {
  return std::sqrt((inner_radius_ * inner_radius_) + (area_per_block_ * position));
}

double LayerCurve::position_at(double radius) const {
  return ((radius * radius) - (inner_radius_ * inner_radius_)) / area_per_block_;
}

// Blocks per millimetre grow with the radius as the speed does, so the quotient is constant.
double LayerCurve::nanoseconds_per_mm(const Piece& piece) const {
  return 2 * block_bytes_ * outer_radius_ / (area_per_block_ * piece.rate) * kNanosecondsPerSecond;
}

std::size_t LayerCurve::index_of(std::int64_t position) const {
  const auto after = std::ranges::upper_bound(pieces_, position, {}, &Piece::start);
  return static_cast<std::size_t>(std::max<std::ptrdiff_t>(after - pieces_.begin() - 1, 0));
}

double LayerCurve::rate_at(std::int64_t position) const {
  const Piece& piece = pieces_[index_of(position)];
  if (!piece.turns_evenly) return piece.rate;
  return piece.rate * radius_at(static_cast<double>(position)) / outer_radius_;
}

double LayerCurve::nanoseconds_to(std::int64_t position) const {
  const Piece& piece = pieces_[index_of(position)];
  if (piece.turns_evenly) {
    const double radius = radius_at(static_cast<double>(position));
    return piece.nanoseconds + ((radius - piece.start_radius) * nanoseconds_per_mm(piece));
  }
  const double bytes = static_cast<double>(position - piece.start) * block_bytes_;
  return piece.nanoseconds + (bytes / piece.rate * kNanosecondsPerSecond);
}

double LayerCurve::position_after(double nanoseconds) const {
  const auto after = std::ranges::upper_bound(pieces_, nanoseconds, {}, &Piece::nanoseconds);
  const Piece& piece = after == pieces_.begin() ? pieces_.front() : *(after - 1);
  const double elapsed = nanoseconds - piece.nanoseconds;
  if (piece.turns_evenly)
    return position_at(piece.start_radius + (elapsed / nanoseconds_per_mm(piece)));
  return static_cast<double>(piece.start) +
         (elapsed / kNanosecondsPerSecond * piece.rate / block_bytes_);
}

std::int64_t LayerCurve::first_of_piece(std::int64_t position) const {
  return pieces_[index_of(position)].start;
}

std::int64_t LayerCurve::end_of_piece(std::int64_t position) const {
  const std::size_t next = index_of(position) + 1;
  return next < pieces_.size() ? pieces_[next].start : kWithoutEnd;
}

}  // namespace simdrive
