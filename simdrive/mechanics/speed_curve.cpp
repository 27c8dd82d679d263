#include "simdrive/mechanics/speed_curve.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/base/check.h"

namespace simdrive {
namespace {

constexpr double kNanosecondsPerSecond = 1e9;
constexpr std::int64_t kLastAddress = std::numeric_limits<std::int32_t>::max();

Spiral sound(Spiral spiral) {
  spiral.layers = std::max<std::int64_t>(spiral.layers, 1);
  spiral.layer_blocks = std::max(spiral.layer_blocks, BlockCount{1});
  return spiral;
}

std::vector<SpeedZone> ascending(std::span<const SpeedZone> zones) {
  PREGROOVE_CHECK(!zones.empty());
  std::vector<SpeedZone> sorted(zones.begin(), zones.end());
  std::ranges::stable_sort(sorted, {}, &SpeedZone::first);
  return sorted;
}

Lba address(std::int64_t value) { return {static_cast<std::int32_t>(value)}; }

}  // namespace

SpeedCurve::SpeedCurve(const Spiral& spiral, std::vector<SpeedZone> zones, Speed outermost)
    : spiral_(sound(spiral)),
      zones_(std::move(zones)),
      outermost_(outermost),
      layer_(spiral_, zones_, outermost_) {}

SpeedCurve SpeedCurve::clv(Speed speed, const Spiral& spiral) {
  return {spiral, {{.first = Lba{0}, .speed = speed}}, Speed{}};
}

SpeedCurve SpeedCurve::cav(Speed outermost, const Spiral& spiral) {
  const Speed speed = std::max(outermost, kSlowestSpeed);
  return {spiral, {{.first = Lba{0}, .speed = speed}}, speed};
}

SpeedCurve SpeedCurve::zoned(std::span<const SpeedZone> zones, const Spiral& spiral) {
  return {spiral, ascending(zones), Speed{}};
}

SpeedCurve SpeedCurve::capped(Speed most) const {
  std::vector<SpeedZone> zones = zones_;
  for (SpeedZone& zone : zones) zone.speed = std::min(zone.speed, most);
  return {spiral_, std::move(zones), outermost_};
}

std::int64_t SpeedCurve::layer_of(std::int64_t address) const {
  return std::min(address / spiral_.layer_blocks.value, spiral_.layers - 1);
}

std::int64_t SpeedCurve::position_of(std::int64_t address) const {
  if (address < 0) return 0;
  if (single_layer()) return address;
  const std::int64_t inside = std::min(address, end() - 1);
  const std::int64_t layer = layer_of(inside);
  const std::int64_t offset = inside - (layer * spiral_.layer_blocks.value);
  return layer % 2 == 0 ? offset : spiral_.layer_blocks.value - 1 - offset;
}

Speed SpeedCurve::speed_at(Lba lba) const {
  return {static_cast<std::uint32_t>(std::llround(layer_.rate_at(position_of(lba.value))))};
}

double SpeedCurve::nanoseconds_at_constant(std::int64_t blocks, std::int64_t position) const {
  const double bytes = static_cast<double>(blocks) * passing_block_bytes(spiral_.family);
  return bytes / layer_.rate_at(position) * kNanosecondsPerSecond;
}

double SpeedCurve::nanoseconds_before(std::int64_t address) const {
  if (address < 0) return nanoseconds_at_constant(address, 0);
  if (single_layer()) return layer_.nanoseconds_to(address);
  if (address > end())
    return nanoseconds_before(end()) +
           nanoseconds_at_constant(address - end(), position_of(end() - 1));
  const std::int64_t blocks = spiral_.layer_blocks.value;
  const std::int64_t layer = layer_of(address);
  const std::int64_t offset = address - (layer * blocks);
  const double whole = layer_.nanoseconds_to(blocks);
  const double inside = layer % 2 == 0 ? layer_.nanoseconds_to(offset)
                                       : whole - layer_.nanoseconds_to(blocks - offset);
  return (static_cast<double>(layer) * whole) + inside;
}

Duration SpeedCurve::time_before(std::int64_t address) const {
  return Duration(std::llround(nanoseconds_before(address)));
}

double SpeedCurve::address_after(double nanoseconds) const {
  if (nanoseconds < 0) return nanoseconds / nanoseconds_at_constant(1, 0);
  if (single_layer()) return layer_.position_after(nanoseconds);
  const auto blocks = static_cast<double>(spiral_.layer_blocks.value);
  const double whole = layer_.nanoseconds_to(spiral_.layer_blocks.value);
  const double beyond = nanoseconds - (whole * static_cast<double>(spiral_.layers));
  if (beyond > 0)
    return static_cast<double>(end()) +
           (beyond / nanoseconds_at_constant(1, position_of(end() - 1)));
  const double layer =
      std::min(std::floor(nanoseconds / whole), static_cast<double>(spiral_.layers - 1));
  const double rest = nanoseconds - (layer * whole);
  const bool outwards = static_cast<std::int64_t>(layer) % 2 == 0;
  const double inside =
      outwards ? layer_.position_after(rest) : blocks - layer_.position_after(whole - rest);
  return (layer * blocks) + inside;
}

Duration SpeedCurve::time_to_pass(Lba first, BlockCount count) const {
  if (count.value <= 0) return Duration::zero();
  return time_before(first.value + count.value) - time_before(first.value);
}

BlockCount SpeedCurve::passed_within(Lba first, BlockCount most, Duration time) const {
  if (most.value <= 0 || time <= Duration::zero()) return {};
  if (time_to_pass(first, most) <= time) return most;
  const auto reached = static_cast<double>((time_before(first.value) + time).count());
  const auto guess = static_cast<std::int64_t>(std::floor(address_after(reached)));
  BlockCount passed{std::clamp<std::int64_t>(guess - first.value, 0, most.value - 1)};
  // The guess is off by one at most, where rounding put it on the wrong side of a block's edge.
  while (passed.value > 0 && time_to_pass(first, passed) > time) passed -= BlockCount{1};
  while (time_to_pass(first, passed + BlockCount{1}) <= time) passed += BlockCount{1};
  return passed;
}

std::int64_t SpeedCurve::last_of_stretch(std::int64_t address) const {
  if (address < 0) return -1;
  const std::int64_t position = position_of(address);
  if (single_layer()) return std::min(layer_.end_of_piece(position) - 1, kLastAddress);
  if (address >= end()) return kLastAddress;
  const std::int64_t layer_start = layer_of(address) * spiral_.layer_blocks.value;
  const std::int64_t last_position = spiral_.layer_blocks.value - 1;
  if (layer_of(address) % 2 == 0)
    return layer_start + std::min(layer_.end_of_piece(position) - 1, last_position);
  return layer_start + last_position - layer_.first_of_piece(position);
}

std::vector<NominalSpeed> SpeedCurve::nominal_speeds(Lba first, Lba last) const {
  std::vector<NominalSpeed> stretches;
  for (std::int64_t start = first.value; start <= last.value;) {
    const std::int64_t end = std::min<std::int64_t>(last_of_stretch(start), last.value);
    const NominalSpeed stretch{.start = address(start),
                               .start_speed = speed_at(address(start)),
                               .end = address(end),
                               .end_speed = speed_at(address(end))};
    const bool constant = stretch.start_speed == stretch.end_speed;
    if (constant && !stretches.empty() && stretches.back().start_speed == stretch.start_speed &&
        stretches.back().end_speed == stretch.end_speed)
      stretches.back().end = stretch.end;
    else
      stretches.push_back(stretch);
    start = end + 1;
  }
  return stretches;
}

}  // namespace simdrive
