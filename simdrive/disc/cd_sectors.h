// What lies at an address of a CD: the track and the index that its Q channel names, and the form
// of its sectors. Session-at-once recording knows it by index points, other ways by tracks alone.
#pragma once

#include <optional>

#include "simdrive/disc/layout.h"
#include "simdrive/disc/subchannel.h"

namespace simdrive {

struct SectorPlace {
  std::uint8_t track = 1;
  std::uint8_t index = 1;
  std::uint8_t control = 0;
  SectorFormat format = SectorFormat::kMode1;
  Lba track_start;  // of index 1
  Lba run_end;      // the address behind the last sector of which all this is true
};
// Of a sector that is recorded; nullopt for others, and before LBA 0.
[[nodiscard]] std::optional<SectorPlace> sector_place(const Layout& layout, Lba lba);

// The link blocks that the address is one of, if it is.
[[nodiscard]] const Extent* link_at(const Layout& layout, Lba lba);

// What the Q channel of the sector is made of. REQUIRES: place is that of the sector.
[[nodiscard]] SubchannelPlace subchannel_place(const Layout& layout, const SectorPlace& place);

// READ (10) can deliver blocks of this format, if perhaps not each of them.
[[nodiscard]] constexpr bool has_user_blocks(SectorFormat format) {
  return format != SectorFormat::kAudio && format != SectorFormat::kMode2;
}

}  // namespace simdrive
