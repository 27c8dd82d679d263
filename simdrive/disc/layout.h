// What is recorded where on a disc, and what may be recorded next.
//
// A plain value without the data itself: the disc keeps one as its truth, a drive that writes in
// test mode works on a copy. What it holds is recording.h; each kind of medium has its own rules
// (rules.h), which this class calls. Write-once holds by construction: on write-once media nothing
// makes a track smaller, and a track grows at its end only.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/error.h"
#include "simdrive/disc/medium.h"
#include "simdrive/disc/recording.h"

namespace simdrive {

class Rules;
struct AtOnceSession;

// Why the rules forbid something. The drive turns each into sense data (command_error.h).
enum class Refusal : std::uint8_t {
  kNotNextWritableAddress,
  kDoesNotFit,
  kOtherSectorFormat,  // or another way of writing than the track's or the disc's
  kDiscComplete,
  kReadOnlyMedium,
  kTrackIncomplete,  // a session cannot be closed with it
  kReservedTrackIncomplete,
  kTooManyTracks,
  kNoSuchTrack,
  kNotErasable,
  kNotFormatted,
  kOtherPacketSize,
  kPacketDoesNotFit,
  kOutOfSequence,      // session-at-once without a cue sheet, or beyond it
  kInvalidFunction,    // a close function, blanking type or reservation unknown to the medium
  kInvalidFormat,      // a format with impossible parameters
  kOtherMediumFormat,  // a format type of other media
};
using Ruling = std::expected<void, Refusal>;

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

// As READ DISC INFORMATION counts.
enum class DiscStatus : std::uint8_t { kBlank, kAppendable, kComplete, kRandomAccess };
enum class LastSessionState : std::uint8_t { kEmpty, kIncomplete, kDamaged, kComplete };

// Where the next track would go: it exists for the drive only (MMC-6, "invisible track").
struct InvisibleTrack {
  int number = 0;
  int session = 0;
  Lba start;
};

// What a read finds at an address.
enum class Readability : std::uint8_t {
  kUserData,     // recorded blocks of a track, or formatted ones
  kLink,         // run-out, the pregap between two tracks of a session, link blocks between
                 // packets; sectors that hold no blocks of 2048 bytes, such as audio
  kNotRecorded,  // between sessions, or the rest of a reservation
  kDamaged,      // recorded, and unreadable now
  kBeyond,       // behind everything that is recorded, or before LBA 0
};

// How a host writes: what the write parameters page says, and the cue sheet with session-at-once.
struct WriteMode {
  RecordingMethod method = RecordingMethod::kTrackAtOnce;  // as page 05h asks for, CD and DVD-R(W)
  SectorFormat format = SectorFormat::kMode1;
  bool another_session_may_follow = true;
  SessionFormat session_format = SessionFormat::kCdRom;
  std::uint8_t control = 4;
  BlockCount packet;
  std::array<char, 12> isrc{};
  std::array<char, 13> catalogue{};
  // Session-at-once and raw, CD: what was announced and how far it got (at_once_session.h).
  const AtOnceSession* session = nullptr;
};

// Blocks that the drive itself writes, with zeros.
struct Padding {
  Lba start;
  BlockCount count;
};

// What a command that was carried out did to the disc besides the layout.
struct Effect {
  std::vector<Padding> padding;
  BlockCount laser_blocks;  // lead-in, lead-out, borders ...: what is written besides, for the time
  bool changed = false;     // false: there was nothing to do
  std::vector<Extent> cleared;  // user data that is gone
};
using Effected = std::expected<Effect, Refusal>;

// CLOSE TRACK/SESSION, its close function (MMC-6 6.3; burning.md 4.2).
enum class CloseFunction : std::uint8_t {
  kStopBackgroundFormat = 0,
  kTrack = 1,
  kSession = 2,
  kFinalise = 3,
  kDualLayer = 4,
  kFinaliseMinimalRadius = 5,
  kFinaliseDisc = 6,
};
struct CloseRequest {
  CloseFunction function = CloseFunction::kTrack;
  int track = 0;
};

struct FormatRequest {
  std::uint8_t type = 0;
  std::uint8_t sub_type = 0;
  std::uint32_t blocks = 0;
  std::uint32_t parameter = 0;  // type dependent, 24 bits
};
// As READ FORMAT CAPACITIES lists them (MMC-6 6.23).
enum class CapacityState : std::uint8_t { kUnformatted = 1, kFormatted = 2, kUnknown = 3 };
struct FormatDescriptor {
  std::uint32_t blocks = 0;
  std::uint8_t type = 0;
  std::uint8_t sub_type = 0;
  std::uint32_t parameter = 0;
};
struct FormatCapacities {
  CapacityState state = CapacityState::kUnknown;
  std::uint32_t blocks = 0;
  std::vector<FormatDescriptor> formats;
};

// What READ DISC INFORMATION says (MMC-6 6.22).
struct DiscView {
  DiscStatus status = DiscStatus::kBlank;
  LastSessionState last_session = LastSessionState::kEmpty;
  int sessions = 1;  // the open or empty one counts
  int first_track_in_last_session = 1;
  int last_track_in_last_session = 1;
  std::uint8_t background_format = 0;
  std::uint8_t disc_type = 0xFF;
  std::optional<Lba> last_session_lead_in;    // none: FFFFFFFFh, or MSF FF FF FF
  std::optional<Lba> last_possible_lead_out;  // none: likewise
};

// What READ TRACK INFORMATION says (MMC-6 6.27).
struct TrackView {
  int number = 0;
  int session = 0;
  Lba start;
  BlockCount size;
  BlockCount free;
  std::optional<Lba> next_writable;
  std::optional<Lba> last_recorded;
  bool reserved = false;  // RT
  bool blank = false;
  bool packet = false;  // packet or incremental
  bool fixed_packet = false;
  bool damaged = false;
  bool invisible = false;
  std::uint8_t track_mode = 4;
  std::uint8_t data_mode = 0x0F;
  BlockCount packet_size;
  Lba end;  // of the addresses that belong to it, also those not written yet
};

// What READ DISC INFORMATION calls track resources.
struct TrackLimits {
  int tracks = 1;
  int appendable = 1;
};

class Layout {
 public:
  // A disc as it is bought. REQUIRES: the medium is not pressed.
  explicit Layout(const Medium& medium);
  // A pressed disc that holds one session of one data track with this many blocks.
  [[nodiscard]] static Layout pressed(const Medium& medium, BlockCount blocks);
  // A layout that was stored; kCorruptFile when it breaks the invariants.
  [[nodiscard]] static pregroove::Result<Layout> restored(const Medium& medium,
                                                          Recording recording);

