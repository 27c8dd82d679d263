// Something that keeps the drive busy after the command that started it was answered (MMC-6, the
// Immed bit), or while the host goes on working (background formatting).
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "engine/base/clock.h"

namespace simdrive {

using pregroove::Duration;

// A plain value.
struct LongOperation {
  enum class Kind : std::uint8_t {
    kNone,
    kClosing,
    kBlanking,
    kFormatting,
    kBackgroundFormatting,  // reads and writes go on meanwhile
    kSynchronizing,
    kStopping,  // spinning down
  };

  Kind kind = Kind::kNone;
  Duration start{};
  Duration end{};
  Duration done_before{};  // of the same work, before an interruption

  [[nodiscard]] bool running(Duration now) const { return kind != Kind::kNone && now < end; }
  // The time that the work itself still takes; none when it is over.
  [[nodiscard]] Duration remaining(Duration now) const {
    return running(now) ? end - std::max(now, start) : Duration::zero();
  }
  // 0..FFFFh, as sense data carries it (SPC-4, progress indication).
  [[nodiscard]] std::uint16_t progress(Duration now) const {
    constexpr double kFull = 65535.0;
    if (end <= start) return 0;
    const double share = static_cast<double>((now - start + done_before).count()) /
                         static_cast<double>((end - start + done_before).count());
    return static_cast<std::uint16_t>(std::clamp(share, 0.0, 1.0) * kFull);
  }
  // The rest of the work, taken up again at a later moment; progress goes on where it was.
  [[nodiscard]] LongOperation resumed(Duration interrupted_at, Duration now) const {
    const Duration rest = remaining(interrupted_at);
    return {.kind = kind,
            .start = now,
            .end = now + rest,
            .done_before = done_before + (end - start) - rest};
  }
};

// The qualifier of 2/04 (LOGICAL UNIT NOT READY) for commands that have to wait: 04h formatting,
// 07h closing and blanking (Pioneer's command references), 08h writing what is buffered. Nothing
// for what does not stand in the way of a command.
[[nodiscard]] constexpr std::optional<std::uint8_t> not_ready_qualifier(LongOperation::Kind kind) {
  constexpr std::uint8_t kFormatInProgress = 0x04;
  constexpr std::uint8_t kOperationInProgress = 0x07;
  constexpr std::uint8_t kLongWriteInProgress = 0x08;
  switch (kind) {
    case LongOperation::Kind::kNone:
    case LongOperation::Kind::kBackgroundFormatting:
      return std::nullopt;
    case LongOperation::Kind::kFormatting:
      return kFormatInProgress;
    case LongOperation::Kind::kClosing:
    case LongOperation::Kind::kBlanking:
    case LongOperation::Kind::kStopping:  // recalled, not read
      return kOperationInProgress;
    case LongOperation::Kind::kSynchronizing:
      return kLongWriteInProgress;
  }
  return std::nullopt;
}

}  // namespace simdrive
