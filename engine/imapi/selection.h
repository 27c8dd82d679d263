// What SetActiveDiscRecorder found out about the disc, and the session mode that follows from it
// (imapi.md 7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/drive/drive.h"
#include "engine/image/el_torito.h"
#include "engine/image/tree.h"
#include "engine/imapi/disc_master.h"
#include "engine/imapi/result_codes.h"
#include "engine/medium/medium.h"

namespace pregroove::imapi {

struct Selection {
  medium::MediumSnapshot disc;
  std::uint64_t fingerprint = 0;  // of that disc in that state

  SessionMode mode = SessionMode::kSingle;
  std::string reason;  // one sentence: why this mode
  image::Tree base;    // the files that the new session takes over; empty in single-session mode
  bool rock_ridge = false;                 // they have Rock Ridge names and attributes
  system::FileTime begun;                  // when the session with them was, as its volume says
  std::string volume_id;                   // the label that the disc has; empty when it has none
  std::optional<image::BootCatalog> boot;  // what the disc boots, and shall go on booting
  std::optional<image::ChecksumPlace> checksums;  // of those files
  Lba start;                                      // where the image will begin
  BlockCount image_max;                           // the most blocks that it may have
  bool nothing_to_continue = false;  // the disc is used, and no session of it can be imported

  // A burn of this selection touched the disc and failed: the fingerprint holds no more, and the
  // disc is known again by what it had before.
  bool interrupted = false;
  // Sessions of earlier, interrupted burns that we closed on it since.
  int sessions_closed = 0;
};

// Looks at the disc in the drive. Fails where IMAPI wants the selection to fail: empty tray, a disc
// that is not recordable, or a closed or full one.
[[nodiscard]] Result<Selection> select_disc(drive::Drive& drive);

// ClearFormatContent: a blank disc of the same size is what counts now.
void leave_multi_session(Selection& selection, std::string reason);

// The next session takes over the files of this one, and not of the newest. Fails where there is no
// such session, or it cannot be read; the selection is then as it was.
[[nodiscard]] Status take_over_session(Selection& selection, drive::Drive& drive, int number);

// Whether the disc that is in the drive now may be written with what was staged for the selection.
// IMAPI_E_WRONGDISC in multi-session mode, IMAPI_E_MEDIUM_INVALIDTYPE in single-session mode.
[[nodiscard]] Status check_same_disc(const Selection& selection, const medium::MediumSnapshot& now,
                                     drive::Drive& drive);

}  // namespace pregroove::imapi
