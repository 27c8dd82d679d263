// The kinds of blank disc that can be bought, as data.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/base/units.h"
#include "simdrive/mechanics/speeds.h"

namespace simdrive {

using pregroove::BlockCount;
using pregroove::Lba;
using pregroove::Msf;

enum class MediumKind : std::uint8_t { kCdR, kCdRw };

struct Medium {
  std::string_view name;         // "cd-r-80": what the command line and the disc file call it
  std::string_view description;  // for people
  MediumKind kind = MediumKind::kCdR;
  // What the pregroove says (ATIP, MMC-6 table "READ TOC/PMA/ATIP response data, format 0100b").
  Msf lead_in;                            // start of the first lead-in; identifies the maker
  Msf last_possible_lead_out;             // the lead-out may not start later
  std::uint8_t indicative_power = 0;      // ITWP
  std::uint8_t reference_speed_code = 0;  // 001b means 2x
  std::uint8_t sub_type = 0;
  // Additional information A1; zero when the disc carries none.
  std::uint32_t additional_information_1 = 0;
  std::span<const Speed> write_speeds;  // descending

  [[nodiscard]] bool erasable() const { return kind == MediumKind::kCdRw; }
  // The address where the last lead-out may start, counted from LBA 0; a track and its run-out end
  // before it.
  [[nodiscard]] BlockCount capacity() const {
    return pregroove::lba_from_msf(last_possible_lead_out) - Lba{0};
  }
};

[[nodiscard]] std::span<const Medium> all_media();
// nullptr for an unknown name. The pointer is to the table and stays valid.
[[nodiscard]] const Medium* find_medium(std::string_view name);
// "CD-R".
[[nodiscard]] std::string_view name_of(MediumKind kind);

}  // namespace simdrive
