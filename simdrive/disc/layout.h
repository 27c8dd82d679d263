// What is recorded where on a CD-R or CD-RW, and the rules by which that grows.
//
// A plain value without the data itself: the disc keeps one as its truth, a drive that writes in
// test mode works on a copy. Write-once holds by construction: nothing but erase() makes a track
// smaller, and a track grows at its end only.
//
// Invariants (check_invariants states them as code):
//   * tracks are numbered 1, 2, 3 ... and lie in ascending order without overlap;
//   * sessions are numbered likewise; a closed session holds at least one track, all complete;
//   * every track starts where the rules put it: at LBA 0, after the pregap that follows its
//     predecessor, or after the lead-out, lead-in and pregap that follow the session before;
//   * a complete track is at least 4 seconds long;
//   * at most one track is open; nothing ends behind the last possible lead-out start.
//
// Sources: MMC-6 4.3 (CD recording model), ECMA-394 (lengths of lead-in and lead-out).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/error.h"
#include "simdrive/disc/medium.h"

namespace simdrive {

// Sectors that closing a session costs (ECMA-394; MMC-6 4.3): 90 seconds of lead-out after the
// first session and 30 after each later one, then a minute of lead-in and the pregap of the next
// track.
inline constexpr BlockCount kFirstLeadOut{6750};
inline constexpr BlockCount kLaterLeadOut{2250};
inline constexpr BlockCount kLeadIn{4500};
inline constexpr BlockCount kPregap{150};
// A track written with track-at-once ends with two run-out blocks, which count as part of it but
// cannot be read (MMC-6 4.3, linking).
inline constexpr BlockCount kRunOut{2};
// ECMA-130 clause 20: no track is shorter than 4 seconds; the drive pads.
inline constexpr BlockCount kShortestTrack{300};
inline constexpr int kMaxTracks = 99;

// How user data is laid out in the sectors of a track.
enum class SectorFormat : std::uint8_t {
  kMode1 = 1,       // ECMA-130 14.3
  kMode2Form1 = 2,  // CD-ROM XA
};

// What the table of contents says about a session (PSEC of point A0).
enum class SessionFormat : std::uint8_t { kCdRom = 0x00, kCdRomXa = 0x20 };

enum class TrackState : std::uint8_t {
  kReserved = 0,  // a RESERVE TRACK made room for it; nothing is written
  kOpen = 1,      // something is written, more can follow
  kComplete = 2,
};

struct Track {
  int number = 0;
  int session = 0;
  Lba start;
  BlockCount recorded;  // user data blocks that are written, padding included, run-out not
  BlockCount reserved;  // 0 when the track grows freely
  TrackState state = TrackState::kOpen;
  SectorFormat format = SectorFormat::kMode1;

  [[nodiscard]] Lba next_writable() const { return start + recorded; }
  // What follows the last block of the track, the run-out of a finished one included.
  [[nodiscard]] Lba end() const;
  bool operator==(const Track&) const = default;
};

enum class SessionState : std::uint8_t { kOpen, kClosed };

struct Session {
  int number = 0;
  SessionState state = SessionState::kOpen;
  int first_track = 0;
  int last_track = 0;
  Lba start;           // of its first track
  Lba lead_out_start;  // meaningful once closed: the end of the last track
  SessionFormat format = SessionFormat::kCdRom;
  bool operator==(const Session&) const = default;
};

enum class DiscStatus : std::uint8_t { kBlank, kAppendable, kComplete };

// Where the next track would go: it exists for the drive only (MMC-6, "invisible track").
struct InvisibleTrack {
  int number = 0;
  int session = 0;
  Lba start;
};

// Why the rules forbid something.
enum class Refusal : std::uint8_t {
  kNotNextWritableAddress,
  kDoesNotFit,
  kOtherSectorFormat,
  kDiscComplete,
  kTrackIncomplete,
  kTooManyTracks,
  kNoSuchTrack,
  kNotErasable,
};
using Ruling = std::expected<void, Refusal>;

// What a read finds at an address.
enum class Readability : std::uint8_t {
  kUserData,     // recorded blocks of a track
  kLink,         // run-out, or the pregap between two tracks of a session
  kNotRecorded,  // between sessions, or the rest of a reservation
  kBeyond,       // behind everything that is recorded, or before LBA 0
};

class Layout {
 public:
  explicit Layout(const Medium& medium) : medium_(&medium) {}
  // A layout that was stored; kCorruptFile when it breaks the invariants.
  [[nodiscard]] static pregroove::Result<Layout> restored(
      const Medium& medium, std::vector<Track> tracks, std::vector<SessionFormat> closed_sessions,
      bool finalised);

