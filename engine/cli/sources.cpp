#include "engine/cli/sources.h"
#include "engine/cli/say.h"

#include <fmt/format.h>

#include <cstdio>

namespace pregroove::cli {
namespace {

Result<image::Graft> parse_graft(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || text[0] != '/' || equals + 1 == text.size())
    return fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is not a graft", text),
                "Write --graft /target/on/disc=source/on/disk");
  return image::Graft{.source = text.substr(equals + 1), .target = text.substr(0, equals)};
}

}  // namespace

void add_source_options(CLI::App& command, SourceOptions& options) {
  command.add_option("PATH", options.paths,
                     "files and folders; each goes to the root of the disc under its own name");
  command
      .add_option(
          "--graft", options.grafts,
          "/target=source: put the source there; /=folder puts what is in the folder at the root")
      ->allow_extra_args(false);
}

namespace {

Result<std::vector<image::Graft>> grafts_of(const SourceOptions& options) {
  std::vector<image::Graft> grafts;
  for (const std::string& path : options.paths) {
    if (path.empty())
      return fail(ErrorCode::kInvalidArgument, "a path is empty", "Name the files and folders.");
    PREGROOVE_ASSIGN_OR_RETURN(auto graft, image::graft_under_own_name(path));
    grafts.push_back(std::move(graft));
  }
  for (const std::string& text : options.grafts) {
    PREGROOVE_ASSIGN_OR_RETURN(auto graft, parse_graft(text));
    grafts.push_back(std::move(graft));
  }
  if (grafts.empty())
    return fail(ErrorCode::kInvalidArgument, "there is nothing to write",
                "Name the files and folders, or use --graft /target=source");
  return grafts;
}

}  // namespace

Result<image::ScanResult> scan_sources(const SourceOptions& options,
                                       image::SpecialFiles special_files) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto grafts, grafts_of(options));
  return image::scan(grafts, {.special_files = special_files});
}

Result<std::vector<std::string>> targets_of(const SourceOptions& options) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto grafts, grafts_of(options));
  std::vector<std::string> targets;
  for (const image::Graft& graft : grafts) targets.push_back(graft.target);
  return targets;
}

void print_warnings(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) say_aside("pregroove: note: {}\n", warning);
}

}  // namespace pregroove::cli
