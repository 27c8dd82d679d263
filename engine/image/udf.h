// Structures of ECMA-167 (third edition) as OSTA UDF 1.02, 2.01 and 2.50 restrict them. All numbers
// are least significant byte first. Private to engine/image.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/error.h"
#include "engine/base/units.h"
#include "engine/system/file.h"

namespace pregroove::image::udf {

template <std::size_t N>
using Bytes = std::array<std::uint8_t, N>;

// UDF 1.02, 2.1.5.3: the revision that the volume says it has.
inline constexpr std::uint16_t kRevision102 = 0x0102;
// From UDF 2.00 on volumes are of the third edition of ECMA-167, which some fields say.
[[nodiscard]] constexpr bool is_third_edition(std::uint16_t revision) { return revision >= 0x0200; }

// 3/7.2
struct Tag {
  Le16 identifier;
  Le16 version;  // 2: NSR02, 3: NSR03
  std::uint8_t checksum = 0;
  std::uint8_t reserved = 0;
  Le16 serial;
  Le16 crc;
  Le16 crc_length;
  Le32 location;
};
static_assert(wire_struct<Tag, 16>());

enum class TagId : std::uint16_t {
  kPrimaryVolume = 1,
  kAnchor = 2,
  kImplementationUse = 4,
  kPartition = 5,
  kLogicalVolume = 6,
  kUnallocatedSpace = 7,
  kTerminating = 8,
  kLogicalVolumeIntegrity = 9,
  kFileSet = 256,
  kFileIdentifier = 257,
  kFileEntry = 261,
  kExtendedFileEntry = 266,
};

struct ExtentAd {  // 3/7.1
  Le32 bytes;
  Le32 location;
};
struct ShortAd {  // 4/14.14.1; the upper two bits of the length are 0: recorded and allocated
  Le32 bytes;
  Le32 block;  // of the partition
};
struct LongAd {  // 4/14.14.2
  Le32 bytes;
  Le32 block;
  Le16 partition;
  Bytes<6> implementation_use{};
};
static_assert(wire_struct<LongAd, 16>());
// UDF 1.02, 2.3.10: 30 bits; every extent but the last is a whole number of blocks.
inline constexpr std::uint64_t kExtentBytesMax = 0x3FFFF800;

struct Timestamp {  // 1/7.3
  Le16 type_and_zone;
  Le16 year;
  std::uint8_t month = 0;
  std::uint8_t day = 0;
  std::uint8_t hour = 0;
  std::uint8_t minute = 0;
  std::uint8_t second = 0;
  Bytes<3> fraction{};
};
static_assert(wire_struct<Timestamp, 12>());

struct EntityId {  // 1/7.4
  std::uint8_t flags = 0;
  std::array<char, 23> identifier{};
  Bytes<8> suffix{};
};
static_assert(wire_struct<EntityId, 32>());

struct CharSpec {  // 1/7.2.1; UDF 1.02, 2.1.2
  std::uint8_t type = 0;
  std::array<char, 63> information{"OSTA Compressed Unicode"};
};
static_assert(wire_struct<CharSpec, 64>());

struct Anchor {  // 3/10.2
  Tag tag;
  ExtentAd main;
  ExtentAd reserve;
  Bytes<480> reserved{};
};
static_assert(wire_struct<Anchor, 512>());

struct PrimaryVolume {  // 3/10.1
  Tag tag;
  Le32 sequence_number;
  Le32 number;
  Bytes<32> volume_identifier{};
  Le16 volume_sequence{1};
  Le16 volume_sequence_max{1};
  Le16 interchange_level{2};
  Le16 interchange_level_max{2};
  Le32 character_sets{1};
  Le32 character_sets_max{1};
  Bytes<128> volume_set_identifier{};
  CharSpec descriptor_characters;
  CharSpec explanatory_characters;
  ExtentAd abstract_text;
  ExtentAd copyright;
  EntityId application;
  Timestamp recorded;
  EntityId implementation;
  Bytes<64> implementation_use{};
  Le32 predecessor;
  Le16 flags;
  Bytes<22> reserved{};
};
static_assert(wire_struct<PrimaryVolume, 512>());

struct ImplementationUse {  // 3/10.4; UDF 1.02, 2.2.7
  Tag tag;
  Le32 sequence_number;
  EntityId implementation;
  CharSpec characters;
  Bytes<128> logical_volume_identifier{};
  Bytes<36> information_1{};
  Bytes<36> information_2{};
  Bytes<36> information_3{};
  EntityId written_by;
  Bytes<128> implementation_use{};
};
static_assert(wire_struct<ImplementationUse, 512>());

struct Partition {  // 3/10.5
  Tag tag;
  Le32 sequence_number;
  Le16 flags{1};  // allocated
  Le16 number;
  EntityId contents;
  Bytes<128> contents_use{};
  Le32 access{1};  // read only
  Le32 start;
  Le32 blocks;
  EntityId implementation;
  Bytes<128> implementation_use{};
  Bytes<156> reserved{};
};
static_assert(wire_struct<Partition, 512>());

struct LogicalVolume {  // 3/10.6, with its first partition map, of type 1 (3/10.7.2)
  Tag tag;
  Le32 sequence_number;
  CharSpec characters;
  Bytes<128> identifier{};
  Le32 block_size{kBlockSize};
  EntityId domain;
  LongAd file_set;
  Le32 map_bytes{6};
  Le32 maps{1};
  EntityId implementation;
  Bytes<128> implementation_use{};
  ExtentAd integrity;
  std::uint8_t map_type = 1;
  std::uint8_t map_length = 6;
  Le16 map_volume{1};
  Le16 map_partition;
};
static_assert(wire_struct<LogicalVolume, 446>());

// UDF 2.60, 2.2.8 to 2.2.10: what the three maps of type 2 have in common; which one it is, says
// the identifier.
struct KnownMap {
  std::uint8_t type = 2;
  std::uint8_t length = 64;
  Bytes<2> reserved{};
  EntityId identifier;
  Le16 volume{1};
  Le16 partition;
  Bytes<24> more{};
};
static_assert(wire_struct<KnownMap, 64>());

struct MetadataMap {  // the last 24 bytes of such a map
  Le32 file;          // of the partition
  Le32 mirror;
  Le32 bitmap;
  Le32 allocation_unit;
  Le16 alignment;
  std::uint8_t flags = 0;  // bit 0: the mirror has blocks of its own
  Bytes<5> reserved{};
};
static_assert(wire_struct<MetadataMap, 24>());
// There is none (UDF 2.60, 2.2.10): nothing will ever be allocated.
inline constexpr std::uint32_t kNoBitmap = 0xFFFFFFFF;

struct UnallocatedSpace {  // 3/10.8
  Tag tag;
  Le32 sequence_number;
  Le32 descriptors;
};

struct Terminating {  // 3/10.9
  Tag tag;
  Bytes<496> reserved{};
};

template <std::size_t Partitions>
struct Integrity {  // 3/10.10; UDF 1.02, 2.2.6
  Tag tag;
  Timestamp recorded;
  Le32 type{1};  // closed
  ExtentAd next;
  Le64 next_unique_id;
  Bytes<24> contents_use{};
  Le32 partitions{Partitions};
  Le32 implementation_use_bytes{46};
  std::array<Le32, Partitions> free_blocks;
  std::array<Le32, Partitions> blocks;
  EntityId implementation;
  Le32 files;
  Le32 directories;
  Le16 revision_min_read;
  Le16 revision_min_write;
  Le16 revision_max_write;
};
static_assert(wire_struct<Integrity<1>, 134>());
static_assert(wire_struct<Integrity<2>, 142>());

struct FileSet {  // 4/14.1
  Tag tag;
  Timestamp recorded;
  Le16 interchange_level{3};
  Le16 interchange_level_max{3};
  Le32 character_sets{1};
  Le32 character_sets_max{1};
  Le32 number;
  Le32 descriptor_number;
  CharSpec volume_characters;
  Bytes<128> volume_identifier{};
  CharSpec characters;
  Bytes<32> identifier{};
  Bytes<32> copyright_file{};
  Bytes<32> abstract_file{};
  LongAd root;
  EntityId domain;
  LongAd next;
  Bytes<48> reserved{};
};
static_assert(wire_struct<FileSet, 512>());

struct FileIdentifier {  // 4/14.4; the identifier follows, and padding to a multiple of four
  Tag tag;
  Le16 version{1};
  std::uint8_t characteristics = 0;
  std::uint8_t identifier_bytes = 0;
  LongAd entry;
  Le16 implementation_use_bytes;
};
static_assert(wire_struct<FileIdentifier, 38>());
inline constexpr std::uint8_t kIsDirectory = 0x02;
inline constexpr std::uint8_t kIsParent = 0x08;
[[nodiscard]] constexpr std::size_t file_identifier_bytes(std::size_t name_bytes) {
  return (sizeof(FileIdentifier) + name_bytes + 3) / 4 * 4;
}

// 4/14.6.6; UDF 2.50, 2.2.13.
enum class FileType : std::uint8_t {
  kDirectory = 4,
  kRegular = 5,
  kMetadata = 250,
  kMetadataMirror = 251,
};

struct FileEntry {  // 4/14.9, with the ICB tag (4/14.6); allocation descriptors follow
  Tag tag;
  Le32 prior_entries;
  Le16 strategy{4};
  Le16 strategy_parameter;
  Le16 entries_max{1};
  std::uint8_t reserved = 0;
  std::uint8_t type = 0;
  Bytes<6> parent{};
  Le16 flags;  // bits 2 to 0: 0, short descriptors; 1, long ones
  Le32 user;
  Le32 group;
  Le32 permissions;
  Le16 links;
  std::uint8_t record_format = 0;
  std::uint8_t record_attributes = 0;
  Le32 record_length;
  Le64 bytes;
  Le64 blocks;
  Timestamp accessed;
  Timestamp modified;
  Timestamp changed;
  Le32 checkpoint{1};
  LongAd attributes;
  EntityId implementation;
  Le64 unique_id;
  Le32 attribute_bytes;
  Le32 allocation_bytes;
};
static_assert(wire_struct<FileEntry, 176>());
struct ExtendedFileEntry {  // 4/14.17; allocation descriptors follow
  Tag tag;
  Le32 prior_entries;
  Le16 strategy{4};
  Le16 strategy_parameter;
  Le16 entries_max{1};
  std::uint8_t reserved = 0;
  std::uint8_t type = 0;
  Bytes<6> parent{};
  Le16 flags;
  Le32 user;
  Le32 group;
  Le32 permissions;
  Le16 links;
  std::uint8_t record_format = 0;
  std::uint8_t record_attributes = 0;
  Le32 record_length;
  Le64 bytes;
  Le64 object_bytes;  // with the named streams
  Le64 blocks;
  Timestamp accessed;
  Timestamp modified;
  Timestamp created;
  Timestamp changed;
  Le32 checkpoint{1};
  Le32 reserved_2;
  LongAd attributes;
  LongAd streams;
  EntityId implementation;
  Le64 unique_id;
  Le32 attribute_bytes;
  Le32 allocation_bytes;
};
static_assert(wire_struct<ExtendedFileEntry, 216>());
inline constexpr std::size_t kEntrySpace = kBlockSize - sizeof(FileEntry);

// CRC-ITU-T, of what follows the tag (3/7.2.6).
[[nodiscard]] std::uint16_t crc_of(std::span<const std::byte> bytes);
// Fills in the tag at the start of the descriptor, whose other bytes are complete. location: the
// block in which it begins; of the volume, or of the partition inside of it.
void seal(std::span<std::byte> descriptor, TagId id, std::uint32_t location,
          std::uint16_t revision = kRevision102);

// OSTA compressed Unicode (UDF 1.02, 2.1.1): one byte that says how wide the others are. Empty for
// an empty name; what is no UTF-8 becomes "_".
[[nodiscard]] std::vector<std::byte> compressed(std::string_view name);
// In a field of fixed length, whose last byte counts the bytes used (1/7.2.12). What does not fit
// is cut.
void put_dstring(std::span<std::uint8_t> field, std::string_view text);

[[nodiscard]] Timestamp timestamp(system::FileTime time);
// identifier with the suffix of a domain (UDF 1.02, 2.1.5.3): revision, and flags that say that
// nobody may write.
[[nodiscard]] EntityId domain_id(std::uint16_t revision);
// With the suffix of UDF itself.
[[nodiscard]] EntityId udf_id(std::string_view identifier, std::uint16_t revision);
[[nodiscard]] EntityId plain_id(std::string_view identifier);

}  // namespace pregroove::image::udf
