// The rules of DVD-RW in restricted overwrite mode.
//
// A full format makes all of it writable. A quick format (15h) and a quick grow (13h) lead to the
// intermediate state: recording goes on where the formatted part ends, and CLOSE SESSION ends it.
// BLANK makes the disc sequential again (rules/dvd_minus.h). Sources: MMC-6 4.4.3 and 6.4 (format
// types 00h, 10h, 13h, 15h); mmc.md 2.9 and 2.13, burning.md 4.3.
#pragma once

#include "simdrive/disc/rules/overwritable.h"

namespace simdrive {

class DvdRwOverwriteRules final : public OverwritableRules {
 public:
  DvdRwOverwriteRules() = default;

  [[nodiscard]] DiscStatus status(const Layout& layout) const override;
  [[nodiscard]] std::optional<Lba> next_writable_address(const Layout& layout) const override;
  [[nodiscard]] DiscView disc_view(const Layout& layout) const override;
  [[nodiscard]] std::vector<TrackView> track_views(const Layout& layout) const override;
  [[nodiscard]] FormatCapacities format_capacities(const Layout& layout) const override;
  [[nodiscard]] Ruling check_write(const Layout& layout, Lba lba, BlockCount count,
                                   const WriteMode& mode) const override;
  void record_write(Layout& layout, Lba lba, BlockCount count,
                    const WriteMode& mode) const override;
  [[nodiscard]] Effected close(Layout& layout, const CloseRequest& request,
                               const WriteMode& mode) const override;
  [[nodiscard]] Effected blank(Layout& layout, std::uint8_t type,
                               std::uint32_t address) const override;
  [[nodiscard]] Effected format(Layout& layout, const FormatRequest& request) const override;

 protected:
  [[nodiscard]] bool possible(const Medium& medium, const Formatting& formatting) const override;
  [[nodiscard]] std::vector<FormatDescriptor> formats(const Layout& layout) const override;
};

// What a sequential DVD-RW offers and what formatting makes of it.
[[nodiscard]] FormatCapacities sequential_dvd_rw_format_capacities();
[[nodiscard]] Effected format_dvd_rw(Layout& layout, const FormatRequest& request);

}  // namespace simdrive
