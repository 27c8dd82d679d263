#include "engine/burn/session_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <utility>

#include "engine/burn/disc_reader.h"
#include "engine/medium/session_cost.h"

namespace pregroove::burn {
namespace {

const medium::Session* find_session(const medium::MediumSnapshot& disc, int number) {
  const auto found = std::ranges::find(disc.sessions, number, &medium::Session::number);
  return found == disc.sessions.end() ? nullptr : &*found;
}

// Nothing of value is in such a session: an older one may be taken.
bool is_no_good_session(const Error& error) {
  return error.code == ErrorCode::kNotFound || error.code == ErrorCode::kWrongMedium ||
         error.code == ErrorCode::kCorruptImage;
}

Result<image::Imported> read_session(drive::Drive& drive, const medium::Session& session) {
  const bool data =
      !session.tracks.empty() && session.tracks.front().content == medium::TrackContent::kData;
  if (!data)
    return fail(ErrorCode::kWrongMedium,
                fmt::format("session {} holds no data track", session.number),
                "Name a session with data.");
  DiscReader reader(drive);
  return image::import_session(reader, session.start(),
                               {.medium_end = session.lead_out, .run_out = session.run_out});
}

Error incomplete_session(int number) {
  return {.code = ErrorCode::kCorruptImage,
          .message = fmt::format("session {} was left incomplete by an interrupted burn", number),
          .advice = "Use an older session (--session), or burn the files again."};
}

}  // namespace

Result<ImportedSession> import_session(drive::Drive& drive, const medium::MediumSnapshot& disc,
                                       int number) {
  const medium::Session* session = find_session(disc, number);
  if (session == nullptr)
    return fail(ErrorCode::kNotFound, fmt::format("the disc has no complete session {}", number),
                fmt::format("It has {} session(s); see pregroove info.", disc.sessions.size()));
  PREGROOVE_ASSIGN_OR_RETURN(auto content, read_session(drive, *session));
  if (content.complete == false) return std::unexpected(incomplete_session(number));
  return ImportedSession{.number = number, .content = std::move(content)};
}

bool is_dead_attempt(drive::Drive& drive, const medium::Session& session) {
  const auto content = read_session(drive, session);
  return content && content->complete == false;
}

Result<NewestSession> import_newest_session(drive::Drive& drive,
                                            const medium::MediumSnapshot& disc) {
  NewestSession newest;
  const auto pass_over = [&newest](int number, const Error& error) {
    newest.passed_over.push_back(
        fmt::format("session {} was passed over ({})", number, error.message));
  };
  for (const medium::Session& session : std::views::reverse(disc.sessions)) {
    auto content = read_session(drive, session);
    if (content && content->complete == false) {
      pass_over(session.number, incomplete_session(session.number));
      ++newest.dead_attempts;
    } else if (content) {
      newest.session = ImportedSession{.number = session.number, .content = *std::move(content)};
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

}  // namespace pregroove::burn
