// Something that keeps the drive busy after the command that started it was answered: closing,
// blanking (MMC-6, the Immed bit).
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/base/clock.h"

namespace simdrive {

using pregroove::Duration;

struct LongOperation {
  enum class Kind : std::uint8_t { kNone, kClosing, kBlanking };

  Kind kind = Kind::kNone;
  Duration start{};
  Duration end{};

  [[nodiscard]] bool running(Duration now) const { return kind != Kind::kNone && now < end; }
  // 0..FFFFh, as sense data carries it (SPC-4, progress indication).
  [[nodiscard]] std::uint16_t progress(Duration now) const {
    constexpr double kFull = 65535.0;
    if (end <= start) return 0;
    const double share =
        static_cast<double>((now - start).count()) / static_cast<double>((end - start).count());
    return static_cast<std::uint16_t>(std::clamp(share, 0.0, 1.0) * kFull);
  }
};

}  // namespace simdrive
