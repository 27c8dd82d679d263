// The options that make an image bootable. burn and image share those of El Torito; a partition
// table is for images that are copied to a stick, and therefore image's alone.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/image/el_torito.h"
#include "engine/image/partition_table.h"

namespace pregroove::cli {

struct BootCommandOptions {
  std::string bios;  // paths in the image; empty: none
  std::string efi;
  std::optional<std::uint16_t> load_sectors;
  bool info_table = false;
  std::string mbr;  // a file on disk
  bool gpt = false;

  [[nodiscard]] std::vector<image::BootFile> files() const;
  // Reads the boot code.
  [[nodiscard]] Result<image::PartitionOptions> partitions() const;
};

void add_boot_options(CLI::App& command, BootCommandOptions& options);
void add_partition_options(CLI::App& command, BootCommandOptions& options);

}  // namespace pregroove::cli
