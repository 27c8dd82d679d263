#include "simdrive/disc/rules/dvd_plus_rw.h"

#include <algorithm>

#include "engine/base/check.h"

namespace simdrive {
namespace {

// MMC-6 FORMAT UNIT, DVD+RW basic format: "as large as possible". xorriso sends it.
constexpr std::uint32_t kLargestPossible = 0xFFFFFFFF;
constexpr std::uint32_t kQuickStart = 0x02;
// Recalled, not read: a temporary lead-out that read-only drives understand takes about so much.
constexpr BlockCount kTemporaryLeadOut{4096};

bool in_background(const Formatting& formatting) {
  return formatting.state == FormatState::kBackgroundRunning ||
         formatting.state == FormatState::kBackgroundStopped;
}

// Recalled, not read: what a drive answers when there is nothing to restart.
Effected restart(Layout& layout) {
  Formatting& formatting = layout.edit().formatting;
  if (formatting.state != FormatState::kBackgroundStopped)
    return std::unexpected(Refusal::kInvalidFormat);
  formatting.state = FormatState::kBackgroundRunning;
  return Effect{.changed = true};
}

}  // namespace

void advance_background_format(Layout& layout, BlockCount de_iced) {
  Formatting& formatting = layout.edit().formatting;
  PREGROOVE_CHECK(formatting.state == FormatState::kBackgroundRunning);
  formatting.de_iced = std::clamp(de_iced, formatting.de_iced, formatting.user_blocks);
  if (formatting.de_iced == formatting.user_blocks) formatting.state = FormatState::kFormatted;
}

void stop_background_format(Layout& layout) {
  Formatting& formatting = layout.edit().formatting;
  if (formatting.state == FormatState::kBackgroundRunning)
    formatting.state = FormatState::kBackgroundStopped;
}

// BG format status of READ DISC INFORMATION (mmc.md 2.5).
DiscView DvdPlusRwRules::disc_view(const Layout& layout) const {
  DiscView view = OverwritableRules::disc_view(layout);
  switch (formatting(layout).state) {
    case FormatState::kBackgroundStopped:
      view.background_format = 1;
      break;
    case FormatState::kBackgroundRunning:
      view.background_format = 2;
      break;
    case FormatState::kFormatted:
      view.background_format = 3;
      break;
    case FormatState::kUnformatted:
    case FormatState::kIntermediate:
      view.background_format = 0;
      break;
  }
  return view;
}

BlockCount DvdPlusRwRules::recorded(const Layout& layout) const {
  const Formatting& now = formatting(layout);
  return in_background(now) ? now.de_iced : readable_capacity(layout);
}

// A write behind the position formats what lies between.
void DvdPlusRwRules::record_write(Layout& layout, Lba lba, BlockCount count,
                                  const WriteMode&) const {
  Formatting& now = layout.edit().formatting;
  now.de_iced = std::max(now.de_iced, lba - Lba{0} + count);
  if (in_background(now) && now.de_iced == now.user_blocks) now.state = FormatState::kFormatted;
}

Effected DvdPlusRwRules::close(Layout& layout, const CloseRequest& request,
                               const WriteMode&) const {
  Formatting& now = layout.edit().formatting;
  const bool unfinished = in_background(now);
  switch (request.function) {
    case CloseFunction::kStopBackgroundFormat: {
      const bool changed = now.state == FormatState::kBackgroundRunning;
      stop_background_format(layout);
      return Effect{.changed = changed};
    }
    case CloseFunction::kSession:
      // For read-only drives: a lead-out behind what is de-iced. The rest can be formatted later.
      stop_background_format(layout);
      return Effect{.laser_blocks = unfinished ? kTemporaryLeadOut : BlockCount{},
                    .changed = unfinished};
    case CloseFunction::kFinalise: {
      // Recalled, not read: the format goes on to its end, then the lead-out is written.
      const BlockCount rest = unfinished ? now.user_blocks - now.de_iced : BlockCount{};
      if (unfinished) now.state = FormatState::kFormatted;
      if (unfinished) now.de_iced = now.user_blocks;
      return Effect{.laser_blocks = rest, .changed = unfinished};
    }
    default:
      return std::unexpected(Refusal::kInvalidFunction);
  }
}

Effected DvdPlusRwRules::format(Layout& layout, const FormatRequest& request) const {
  if (request.type != kDvdPlusRwFormat) return std::unexpected(Refusal::kOtherMediumFormat);
  const BlockCount all = layout.medium().capacity();
  const bool sound = request.sub_type == 0 &&
                     (request.blocks == as_field(all) || request.blocks == kLargestPossible) &&
                     (request.parameter & ~(kRestartBackgroundFormat | kQuickStart)) == 0;
  if (!sound) return std::unexpected(Refusal::kInvalidFormat);
  if (formatting(layout).state == FormatState::kBackgroundRunning)
    return std::unexpected(Refusal::kOutOfSequence);
  if ((request.parameter & kRestartBackgroundFormat) != 0) return restart(layout);
  return format_anew(
      layout,
      {.state = FormatState::kBackgroundRunning, .type = kDvdPlusRwFormat, .user_blocks = all}, {});
}

bool DvdPlusRwRules::possible(const Medium& medium, const Formatting& formatting) const {
  const bool complete =
      formatting.state == FormatState::kFormatted && formatting.de_iced == formatting.user_blocks;
  const bool partial = in_background(formatting) && formatting.de_iced < formatting.user_blocks;
  return formatting.type == kDvdPlusRwFormat && formatting.sub_type == 0 &&
         formatting.user_blocks == medium.capacity() && (complete || partial);
}

std::vector<FormatDescriptor> DvdPlusRwRules::formats(const Layout& layout) const {
  return {{.blocks = as_field(layout.medium().capacity()), .type = kDvdPlusRwFormat}};
}

}  // namespace simdrive