  [[nodiscard]] const Medium& medium() const { return *medium_; }
  [[nodiscard]] const Recording& recording() const { return recording_; }
  // For the rules, which alone may change it.
  [[nodiscard]] Recording& edit() { return recording_; }

  [[nodiscard]] DiscStatus status() const;
  [[nodiscard]] bool finalised() const { return recording_.finalised; }
  [[nodiscard]] std::span<const Track> tracks() const { return recording_.tracks; }
  [[nodiscard]] const Track* track(int number) const;
  // The first track of which a part is written.
  [[nodiscard]] const Track* open_track() const;
  [[nodiscard]] std::optional<InvisibleTrack> invisible_track() const;
  // Closed sessions, and the open one when it holds tracks.
  [[nodiscard]] std::vector<Session> sessions() const;
  [[nodiscard]] int closed_sessions() const {
    return static_cast<int>(recording_.closed_sessions.size());
  }
  // Of a session that is closed.
  [[nodiscard]] std::optional<Lba> lead_out_start(int session) const;
  // Where the first track of the session after the last closed one starts. REQUIRES: one is closed.
  [[nodiscard]] Lba next_session_start() const;

  // Where the next WRITE has to start: in the open track, else at the invisible one; LBA 0 where
  // the host may choose; nothing where nothing can be written.
  [[nodiscard]] std::optional<Lba> next_writable_address() const;
  // How many blocks can still be written into the track; padding and run-out are kept free.
  [[nodiscard]] BlockCount free_blocks(const Track& track) const;
  [[nodiscard]] BlockCount free_blocks(const InvisibleTrack& track) const;
  [[nodiscard]] Lba last_possible_lead_out() const { return Lba{0} + capacity(); }
  // The blocks that the disc offers as it is formatted now.
  [[nodiscard]] BlockCount capacity() const;
  [[nodiscard]] bool is_written(Lba lba) const;
  // Blocks from lba on that are recorded without a gap, damaged or not, at most count.
  [[nodiscard]] BlockCount recorded_run(Lba lba, BlockCount count) const;
  // What a drive finds: damage lies over the record.
  [[nodiscard]] Readability readability(Lba lba) const;
  [[nodiscard]] BlockCount readable_run(Lba lba, BlockCount count) const;
  // The track among whose recorded blocks the address is.
  [[nodiscard]] const Track* track_with_data_at(Lba lba) const;

