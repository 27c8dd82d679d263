// The speed along one layer, from the inside to the outside: what SpeedCurve unfolds over layers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "simdrive/mechanics/spiral.h"

namespace simdrive {

// From this address of the first layer on; the other layers have the same zones at the same radii.
struct SpeedZone {
  Lba first;
  Speed speed;
};

// Positions are blocks from the inner radius; the spiral goes on beyond its last block. The speed
// is the zone's, or less where a disc that turns evenly does not reach it.
class LayerCurve {
 public:
  // outermost: the speed at the outer radius of a disc that turns evenly; 0: nothing limits the
  // rotation. REQUIRES: zones is not empty and ascends; 0 < inner radius < outer radius.
  LayerCurve(const Spiral& spiral, std::span<const SpeedZone> zones, Speed outermost);

  // Bytes a second, in the units of Speed. REQUIRES: position >= 0, here and below.
  [[nodiscard]] double rate_at(std::int64_t position) const;
  // The time from the inner radius to the start of a block, and back.
  [[nodiscard]] double nanoseconds_to(std::int64_t position) const;
  [[nodiscard]] double position_after(double nanoseconds) const;

  // The ends of the piece that a position belongs to: one zone, even rotation or constant speed.
  [[nodiscard]] std::int64_t first_of_piece(std::int64_t position) const;
  [[nodiscard]] std::int64_t end_of_piece(std::int64_t position) const;  // not included

  static constexpr std::int64_t kWithoutEnd = INT64_MAX;

 private:
  struct Piece {
    std::int64_t start = 0;
    bool turns_evenly = false;
    double rate = 1;          // bytes a second; where it turns evenly, at the outer radius
    double start_radius = 0;  // mm
    double nanoseconds = 0;   // that pass before the piece
  };

  void add_zone(std::int64_t start, std::int64_t end, double ceiling, double outermost);
  void add_piece(std::int64_t start, bool turns_evenly, double rate);
  [[nodiscard]] double radius_at(double position) const;
  [[nodiscard]] double position_at(double radius) const;
  // Nanoseconds that a millimetre of radius takes where the disc turns evenly.
  [[nodiscard]] double nanoseconds_per_mm(const Piece& piece) const;
  [[nodiscard]] std::size_t index_of(std::int64_t position) const;

  double block_bytes_;
  double inner_radius_;
  double outer_radius_;
  double area_per_block_;  // growth of the squared radius, mm2
  std::vector<Piece> pieces_;
};

}  // namespace simdrive
