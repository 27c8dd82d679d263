// Fixed-width integers in a stated byte order, and structs made of them that go over a wire or onto
// a disc.
//
// Such a struct holds only bytes, byte arrays and these types, so it has no padding and no host
// byte order. It is copied in and out of buffers with read_struct and append_struct, never by
// casting a pointer.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace pregroove {

// An unsigned integer, most significant byte first, in exactly N bytes.
template <std::unsigned_integral T, std::size_t N>
class BigEndian {
  static_assert(N >= 1 && N <= sizeof(T));

 public:
  constexpr BigEndian() = default;
  constexpr explicit BigEndian(T value) {
    for (std::size_t i = 0; i < N; ++i)
      bytes_[i] = static_cast<std::uint8_t>(value >> (8 * (N - 1 - i)));
  }
  [[nodiscard]] constexpr T value() const {
    T value = 0;
    for (const std::uint8_t byte : bytes_) value = static_cast<T>((value << 8) | byte);
    return value;
  }

 private:
  std::array<std::uint8_t, N> bytes_{};
};
using Be16 = BigEndian<std::uint16_t, 2>;
using Be24 = BigEndian<std::uint32_t, 3>;
using Be32 = BigEndian<std::uint32_t, 4>;
using Be64 = BigEndian<std::uint64_t, 8>;

// An unsigned integer, least significant byte first, in exactly N bytes.
template <std::unsigned_integral T, std::size_t N>
class LittleEndian {
  static_assert(N >= 1 && N <= sizeof(T));

 public:
  constexpr LittleEndian() = default;
  constexpr explicit LittleEndian(T value) {
    for (std::size_t i = 0; i < N; ++i) bytes_[i] = static_cast<std::uint8_t>(value >> (8 * i));
  }
  [[nodiscard]] constexpr T value() const {
    T value = 0;
    for (std::size_t i = 0; i < N; ++i)
      value = static_cast<T>(value | (static_cast<T>(bytes_[i]) << (8 * i)));
    return value;
  }

 private:
  std::array<std::uint8_t, N> bytes_{};
};
using Le16 = LittleEndian<std::uint16_t, 2>;
using Le32 = LittleEndian<std::uint32_t, 4>;
using Le64 = LittleEndian<std::uint64_t, 8>;

// The same number twice, little-endian first (ECMA-119 7.2.3 and 7.3.3).
template <std::unsigned_integral T>
class BothEndian {
 public:
  constexpr BothEndian() = default;
  constexpr explicit BothEndian(T value) : little_(value), big_(value) {}
  [[nodiscard]] constexpr T value() const { return little_.value(); }
  // False when a damaged disc or a careless writer made the two copies differ.
  [[nodiscard]] constexpr bool consistent() const { return little_.value() == big_.value(); }

 private:
  LittleEndian<T, sizeof(T)> little_;
  BigEndian<T, sizeof(T)> big_;
};
using Both16 = BothEndian<std::uint16_t>;
using Both32 = BothEndian<std::uint32_t>;

// To be asserted after every struct that goes over a wire. Both sizes are template arguments, so
// that a failing assertion prints them.
template <typename T, std::size_t Expected, std::size_t Actual = sizeof(T)>
consteval bool wire_struct() {
  static_assert(Expected == Actual, "wire struct has the wrong size");
  static_assert(alignof(T) == 1, "wire struct must be byte aligned");
  static_assert(std::is_trivially_copyable_v<T> && std::is_standard_layout_v<T>);
  static_assert(std::has_unique_object_representations_v<T>, "hidden padding");
  return true;
}

// A copy of the struct that starts at offset; nullopt when the buffer ends before it does.
template <typename T>
  requires(std::is_trivially_copyable_v<T> && alignof(T) == 1)
[[nodiscard]] std::optional<T> read_struct(std::span<const std::byte> buffer,
                                           std::size_t offset = 0) {
  if (offset > buffer.size() || buffer.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, buffer.data() + offset, sizeof(T));
  return value;
}

// Copies the struct to offset. REQUIRES: it fits.
template <typename T>
  requires(std::is_trivially_copyable_v<T> && alignof(T) == 1)
void write_struct(std::span<std::byte> buffer, std::size_t offset, const T& value) {
  std::memcpy(buffer.subspan(offset, sizeof(T)).data(), &value, sizeof(T));
}

// The bytes of a wire struct, as an array that can be sent.
template <typename T>
  requires(std::is_trivially_copyable_v<T> && alignof(T) == 1)
[[nodiscard]] std::array<std::byte, sizeof(T)> bytes_of(const T& value) {
  std::array<std::byte, sizeof(T)> bytes;
  std::memcpy(bytes.data(), &value, sizeof(T));
  return bytes;
}

// The low bits of a byte, shifted down; names for sub-byte fields are built from it.
[[nodiscard]] constexpr std::uint8_t bit_field(std::uint8_t byte, unsigned shift, unsigned width) {
  return static_cast<std::uint8_t>((byte >> shift) & ((1U << width) - 1U));
}

// A fixed-size text field without the blanks and zero bytes that fill it up.
[[nodiscard]] inline std::string_view trim_blanks(std::string_view text) {
  const auto end = text.find_last_not_of(std::string_view(" \0", 2));
  return end == std::string_view::npos ? std::string_view{} : text.substr(0, end + 1);
}

}  // namespace pregroove