  // What the commands report.
  [[nodiscard]] DiscView disc_view() const;
  // All tracks by number, with the invisible one.
  [[nodiscard]] std::vector<TrackView> track_views() const;
  [[nodiscard]] TrackLimits track_limits() const;
  // What READ CAPACITY counts; 0: nothing can be read.
  [[nodiscard]] BlockCount readable_capacity() const;
  [[nodiscard]] FormatCapacities format_capacities() const;

  // A write of count > 0 blocks: check_write says whether it may be, record_write does it.
  [[nodiscard]] Ruling check_write(Lba lba, BlockCount count, const WriteMode& mode) const;
  void record_write(Lba lba, BlockCount count, const WriteMode& mode);
  [[nodiscard]] Ruling reserve(BlockCount size, const WriteMode& mode = {});
  // SYNCHRONIZE CACHE: ends what one stream of data ends.
  [[nodiscard]] Effected synchronize(const WriteMode& mode);
  [[nodiscard]] Effected close(const CloseRequest& request, const WriteMode& mode);
  [[nodiscard]] Effected blank(std::uint8_t type, std::uint32_t address);
  [[nodiscard]] Effected format(const FormatRequest& request);

  // Dual-layer DVD+R: the blocks on layer 0, while the disc is blank.
  [[nodiscard]] Ruling set_layer_boundary(BlockCount layer_0);
  // Makes a track that was interrupted writable, and closable, again.
  [[nodiscard]] Effected repair(int track);
  // Damages blocks or a track, or takes all damage away. REQUIRES: the blocks lie on the disc; the
  // track exists.
  void damage_blocks(Extent blocks);
  void damage_track(int number);
  void remove_damage() { recording_.damage = {}; }
  // The addresses that a disc of this medium has.
  [[nodiscard]] Extent addresses() const;

  // Parts of the above for sequential media. Completes a track: the blocks that the drive has to
  // pad, and nothing for one that is complete.
  [[nodiscard]] std::expected<Padding, Refusal> finish_track(int number);
  // Closing an empty session changes nothing.
  [[nodiscard]] Ruling close_session(bool another_may_follow, SessionFormat format);

  [[nodiscard]] pregroove::Status check_invariants() const;
  bool operator==(const Layout&) const = default;

 private:
  Layout(const Medium& medium, Recording recording);

  [[nodiscard]] pregroove::Status check_damage() const;
  // What erased the disc: scratches stay, tracks are gone.
  Effected erased(const Damage& before, Effected effect);
  // Those of the present state: a formatted DVD-RW follows other rules than a blank one.
  [[nodiscard]] const Rules& rules() const;

  const Medium* medium_;
  Recording recording_;
};

}  // namespace simdrive
