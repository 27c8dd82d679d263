// Decides, before anything is sent, what a burn will do: pure functions from what the drive
// reported and what the user wants to a list of steps, or to a refusal with its reason.
//
// All branching per medium lives here; engine/burn carries the steps out one after the other.
// Sources of the recipes: MMC-6 (write types, CLOSE TRACK/SESSION), burning.md 5.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/error.h"
#include "engine/medium/format_offer.h"
#include "engine/medium/medium.h"
#include "engine/medium/session_cost.h"

namespace pregroove::plan {

enum class SessionMode : std::uint8_t {
  kAppend,  // a blank disc, or one more session on an appendable disc (IMAPI's automatic mode)
  kNew,     // single-session mode: wants a blank disc
};
// A disc on which no further session would fit is closed either way.
enum class Afterwards : std::uint8_t { kLeaveAppendable, kCloseDisc };

// Where the next session goes.
struct SessionTarget {
  Lba start;  // first block of the new track
  int session_number = 1;
  BlockCount largest_image;  // the most blocks that can be written and closed
  std::string reason;        // one sentence for the user: why there
};

// A disc that a burn left unfinished has to be tidied first; nothing is appended to a dead attempt.
[[nodiscard]] bool needs_recovery(const medium::MediumSnapshot& snapshot);

// Refuses with kWrongMedium, kNoRoom or kUnsupported, and says what to do.
// On a disc that needs recovery the target is the one that the recovery will lead to.
[[nodiscard]] Result<SessionTarget> choose_target(const medium::MediumSnapshot& snapshot,
                                                  SessionMode mode);

// How fast the user wants to write.
struct SpeedWish {
  enum class Unit : std::uint8_t { kTimes, kKilobytesPerSecond };  // of 1x of the medium; of 1000

