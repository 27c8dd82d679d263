#include "engine/cli/session_view.h"
#include "engine/cli/say.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <limits>

#include "engine/cli/drive_device.h"
#include "engine/drive/inspection.h"

namespace pregroove::cli {

void add_session_options(CLI::App& command, SessionOptions& options) {
  // READ DISC INFORMATION counts sessions in 16 bits (MMC-6 6.21).
  constexpr int kMostSessions = std::numeric_limits<std::uint16_t>::max();
  add_drive_option(command, options.drive);
  command
      .add_option("--session", options.session, "a session by its number; the newest if not given")
      ->check(CLI::Range(1, kMostSessions));
}

namespace {

void tell_of_udf(const image::Imported& content) {
  if (content.names != image::NameTree::kUdf) return;
  say_aside("pregroove: note: this is a UDF {} volume, which can be read, but not added to\n",
            image::udf_revision_in_words(content.udf_revision));
  for (const std::string& what : content.left_out) say_aside("pregroove: note: {}\n", what);
}

}  // namespace

SessionView::SessionView(std::shared_ptr<imapi::RecorderDevice> device)
    : device_(std::move(device)), drive_(device_->transport(), device_->clock()), reader_(drive_) {}

Result<std::unique_ptr<SessionView>> SessionView::open(const SessionOptions& options) {
  PREGROOVE_ASSIGN_OR_RETURN(auto device, open_drive(options.drive.drive, DriveUse::kRead));
  std::unique_ptr<SessionView> view(new SessionView(std::move(device)));
  PREGROOVE_RETURN_IF_ERROR(view->load(options.session));
  return view;
}

Status SessionView::load(int session) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto disc, drive::inspect(drive_));
  if (session != 0) {
    PREGROOVE_ASSIGN_OR_RETURN(
        session_, burn::import_session(drive_, disc, session, burn::FileSystems::kAll));
    tell_of_udf(session_.content);
    return {};
  }
  PREGROOVE_ASSIGN_OR_RETURN(auto newest,
                             burn::import_newest_session(drive_, disc, burn::FileSystems::kAll));
  for (const std::string& reason : newest.passed_over) say_aside("pregroove: note: {}\n", reason);
  if (!newest.session)
    return fail(ErrorCode::kWrongMedium,
                disc.sessions.empty()
                    ? fmt::format("there is nothing to read: the disc is {}", name_of(disc.status))
                    : "no session of the disc has a file system that can be read",
                disc.sessions.empty() ? "Burn something first, or insert another disc."
                                      : "See what is there with pregroove info.");
  session_ = *std::move(newest.session);
  tell_of_udf(session_.content);
  return {};
}

namespace {

std::int32_t address_of(const image::File& file) {
  const auto* old = std::get_if<image::OldExtents>(&file.content);
  return old == nullptr || old->extents.empty() ? -1 : old->extents.front().lba.value;
}

}  // namespace

std::vector<ListedFile> files_by_address(const image::Tree& tree) {
  std::vector<ListedFile> files;
  tree.walk([&files](std::string_view path, const image::File& file) {
    files.push_back({std::string(path), &file});
  });
  std::ranges::stable_sort(files, {}, [](const ListedFile& a) { return address_of(*a.file); });
  return files;
}

}  // namespace pregroove::cli
