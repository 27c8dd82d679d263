// The PATH arguments and --graft options of burn and image, and the tree that they make.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/image/scan.h"

namespace pregroove::cli {

struct SourceOptions {
  std::vector<std::string> paths;
  std::vector<std::string> grafts;  // "/target=source"
};

[[nodiscard]] inline bool is_empty(const SourceOptions& options) {
  return options.paths.empty() && options.grafts.empty();
}

void add_source_options(CLI::App& command, SourceOptions& options);

// Reads the trees from disk. kInvalidArgument when nothing was named, or a graft is malformed.
[[nodiscard]] Result<image::ScanResult> scan_sources(
    const SourceOptions& options,
    image::SpecialFiles special_files = image::SpecialFiles::kFollowLinks);

// Where on the disc they go; as scan_sources.
[[nodiscard]] Result<std::vector<std::string>> targets_of(const SourceOptions& options);

void print_warnings(const std::vector<std::string>& warnings);

}  // namespace pregroove::cli
