// The mode parameters of the drive: their defaults, what a host may change, and what they mean.
//
// Source: MMC-6 chapter 7 (write parameters 7.5, capabilities 7.11), SPC-4 7.5.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <vector>

#include "engine/scsi/numbers.h"
#include "simdrive/disc/layout.h"
#include "simdrive/drive/command_error.h"
#include "simdrive/drive/write_parameters.h"
#include "simdrive/profiles/personality.h"

namespace simdrive {

struct ModePageDefinition {
  std::uint8_t code = 0;
  std::vector<std::uint8_t> defaults;    // the whole page with its two header bytes
  std::vector<std::uint8_t> changeable;  // the same size: the bits that MODE SELECT may change
};

// Which values MODE SENSE asks for (SPC-4, PC field).
enum class PageControl : std::uint8_t { kCurrent, kChangeable, kDefault, kSaved };

class ModePages {
 public:
  explicit ModePages(const profiles::Personality& personality);

  // Pages in ascending order; the capabilities page is built from the drive's state elsewhere.
  [[nodiscard]] std::span<const ModePageDefinition> definitions() const { return definitions_; }
  // nullptr for a page that the drive does not have.
  [[nodiscard]] const std::vector<std::uint8_t>* values(std::uint8_t code,
                                                        PageControl control) const;
  // Takes over a page that a host sent, or says why not; then nothing has changed.
  [[nodiscard]] std::expected<void, CommandError> select(std::span<const std::uint8_t> page,
                                                         const WriteConditions& conditions);

  [[nodiscard]] WriteParameters write_parameters() const;
  // Whether the same values are in force.
  [[nodiscard]] bool same_values(const ModePages& other) const {
    return current_ == other.current_;
  }

 private:
  std::vector<ModePageDefinition> definitions_;
  std::vector<std::vector<std::uint8_t>> current_;
  bool accepts_anything_ = false;
  bool refuses_its_defaults_ = false;  // of the write parameters page
};

}  // namespace simdrive
