#include "engine/cli/edit_options.h"

#include <fmt/format.h>

#include <utility>

namespace pregroove::cli {
namespace {

// Paths begin with a slash, which tells an equals sign between them from one in a name.
imapi::Result<std::pair<std::string, std::string>> parse_rename(const std::string& text) {
  const auto equals = text.find("=/");
  if (text.starts_with('/') && equals != std::string::npos)
    return std::pair(text.substr(0, equals), text.substr(equals + 1));
  return std::unexpected(
      imapi::Failure{imapi::ResultCode::E_INVALIDARG,
                     {.code = ErrorCode::kInvalidArgument,
                      .message = fmt::format("\"{}\" does not say what becomes what", text),
                      .advice = "Write --rename /old/path=/new/path"}});
}

}  // namespace

void add_edit_options(CLI::App& command, EditOptions& options) {
  command
      .add_option("--session", options.session,
                  "carry on from the files of this session, and not from the newest; without "
                  "files to add, the disc shows them again")
      ->check(CLI::PositiveNumber);
  command
      .add_option("--remove", options.removed,
                  "leave this file or folder of the disc (/path) out of the new session; earlier "
                  "sessions keep it")
      ->allow_extra_args(false);
  command
      .add_option("--rename", options.renamed,
                  "/old=/new: give a file or folder of the disc another path; costs no data")
      ->allow_extra_args(false);
}

imapi::Status edit_stage(imapi::JolietDiscMaster& joliet, const EditOptions& options) {
  if (options.session) PREGROOVE_RETURN_IF_ERROR(joliet.TakeOverSession(*options.session));
  for (const std::string& path : options.removed) PREGROOVE_RETURN_IF_ERROR(joliet.Remove(path));
  for (const std::string& text : options.renamed) {
    PREGROOVE_ASSIGN_OR_RETURN(const auto paths, parse_rename(text));
    PREGROOVE_RETURN_IF_ERROR(joliet.Rename(paths.first, paths.second));
  }
  return {};
}

}  // namespace pregroove::cli
