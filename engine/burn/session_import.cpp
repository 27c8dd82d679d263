#include "engine/burn/session_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <utility>

#include "engine/burn/disc_reader.h"
#include "engine/medium/session_cost.h"

namespace pregroove::burn {
namespace {

std::optional<medium::Session> find_session(const std::vector<medium::Session>& sessions,
                                            int number) {
  const auto found = std::ranges::find(sessions, number, &medium::Session::number);
  return found == sessions.end() ? std::nullopt : std::optional(*found);
}

// Nothing of value is in such a session: an older one may be taken.
bool is_no_good_session(const Error& error) {
  return error.code == ErrorCode::kNotFound || error.code == ErrorCode::kWrongMedium ||
         error.code == ErrorCode::kCorruptImage;
}

bool holds_data(const medium::Session& session) {
  return !session.tracks.empty() && session.tracks.front().content == medium::TrackContent::kData;
}

image::ImportOptions import_options(const medium::Session& session) {
  return {.medium_end = session.lead_out, .run_out = session.run_out};
}

// What is no ISO 9660 may be UDF.
Result<image::Imported> read_session(drive::Drive& drive, const medium::Session& session,
                                     FileSystems wanted) {
  if (!holds_data(session))
    return fail(ErrorCode::kWrongMedium,
                fmt::format("session {} holds no data track", session.number),
                "Name a session with data.");
  DiscReader reader(drive);
  const image::ImportOptions options = import_options(session);
  auto content = image::import_session(reader, session.start(), options);
  const bool other = !content && content.error().code == ErrorCode::kNotFound;
  if (!other || wanted == FileSystems::kThatGrow) return content;
  auto udf = image::import_udf(reader, session.start(), options);
  return udf || udf.error().code != ErrorCode::kNotFound ? udf : content;
}

// Media that are overwritten hold no sessions but ours; another system's volume is the whole disc.
std::optional<medium::Session> whole_disc(const medium::MediumSnapshot& disc) {
  const bool foreign = disc.sessions.empty() && !disc.foreign_content.empty();
  if (!foreign || !disc.last_possible_lead_out) return std::nullopt;
  const Lba end = *disc.last_possible_lead_out;
  return medium::Session{
      .number = 1, .tracks = {{.number = 1, .session = 1, .size = end - Lba{0}}}, .lead_out = end};
}

std::vector<medium::Session> readable_sessions(const medium::MediumSnapshot& disc,
                                               FileSystems wanted) {
  std::vector<medium::Session> sessions = disc.sessions;
  const auto whole = wanted == FileSystems::kAll ? whole_disc(disc) : std::nullopt;
  if (whole) sessions.push_back(*whole);
  return sessions;
}

// Whoever builds on an older session hides it.
std::optional<Error> holds_only_udf(drive::Drive& drive, const medium::Session& session,
                                    const Error& error) {
  if (error.code != ErrorCode::kNotFound) return std::nullopt;
  DiscReader reader(drive);
  const auto udf = image::identify_udf(reader, session.start(), import_options(session));
  if (!udf && udf.error().code == ErrorCode::kNotFound) return std::nullopt;
  return Error{.code = ErrorCode::kUnsupported,
               .message = "it is a UDF volume, which can be read, but not added to"};
}

Error incomplete_session(int number) {
  return {.code = ErrorCode::kCorruptImage,
          .message = fmt::format("session {} was left incomplete by an interrupted burn", number),
          .advice = "Use an older session (--session), or burn the files again."};
}

}  // namespace

Result<ImportedSession> import_session(drive::Drive& drive, const medium::MediumSnapshot& disc,
                                       int number, FileSystems wanted) {
  const auto session = find_session(readable_sessions(disc, wanted), number);
  if (!session)
    return fail(ErrorCode::kNotFound, fmt::format("the disc has no complete session {}", number),
                fmt::format("It has {} session(s); see pregroove info.", disc.sessions.size()));
  PREGROOVE_ASSIGN_OR_RETURN(auto content, read_session(drive, *session, wanted));
  if (content.complete == false) return std::unexpected(incomplete_session(number));
  return ImportedSession{.number = number, .content = std::move(content)};
}

bool is_dead_attempt(drive::Drive& drive, const medium::Session& session) {
  const auto content = read_session(drive, session, FileSystems::kThatGrow);
  return content && content->complete == false;
}

Result<NewestSession> import_newest_session(drive::Drive& drive, const medium::MediumSnapshot& disc,
                                            FileSystems wanted) {
  NewestSession newest;
  const auto pass_over = [&newest](int number, const Error& error) {
    newest.passed_over.push_back(
        fmt::format("session {} was passed over ({})", number, error.message));
  };
  const auto sessions = readable_sessions(disc, wanted);
  for (const medium::Session& session : std::views::reverse(sessions)) {
    auto content = read_session(drive, session, wanted);
    if (content && content->complete == false) {
      pass_over(session.number, incomplete_session(session.number));
      ++newest.dead_attempts;
    } else if (content) {
      newest.session = ImportedSession{.number = session.number, .content = *std::move(content)};
      break;
    } else if (const auto udf = holds_only_udf(drive, session, content.error())) {
      pass_over(session.number, *udf);
      break;
    } else if (is_no_good_session(content.error())) {
      pass_over(session.number, content.error());
    } else if (content.error().code == ErrorCode::kDevice) {
      pass_over(session.number, content.error());
      break;
    } else {
      return std::unexpected(std::move(content).error());
    }
  }
  return newest;
}

std::optional<UdfSession> find_udf_session(drive::Drive& drive,
                                           const medium::MediumSnapshot& disc) {
  DiscReader reader(drive);
  const auto sessions = readable_sessions(disc, FileSystems::kAll);
  for (const medium::Session& session : std::views::reverse(sessions)) {
    if (!holds_data(session)) continue;
    if (image::may_hold_iso9660(reader, session.start(), import_options(session)))
      return std::nullopt;
    auto volume = image::identify_udf(reader, session.start(), import_options(session));
    if (volume) return UdfSession{.number = session.number, .volume = *std::move(volume)};
    if (volume.error().code != ErrorCode::kNotFound) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace pregroove::burn
