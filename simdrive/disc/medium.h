// The kinds of disc that can be bought, as data.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/base/units.h"
#include "simdrive/mechanics/medium_kind.h"
#include "simdrive/mechanics/speeds.h"

namespace simdrive {

using pregroove::BlockCount;
using pregroove::Lba;
using pregroove::Msf;

// The number of the MMC profile that a disc of this kind has as it is bought.
[[nodiscard]] std::uint16_t profile_of(MediumKind kind);
// What is written and corrected as a whole: an ECC block of a DVD, a cluster of a BD.
inline constexpr BlockCount kDvdEccBlock{16};
inline constexpr BlockCount kBdCluster{32};

// "CD-R".
[[nodiscard]] std::string_view name_of(MediumKind kind);

// What the pregroove of a CD says (ATIP, MMC-6 table "READ TOC/PMA/ATIP response data, format
// 0100b").
struct Atip {
  Msf lead_in;                            // start of the first lead-in; identifies the maker
  Msf last_possible_lead_out;             // the lead-out may not start later
  std::uint8_t indicative_power = 0;      // ITWP
  std::uint8_t reference_speed_code = 0;  // 001b means 2x
  std::uint8_t sub_type = 0;
  // Additional information A1; zero when the disc carries none.
  std::uint32_t additional_information_1 = 0;
};

struct Medium {
  std::string_view name;         // "cd-r-80": what the command line and the disc file call it
  std::string_view description;  // for people
  MediumKind kind = MediumKind::kCdR;
  Atip atip;          // CD-R and CD-RW
  BlockCount blocks;  // DVD, BD: the user area at its largest; 0 for a pressed disc, which
                      // is as large as its image
  int layers = 1;
  // What the disc says about its maker (ADIP, pre-recorded lead-in, disc information).
  std::string_view manufacturer;        // "MCC"
  std::string_view media_type;          // "004"
  std::span<const Speed> write_speeds;  // descending; empty for a pressed disc

  [[nodiscard]] MediumFamily family() const { return family_of(kind); }
  [[nodiscard]] bool is_cd() const { return family() == MediumFamily::kCd; }
  [[nodiscard]] bool pressed() const { return is_pressed(kind); }
  // Can be written again, whether by blanking, by formatting or in place.
  [[nodiscard]] bool erasable() const;
  // CD: the address where the last lead-out may start, counted from LBA 0; a track and its run-out
  // end before it. DVD and BD: the blocks of the user area.
  [[nodiscard]] BlockCount capacity() const;
};

[[nodiscard]] std::span<const Medium> all_media();
// nullptr for an unknown name. The pointer is to the table and stays valid.
[[nodiscard]] const Medium* find_medium(std::string_view name);

}  // namespace simdrive