  [[nodiscard]] const Medium& medium() const { return *medium_; }
  [[nodiscard]] DiscStatus status() const;
  [[nodiscard]] bool finalised() const { return finalised_; }
  [[nodiscard]] std::span<const Track> tracks() const { return tracks_; }
  [[nodiscard]] const Track* track(int number) const;
  // The track of which a part is written.
  [[nodiscard]] const Track* open_track() const;
  [[nodiscard]] std::optional<InvisibleTrack> invisible_track() const;
  // Closed sessions, and the open one when it holds tracks.
  [[nodiscard]] std::vector<Session> sessions() const;
  [[nodiscard]] int closed_sessions() const { return static_cast<int>(closed_sessions_.size()); }
  // Of a session that is closed.
  [[nodiscard]] std::optional<Lba> lead_out_start(int session) const;
  // Where the first track of the session after the last closed one starts. REQUIRES: one is closed.
  [[nodiscard]] Lba next_session_start() const;

  // Where the next WRITE has to start: in the open track, else at the invisible one.
  [[nodiscard]] std::optional<Lba> next_writable_address() const;
  // How many blocks can still be written into the track; padding and run-out are kept free.
  [[nodiscard]] BlockCount free_blocks(const Track& track) const;
  [[nodiscard]] BlockCount free_blocks(const InvisibleTrack& track) const;
  [[nodiscard]] Lba last_possible_lead_out() const { return Lba{0} + medium_->capacity(); }
  [[nodiscard]] bool is_written(Lba lba) const {
    return readability(lba) == Readability::kUserData;
  }
  [[nodiscard]] Readability readability(Lba lba) const;
  // The track among whose recorded blocks the address is.
  [[nodiscard]] const Track* track_with_data_at(Lba lba) const;

  // A write of count > 0 blocks: check_write says whether it may be, record_write does it.
  [[nodiscard]] Ruling check_write(Lba lba, BlockCount count, SectorFormat format) const;
  void record_write(Lba lba, BlockCount count, SectorFormat format);
  [[nodiscard]] Ruling reserve(BlockCount size);
  // Completes a track: the blocks that the drive has to pad, and nothing for one that is complete.
  struct Padding {
    Lba start;
    BlockCount count;
  };
  [[nodiscard]] std::expected<Padding, Refusal> finish_track(int number);
  // Closing an empty session changes nothing.
  [[nodiscard]] Ruling close_session(bool another_may_follow, SessionFormat format);
  [[nodiscard]] Ruling erase();

  [[nodiscard]] pregroove::Status check_invariants() const;
  bool operator==(const Layout&) const = default;

 private:
  [[nodiscard]] std::optional<Lba> next_track_start() const;
  [[nodiscard]] Lba expected_start(std::size_t index) const;
  [[nodiscard]] Track* find_track(int number);
  [[nodiscard]] pregroove::Status check_track(std::size_t index) const;
  [[nodiscard]] int open_session_number() const { return closed_sessions() + 1; }

  const Medium* medium_;
  std::vector<Track> tracks_;
  std::vector<SessionFormat> closed_sessions_;
  bool finalised_ = false;
};

// The sectors between the lead-out start of a closed session and the first track of the next one.
[[nodiscard]] constexpr BlockCount session_gap(int closed_session) {
  return (closed_session == 1 ? kFirstLeadOut : kLaterLeadOut) + kLeadIn + kPregap;
}

}  // namespace simdrive
