// The speed at every address of a disc: constant (CLV), constant rotation (CAV), zones (ZCLV).
//
// The figures are nominal (spiral.h). Times are closed forms over a few pieces, without a loop over
// blocks; passing a range in parts takes exactly as long as passing it at once.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "simdrive/mechanics/layer_curve.h"
#include "simdrive/mechanics/spiral.h"

namespace simdrive {

// What GET PERFORMANCE type 00h says of a stretch (MMC-6 6.8): the speed goes from the one to the
// other. Both addresses belong to it.
struct NominalSpeed {
  Lba start;
  Speed start_speed;
  Lba end;
  Speed end_speed;

  constexpr bool operator==(const NominalSpeed&) const = default;
};

// A plain value. A speed below kSlowestSpeed counts as that. Before the first address and after the
// last one of several layers the nearest speed holds on; a single layer's spiral goes on outwards.
class SpeedCurve {
 public:
  [[nodiscard]] static SpeedCurve clv(Speed speed, const Spiral& spiral);
  // The speed is the one at the outer radius; at the inner one it is lower as the radii are.
  [[nodiscard]] static SpeedCurve cav(Speed outermost, const Spiral& spiral);
  // Zones in any order; the one of the lowest address also holds for what comes before it.
  // REQUIRES: zones is not empty.
  [[nodiscard]] static SpeedCurve zoned(std::span<const SpeedZone> zones, const Spiral& spiral);

  // The same curve, nowhere faster than this: CAV turns into CLV where it would be exceeded.
  [[nodiscard]] SpeedCurve capped(Speed most) const;

  [[nodiscard]] const Spiral& spiral() const { return spiral_; }
  [[nodiscard]] Speed speed_at(Lba lba) const;

  // A negative count takes no time.
  [[nodiscard]] Duration time_to_pass(Lba first, BlockCount count) const;
  // The whole blocks, at most this many, that pass in the time.
  [[nodiscard]] BlockCount passed_within(Lba first, BlockCount most, Duration time) const;

  // First to last address, both included, without gaps: one for CLV, one for each direction of CAV,
  // one for each zone. Empty when last is before first.
  [[nodiscard]] std::vector<NominalSpeed> nominal_speeds(Lba first, Lba last) const;

 private:
  SpeedCurve(const Spiral& spiral, std::vector<SpeedZone> zones, Speed outermost);

  [[nodiscard]] bool single_layer() const { return spiral_.layers == 1; }
  [[nodiscard]] std::int64_t end() const { return spiral_.layer_blocks.value * spiral_.layers; }
  // The layer of an address of the disc, or of its end.
  [[nodiscard]] std::int64_t layer_of(std::int64_t address) const;
  // How far from the inner radius the block lies.
  [[nodiscard]] std::int64_t position_of(std::int64_t address) const;
  // From address 0 on; exact as an integer so that parts add up.
  [[nodiscard]] Duration time_before(std::int64_t address) const;
  [[nodiscard]] double nanoseconds_before(std::int64_t address) const;
  [[nodiscard]] double nanoseconds_at_constant(std::int64_t blocks, std::int64_t position) const;
  [[nodiscard]] double address_after(double nanoseconds) const;
  // The last address of the stretch without a change of law or direction.
  [[nodiscard]] std::int64_t last_of_stretch(std::int64_t address) const;

  Spiral spiral_;
  std::vector<SpeedZone> zones_;  // ascending
  Speed outermost_;               // of a disc that turns evenly; 0: nothing limits the rotation
  LayerCurve layer_;
};

}  // namespace simdrive
