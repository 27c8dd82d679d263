#include "simdrive/cli/disc_states.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/base/check.h"

namespace simdrive {
namespace {

using pregroove::ErrorCode;
using pregroove::fail;

// Carries out the first format of this type and sub-type that the disc offers.
bool format_with(Layout& layout, std::uint8_t type, std::uint8_t sub_type = 0) {
  const auto formats = layout.format_capacities().formats;
  const auto found = std::ranges::find(formats, type, &FormatDescriptor::type);
  if (found == formats.end()) return false;
  return layout
      .format({.type = type,
               .sub_type = sub_type,
               .blocks = found->blocks,
               .parameter = found->parameter})
      .has_value();
}

bool as_bought(Layout&) { return true; }
bool without_formatting(Layout& layout) {
  layout.edit().formatting = {};
  return true;
}
bool minimally_blanked(Layout& layout) {
  layout.edit().minimally_blanked = true;
  return true;
}
bool dvd_rw_overwrite(Layout& layout) { return format_with(layout, 0x10); }
// To its end, not in the background.
bool dvd_plus_rw_formatted(Layout& layout) {
  return format_with(layout, 0x26) &&
         layout.close({.function = CloseFunction::kFinalise}, {}).has_value();
}
bool bd_re_formatted(Layout& layout) { return format_with(layout, 0x00); }
bool bd_re_without_spares(Layout& layout) { return format_with(layout, 0x31); }
// Sub-types of BD-R (mmc.md 2.13).
bool bd_r_pseudo_overwrite(Layout& layout) { return format_with(layout, 0x00, 0); }
bool bd_r_formatted(Layout& layout) { return format_with(layout, 0x00, 1); }
bool bd_r_random(Layout& layout) { return format_with(layout, 0x00, 2); }

struct StateRow {
  MediumKind kind;
  std::string_view name;
  bool (*make)(Layout& layout);
};
constexpr auto kStates = std::to_array<StateRow>({
    {MediumKind::kCdR, "blank", as_bought},
    {MediumKind::kCdRw, "blank", as_bought},
    {MediumKind::kDvdR, "blank", as_bought},
    {MediumKind::kDvdRDualLayer, "blank", as_bought},
    {MediumKind::kDvdPlusR, "blank", as_bought},
    {MediumKind::kDvdPlusRDualLayer, "blank", as_bought},
    {MediumKind::kDvdRw, "blank", as_bought},
    {MediumKind::kDvdRw, "minimally-blanked", minimally_blanked},
    {MediumKind::kDvdRw, "restricted-overwrite", dvd_rw_overwrite},
    {MediumKind::kDvdRam, "formatted", as_bought},
    {MediumKind::kDvdRam, "unformatted", without_formatting},
    {MediumKind::kDvdPlusRw, "unformatted", as_bought},
    {MediumKind::kDvdPlusRw, "formatted", dvd_plus_rw_formatted},
    {MediumKind::kBdR, "blank", as_bought},
    {MediumKind::kBdR, "formatted", bd_r_formatted},
    {MediumKind::kBdR, "pow", bd_r_pseudo_overwrite},
    {MediumKind::kBdR, "rrm", bd_r_random},
    {MediumKind::kBdRe, "unformatted", as_bought},
    {MediumKind::kBdRe, "formatted", bd_re_formatted},
    {MediumKind::kBdRe, "formatted-no-spares", bd_re_without_spares},
});

}  // namespace

std::vector<std::string> states_of(MediumKind kind) {
  std::vector<std::string> names;
  for (const StateRow& row : kStates) {
    if (row.kind == kind) names.emplace_back(row.name);
  }
  return names;
}

pregroove::Result<Layout> layout_in_state(const Medium& medium, const std::string& state) {
  PREGROOVE_CHECK(!medium.pressed());
  const auto* const row = std::ranges::find_if(kStates, [&](const StateRow& candidate) {
    return candidate.kind == medium.kind && candidate.name == state;
  });
  if (row == kStates.end())
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("a {} cannot be made in the state \"{}\"", name_of(medium.kind), state),
                fmt::format("Choose one of: {}", fmt::join(states_of(medium.kind), " ")));
  Layout layout(medium);
  if (!row->make(layout))
    return fail(ErrorCode::kUnsupported,
                fmt::format("a {} cannot be made in the state \"{}\" by this version",
                            name_of(medium.kind), state));
  return layout;
}

}  // namespace simdrive
