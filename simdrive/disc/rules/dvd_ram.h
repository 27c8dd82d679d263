// The rules of DVD-RAM: bought formatted, with spare areas that can grow at the expense of the
// user area.
//
// Sources: MMC-6 4.4.2 and 6.4 (format types 00h and 01h), ECMA-330; mmc.md 2.10 and 2.13.
#pragma once

#include "simdrive/disc/rules/overwritable.h"

namespace simdrive {

class DvdRamRules final : public OverwritableRules {
 public:
  DvdRamRules() = default;
  // "Other": it is never blank, appendable or complete (libburn expects 3).
  [[nodiscard]] DiscStatus status(const Layout& layout) const override;
  [[nodiscard]] Effected format(Layout& layout, const FormatRequest& request) const override;

 protected:
  [[nodiscard]] bool possible(const Medium& medium, const Formatting& formatting) const override;
  [[nodiscard]] std::vector<FormatDescriptor> formats(const Layout& layout) const override;
};

// How the disc is bought.
[[nodiscard]] Formatting fresh_dvd_ram(const Medium& medium);

}  // namespace simdrive
