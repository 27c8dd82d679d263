// How fast the drive reads and writes the disc that is in it: what it offers, what the host chose
// of that, and the curves over the address that follow. Commands report what is here, and virtual
// time passes by it, so the two always agree.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "simdrive/disc/medium.h"
#include "simdrive/mechanics/speed_curve.h"
#include "simdrive/profiles/personality.h"

namespace simdrive {

// Units of 1000 bytes a second, as the host asks; none: as fast as possible.
using SpeedLimit = std::optional<std::uint32_t>;

class SpeedSelection {
 public:
  // Without a disc. REQUIRES: the personality outlives it.
  explicit SpeedSelection(const profiles::Personality& personality);

  // Another disc, or none: then the speeds are those of a CD-R, or of the first kind that the drive
  // knows. The limits stay.
  void insert(const Medium* medium);
  void set_limits(SpeedLimit read, SpeedLimit write);

  // What the drive offers, and of the writing speeds only those that the disc is made for;
  // descending, never empty.
  [[nodiscard]] std::span<const Speed> read_speeds() const { return reading_.offered; }
  [[nodiscard]] std::span<const Speed> write_speeds() const { return writing_.offered; }
  // The fastest within the limit. With constant rotation it is reached at the outer edge.
  [[nodiscard]] Speed read_speed() const { return reading_.selected; }
  [[nodiscard]] Speed write_speed() const { return writing_.selected; }
  [[nodiscard]] const SpeedCurve& read_curve() const { return reading_.curve; }
  [[nodiscard]] const SpeedCurve& write_curve() const { return writing_.curve; }
  // Whether the disc would turn evenly while it is written at an offered speed.
  [[nodiscard]] bool writes_evenly_rotating(Speed speed) const;

 private:
  struct Direction {
    std::vector<Speed> offered;
    Speed selected;
    SpeedCurve curve;
  };

  [[nodiscard]] SpeedCurve curve_for(const profiles::Rotation& rotation, Speed selected) const;
  [[nodiscard]] bool turns_evenly(const profiles::Rotation& rotation, Speed selected) const;
  void select();

  const profiles::Personality* personality_;
  MediumKind kind_;
  Spiral spiral_;
  SpeedLimit read_limit_;
  SpeedLimit write_limit_;
  Direction reading_;
  Direction writing_;
};

}  // namespace simdrive
