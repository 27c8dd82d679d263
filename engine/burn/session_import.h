// Finds the session that a disc's next one has to carry on from: the newest complete one whose file
// system can be read whole.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/drive/drive.h"
#include "engine/image/import.h"
#include "engine/medium/medium.h"

namespace pregroove::burn {

struct ImportedSession {
  int number = 0;
  image::Imported content;
  // Newer sessions that were passed over, and why: an interrupted burn, audio, damage.
  std::vector<std::string> passed_over;
};

// One session. kNotFound: no such session; kWrongMedium: it is audio; kCorruptImage: its file
// system is damaged, or an interrupted burn left it incomplete.
[[nodiscard]] Result<ImportedSession> import_session(drive::Drive& drive,
                                                     const medium::MediumSnapshot& disc,
                                                     int number);

// The newest session that can be imported; nullopt when there is none, with the reasons in
// `passed_over`. A failure of the drive itself (not of the data) is an error.
[[nodiscard]] Result<std::optional<ImportedSession>> import_newest_session(
    drive::Drive& drive, const medium::MediumSnapshot& disc, std::vector<std::string>& passed_over);

}  // namespace pregroove::burn
