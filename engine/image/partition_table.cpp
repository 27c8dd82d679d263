#include "engine/image/partition_table.h"

#include <fmt/format.h>
#include <xxhash.h>
#include <zlib.h>

#include <algorithm>
#include <array>

#include "engine/base/bytes.h"
#include "engine/base/check.h"
#include "engine/image/overlays.h"
#include "engine/system/file.h"

namespace pregroove::image {
namespace {

constexpr std::uint64_t kSector = 512;
constexpr std::uint64_t kSectorsPerBlock = kBlockSize / kSector;

using Guid = std::array<std::uint8_t, 16>;

// UEFI specification 5.2.1, table "Legacy MBR Partition Record".
struct PartitionRecord {
  std::uint8_t status = 0;
  std::array<std::uint8_t, 3> first_chs{};
  std::uint8_t type = 0;
  std::array<std::uint8_t, 3> last_chs{};
  Le32 first;
  Le32 sectors;
};
static_assert(wire_struct<PartitionRecord, 16>());

constexpr std::uint8_t kActive = 0x80;
// A type that Windows leaves alone; isohybrid's [K].
constexpr std::uint8_t kTypeImage = 0x17;
// Where the EFI system partition lies within that of the image: EDK II takes a table in which two
// partitions overlap for none, and does not count a record of this type.
constexpr std::uint8_t kTypeUnused = 0x00;
constexpr std::uint8_t kTypeEfiSystem = 0xEF;      // UEFI specification 5.2.2
constexpr std::uint8_t kTypeGptProtective = 0xEE;  // UEFI specification 5.2.3

struct MasterBootRecord {
  std::array<std::byte, kBootCodeMax> code{};
  Le32 signature;
  Le16 unused;
  std::array<PartitionRecord, 4> partitions{};
  std::array<std::uint8_t, 2> mark{0x55, 0xAA};
};
static_assert(wire_struct<MasterBootRecord, kSector>());

// UEFI specification 5.3.2.
struct GptHeader {
  std::array<char, 8> signature{'E', 'F', 'I', ' ', 'P', 'A', 'R', 'T'};
  Le32 revision{0x00010000};
  Le32 size;
  Le32 header_crc;
  Le32 reserved;
  Le64 own;
  Le64 other;
  Le64 first_usable;
  Le64 last_usable;
  Guid disk{};
  Le64 entries;
  Le32 entry_count;
  Le32 entry_size;
  Le32 entries_crc;
};
static_assert(wire_struct<GptHeader, 92>());

// UEFI specification 5.3.3.
struct GptEntry {
  Guid type{};
  Guid own{};
  Le64 first;
  Le64 last;
  Le64 attributes;
  std::array<Le16, 36> name{};
};
static_assert(wire_struct<GptEntry, 128>());

// The array has to have 16,384 bytes at least (UEFI specification 5.3.1).
constexpr std::size_t kGptEntries = 128;
constexpr std::uint64_t kGptEntriesSectors = kGptEntries * sizeof(GptEntry) / kSector;
constexpr std::uint64_t kSystemAreaSectors = 64;  // ECMA-119 6.2.1: 16 blocks
static_assert(kGptEntriesSectors + 1 <= kGptTail.value * kSectorsPerBlock);
static_assert(2 + kGptEntriesSectors <= kSystemAreaSectors);

// C12A7328-F81F-11D2-BA4B-00A0C93EC93B (UEFI specification 5.3.3); the first three groups lie least
// significant byte first (appendix A).
constexpr Guid kEfiSystemPartition{0x28, 0x73, 0x2A, 0xC1, 0x1F, 0xF8, 0xD2, 0x11,
                                   0xBA, 0x4B, 0x00, 0xA0, 0xC9, 0x3E, 0xC9, 0x3B};

XXH128_hash_t hash_of(const std::string& identity, std::string_view what) {
  const std::string text = fmt::format("{}\n{}", what, identity);
  return XXH3_128bits(text.data(), text.size());
}

// Version 8 of RFC 9562: an identifier made by a rule of one's own, here from a hash.
Guid guid_of(const std::string& identity, std::string_view what) {
  constexpr std::size_t kVersionAt = 7;  // the third group lies least significant byte first
  constexpr std::size_t kVariantAt = 8;
  const XXH128_hash_t hash = hash_of(identity, what);
  Guid guid{};
  write_struct(std::as_writable_bytes(std::span(guid)), 0, Le64(hash.low64));
  write_struct(std::as_writable_bytes(std::span(guid)), sizeof(Le64), Le64(hash.high64));
  guid[kVersionAt] = static_cast<std::uint8_t>((guid[kVersionAt] & 0x0FU) | 0x80U);
  guid[kVariantAt] = static_cast<std::uint8_t>((guid[kVariantAt] & 0x3FU) | 0x80U);
  return guid;
}

std::uint32_t crc_of(std::span<const std::byte> bytes) {
  std::vector<Bytef> copy(bytes.size());
  std::ranges::transform(bytes, copy.begin(), [](std::byte b) { return static_cast<Bytef>(b); });
  return static_cast<std::uint32_t>(crc32(0, copy.data(), static_cast<uInt>(copy.size())));
}

// Cylinder, head and sector; `beyond` where the cylinder does not fit.
std::array<std::uint8_t, 3> chs_of(std::uint64_t sector, std::array<std::uint8_t, 3> beyond) {
  constexpr std::uint64_t kHeads = 64;
  constexpr std::uint64_t kSectorsPerTrack = 32;
  constexpr std::uint64_t kCylinders = 1024;
  const std::uint64_t cylinder = sector / (kHeads * kSectorsPerTrack);
  if (cylinder >= kCylinders) return beyond;
  const std::uint64_t head = sector / kSectorsPerTrack % kHeads;
  const std::uint64_t in_track = 1 + sector % kSectorsPerTrack;
  // The top bits of the cylinder are above the sector's six.
  return {static_cast<std::uint8_t>(head),
          static_cast<std::uint8_t>(in_track | ((cylinder >> 8U) << 6U)),
          static_cast<std::uint8_t>(cylinder)};
}

// A record counts in 32 bits; the sectors of the largest image need 34.
Le32 in_32_bits(std::uint64_t sectors) {
  return Le32(static_cast<std::uint32_t>(std::min<std::uint64_t>(sectors, 0xFFFFFFFFU)));
}

PartitionRecord record_of(std::uint8_t type, std::uint64_t first, std::uint64_t sectors) {
  constexpr std::array<std::uint8_t, 3> kBeyond{0xFE, 0xFF, 0xFF};
  constexpr std::array<std::uint8_t, 3> kBeyondOfGpt{0xFF, 0xFF, 0xFF};  // UEFI 5.2.3
  const auto& beyond = type == kTypeGptProtective ? kBeyondOfGpt : kBeyond;
  return {.first_chs = chs_of(first, beyond),
          .type = type,
          .last_chs = chs_of(first + sectors - 1, beyond),
          .first = in_32_bits(first),
          .sectors = in_32_bits(sectors)};
}

std::uint64_t sectors_of(BlockCount count) {
  return static_cast<std::uint64_t>(count.value) * kSectorsPerBlock;
}
std::uint64_t first_sector(std::int64_t block) {
  return static_cast<std::uint64_t>(block) * kSectorsPerBlock;
}

void add_mbr(const PartitionPlan& plan, Overlays& overlays) {
  MasterBootRecord mbr;
  const auto& code = plan.options.boot_code;
  PREGROOVE_CHECK(code.size() <= kBootCodeMax);
  std::ranges::copy(code, mbr.code.begin());
  if (!code.empty() && code.size() <= kBootCodeWithAddressMax && plan.bios_file)
    write_struct(mbr.code, kBootCodeWithAddressMax, Le64(first_sector(*plan.bios_file)));
  mbr.signature = Le32(static_cast<std::uint32_t>(hash_of(plan.identity, "signature").low64));
  const std::uint64_t sectors = sectors_of(plan.image);
  if (plan.options.scheme == PartitionScheme::kGpt) {
    mbr.partitions[0] = record_of(kTypeGptProtective, 1, sectors - 1);
  } else {
    mbr.partitions[0] = record_of(plan.efi_file ? kTypeUnused : kTypeImage, 0, sectors);
    mbr.partitions[0].status = kActive;
    if (plan.efi_file)
      mbr.partitions[1] = record_of(kTypeEfiSystem, first_sector(plan.efi_file->first),
                                    sectors_of(plan.efi_file->count));
  }
  overlays.add_struct(0, mbr);
}

GptEntry efi_entry(const PartitionPlan& plan) {
  constexpr std::string_view kName = "EFI system partition";
  const std::uint64_t first = first_sector(plan.efi_file->first);
  GptEntry entry{.type = kEfiSystemPartition,
                 .own = guid_of(plan.identity, "EFI system partition"),
                 .first = Le64(first),
                 .last = Le64(first + sectors_of(plan.efi_file->count) - 1)};
  std::ranges::transform(kName, entry.name.begin(),
                         [](char c) { return Le16(static_cast<std::uint8_t>(c)); });
  return entry;
}

void add_gpt_header(GptHeader header, Overlays& overlays) {
  header.header_crc = Le32(crc_of(bytes_of(header)));
  overlays.add_struct(header.own.value() * kSector, header);
}

// The second header is in the last sector of the image, and its array right before it.
void add_gpt(const PartitionPlan& plan, Overlays& overlays) {
  std::vector<std::byte> entries(kGptEntries * sizeof(GptEntry));
  write_struct(entries, 0, efi_entry(plan));
  const std::uint64_t last = sectors_of(plan.image) - 1;
  const std::uint64_t second_entries = last - kGptEntriesSectors;
  GptHeader header{.size = Le32(sizeof(GptHeader)),
                   .own = Le64(1),
                   .other = Le64(last),
                   .first_usable = Le64(kSystemAreaSectors),
                   .last_usable = Le64(sectors_of(plan.image - kGptTail) - 1),
                   .disk = guid_of(plan.identity, "disk"),
                   .entries = Le64(2),
                   .entry_count = Le32(kGptEntries),
                   .entry_size = Le32(sizeof(GptEntry)),
                   .entries_crc = Le32(crc_of(entries))};
  overlays.add(2 * kSector, entries);
  add_gpt_header(header, overlays);
  header.own = Le64(last);
  header.other = Le64(1);
  header.entries = Le64(second_entries);
  overlays.add(second_entries * kSector, entries);
  add_gpt_header(header, overlays);
}

}  // namespace

Result<std::vector<std::byte>> read_boot_code(const std::string& path) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto file, system::File::open_for_reading(path));
  std::vector<std::byte> code(kBootCodeMax + 1);
  PREGROOVE_ASSIGN_OR_RETURN(const std::size_t size, file.read_at(0, code));
  if (size == 0 || size > kBootCodeMax)
    return fail(ErrorCode::kUnsupported,
                fmt::format("\"{}\" {}", path,
                            size == 0 ? "is empty, and boot code is wanted"
                                      : fmt::format("is longer than the {} bytes that boot code "
                                                    "may have in a master boot record",
                                                    kBootCodeMax)),
                "Name the code alone, without a partition table, such as isolinux's isohdpfx.bin.");
  code.resize(size);
  return code;
}

void add_partition_table(const PartitionPlan& plan, Overlays& overlays) {
  if (plan.options.scheme == PartitionScheme::kNone) return;
  add_mbr(plan, overlays);
  if (plan.options.scheme == PartitionScheme::kGpt) add_gpt(plan, overlays);
}

}  // namespace pregroove::image
