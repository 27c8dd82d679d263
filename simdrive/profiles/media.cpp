#include "simdrive/profiles/media.h"

#include <algorithm>

namespace simdrive::profiles {
namespace {

struct KindRow {
  MediumKind kind;
  std::string_view name;
};

constexpr auto kKinds = std::to_array<KindRow>({
    {MediumKind::kCdRom, "cd-rom"},
    {MediumKind::kCdR, "cd-r"},
    {MediumKind::kCdRw, "cd-rw"},
    {MediumKind::kDvdRom, "dvd-rom"},
    {MediumKind::kDvdR, "dvd-r"},
    {MediumKind::kDvdRDualLayer, "dvd-r-dl"},
    {MediumKind::kDvdRw, "dvd-rw"},
    {MediumKind::kDvdRam, "dvd-ram"},
    {MediumKind::kDvdPlusR, "dvd+r"},
    {MediumKind::kDvdPlusRDualLayer, "dvd+r-dl"},
    {MediumKind::kDvdPlusRw, "dvd+rw"},
    {MediumKind::kBdRom, "bd-rom"},
    {MediumKind::kBdR, "bd-r"},
    {MediumKind::kBdRe, "bd-re"},
});

consteval std::array<MediumKind, kMediumKinds> kinds_in_order() {
  std::array<MediumKind, kMediumKinds> kinds{};
  for (std::size_t i = 0; i < kKinds.size(); ++i) kinds[i] = kKinds[i].kind;
  return kinds;
}
constexpr auto kAllKinds = kinds_in_order();

consteval bool rows_are_in_the_order_of_the_enumeration() {
  for (std::size_t i = 0; i < kKinds.size(); ++i)
    if (static_cast<std::size_t>(kKinds[i].kind) != i) return false;
  return kKinds.size() == kMediumKinds;
}
static_assert(rows_are_in_the_order_of_the_enumeration());

const KindRow& row_of(MediumKind kind) { return kKinds.at(static_cast<std::size_t>(kind)); }

// 1x in tenths of 1000 bytes a second (MMC-6, SET CD SPEED and SET STREAMING).
constexpr PerFamily<std::uint32_t> kSingleSpeed{{1764, 13850, 44956}};

}  // namespace

std::span<const MediumKind> all_medium_kinds() { return kAllKinds; }

std::string_view key_of(MediumKind kind) { return row_of(kind).name; }

std::optional<MediumKind> medium_kind(std::string_view name) {
  const auto* const found = std::ranges::find(kKinds, name, &KindRow::name);
  if (found == kKinds.end()) return std::nullopt;
  return found->kind;
}

bool is_recordable(MediumKind kind) { return !is_pressed(kind); }

std::uint32_t kilobytes_per_second(MediumFamily family, SpeedMultiple speed) {
  return (speed.tenths * kSingleSpeed[family] + 50) / 100;
}

}  // namespace simdrive::profiles
