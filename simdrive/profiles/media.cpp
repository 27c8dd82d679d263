#include "simdrive/profiles/media.h"

#include <algorithm>

namespace simdrive::profiles {
namespace {

struct KindRow {
  MediumKind kind;
  std::string_view name;
  Family family;
  bool recordable;
};

constexpr auto kKinds = std::to_array<KindRow>({
    {MediumKind::kCdRom, "cd-rom", Family::kCd, false},
    {MediumKind::kCdR, "cd-r", Family::kCd, true},
    {MediumKind::kCdRw, "cd-rw", Family::kCd, true},
    {MediumKind::kDvdRom, "dvd-rom", Family::kDvd, false},
    {MediumKind::kDvdMinusR, "dvd-r", Family::kDvd, true},
    {MediumKind::kDvdMinusRDl, "dvd-r-dl", Family::kDvd, true},
    {MediumKind::kDvdMinusRw, "dvd-rw", Family::kDvd, true},
    {MediumKind::kDvdRam, "dvd-ram", Family::kDvd, true},
    {MediumKind::kDvdPlusR, "dvd+r", Family::kDvd, true},
    {MediumKind::kDvdPlusRDl, "dvd+r-dl", Family::kDvd, true},
    {MediumKind::kDvdPlusRw, "dvd+rw", Family::kDvd, true},
    {MediumKind::kBdRom, "bd-rom", Family::kBd, false},
    {MediumKind::kBdR, "bd-r", Family::kBd, true},
    {MediumKind::kBdRe, "bd-re", Family::kBd, true},
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

std::string_view name_of(MediumKind kind) { return row_of(kind).name; }

std::optional<MediumKind> medium_kind(std::string_view name) {
  const auto* const found = std::ranges::find(kKinds, name, &KindRow::name);
  if (found == kKinds.end()) return std::nullopt;
  return found->kind;
}

Family family_of(MediumKind kind) { return row_of(kind).family; }

bool is_recordable(MediumKind kind) { return row_of(kind).recordable; }

std::uint32_t kilobytes_per_second(Family family, SpeedMultiple speed) {
  return (speed.tenths * kSingleSpeed[family] + 50) / 100;
}

}  // namespace simdrive::profiles
