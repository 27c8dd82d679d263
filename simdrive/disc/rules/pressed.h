// The rules of pressed discs: one session with one data track, and nothing to record.
#pragma once

#include "simdrive/disc/sequential_rules.h"

namespace simdrive {

class PressedRules final : public SequentialRules {
 public:
  PressedRules();
  [[nodiscard]] BlockCount capacity(const Layout& layout) const override;
  [[nodiscard]] pregroove::Status check_invariants(const Layout& layout) const override;
  [[nodiscard]] Ruling check_write(const Layout& layout, Lba lba, BlockCount count,
                                   const WriteMode& mode) const override;
  [[nodiscard]] Ruling reserve(Layout& layout, BlockCount size,
                               const WriteMode& mode) const override;
  [[nodiscard]] Effected close(Layout& layout, const CloseRequest& request,
                               const WriteMode& mode) const override;

 protected:
  [[nodiscard]] std::uint8_t disc_type(const Layout& layout) const override;
};

// The most blocks that a disc of this kind can hold. REQUIRES: it is pressed.
[[nodiscard]] BlockCount largest_pressed(MediumKind kind);

}  // namespace simdrive
