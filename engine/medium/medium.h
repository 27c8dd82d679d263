// What a drive reported about itself and the disc in it, as plain values.
//
// A MediumSnapshot is taken once (engine/drive/inspection.h) and never changes; plans are made from
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/units.h"
#include "engine/medium/kind.h"

namespace pregroove::medium {

// READ DISC INFORMATION, byte 2 (MMC-6 6.21).
enum class DiscStatus : std::uint8_t { kBlank = 0, kAppendable = 1, kComplete = 2, kOther = 3 };
enum class SessionState : std::uint8_t { kEmpty = 0, kIncomplete = 1, kDamaged = 2, kComplete = 3 };
[[nodiscard]] std::string_view name_of(DiscStatus status);

enum class TrackContent : std::uint8_t { kAudio, kData };

// A track that lies in a complete session.
struct Track {
  int number = 0;
  int session = 0;
  TrackContent content = TrackContent::kData;
  Lba start;
  // As the drive counts it: on a CD written track at once, with the run-out blocks.
  BlockCount size;

  bool operator==(const Track&) const = default;
};

// A complete session: what a reader can see.
struct Session {
  int number = 0;
  std::vector<Track> tracks;
  Lba lead_out;  // where its lead-out starts; elsewhere than on a CD the end of its last track
  BlockCount run_out;  // blocks at the end of its last track that cannot be read

  [[nodiscard]] Lba start() const { return tracks.empty() ? lead_out : tracks.front().start; }
  bool operator==(const Session&) const = default;
};

// The track into which the next WRITE goes: invisible while nothing was written to it, incomplete
// afterwards.
struct WritableTrack {
  int number = 0;
  Lba start;
  Lba next_writable;
  BlockCount free;       // up to the last possible lead-out start
  bool damaged = false;  // READ TRACK INFORMATION, Damage bit
  bool at_once = false;  // announced for recording at once: nothing else can be written to it

  [[nodiscard]] bool holds_data() const { return next_writable > start; }
  bool operator==(const WritableTrack&) const = default;
};

struct DriveIdentity {
  std::string vendor;
  std::string product;
  std::string revision;
  bool operator==(const DriveIdentity&) const = default;
};

// What the drive can do with the medium that is in it.
struct WriteCapabilities {
  bool writes_medium = false;  // in the way that traits_of() gives for the medium
  bool test_write = false;
  bool buffer_underrun_free = false;
  // A CD session at once, a DVD-R or DVD-RW disc at once.
  bool at_once = false;
  bool at_once_test_write = false;
  bool pseudo_overwrite = false;          // a BD-R that was formatted for it
  bool rewritable_drive = false;          // the drive writes CD-RW at all
  std::vector<std::uint32_t> speeds_kbs;  // kB/s of 1000 bytes, fastest first; empty when not told
  bool operator==(const WriteCapabilities&) const = default;
};

// Of media that are overwritten.
enum class Formatting : std::uint8_t {
  kReady,
  kNeeded,       // nothing can be written before
  kInterrupted,  // DVD+RW: the format that goes on in the background was stopped
  // DVD-RW: formatted or grown in a hurry, and not written to its end (burning.md 3.6). It takes
  // data from the start on only, and may hold some.
  kIntermediate,
};

struct MediumSnapshot {
  DriveIdentity drive;
  WriteCapabilities writing;

  MediumKind kind = MediumKind::kUnknown;
  DiscStatus status = DiscStatus::kOther;
  SessionState last_session = SessionState::kComplete;  // state of the last one, complete or not
  bool erasable = false;
  bool calibrated = false;        // the drive has a result of its power calibration for this disc
  std::uint8_t disc_type = 0xFF;  // 00 CD-DA or CD-ROM, 10h CD-I, 20h CD-ROM XA, FFh undefined
  std::optional<std::uint32_t> disc_id;
  std::optional<Lba> lead_in_start;           // ATIP; CD only
  std::optional<Lba> last_possible_lead_out;  // ATIP or READ DISC INFORMATION

  Formatting formatting = Formatting::kReady;

  // The complete ones, in order. Of media that are overwritten: the file systems that follow each
  // other from kFirstEmulatedSession on, or a single one at LBA 0.
  std::vector<Session> sessions;
  std::optional<WritableTrack> writable;  // absent when nothing can be written any more
  // Numbers of the tracks of the open session that a program reserved for itself and did not fill.
  // They take room, and have to be closed before their session (Pioneer's command references,
  // CLOSE TRACK/SESSION).
  std::vector<int> reserved_tracks;

  // Of media that are overwritten and hold no sessions: what was recognized there instead, in words
  // ("a UDF volume"); empty where there is nothing.
  std::string foreign_content;

  // Hash of the last complete session's volume descriptors and of what lies right behind them;
  // absent where nothing could be read.
  std::optional<std::uint64_t> descriptors_hash;

  // Nothing is left behind the reservations.
  [[nodiscard]] bool is_reserved_to_its_end() const;
  bool operator==(const MediumSnapshot&) const = default;
};

// Tells one disc, in one state, from another: TOC, disc status, NWA, disc identification, ATIP and
// the last session's descriptors. Two discs of one make that are both blank cannot be told apart.
[[nodiscard]] std::uint64_t fingerprint(const MediumSnapshot& snapshot);

}  // namespace pregroove::medium
