// FORMAT UNIT and READ FORMAT CAPACITIES (MMC-6; mmc.md 2.13).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/mmc/command.h"

namespace pregroove::mmc {

// MMC-6 table "format types".
enum class FormatType : std::uint8_t {
  kFull = 0x00,  // DVD-RAM, DVD-RW, BD-RE, BD-R
  kDvdPlusRw = 0x26,
  kBdReWithSpares = 0x30,
  kBdReWithoutSpares = 0x31,
  kBdRWithSpares = 0x32,
};
// DVD+RW: the drive finds the size by itself.
inline constexpr std::uint32_t kAllBlocks = 0xFFFFFFFF;

struct FormatDescriptor {
  std::uint32_t blocks = 0;
  FormatType type = FormatType::kFull;
  std::uint8_t sub_type = 0;         // [1:0]
  std::uint32_t type_dependent = 0;  // three bytes
  constexpr bool operator==(const FormatDescriptor&) const = default;
};

// Whether the drive checks what it formats, where the format's type leaves it open.
enum class Certification : std::uint8_t { kByType, kDisabled };

// With the list of encode_format().
[[nodiscard]] Cdb format_unit();
inline constexpr std::size_t kFormatListSize = 12;
[[nodiscard]] std::array<std::byte, kFormatListSize> encode_format(
    const FormatDescriptor& descriptor, Immediate immediate,
    Certification certification = Certification::kByType);

enum class CapacityState : std::uint8_t { kUnformatted = 1, kFormatted = 2, kUnknown = 3 };

struct FormatCapacities {
  CapacityState state = CapacityState::kUnknown;
  BlockCount blocks;  // of the present format, or the most that formatting can give
  std::vector<FormatDescriptor> possible;

  bool operator==(const FormatCapacities&) const = default;
};

[[nodiscard]] Cdb read_format_capacities(std::uint16_t allocation);
// Wants the header and the first descriptor; what comes after may be cut off.
[[nodiscard]] Result<FormatCapacities> decode_format_capacities(std::span<const std::byte> reply);

}  // namespace pregroove::mmc
