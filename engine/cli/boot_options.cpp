#include "engine/cli/boot_options.h"

#include <cstdint>
#include <limits>

namespace pregroove::cli {

void add_boot_options(CLI::App& command, BootCommandOptions& options) {
  constexpr int kLoadSectorsMax = std::numeric_limits<std::uint16_t>::max();
  auto* const bios = command.add_option("--boot-bios", options.bios,
                                        "a file of the image, by its path in it, that a BIOS boots "
                                        "(El Torito, no emulation), such as "
                                        "/isolinux/isolinux.bin");
  command.add_option("--boot-efi", options.efi,
                     "a file of the image, by its path in it, that EFI firmware boots: a FAT file "
                     "system with /EFI/BOOT/BOOTX64.EFI in it");
  command
      .add_option("--boot-load-size", options.load_sectors,
                  "sectors of 512 bytes that a BIOS loads of its boot file; 4 if not given")
      ->check(CLI::Range(1, kLoadSectorsMax))
      ->needs(bios);
  command
      .add_flag("--boot-info-table", options.info_table,
                "write addresses and checksum into the image's copy of the BIOS boot file (bytes 8 "
                "to 63), as isolinux and GRUB want it")
      ->needs(bios);
}

void add_partition_options(CLI::App& command, BootCommandOptions& options) {
  command.add_option("--mbr", options.mbr,
                     "boot code of at most 440 bytes, such as isolinux's isohdpfx.bin: the image "
                     "boots from a stick, too; wants --boot-bios");
  command.add_flag("--gpt", options.gpt,
                   "a GPT with the EFI boot file as its EFI system partition, instead of an MBR "
                   "partition table; wants --boot-efi");
}

std::vector<image::BootFile> BootCommandOptions::files() const {
  std::vector<image::BootFile> files;
  if (!bios.empty())
    files.push_back({.platform = image::BootPlatform::kBios,
                     .path = bios,
                     .load_sectors = load_sectors,
                     .info_table = info_table});
  if (!efi.empty()) files.push_back({.platform = image::BootPlatform::kEfi, .path = efi});
  return files;
}

Result<image::PartitionOptions> BootCommandOptions::partitions() const {
  image::PartitionOptions options;
  if (!mbr.empty()) {
    options.scheme = image::PartitionScheme::kMbr;
    PREGROOVE_ASSIGN_OR_RETURN(options.boot_code, image::read_boot_code(mbr));
  }
  if (gpt) options.scheme = image::PartitionScheme::kGpt;
  return options;
}

}  // namespace pregroove::cli
