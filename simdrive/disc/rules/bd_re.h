// The rules of BD-RE: formatted before its first use, with or without spare areas.
//
// Sources: MMC-6 4.5.3 and 6.4 (format types 00h, 30h, 31h); mmc.md 2.10 and 2.13, burning.md 4.3
// with the list of a real disc.
#pragma once

#include "simdrive/disc/rules/overwritable.h"

namespace simdrive {

class BdReRules final : public OverwritableRules {
 public:
  BdReRules() = default;
  [[nodiscard]] Effected format(Layout& layout, const FormatRequest& request) const override;

 protected:
  [[nodiscard]] bool possible(const Medium& medium, const Formatting& formatting) const override;
  [[nodiscard]] std::vector<FormatDescriptor> formats(const Layout& layout) const override;
};

}  // namespace simdrive
