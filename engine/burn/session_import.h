// Finds the session that a disc's next one has to carry on from: the newest complete one whose file
// system can be read whole.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/drive/drive.h"
#include "engine/image/import.h"
#include "engine/image/udf_import.h"
#include "engine/medium/medium.h"

namespace pregroove::burn {

// Those that a session of ours can carry on from, which is ISO 9660; or UDF, too, for whoever only
// reads.
enum class FileSystems : std::uint8_t { kThatGrow, kAll };

struct ImportedSession {
  int number = 0;
  image::Imported content;
};

// One session. kNotFound: no such session, or no file system in it; kWrongMedium: it is audio;
// kCorruptImage: its file system is damaged, or an interrupted burn left it incomplete.
[[nodiscard]] Result<ImportedSession> import_session(drive::Drive& drive,
                                                     const medium::MediumSnapshot& disc, int number,
                                                     FileSystems wanted = FileSystems::kThatGrow);

// Whether the session is an image of ours that was not written to its end. False when that cannot
// be told.
[[nodiscard]] bool is_dead_attempt(drive::Drive& drive, const medium::Session& session);

struct NewestSession {
  std::optional<ImportedSession> session;  // nullopt when there is none to carry on from
  std::vector<std::string> passed_over;    // newer sessions that were not taken: a sentence each
  std::size_t dead_attempts = 0;  // of these, images of ours that were not written to their end
};

// Walks from the newest session back. Sessions without a file system, damaged ones and dead
// attempts are passed over. One that cannot be read for a scratch, or holds UDF alone, ends the
// walk without a result: a session built on an older one would hide its files for good. A failure
// that is not about the disc's data is an error.
[[nodiscard]] Result<NewestSession> import_newest_session(
    drive::Drive& drive, const medium::MediumSnapshot& disc,
    FileSystems wanted = FileSystems::kThatGrow);

// The newest session with a file system, where that is UDF alone: it can be read, but not added to.
struct UdfSession {
  int number = 0;
  image::UdfIdentity volume;
};
[[nodiscard]] std::optional<UdfSession> find_udf_session(drive::Drive& drive,
                                                         const medium::MediumSnapshot& disc);

}  // namespace pregroove::burn
