#include "engine/system/output_file.h"

#include <fmt/format.h>
#include <unistd.h>

namespace pregroove::system {
namespace {

std::unexpected<Error> taken(const std::string& path) {
  return fail(ErrorCode::kAlreadyExists, fmt::format("\"{}\" exists already", path),
              "Choose another name, or use --force to replace it.");
}

Status check_target(const std::string& path, Replace replace) {
  const auto status = status_of(path, FollowLinks::kNo);
  if (!status) return {};
  if (status->kind != FileKind::kRegular)
    return fail(ErrorCode::kUnsupported,
                fmt::format("\"{}\" is not a regular file, and is not replaced", path),
                "Choose the name of a file.");
  if (replace == Replace::kNo) return taken(path);
  return {};
}

}  // namespace

Result<OutputFile> OutputFile::create(const std::string& path, Replace replace) {
  PREGROOVE_RETURN_IF_ERROR(check_target(path, replace));
  constexpr int kTries = 100;
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  for (int number = 0;; ++number) {
    // A name of its own: behind the file's there may be no room for more characters.
    auto file = File::create(fmt::format("{}.pregroove-{}-{}.partial", folder, ::getpid(), number));
    if (file) return OutputFile(*std::move(file), path, replace);
    if (file.error().code != ErrorCode::kAlreadyExists || number == kTries)
      return std::unexpected(std::move(file).error());
  }
}

Status OutputFile::complete() {
  const std::string partial = file_.path();
  if (replace_ == Replace::kNo && ::link(partial.c_str(), path_.c_str()) == 0) {
    file_ = {};
    return remove_file(partial);
  }
  // Taken meanwhile, or a file system without links.
  PREGROOVE_RETURN_IF_ERROR(check_target(path_, replace_));
  PREGROOVE_RETURN_IF_ERROR(rename_file(partial, path_));
  file_ = {};
  return {};
}

OutputFile::~OutputFile() {
  // What is not complete does not stay; that it cannot be removed is not worth a second error.
  if (file_.is_open()) (void)remove_file(file_.path());
}

}  // namespace pregroove::system
