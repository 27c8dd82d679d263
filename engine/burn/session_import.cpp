#include "engine/burn/session_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "engine/burn/disc_reader.h"

namespace pregroove::burn {
namespace {

const medium::Session* find_session(const medium::MediumSnapshot& disc, int number) {
  const auto found = std::ranges::find(disc.sessions, number, &medium::Session::number);
  return found == disc.sessions.end() ? nullptr : &*found;
}

// Whether the older sessions may be tried: the drive works, only this session is no good.
bool is_about_the_data(const Error& error) {
  switch (error.code) {
    case ErrorCode::kNotFound:
    case ErrorCode::kWrongMedium:
    case ErrorCode::kCorruptImage:
    case ErrorCode::kDevice:
      return true;
    default:
      return false;
  }
}

}  // namespace

Result<ImportedSession> import_session(drive::Drive& drive, const medium::MediumSnapshot& disc,
                                       int number) {
  const medium::Session* session = find_session(disc, number);
  if (session == nullptr)
    return fail(ErrorCode::kNotFound, fmt::format("the disc has no complete session {}", number),
                fmt::format("It has {} session(s); see pregroove info.", disc.sessions.size()));
  const bool data =
      !session->tracks.empty() && session->tracks.front().content == medium::TrackContent::kData;
  if (!data)
    return fail(ErrorCode::kWrongMedium, fmt::format("session {} holds no data track", number),
                "Name a session with data.");
  DiscReader reader(drive);
  PREGROOVE_ASSIGN_OR_RETURN(
      auto content,
      image::import_session(reader, session->start(), {.medium_end = session->lead_out}));
  if (content.complete == false)
    return fail(ErrorCode::kCorruptImage,
                fmt::format("session {} was left incomplete by an interrupted burn", number),
                "Use an older session (--session), or burn the files again.");
  return ImportedSession{.number = number, .content = std::move(content)};
}

Result<std::optional<ImportedSession>> import_newest_session(
    drive::Drive& drive, const medium::MediumSnapshot& disc,
    std::vector<std::string>& passed_over) {
  for (const medium::Session& session : std::views::reverse(disc.sessions)) {
    auto imported = import_session(drive, disc, session.number);
    if (imported) {
      imported->passed_over = passed_over;
      return *std::move(imported);
    }
    if (!is_about_the_data(imported.error())) return std::unexpected(std::move(imported).error());
    passed_over.push_back(fmt::format("session {}: {}", session.number, imported.error().message));
  }
  return std::nullopt;
}

}  // namespace pregroove::burn
