#include "engine/image/scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace pregroove::image {
namespace {

using system::FileKind;
using system::FileStatus;
using system::FollowLinks;

constexpr std::string_view kUnreadableAdvice =
    "Give yourself permission to read it, or leave it out; nothing was written.";

std::unexpected<Error> with_advice(Error error, std::string_view advice) {
  if (error.advice.empty()) error.advice = advice;
  return std::unexpected(std::move(error));
}

Attributes attributes_from(const FileStatus& status) {
  return {.permissions = static_cast<std::uint16_t>(status.mode),
          .user = status.user,
          .group = status.group};
}

std::optional<SpecialFile> special_from(const FileStatus& status) {
  const DeviceNumber device{.major = status.device_major, .minor = status.device_minor};
  switch (status.kind) {
    case FileKind::kCharacterDevice:
      return SpecialFile{.kind = SpecialKind::kCharacterDevice, .device = device};
    case FileKind::kBlockDevice:
      return SpecialFile{.kind = SpecialKind::kBlockDevice, .device = device};
    case FileKind::kPipe:
      return SpecialFile{.kind = SpecialKind::kPipe};
    case FileKind::kSocket:
      return SpecialFile{.kind = SpecialKind::kSocket};
    default:
      return std::nullopt;
  }
}

File file_from(std::string name, std::shared_ptr<const std::string> folder, std::string leaf,
               const FileStatus& status) {
  return {.name = std::move(name),
          .modified = status.modified,
          .content = SourceFile{.folder = std::move(folder),
                                .leaf = std::move(leaf),
                                .size = status.size,
                                .modified = status.modified,
                                .device = status.device,
                                .inode = status.inode,
                                .modified_nanoseconds = status.modified_nanoseconds,
                                .links = status.links},
          .attributes = attributes_from(status)};
}

class Scanner {
 public:
  Scanner(SpecialFiles special_files, std::vector<std::string>& warnings)
      : special_files_(special_files), warnings_(warnings) {}

  // The files and folders in a folder, into `into`. Names, times and sizes only. The folder is
  // closed before its subfolders are read: a deep tree needs no more open files than a flat one.
  Status read_folder(const std::string& path, const FileStatus& status, Directory& into) {
    if (ancestors_.size() >= kDepthMax)
      return fail(ErrorCode::kBadName, fmt::format("\"{}\" is nested too deeply", path),
                  "Leave it out, or pack it into an archive.");
    into.modified = status.modified;
    into.attributes = attributes_from(status);
    ancestors_.emplace_back(status.device, status.inode);
    const std::string prefix = path.ends_with('/') ? path : path + "/";
    std::vector<Subfolder> subfolders;
    PREGROOVE_RETURN_IF_ERROR(read_entries(path, prefix, into, subfolders));
    into.directories.reserve(subfolders.size());
    for (auto& [name, child_status] : subfolders) {
      const std::string child_path = prefix + name;
      into.directories.push_back({.name = std::move(name)});
      PREGROOVE_RETURN_IF_ERROR(read_folder(child_path, child_status, into.directories.back()));
    }
    ancestors_.pop_back();
    return {};
  }

 private:
  using Subfolder = std::pair<std::string, FileStatus>;

  // A folder that is being read.
  struct Place {
    const system::Folder& folder;
    const std::string& prefix;  // of its entries' paths
    std::shared_ptr<const std::string> path;
  };

  Status read_entries(const std::string& path, const std::string& prefix, Directory& into,
                      std::vector<Subfolder>& subfolders) {
    const auto folder = system::Folder::open(path);
    if (!folder) return with_advice(folder.error(), kUnreadableAdvice);
    auto names = folder->list();
    if (!names) return with_advice(std::move(names).error(), kUnreadableAdvice);
    const Place place{*folder, prefix, std::make_shared<const std::string>(path)};
    for (std::string& name : *names)
      PREGROOVE_RETURN_IF_ERROR(read_entry(place, std::move(name), into, subfolders));
    into.files.edit().shrink_to_fit();
    return {};
  }

  Status read_entry(const Place& place, std::string name, Directory& into,
                    std::vector<Subfolder>& subfolders) {
    const bool follow = special_files_ != SpecialFiles::kKeep;
    const auto status = place.folder.status_of(name, follow ? FollowLinks::kYes : FollowLinks::kNo);
    if (!status) {
      const std::string path = place.prefix + name;
      return leave_out_unless_denied(path, status.error(), std::move(name), into);
    }
    switch (status->kind) {
      case FileKind::kRegular: {
        if (auto readable = place.folder.check_readable(name, *status); !readable)
          return with_advice(std::move(readable).error(), kUnreadableAdvice);
        std::string leaf = name;
        into.files.edit().push_back(
            file_from(std::move(name), place.path, std::move(leaf), *status));
        return {};
      }
      case FileKind::kDirectory:
        if (is_ancestor(*status))
          warnings_.push_back(
              fmt::format("\"{}\" was left out: it leads back to a folder that contains it",
                          place.prefix + name));
        else
          subfolders.emplace_back(std::move(name), *status);
        return {};
      default:
        return add_other(place.prefix + name, *status, std::move(name), into);
    }
  }

