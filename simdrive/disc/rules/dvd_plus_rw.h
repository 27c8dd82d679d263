// The rules of DVD+RW: formatted in the background while the host writes already.
//
// A fresh disc is formatted ("de-iced") from LBA 0 on. Formatting can be stopped and restarted;
// until it is complete, what lies behind its position is not recorded. Sources: MMC-6 4.4.5 and
// 6.4 (format type 26h), ECMA-337; mmc.md 2.9 and 2.13, burning.md 4.2 and 4.3.
#pragma once

#include "simdrive/disc/rules/overwritable.h"

namespace simdrive {

inline constexpr std::uint8_t kDvdPlusRwFormat = 0x26;
// In the type-dependent parameter of that format.
inline constexpr std::uint32_t kRestartBackgroundFormat = 0x01;

class DvdPlusRwRules final : public OverwritableRules {
 public:
  DvdPlusRwRules() = default;

  [[nodiscard]] DiscView disc_view(const Layout& layout) const override;
  void record_write(Layout& layout, Lba lba, BlockCount count,
                    const WriteMode& mode) const override;
  [[nodiscard]] Effected close(Layout& layout, const CloseRequest& request,
                               const WriteMode& mode) const override;
  [[nodiscard]] Effected format(Layout& layout, const FormatRequest& request) const override;

 protected:
  [[nodiscard]] bool possible(const Medium& medium, const Formatting& formatting) const override;
  [[nodiscard]] std::vector<FormatDescriptor> formats(const Layout& layout) const override;
  [[nodiscard]] BlockCount recorded(const Layout& layout) const override;
};

// The drive got so far with the background format; it is complete when everything is de-iced.
// REQUIRES: one is running.
void advance_background_format(Layout& layout, BlockCount de_iced);
// Nothing happens when none is running.
void stop_background_format(Layout& layout);

}  // namespace simdrive
