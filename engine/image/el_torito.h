// What makes a disc bootable: the structures of the "El Torito" Bootable CD-ROM Format
// Specification, version 1.0, as the writer makes them and the import reads them.
//
// A boot record among the volume descriptors names the block of the boot catalog; the catalog names
// blocks that firmware loads, or mounts, without knowing any file system. Only "no emulation" is
// written; other kinds are read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/units.h"

namespace pregroove::image {

// Specification 2.1 (validation entry); EFh: UEFI specification 13.3.2.1.
enum class BootPlatform : std::uint8_t { kBios = 0x00, kPowerPc = 0x01, kMac = 0x02, kEfi = 0xEF };
// "BIOS", "EFI"; as a number when it is no known one.
[[nodiscard]] std::string name_of(BootPlatform platform);

// The unit of sector counts in the catalog, whatever the disc's blocks are.
inline constexpr std::uint64_t kBootSectorSize = 512;
// What a BIOS loads unless told otherwise: one block of the disc.
inline constexpr std::uint16_t kDefaultLoadSectors = 4;

// A file of the image that firmware of a platform is to boot.
struct BootFile {
  BootPlatform platform = BootPlatform::kBios;
  std::string path;  // in the tree, such as "/isolinux/isolinux.bin"
  // 512-byte sectors to load; nullopt: kDefaultLoadSectors, and the whole file for EFI.
  std::optional<std::uint16_t> load_sectors;
  // Put a boot info table into the image's copy of the file: 56 bytes from byte 8 on.
  bool info_table = false;
};

struct BootEntry {
  BootPlatform platform = BootPlatform::kBios;
  bool bootable = true;
  std::uint8_t emulation = 0;  // the low four bits of the media type; 0: none
  std::uint16_t load_sectors = 0;
  Lba start;

  bool operator==(const BootEntry&) const = default;
};
struct BootCatalog {
  Lba lba;
  std::vector<BootEntry> entries;  // the default entry first; none: the catalog is damaged

  bool operator==(const BootCatalog&) const = default;
};
// "BIOS, EFI": the platforms of the bootable entries, each once.
[[nodiscard]] std::string platforms_of(const BootCatalog& catalog);

struct BootOptions {
  // The first becomes the default entry. At most kBootFilesMax.
  std::vector<BootFile> files;
  // The catalog of an earlier session, which the new one goes on naming when it has no boot files
  // of its own. Its addresses count from the start of the disc, so that they stay right.
  std::optional<BootCatalog> kept;

  // Whether the image has a boot record at all.
  [[nodiscard]] bool any() const { return !files.empty() || kept.has_value(); }
};
// One block of the catalog holds 64 entries: validation and default entry, and two for each other.
inline constexpr std::size_t kBootFilesMax = 32;

// The boot record, one block. Has to be the block behind the primary descriptor.
[[nodiscard]] std::vector<std::byte> make_boot_record(Lba catalog);
// One block. REQUIRES: 1 to kBootFilesMax entries.
[[nodiscard]] std::vector<std::byte> make_boot_catalog(std::span<const BootEntry> entries);

// The block of the catalog, when this block is an El Torito boot record.
[[nodiscard]] std::optional<Lba> catalog_named_by(std::span<const std::byte> boot_record);
// Empty when the block is no valid catalog. Entries beyond the block are not looked at.
[[nodiscard]] std::vector<BootEntry> parse_boot_catalog(std::span<const std::byte> block);

// The boot info table of mkisofs' manual (-boot-info-table): where the file and the descriptors
// are, for boot programs that are loaded in part and have to find the rest of themselves. Bytes 8
// to 63 of the file.
inline constexpr std::size_t kInfoTableOffset = 8;
inline constexpr std::size_t kInfoTableEnd = 64;
[[nodiscard]] std::vector<std::byte> make_info_table(Lba primary_descriptor, Lba file,
                                                     std::uint32_t bytes, std::uint32_t checksum);

// The sum of the 32-bit words, least significant byte first, from byte 64 of a file to its end; the
// last word is filled up with zeros.
class InfoTableChecksum {
 public:
  // Pieces of the file from its first byte on, in order.
  void add(std::span<const std::byte> piece);
  [[nodiscard]] std::uint32_t value() const { return sum_; }

 private:
  std::uint64_t position_ = 0;
  std::uint32_t sum_ = 0;
};

}  // namespace pregroove::image