  // What holds no bytes.
  Status add_other(const std::string& path, const FileStatus& status, std::string&& name,
                   Directory& into) {
    if (status.kind == FileKind::kSymbolicLink)
      return add_link(path, status, std::move(name), into);
    if (auto special = special_from(status);
        special && special_files_ != SpecialFiles::kFollowLinks) {
      into.files.edit().push_back({.name = std::move(name),
                                   .modified = status.modified,
                                   .content = *special,
                                   .attributes = attributes_from(status)});
      return {};
    }
    warnings_.push_back(fmt::format(
        "\"{}\" was left out: it is neither a file nor a folder (a device, pipe or socket)", path));
    return {};
  }

  static Status add_link(const std::string& path, const FileStatus& status, std::string&& name,
                         Directory& into) {
    PREGROOVE_ASSIGN_OR_RETURN(std::string target, system::link_target(path));
    into.files.edit().push_back({.name = std::move(name),
                                 .modified = status.modified,
                                 .content = SymbolicLink{.target = std::move(target)},
                                 .attributes = attributes_from(status)});
    return {};
  }

  // A name that was listed but cannot be looked at: a link to nowhere, a link to itself, a file
  // that has just gone.
  Status leave_out_unless_denied(const std::string& path, const Error& error, std::string&& name,
                                 Directory& into) {
    if (error.code == ErrorCode::kAccessDenied) return with_advice(error, kUnreadableAdvice);
    const auto link = system::status_of(path, FollowLinks::kNo);
    const bool is_link = link && link->kind == FileKind::kSymbolicLink;
    if (link && !is_link) return std::unexpected(error);
    if (is_link && special_files_ == SpecialFiles::kKeepAndFollowLinks)
      return add_link(path, *link, std::move(name), into);
    warnings_.push_back(
        fmt::format("\"{}\" was left out: {}", path,
                    is_link ? "it is a symbolic link that leads nowhere" : "it has just vanished"));
    return {};
  }

  [[nodiscard]] bool is_ancestor(const FileStatus& status) const {
    return std::ranges::find(ancestors_, std::pair(status.device, status.inode)) !=
           ancestors_.end();
  }

  SpecialFiles special_files_;
  std::vector<std::string>& warnings_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ancestors_;  // device and inode
};

std::string without_trailing_slashes(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

// The last component of the absolute, normalised path; empty for "/".
Result<std::string> own_name(const std::string& path) {
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error);
  if (error)
    return fail(ErrorCode::kNotFound,
                fmt::format("cannot tell where \"{}\" is: {}", path, error.message()));
  const std::string normal = without_trailing_slashes(absolute.lexically_normal().string());
  return normal.substr(normal.rfind('/') + 1);
}

Result<FileStatus> look_at_source(const std::string& source) {
  if (source.empty())
    return fail(ErrorCode::kInvalidArgument, "the name of a file or folder is empty");
  auto status = system::status_of(source, FollowLinks::kYes);
  if (!status) {
    const std::string_view advice = status.error().code == ErrorCode::kNotFound
                                        ? "Check the spelling of the path."
                                        : kUnreadableAdvice;
    return with_advice(std::move(status).error(), advice);
  }
  if (status->kind != FileKind::kRegular && status->kind != FileKind::kDirectory)
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("\"{}\" is neither a file nor a folder", source),
                "Name files and folders only.");
  return status;
}

// A folder's own graft point: its content at the root, or the folder at the target path.
Status place_folder(const Graft& graft, const FileStatus& status, Scanner& scanner, Tree& tree) {
  PREGROOVE_ASSIGN_OR_RETURN(Directory* const place,
                             tree.add_directory(graft.target, status.modified));
  return scanner.read_folder(graft.source, status, *place);
}

Status place_file(const Graft& graft, const FileStatus& status, Tree& tree) {
  if (auto readable = system::check_readable(graft.source); !readable)
    return with_advice(std::move(readable).error(), kUnreadableAdvice);
  const std::string source = without_trailing_slashes(graft.source);
  const std::size_t slash = source.rfind('/');
  std::string leaf = slash == std::string::npos ? source : source.substr(slash + 1);
  const std::string folder = slash == std::string::npos ? "" : source.substr(0, slash + 1);
  std::string target = graft.target;
  // A file whose target is a folder's path, with a slash at the end, keeps its name there.
  if (target.empty() || target.ends_with('/')) target += leaf;
  return tree.add_file(
      target, file_from("", std::make_shared<const std::string>(folder), std::move(leaf), status));
}

}  // namespace

Result<Graft> graft_under_own_name(const std::string& path) {
  PREGROOVE_ASSIGN_OR_RETURN(const std::string name, own_name(path));
  return Graft{.source = path, .target = "/" + name};
}

Result<ScanResult> scan(const std::vector<Graft>& grafts, const ScanOptions& options) {
  ScanResult result;
  Scanner scanner(options.special_files, result.warnings);
  for (const Graft& graft : grafts) {
    PREGROOVE_ASSIGN_OR_RETURN(const FileStatus status, look_at_source(graft.source));
    Tree tree;
    if (status.kind == FileKind::kDirectory)
      PREGROOVE_RETURN_IF_ERROR(place_folder(graft, status, scanner, tree));
    else
      PREGROOVE_RETURN_IF_ERROR(place_file(graft, status, tree));
    PREGROOVE_RETURN_IF_ERROR(result.tree.merge(std::move(tree), options.overwrite));
  }
  return result;
}

}  // namespace pregroove::image
