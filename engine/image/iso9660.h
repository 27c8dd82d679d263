// The structures of ECMA-119 (4th edition; ISO 9660) and of the Joliet specification, as they lie
// on the disc. Shared by the writer and by the import.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/base/bytes.h"
#include "engine/base/units.h"
#include "engine/system/file.h"

namespace pregroove::image {

// ECMA-119 6.2.1: the system area; volume descriptors start behind it.
inline constexpr std::int64_t kSystemAreaBlocks = 16;

// ECMA-119 8.1.1.
enum VolumeDescriptorType : std::uint8_t {
  kDescriptorBootRecord = 0,
  kDescriptorPrimary = 1,
  kDescriptorSupplementary = 2,
  kDescriptorTerminator = 255,
};
inline constexpr std::string_view kStandardIdentifier = "CD001";

// ECMA-119 9.1.6.
enum FileFlag : std::uint8_t {
  kFlagDirectory = 0x02,
  kFlagAssociatedFile = 0x04,
  kFlagMultiExtent = 0x80,
};

// ECMA-119 9.1.5: years since 1900, and the offset from UTC in quarters of an hour.
struct RecordTime {
  std::uint8_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  std::uint8_t offset = 0;
};
static_assert(wire_struct<RecordTime, 7>());

// ECMA-119 9.1, the part before the identifier.
struct RecordHeader {
  std::uint8_t length = 0;
  std::uint8_t extended_attribute_blocks = 0;
  Both32 extent;
  Both32 data_length;
  RecordTime recorded;
  std::uint8_t flags = 0;
  std::uint8_t file_unit_size = 0;
  std::uint8_t interleave_gap = 0;
  Both16 volume_sequence_number{1};
  std::uint8_t identifier_length = 0;
};
static_assert(wire_struct<RecordHeader, 33>());

// Bytes of a directory record with an identifier of this length (ECMA-119 9.1.12: padded to even).
[[nodiscard]] constexpr std::size_t record_length(std::size_t identifier_length) {
  return 33 + identifier_length + (identifier_length % 2 == 0 ? 1 : 0);
}

// The record of a folder itself or of its parent: the identifier is one byte, 00 or 01.
struct ShortRecord {
  RecordHeader header;
  std::uint8_t identifier = 0;
};
static_assert(wire_struct<ShortRecord, 34>());

// ECMA-119 9.4: the same in both path tables, but for the byte order of the numbers.
struct PathTableHeaderL {
  std::uint8_t identifier_length = 0;
  std::uint8_t extended_attribute_blocks = 0;
  Le32 extent;
  Le16 parent;
};
struct PathTableHeaderM {
  std::uint8_t identifier_length = 0;
  std::uint8_t extended_attribute_blocks = 0;
  Be32 extent;
  Be16 parent;
};
static_assert(wire_struct<PathTableHeaderL, 8>() && wire_struct<PathTableHeaderM, 8>());

// ECMA-119 8.4.26.1: digits, and the offset from UTC in quarters of an hour.
struct DescriptorTime {
  std::array<char, 16> digits;
  std::uint8_t offset = 0;
};
static_assert(wire_struct<DescriptorTime, 17>());

template <std::size_t N>
using Text = std::array<std::uint8_t, N>;

// ECMA-119 8.4 (primary) and 8.5 (supplementary), which differ in flags and escape sequences only.
struct VolumeDescriptor {
  std::uint8_t type = 0;
  std::array<char, 5> standard_identifier{'C', 'D', '0', '0', '1'};
  std::uint8_t version = 1;
  std::uint8_t volume_flags = 0;
  Text<32> system_id{};
  Text<32> volume_id{};
  Text<8> unused{};
  Both32 volume_space_size;
  Text<32> escape_sequences{};
  Both16 volume_set_size{1};
  Both16 volume_sequence_number{1};
  Both16 logical_block_size{kBlockSize};
  Both32 path_table_size;
  Le32 path_table_l;
  Le32 optional_path_table_l;
  Be32 path_table_m;
  Be32 optional_path_table_m;
  ShortRecord root;
  Text<128> volume_set_id{};
  Text<128> publisher_id{};
  Text<128> data_preparer_id{};
  Text<128> application_id{};
  Text<37> copyright_file{};
  Text<37> abstract_file{};
  Text<37> bibliographic_file{};
  DescriptorTime created{};
  DescriptorTime modified{};
  DescriptorTime expires{};
  DescriptorTime effective{};
  std::uint8_t file_structure_version = 1;
  std::uint8_t reserved = 0;
  std::array<std::uint8_t, 512> application_use{};
  std::array<std::uint8_t, 653> reserved_end{};
};
static_assert(wire_struct<VolumeDescriptor, kBlockSize>());

// Joliet specification, "Joliet escape sequences": UCS-2 level 1, 2 and 3.
inline constexpr std::array<std::uint8_t, 3> kEscapeUcs2Level1{'%', '/', '@'};
inline constexpr std::array<std::uint8_t, 3> kEscapeUcs2Level2{'%', '/', 'C'};
inline constexpr std::array<std::uint8_t, 3> kEscapeUcs2Level3{'%', '/', 'E'};

// Times outside 1900 to 2155 become the nearest that can be stored. Always UTC.
[[nodiscard]] RecordTime record_time(system::FileTime time);
[[nodiscard]] DescriptorTime descriptor_time(system::FileTime time);
[[nodiscard]] DescriptorTime no_descriptor_time();
// Nonsense becomes the epoch: a time is not worth refusing a disc for.
[[nodiscard]] system::FileTime time_of(const RecordTime& time);
[[nodiscard]] system::FileTime time_of(const DescriptorTime& time);

}  // namespace pregroove::image
