#include "simdrive/drive/speed_selection.h"

#include <algorithm>
#include <limits>

namespace simdrive {
namespace {

using profiles::RotationMode;
using profiles::SpeedMultiple;

// A disc whose size does not matter, or that is pressed: how far out its data go follows from the
// densities, which are those of recordable discs.
constexpr BlockCount kCdBlocks{std::int64_t{80} * pregroove::kFramesPerMinute};
constexpr BlockCount kDvdBlocks{2295104};
constexpr BlockCount kBdBlocks{12219392};
// An 8 cm disc holds less than this; the smallest one of 12 cm, 74 minutes.
constexpr BlockCount kSmallestFullSize{std::int64_t{60} * pregroove::kFramesPerMinute};

BlockCount nominal_blocks(MediumFamily family) {
  switch (family) {
    case MediumFamily::kCd:
      return kCdBlocks;
    case MediumFamily::kDvd:
      return kDvdBlocks;
    case MediumFamily::kBd:
      return kBdBlocks;
  }
  return kCdBlocks;
}

Spiral spiral_for(MediumFamily family, const Medium* medium) {
  if (medium == nullptr || medium->pressed())
    return spiral_of(family, DiscSize::k12cm, nominal_blocks(family));
  const BlockCount capacity = medium->capacity();
  const bool small = medium->is_cd() && capacity < kSmallestFullSize;
  const std::int64_t layers = std::max(medium->layers, 1);
  return spiral_of(family, small ? DiscSize::k8cm : DiscSize::k12cm,
                   BlockCount{(capacity.value + layers - 1) / layers}, layers);
}

Speed speed_of(MediumFamily family, SpeedMultiple multiple) {
  return {single_speed(family).bytes_per_second / 10 * multiple.tenths};
}

std::vector<Speed> speeds_of(MediumFamily family, std::span<const SpeedMultiple> multiples) {
  std::vector<Speed> speeds;
  for (const SpeedMultiple multiple : multiples) speeds.push_back(speed_of(family, multiple));
  if (speeds.empty()) speeds.push_back(single_speed(family));
  return speeds;
}

// DVD and BD are made for speeds from their slowest to their fastest one. A CD says only how fast
// it may be written: drives of the first years write a disc of today at 1x. A drive that has none
// of the speeds tries its slowest.
std::vector<Speed> within(const std::vector<Speed>& offered, const Medium& medium) {
  if (medium.write_speeds.empty()) return offered;
  const Speed slowest = medium.is_cd() ? Speed{} : medium.write_speeds.back();
  std::vector<Speed> speeds;
  std::ranges::copy_if(offered, std::back_inserter(speeds), [&](Speed speed) {
    return speed <= medium.write_speeds.front() && speed >= slowest;
  });
  if (speeds.empty()) speeds.push_back(offered.back());
  return speeds;
}

Speed selected(std::span<const Speed> offered, SpeedLimit limit) {
  return fastest_within(offered, limit.value_or(std::numeric_limits<std::uint32_t>::max()));
}

// The kind that stands for an empty drive.
MediumKind idle_kind(const profiles::Personality& personality) {
  if (personality.writes(MediumKind::kCdR)) return MediumKind::kCdR;
  const auto kinds = profiles::all_medium_kinds();
  const auto written =
      std::ranges::find_if(kinds, [&](MediumKind kind) { return personality.writes(kind); });
  return written == kinds.end() ? MediumKind::kCdR : *written;
}

}  // namespace

SpeedSelection::SpeedSelection(const profiles::Personality& personality)
    : personality_(&personality),
      kind_(idle_kind(personality)),
      spiral_(spiral_for(family_of(kind_), nullptr)),
      reading_{.offered = {}, .selected = {}, .curve = SpeedCurve::clv({}, spiral_)},
      writing_{.offered = {}, .selected = {}, .curve = SpeedCurve::clv({}, spiral_)} {
  insert(nullptr);
}

void SpeedSelection::insert(const Medium* medium) {
  const MediumKind idle = idle_kind(*personality_);
  kind_ = medium == nullptr ? idle : medium->kind;
  const MediumFamily family = family_of(kind_);
  spiral_ = spiral_for(family, medium);
  reading_.offered = speeds_of(family, personality_->read_speeds(kind_));
  const bool writable = medium != nullptr && !medium->pressed() && personality_->writes(kind_);
  writing_.offered = writable
                         ? within(speeds_of(family, personality_->write_speeds(kind_)), *medium)
                         : speeds_of(family_of(idle), personality_->write_speeds(idle));
  select();
}

void SpeedSelection::set_limits(SpeedLimit read, SpeedLimit write) {
  read_limit_ = read;
  write_limit_ = write;
  select();
}

void SpeedSelection::select() {
  reading_.selected = selected(reading_.offered, read_limit_);
  reading_.curve = curve_for(personality_->read_rotation(kind_), reading_.selected);
  writing_.selected = selected(writing_.offered, write_limit_);
  writing_.curve = curve_for(personality_->write_rotation(kind_), writing_.selected);
}

bool SpeedSelection::turns_evenly(const profiles::Rotation& rotation, Speed selected) const {
  constexpr std::uint32_t kWhole = 100;
  return rotation.mode == RotationMode::kCav && personality_->limits.cav_inner_percent < kWhole &&
         selected > speed_of(spiral_.family, rotation.clv_up_to);
}

bool SpeedSelection::writes_evenly_rotating(Speed speed) const {
  return turns_evenly(personality_->write_rotation(kind_), speed);
}

SpeedCurve SpeedSelection::curve_for(const profiles::Rotation& rotation, Speed selected) const {
  if (rotation.mode == RotationMode::kZclv && !rotation.zones.empty()) {
    std::vector<SpeedZone> zones;
    for (const profiles::SpeedZone& zone : rotation.zones)
      zones.push_back({.first = Lba{static_cast<std::int32_t>(std::min<std::uint32_t>(
                           zone.from_block, std::numeric_limits<std::int32_t>::max()))},
                       .speed = std::min(selected, speed_of(spiral_.family, zone.speed))});
    return SpeedCurve::zoned(zones, spiral_);
  }
  if (!turns_evenly(rotation, selected)) return SpeedCurve::clv(selected, spiral_);
  // The personality says how much slower the inner edge is, and so where it lies.
  Spiral spiral = spiral_;
  spiral.inner_radius_mm = spiral.outer_radius_mm * personality_->limits.cav_inner_percent / 100;
  return SpeedCurve::cav(selected, spiral);
}

}  // namespace simdrive
