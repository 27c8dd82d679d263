// Partition tables in the system area of an image, so that the same bytes boot when they are copied
// to a stick or a hard disk: an MBR in the manner of isohybrid, or a GPT (UEFI specification 5).
//
// Both count sectors of 512 bytes, four to a block of the image.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/units.h"

namespace pregroove::image {

enum class PartitionScheme : std::uint8_t {
  kNone,
  kMbr,  // the whole image, and the EFI boot file if there is one
  kGpt,  // the EFI boot file as the EFI system partition, under a protective MBR
};

struct PartitionOptions {
  PartitionScheme scheme = PartitionScheme::kNone;
  // What a BIOS runs when it starts from the stick; at most kBootCodeMax bytes.
  std::vector<std::byte> boot_code;
};

// Behind the code are the disk's signature and the partition table.
inline constexpr std::size_t kBootCodeMax = 440;
// Code of at most so many bytes finds the sector of the BIOS boot file behind itself, in 8 bytes,
// least significant first. So isolinux's isohdpfx.bin expects it [K].
inline constexpr std::size_t kBootCodeWithAddressMax = 432;

// The boot code in a file. kUnsupported when it is empty or too long.
[[nodiscard]] Result<std::vector<std::byte>> read_boot_code(const std::string& path);

// BIOSes take the geometry of a stick from its partition table; sizes in whole megabytes are whole
// cylinders of 64 heads and 32 sectors, as isohybrid has them [K].
inline constexpr BlockCount kPartitionedSizeUnit{512};
// Blocks behind the volume that the second GPT takes: 128 entries, and a header.
inline constexpr BlockCount kGptTail{9};

// A partition, or the place of a boot file: blocks from the start of the image.
struct BlockRange {
  std::int64_t first = 0;
  BlockCount count;
};

struct PartitionPlan {
  PartitionOptions options;
  BlockCount image;
  std::optional<std::int64_t> bios_file;  // its first block
  std::optional<BlockRange> efi_file;
  // Same image, same identifiers: GUIDs and the disk's signature are a hash of this text.
  std::string identity;
};

class Overlays;

// REQUIRES: the boot code is not too long; a GPT has an EFI boot file, and the last kGptTail
// blocks of the image are free.
void add_partition_table(const PartitionPlan& plan, Overlays& overlays);

}  // namespace pregroove::image
