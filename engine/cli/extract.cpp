#include "engine/image/extract.h"
#include "engine/cli/say.h"

#include <fmt/format.h>

#include <cstdio>

#include "engine/cli/session_view.h"
#include "engine/cli/text.h"
#include "engine/system/file.h"
#include "engine/system/interrupt.h"
#include "engine/system/output_file.h"

namespace pregroove::cli {
namespace {

struct ExtractCommand {
  SessionOptions session;
  std::string into = ".";
  std::vector<std::string> paths;
  bool force = false;
};

bool is_below(std::string_view path, std::string_view wanted) {
  while (wanted.ends_with('/')) wanted.remove_suffix(1);
  while (wanted.starts_with('/')) wanted.remove_prefix(1);
  path.remove_prefix(path.starts_with('/') ? 1 : 0);
  if (wanted.empty()) return true;
  return path.starts_with(wanted) && (path.size() == wanted.size() || path[wanted.size()] == '/');
}

bool is_wanted(const ExtractCommand& command, std::string_view path) {
  if (command.paths.empty()) return true;
  return std::ranges::any_of(command.paths,
                             [&](const auto& wanted) { return is_below(path, wanted); });
}

// A name from a disc must not lead out of the folder that the user named.
Status check_path(std::string_view path) {
  std::size_t start = 1;
  while (start <= path.size()) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view name = path.substr(start, end - start);
    if (name.empty() || name == "." || name == ".." || name.find('\0') != std::string_view::npos)
      return fail(ErrorCode::kBadName, fmt::format("the disc holds the unsafe name \"{}\"", path),
                  "Name the other files to extract them without it.");
    start = end + 1;
  }
  return {};
}

// The owner can always write, so that folders and later extractions work; nobody gains rights by a
// bit from a disc.
std::uint16_t kept_permissions(const image::Attributes& attributes) {
  constexpr unsigned kOwnerReadsAndWrites = 0600;
  constexpr unsigned kPlain = 0777;
  return static_cast<std::uint16_t>((attributes.permissions & kPlain) | kOwnerReadsAndWrites);
}

Status extract_file(SessionView& view, const ListedFile& listed, const ExtractCommand& command) {
  const std::string target = command.into + listed.path;
  PREGROOVE_ASSIGN_OR_RETURN(
      auto output, system::OutputFile::create(
                       target, command.force ? system::Replace::kYes : system::Replace::kNo));
  PREGROOVE_RETURN_IF_ERROR(
      image::read_file(view.reader(), *listed.file, [&](std::span<const std::byte> data) {
        if (system::interrupt_requested()) return Status(fail(ErrorCode::kCancelled, "cancelled"));
        return output.file().append(data);
      }));
  PREGROOVE_RETURN_IF_ERROR(output.complete());
  PREGROOVE_RETURN_IF_ERROR(
      system::set_permissions(target, kept_permissions(listed.file->attributes)));
  return system::set_modified(target, listed.file->modified);
}

// Devices and the like are nothing that a disc should bring into a folder.
Status extract_special(const ListedFile& listed, const ExtractCommand& command) {
  const auto* link = std::get_if<image::SymbolicLink>(&listed.file->content);
  if (link == nullptr)
    return fail(ErrorCode::kUnsupported, "devices, pipes and sockets are not extracted",
                "Make them by hand; pregroove ls --json tells what they are.");
  return system::make_link(link->target, command.into + listed.path,
                           command.force ? system::Replace::kYes : system::Replace::kNo);
}

struct Wanted {
  std::vector<std::string> folders;
  std::vector<ListedFile> files;
};

Result<Wanted> choose(const SessionView& view, const ExtractCommand& command) {
  Wanted wanted;
  Status safe;
  view.tree().walk([](std::string_view, const image::File&) {},
                   [&](std::string_view path, const image::Directory&) {
                     const bool above = std::ranges::any_of(
                         command.paths, [&](const auto& name) { return is_below(name, path); });
                     if (is_wanted(command, path) || above) wanted.folders.emplace_back(path);
                     if (safe) safe = check_path(path);
                   });
  PREGROOVE_RETURN_IF_ERROR(safe);
  for (ListedFile& file : files_by_address(view.tree())) {
    if (!is_wanted(command, file.path)) continue;
    PREGROOVE_RETURN_IF_ERROR(check_path(file.path));
    wanted.files.push_back(std::move(file));
  }
  if (wanted.files.empty() && wanted.folders.empty() && !command.paths.empty())
    return fail(ErrorCode::kNotFound,
                fmt::format("the session holds no \"{}\"", command.paths.front()),
                "See what it holds with pregroove ls.");
  return wanted;
}

Status make_folders(const Wanted& wanted, const ExtractCommand& command) {
  PREGROOVE_RETURN_IF_ERROR(system::make_directory(command.into));
  for (const std::string& folder : wanted.folders) {
    const std::string path = command.into + folder;
    PREGROOVE_RETURN_IF_ERROR(system::make_directory(path));
    PREGROOVE_ASSIGN_OR_RETURN(const auto made, system::status_of(path, system::FollowLinks::kNo));
    // An earlier extraction may have made it, and nothing is written through what a disc brought.
    if (made.kind != system::FileKind::kDirectory)
      return fail(ErrorCode::kAlreadyExists,
                  fmt::format("\"{}\" is a symbolic link, and the disc has a folder there", path),
                  "Extract to another folder, or remove the link.");
  }
  return {};
}

// The files that could not be extracted, with the reason; kCancelled ends it.
Result<nlohmann::json> extract_all(SessionView& view, const Wanted& wanted,
                                   const ExtractCommand& command) {
  nlohmann::json failures = nlohmann::json::array();
  const auto note = [&](const ListedFile& file, const Status& done) {
    if (done) return;
    if (!command.session.drive.json)
      say_aside("pregroove: {}: {}\n", file.path, describe(done.error()));
    failures.push_back({{"path", file.path}, {"error", to_json(done.error())}});
  };
  for (const ListedFile& file : wanted.files) {
    if (file.file->is_special()) continue;
    auto done = extract_file(view, file, command);
    if (!done && done.error().code == ErrorCode::kCancelled)
      return std::unexpected(std::move(done).error());
    note(file, done);
  }
  // Links come last: nothing is ever written through one that a disc brought.
  for (const ListedFile& file : wanted.files) {
    if (file.file->is_special()) note(file, extract_special(file, command));
  }
  return failures;
}

int run_extract(const ExtractCommand& command) {
  const bool json = command.session.drive.json;
  auto view = SessionView::open(command.session);
  if (!view) return report(view.error(), json);
  const auto wanted = choose(**view, command);
  if (!wanted) return report(wanted.error(), json);
  system::catch_interrupts();
  if (const auto made = make_folders(*wanted, command); !made) return report(made.error(), json);
  const auto failures = extract_all(**view, *wanted, command);
  if (!failures) return report_as_failed(failures.error(), json);
  const std::size_t files = wanted->files.size() - failures->size();
  if (json)
    print_json({{"session", (*view)->session().number}, {"files", files}, {"failures", *failures}});
  else
    say("{} file(s) of session {} extracted to {}{}\n", files, (*view)->session().number,
        command.into, failures->empty() ? "" : fmt::format(", {} failed", failures->size()));
  return failures->empty() ? kDone : kFailed;
}

}  // namespace

void add_extract(CLI::App& app, Run& chosen) {
  auto* command = app.add_subcommand("extract", "copy files of a session to a folder");
  auto options = std::make_shared<ExtractCommand>();
  add_session_options(*command, options->session);
  command->add_option("-o,--into", options->into, "the folder; it is made if it is missing")
      ->capture_default_str();
  command->add_option("PATH", options->paths, "only these files and folders of the disc");
  command->add_flag("--force", options->force, "replace existing files");
  command->callback([options, &chosen] { chosen = [options] { return run_extract(*options); }; });
}

}  // namespace pregroove::cli
