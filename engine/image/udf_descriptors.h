// Structures of ECMA-167 and UDF that are read and not written by us, and how a descriptor is
// doubted. Beside udf.h, which has those that both use. Private to engine/image.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "engine/image/udf.h"

namespace pregroove::image::udf {

// Beside those of udf.h.
inline constexpr std::uint16_t kTagSparing = 0;
inline constexpr std::uint16_t kTagAllocationExtent = 258;
inline constexpr auto kTagExtendedFileEntry = static_cast<std::uint16_t>(TagId::kExtendedFileEntry);

// Types of files (4/14.6.6; from 248 on UDF 2.01, 2.3.5.2 and UDF 2.50, 2.2.13).
inline constexpr std::uint8_t kTypeUnspecified = 0;  // UDF 1.50, 2.2.10: a virtual allocation table
inline constexpr auto kTypeDirectory = static_cast<std::uint8_t>(FileType::kDirectory);
inline constexpr auto kTypeRegular = static_cast<std::uint8_t>(FileType::kRegular);
inline constexpr std::uint8_t kTypeBlockDevice = 6;
inline constexpr std::uint8_t kTypeCharacterDevice = 7;
inline constexpr std::uint8_t kTypePipe = 9;
inline constexpr std::uint8_t kTypeSocket = 10;
inline constexpr std::uint8_t kTypeSymbolicLink = 12;
inline constexpr std::uint8_t kTypeVirtualAllocationTable = 248;
inline constexpr std::uint8_t kTypeRealTime = 249;
inline constexpr auto kTypeMetadata = static_cast<std::uint8_t>(FileType::kMetadata);
inline constexpr auto kTypeMetadataMirror = static_cast<std::uint8_t>(FileType::kMetadataMirror);

struct AllocationExtent {  // 4/14.5; allocation descriptors follow
  Tag tag;
  Le32 previous;
  Le32 bytes;
};
static_assert(wire_struct<AllocationExtent, 24>());

struct LogicalVolumeHead {  // 3/10.6; partition maps follow
  Tag tag;
  Le32 sequence_number;
  CharSpec characters;
  Bytes<128> identifier{};
  Le32 block_size;
  EntityId domain;
  LongAd file_set;
  Le32 map_bytes;
  Le32 maps;
  EntityId implementation;
  Bytes<128> implementation_use{};
  ExtentAd integrity;
};
static_assert(wire_struct<LogicalVolumeHead, 440>());

struct PhysicalMap {  // 3/10.7.2
  std::uint8_t type = 1;
  std::uint8_t length = 6;
  Le16 volume;
  Le16 partition;
};
static_assert(wire_struct<PhysicalMap, 6>());

struct SparableMap {  // the last 24 bytes of such a map
  Le16 packet;        // blocks
  std::uint8_t tables = 0;
  std::uint8_t reserved = 0;
  Le32 table_bytes;
  std::array<Le32, 4> places;  // of the volume
};
static_assert(wire_struct<SparableMap, 24>());

struct SparingTable {  // UDF 2.60, 2.2.12; pairs of packets follow
  Tag tag;
  EntityId identifier;
  Le16 entries;
  Le16 reserved;
  Le32 sequence_number;
};
static_assert(wire_struct<SparingTable, 56>());
struct SparedPacket {
  Le32 original;  // of the partition; from FFFFFFF0h on: none
  Le32 mapped;    // of the volume
};

struct PathComponent {  // 4/14.16.1; the identifier follows
  std::uint8_t type = 0;
  std::uint8_t identifier_bytes = 0;
  Le16 version;
};
static_assert(wire_struct<PathComponent, 4>());

// The tag's identifier, when its checksum, its CRC and its place are right (3/7.2).
[[nodiscard]] std::optional<std::uint16_t> verified_tag(std::span<const std::byte> descriptor,
                                                        std::uint32_t location);
// UTF-8. nullopt for what is no compressed Unicode (UDF 1.02, 2.1.1).
[[nodiscard]] std::optional<std::string> expanded(std::span<const std::byte> identifier);
// Of a field of fixed length, whose last byte counts the bytes used (1/7.2.12); empty for nonsense.
[[nodiscard]] std::string text_of_dstring(std::span<const std::uint8_t> field);
// 1970 for what is no time.
[[nodiscard]] system::FileTime time_of(const Timestamp& timestamp);
// The low twelve bits of a mode (4/14.9.5, 4/14.6.8).
[[nodiscard]] std::uint16_t mode_of(std::uint32_t permissions, std::uint16_t icb_flags);
[[nodiscard]] bool is_named(const EntityId& id, std::string_view identifier);

}  // namespace pregroove::image::udf
