// --dedup, which burn and image share.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "engine/cli/boot_options.h"
#include "engine/image/update.h"

namespace pregroove::cli {

void add_share_option(CLI::App& command, bool& share);
// Boot files that get a boot info table are changed in the image, and therefore not shared.
[[nodiscard]] image::ShareOptions share_options(const BootCommandOptions& boot);
[[nodiscard]] std::string in_words(const image::ShareCounts& counts);

}  // namespace pregroove::cli
