// The kinds of disc that a drive may read or write, as a personality names them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "simdrive/mechanics/medium_kind.h"

namespace simdrive::profiles {

inline constexpr std::size_t kFamilies = 3;

[[nodiscard]] std::span<const MediumKind> all_medium_kinds();
// "dvd+r-dl".
[[nodiscard]] std::string_view key_of(MediumKind kind);
[[nodiscard]] std::optional<MediumKind> medium_kind(std::string_view name);
// False for the three ROM kinds.
[[nodiscard]] bool is_recordable(MediumKind kind);

// A set over an enumeration of at most 32 values, counted from 0.
template <typename E>
class EnumSet {
 public:
  constexpr EnumSet() = default;
  constexpr EnumSet(std::initializer_list<E> values) {
    for (const E value : values) insert(value);
  }
  constexpr void insert(E value) { bits_ |= bit(value); }
  constexpr void erase(E value) { bits_ &= ~bit(value); }
  [[nodiscard]] constexpr bool contains(E value) const { return (bits_ & bit(value)) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  constexpr bool operator==(const EnumSet&) const = default;

 private:
  static constexpr std::uint32_t bit(E value) { return 1U << static_cast<unsigned>(value); }
  std::uint32_t bits_ = 0;
};

// One value for each member of an enumeration of N values, counted from 0.
template <typename E, std::size_t N, typename T>
struct PerEnum {
  std::array<T, N> values{};

  [[nodiscard]] constexpr T& operator[](E which) { return values[static_cast<std::size_t>(which)]; }
  [[nodiscard]] constexpr const T& operator[](E which) const {
    return values[static_cast<std::size_t>(which)];
  }
  constexpr bool operator==(const PerEnum&) const = default;
};
template <typename T>
using PerKind = PerEnum<MediumKind, kMediumKinds, T>;
template <typename T>
using PerFamily = PerEnum<MediumFamily, kFamilies, T>;

// A multiple of 1x, in tenths: DVD+R knows 2.4x.
struct SpeedMultiple {
  std::uint32_t tenths = 0;

  constexpr auto operator<=>(const SpeedMultiple&) const = default;
};

// The number that commands use, in units of 1000 bytes a second, rounded: 48x of a CD is 8467. 1x
// is 176.4 for CD (raw sectors), 1385 for DVD, 4495.6 for BD.
[[nodiscard]] std::uint32_t kilobytes_per_second(MediumFamily family, SpeedMultiple speed);

}  // namespace simdrive::profiles
