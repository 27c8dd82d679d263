#include <fmt/format.h>

#include <algorithm>

#include "engine/cli/say.h"
#include "engine/cli/session_view.h"
#include "engine/cli/text.h"

namespace pregroove::cli {
namespace {

nlohmann::json extents_as_json(const image::File& file) {
  nlohmann::json extents = nlohmann::json::array();
  if (const auto* old = std::get_if<image::OldExtents>(&file.content))
    for (const image::Extent& extent : old->extents)
      extents.push_back({{"lba", extent.lba.value}, {"bytes", extent.bytes}});
  return extents;
}

std::string_view type_of(const image::File& file) {
  if (std::holds_alternative<image::SymbolicLink>(file.content)) return "link";
  const auto* special = std::get_if<image::SpecialFile>(&file.content);
  if (special == nullptr) return "file";
  switch (special->kind) {
    case image::SpecialKind::kCharacterDevice:
      return "character device";
    case image::SpecialKind::kBlockDevice:
      return "block device";
    case image::SpecialKind::kPipe:
      return "pipe";
    case image::SpecialKind::kSocket:
      return "socket";
  }
  return "file";
}

std::string mode_of(const image::Attributes& attributes) {
  return fmt::format("{:04o}", attributes.permissions);
}

nlohmann::json file_as_json(std::string_view path, const image::File& file) {
  nlohmann::json entry = {{"path", path},
                          {"type", type_of(file)},
                          {"size", file.size()},
                          {"modified", date_time(file.modified)},
                          {"mode", mode_of(file.attributes)},
                          {"user", file.attributes.user},
                          {"group", file.attributes.group},
                          {"extents", extents_as_json(file)}};
  if (const auto* link = std::get_if<image::SymbolicLink>(&file.content))
    entry["target"] = link->target;
  return entry;
}

nlohmann::json boot_as_json(const image::BootCatalog& catalog) {
  nlohmann::json entries = nlohmann::json::array();
  for (const image::BootEntry& entry : catalog.entries)
    entries.push_back({{"platform", name_of(entry.platform)},
                       {"bootable", entry.bootable},
                       {"emulation", entry.emulation},
                       {"load_sectors", entry.load_sectors},
                       {"lba", entry.start.value}});
  return {{"catalog", catalog.lba.value}, {"entries", entries}};
}

void print_as_json(const SessionView& view) {
  nlohmann::json files = nlohmann::json::array();
  nlohmann::json folders = nlohmann::json::array();
  view.tree().walk(
      [&files](std::string_view path, const image::File& file) {
        files.push_back(file_as_json(path, file));
      },
      [&folders](std::string_view path, const image::Directory&) { folders.push_back(path); });
  nlohmann::json session = {{"session", view.session().number},
                            {"volume", view.session().content.volume_id},
                            {"folders", folders},
                            {"files", files}};
  if (const auto& boot = view.session().content.boot) session["boot"] = boot_as_json(*boot);
  print_json(session);
}

void print(const SessionView& view) {
  // Beside the list, which may be read by programs.
  if (const auto& boot = view.session().content.boot)
    say_aside("pregroove: note: {}\n", boot->entries.empty()
                                           ? "there is a boot record, but no boot catalog that can "
                                             "be read"
                                           : "bootable: " + platforms_of(*boot));
  view.tree().walk(
      [](std::string_view path, const image::File& file) {
        if (!file.is_special()) {
          say("{:12}  {}  {}\n", file.size(), date_time(file.modified), printable(path));
          return;
        }
        const auto* link = std::get_if<image::SymbolicLink>(&file.content);
        const std::string what =
            link != nullptr ? "-> " + printable(link->target) : fmt::format("({})", type_of(file));
        say("{:>12}  {}  {} {}\n", "-", date_time(file.modified), printable(path), what);
      },
      [](std::string_view path, const image::Directory& folder) {
        say("{:>12}  {}  {}/\n", "-", date_time(folder.modified), printable(path));
      });
}

int run_ls(const SessionOptions& options) {
  const auto view = SessionView::open(options);
  if (!view) return report(view.error(), options.drive.json);
  if (options.drive.json)
    print_as_json(**view);
  else
    print(**view);
  return kDone;
}

}  // namespace

void add_ls(CLI::App& app, Run& chosen) {
  auto* command =
      app.add_subcommand("ls", "the files of a session, which include those of the earlier ones");
  auto options = std::make_shared<SessionOptions>();
  add_session_options(*command, *options);
  command->callback([options, &chosen] { chosen = [options] { return run_ls(*options); }; });
}

}  // namespace pregroove::cli
