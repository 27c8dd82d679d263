// The options that say which names and attributes an image has; burn and image share them.
#pragma once

#include <CLI/CLI.hpp>

#include "engine/image/image.h"
#include "engine/image/scan.h"

namespace pregroove::cli {

struct FormatOptions {
  bool no_rock_ridge = false;
  bool no_joliet = false;
  bool long_joliet_names = false;
  bool follow_links = false;
  bool udf = false;
  int iso_level = static_cast<int>(image::IsoLevel::k3);
  image::UdfAlone udf_alone = image::UdfAlone::kNo;

  [[nodiscard]] image::ImageFormats formats() const;
  [[nodiscard]] image::SpecialFiles special_files() const;
};

void add_format_options(CLI::App& command, FormatOptions& options);

}  // namespace pregroove::cli
