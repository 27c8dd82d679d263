// What is recorded on a simulated disc, as plain values: sessions, tracks, formatting. All that the
// disc's file keeps about its blocks. The rules by which it grows are in rules.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/units.h"

namespace simdrive {

using pregroove::BlockCount;
using pregroove::Lba;
using pregroove::Msf;

// What the sectors of a track hold. DVD and BD know blocks of user data only: kMode1 there.
enum class SectorFormat : std::uint8_t {
  kAudio = 0,       // 2352 bytes of samples
  kMode1 = 1,       // ECMA-130 14.3
  kMode2Form1 = 2,  // CD-ROM XA
  kMode2 = 3,       // ECMA-130 14.4, 2336 bytes without a sub-header
  kMode2Mixed = 4,  // CD-ROM XA, forms 1 and 2 mixed; each sector tells its own
  kAny = 5,         // written raw: each sector tells its own
};

// How a track was written.
enum class RecordingMethod : std::uint8_t {
  kTrackAtOnce = 0,
  kSessionAtOnce = 1,
  kRaw = 2,
  kVariablePacket = 3,
  kFixedPacket = 4,
  kIncremental = 5,  // DVD-R, DVD-RW: an RZone
  kDiscAtOnce = 6,   // DVD-R, DVD-RW
  kSequential = 7,   // a DVD+R fragment, a BD-R sequential recording range
  kRandom = 8,       // the whole of an overwritable disc, or of a BD-R in random recording mode
  kPressed = 9,
};

enum class TrackState : std::uint8_t {
  kReserved = 0,  // a RESERVE TRACK made room for it; nothing is written
  kOpen = 1,      // something is written, more can follow
  kComplete = 2,
};

// A track written with track-at-once, and the last packet of a track, end with two run-out blocks,
// which count as part of it but cannot be read (MMC-6 4.3, linking).
inline constexpr BlockCount kRunOut{2};

struct Track {
  int number = 0;
  int session = 0;
  Lba start;
  BlockCount recorded;  // blocks written from the start on, padding included, run-out not
  BlockCount reserved;  // 0 when the track grows freely
  TrackState state = TrackState::kOpen;
  SectorFormat format = SectorFormat::kMode1;
  RecordingMethod method = RecordingMethod::kTrackAtOnce;
  std::uint8_t control = 4;  // of the Q channel: 4 data; audio: 0, +1 pre-emphasis, +2 copy allowed
  bool damaged = false;      // a write to it was interrupted
  BlockCount packet;         // size of its fixed packets, else 0
  std::array<char, 12> isrc{};

  [[nodiscard]] Lba next_writable() const { return start + recorded; }
  [[nodiscard]] BlockCount run_out() const {
    const bool linked = method == RecordingMethod::kTrackAtOnce ||
                        method == RecordingMethod::kVariablePacket ||
                        method == RecordingMethod::kFixedPacket;
    return linked ? kRunOut : BlockCount{};
  }
  // Recorded as a part of one stream that makes a whole session of a CD.
  [[nodiscard]] bool at_once() const {
    return method == RecordingMethod::kSessionAtOnce || method == RecordingMethod::kRaw;
  }
  // What follows the last block of the track, the run-out of a finished one included.
  [[nodiscard]] Lba end() const;
  bool operator==(const Track&) const = default;
};

// What the table of contents says about a session (PSEC of point A0).
enum class SessionFormat : std::uint8_t { kCdRom = 0x00, kCdI = 0x10, kCdRomXa = 0x20 };

struct ClosedSession {
  SessionFormat format = SessionFormat::kCdRom;
  bool operator==(const ClosedSession&) const = default;
};

// Where an index of a track starts (Q channel; ECMA-130 22.3.3). Recorded session-at-once and raw.
struct IndexPoint {
  Lba start;
  std::uint8_t track = 0;  // 1..99
  std::uint8_t index = 0;  // 0 is the pregap
  std::uint8_t control = 0;
  SectorFormat format = SectorFormat::kMode1;
  bool operator==(const IndexPoint&) const = default;
};

// Blocks [start, end).
struct Extent {
  Lba start;
  Lba end;
  [[nodiscard]] BlockCount count() const { return end - start; }
  bool operator==(const Extent&) const = default;
};

enum class FormatState : std::uint8_t {
  kUnformatted = 0,  // also of media that know no formatting
  kFormatted = 1,
  kIntermediate = 2,       // DVD-RW: formatted for sequential writing from the start
  kBackgroundRunning = 3,  // DVD+RW
  kBackgroundStopped = 4,  // DVD+RW: can be restarted
};

struct Formatting {
  FormatState state = FormatState::kUnformatted;
  std::uint8_t type = 0;  // format type and sub-type as FORMAT UNIT has them
  std::uint8_t sub_type = 0;
  BlockCount user_blocks;  // what the formatted disc offers
  BlockCount de_iced;      // DVD+RW: formatted or written from LBA 0 on without a gap
  bool operator==(const Formatting&) const = default;
};

// What became of a disc after it was recorded: scratches, and what a drive takes for an interrupted
// write. It lies over what was recorded and can be taken away again.
struct Damage {
  std::vector<Extent> unreadable;  // ascending, without overlap
  std::vector<int> tracks;         // that a drive calls damaged, by number, ascending

  [[nodiscard]] bool empty() const { return unreadable.empty() && tracks.empty(); }
  bool operator==(const Damage&) const = default;
};

struct Recording {
  std::vector<Track> tracks;
  std::vector<ClosedSession> closed_sessions;
  bool finalised = false;
  bool minimally_blanked = false;  // DVD-RW: incremental recording is not possible any more
  Formatting formatting;
  std::uint16_t calibrations = 0;  // tries of the power calibration area that are used up
  BlockCount layer_0;              // blocks on layer 0 as the host set it, 0 for the medium's own
  BlockCount remapped;             // BD-R: clusters given up to pseudo-overwriting, as blocks
  std::vector<IndexPoint> index_points;
  std::array<char, 13> catalogue{};                   // media catalogue number; zeros: none
  std::vector<std::array<std::uint8_t, 18>> cd_text;  // packs, as recorded in the first lead-in
  std::vector<Extent> links;    // CD packets: link blocks inside tracks, ascending
  std::vector<Extent> written;  // BD-R in random recording mode: written clusters, ascending
  Damage damage;

  bool operator==(const Recording&) const = default;
};

}  // namespace simdrive
