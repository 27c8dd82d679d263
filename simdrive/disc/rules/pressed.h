// The rules of pressed discs: there is nothing to record.
#pragma once

#include "simdrive/disc/sequential_rules.h"

namespace simdrive {

class PressedRules final : public SequentialRules {
 public:
  PressedRules();
  [[nodiscard]] BlockCount capacity(const Layout& layout) const override;
  [[nodiscard]] Ruling check_write(const Layout& layout, Lba lba, BlockCount count,
                                   const WriteMode& mode) const override;
  [[nodiscard]] Ruling reserve(Layout& layout, BlockCount size,
                               const WriteMode& mode) const override;
  [[nodiscard]] Effected close(Layout& layout, const CloseRequest& request,
                               const WriteMode& mode) const override;
};

}  // namespace simdrive
