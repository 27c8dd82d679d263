#include "engine/cli/share_option.h"

#include <fmt/format.h>

#include "engine/cli/text.h"
#include "engine/system/interrupt.h"

namespace pregroove::cli {

void add_share_option(CLI::App& command, bool& share) {
  command.add_flag("--dedup", share,
                   "store files with the same bytes once; reads files of the same size twice");
}

image::ShareOptions share_options(const BootCommandOptions& boot) {
  image::ShareOptions options{.cancelled = system::interrupt_requested};
  for (const image::BootFile& file : boot.files())
    if (file.info_table)
      options.apart.push_back(file.path.starts_with('/') ? file.path : "/" + file.path);
  return options;
}

std::string in_words(const image::ShareCounts& counts) {
  return fmt::format("{} files share their bytes with others, which saves {}", counts.files,
                     mebibytes(blocks_for_bytes(counts.bytes)));
}

}  // namespace pregroove::cli