  double value = 0;
  Unit unit = Unit::kTimes;
  bool or_slowest = false;  // rather than nothing, when the drive offers nothing as slow
};

struct BurnRequest {
  SessionMode mode = SessionMode::kAppend;
  Afterwards afterwards = Afterwards::kLeaveAppendable;
  BlockCount image;                             // blocks to write; any number
  std::optional<medium::WriteType> write_type;  // chosen from disc and drive when absent
  bool test_write = false;                      // laser off
  bool verify = false;                          // read everything back
  bool eject = false;
  std::optional<SpeedWish> speed;  // fastest when absent
};

// The steps. Each says what it needs; none looks anything up.

// The disc that the plan was made for must be the one that is in the drive, now that the tray is
// locked.
struct CheckDisc {
  std::uint64_t fingerprint = 0;  // medium::fingerprint
};
struct SetSpeed {
  std::optional<double> kilobytes_per_second;  // of 1000 bytes; as fast as it can when absent
  double times = 0;                            // the same as a multiple of 1x
};
// Mode page 05h for a data track (burning.md 4.1), where the medium has use for it.
struct SelectWriteType {
  medium::WriteType type = medium::WriteType::kTrackAtOnce;
  bool test_write = false;
  bool buffer_underrun_free = true;
  bool next_session_allowed = true;
};
// Before anything can be written; on a DVD+RW it goes on in the background.
struct Format {
  bool resume = false;
};
// BLANK: the disc is as new afterwards, or (not the whole disc) only says that it is.
struct Blank {
  bool whole_disc = true;
};
// FORMAT UNIT in one of the ways that the drive offers.
struct FormatAs {
  medium::FormatOffer offer;
  bool certify = true;  // where the type leaves it open
};
// WRITE zeros.
struct Overwrite {
  Lba start;
  BlockCount blocks;
  BlockCount alignment;  // of each WRITE
};
struct CheckNextWritable {
  Lba expected;
  BlockCount pregap;  // session at once: the drive may count from where the pregap begins
};
// The image is read ahead, so that nothing is announced to a disc for files that take their time.
struct ReadAhead {
  BlockCount blocks;
};
// SEND OPC INFORMATION: the laser's power is tried out on this disc. A drive that cannot may write
// all the same; one that then fails to write has told why.
struct CalibratePower {};
// Where a dual-layer disc goes on to its second layer, for an image that does not fill both.
struct SetLayerBreak {
  BlockCount layer_0;  // blocks
};
// Session at once: the session, with the pregap before it.
struct SendCueSheet {
  int track = 1;
  Lba start;
  BlockCount blocks;
};
// Disc at once: how much will be written.
struct ReserveTrack {
  BlockCount blocks;
};
struct WriteImage {
  Lba start;
  BlockCount blocks;     // with what fills up the last unit that the medium is written in
  BlockCount alignment;  // of each WRITE
  BlockCount pregap;     // blocks of zeros that come before
};
// SYNCHRONIZE CACHE: everything is on the disc, and a CD track, or what was announced, ends.
struct Synchronize {};
// The track as the drive counts it after the flush, before anything is closed: a session that a
// drive only pretended to write must not become the newest one.
struct CheckRecorded {
  Lba start;
  BlockCount blocks;  // at least
};
// The last WRITE is read back and compared: of blocks that are missing at the end of a track no
// length tells, since drives pad it.
struct ReadEnd {};
// Media that are overwritten: the head of the new session becomes the head of the disc. Until then
// the earlier session is the one that readers find.
struct SwitchToSession {
  Lba start;
};
// An RZone, a fragment, a sequential recording range: the last track of the last session, or the
// one with this number.
struct CloseTrack {
  std::optional<int> number;
};
struct CloseSession {
  int session_number = 1;
  BlockCount closing;     // how much the drive writes now, for the estimate
  bool finalize = false;  // by a function of its own: elsewhere the write parameters say it
  // CD: some drives do not end a track at the flush and refuse to close its session (5/72/03);
  // others stumble over a CLOSE TRACK that was not needed (burning.md 5 and 10, lesson 18). So it
  // is sent only then, and the session is closed again.
  bool end_track_if_open = false;
};
// The disc afterwards, to be compared with what the drive then reports.
struct CheckResult {
  medium::DiscStatus status = medium::DiscStatus::kAppendable;
  // Nobody knows to the block when drives close this disc by themselves.
  bool may_be_complete = false;
  int sessions = 1;
  Lba track_start;
  BlockCount track_blocks;  // at least
};
// After a recovery: so many sessions are complete, and none is open.
struct CheckRecovered {
  int sessions = 1;
};
// After work on the disc itself. sessions: complete ones; whatever it is when absent.
struct CheckStatus {
  medium::DiscStatus status = medium::DiscStatus::kComplete;
  std::optional<int> sessions;
};
struct ReadBack {
  Lba start;
  BlockCount blocks;
};
struct Eject {};
// WRITE zeros behind what a dead session holds, so that the drive leaves the disc open when it is
// closed (medium::shortest_open_session).
struct FillUp {
  Lba start;
  BlockCount blocks;
  BlockCount alignment;  // of each WRITE
};

using Step = std::variant<CheckDisc, SetSpeed, SelectWriteType, Format, Blank, FormatAs, Overwrite,
                          CheckNextWritable, ReadAhead, CalibratePower, SetLayerBreak, SendCueSheet,
                          ReserveTrack, WriteImage, SwitchToSession, Synchronize, CheckRecorded,
                          ReadEnd, CloseTrack, CloseSession, CheckResult, CheckRecovered,
                          CheckStatus, ReadBack, Eject, FillUp>;
[[nodiscard]] std::string describe(const Step& step);

struct WriteTypeChoice {
  medium::WriteType type = medium::WriteType::kNone;
  std::string reason;  // half a sentence for the user: why so
};

struct BurnPlan {
  medium::MediumKind kind = medium::MediumKind::kUnknown;
  SessionTarget target;
  medium::SessionRoom room;
  WriteTypeChoice write_type;
  bool test_write = false;
  std::vector<Step> steps;
  std::string summary;  // what will happen, in a sentence
  // Something is lost that may be wanted: without consent there would be no plan (upkeep.h).
  bool needs_consent = false;
  std::vector<std::string> warnings;
};

// Refusals as in choose_target, kNoRoom when the image does not fit or could not be closed, and
// kVerification for a disc that still needs recovery.
[[nodiscard]] Result<BurnPlan> make_burn_plan(const medium::MediumSnapshot& snapshot,
                                              const BurnRequest& request);

// The steps that close what an interrupted burn left open, so that a session can follow.
[[nodiscard]] Result<BurnPlan> make_recovery_plan(const medium::MediumSnapshot& snapshot);

}  // namespace pregroove::plan
