// READ TOC/PMA/ATIP: the tables in the lead-in, and what is moulded into a blank disc (MMC-6).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/mmc/command.h"

namespace pregroove::mmc {

enum class TocFormat : std::uint8_t {
  kFormatted = 0,
  kSessionInfo = 1,
  kRaw = 2,
  kPma = 3,
  kAtip = 4,
  kCdText = 5,
};

// The TIME bit: how formats 0 and 1 spell addresses. The others always use MSF.
enum class TimeForm : bool { kLba, kMsf };

// Length and two numbers: what a first request reads to learn how much there is.
inline constexpr std::uint16_t kTocHeaderSize = 4;
// READ TOC number of the lead-out.
inline constexpr std::uint8_t kLeadOutTrack = 0xAA;

// start: the first track (format 0) or session (format 2) wanted; 0 otherwise.
[[nodiscard]] Cdb read_toc(TocFormat format, TimeForm time, std::uint8_t start,
                           std::uint16_t allocation);

struct TocTrack {
  std::uint8_t number = 0;
  std::uint8_t adr = 0;
  std::uint8_t control = 0;
  Lba start;

  [[nodiscard]] bool is_data() const { return (control & 0x04U) != 0; }
  bool operator==(const TocTrack&) const = default;
};

// Format 0.
struct FormattedToc {
  std::uint8_t first_track = 0;
  std::uint8_t last_track = 0;
  std::vector<TocTrack> tracks;  // ascending, without the lead-out
  std::optional<Lba> lead_out;   // nullopt when the reply was cut off before it

  bool operator==(const FormattedToc&) const = default;
};
[[nodiscard]] Result<FormattedToc> decode_formatted_toc(std::span<const std::byte> reply,
                                                        TimeForm time);

// Format 1.
struct SessionInfo {
  std::uint8_t first_session = 0;  // complete sessions
  std::uint8_t last_session = 0;
  TocTrack first_track_of_last_session;

  bool operator==(const SessionInfo&) const = default;
};
[[nodiscard]] Result<SessionInfo> decode_session_info(std::span<const std::byte> reply,
                                                      TimeForm time);

// One sub-channel Q frame of the lead-in or the PMA. The bytes mean different things per POINT, so
// they are kept as they are.
struct RawTocEntry {
  std::uint8_t session = 0;
  std::uint8_t adr = 0;
  std::uint8_t control = 0;
  std::uint8_t track = 0;  // TNO: 0 in a lead-in
  std::uint8_t point = 0;
  Msf msf;  // MIN, SEC, FRAME
  std::uint8_t zero = 0;
  Msf pmsf;  // PMIN, PSEC, PFRAME

  bool operator==(const RawTocEntry&) const = default;
};

// Format 2. The helpers answer nullopt when there is no such entry, or it holds no valid MSF.
struct RawToc {
  std::uint8_t first_session = 0;
  std::uint8_t last_session = 0;
  std::vector<RawTocEntry> entries;

  // The ADR 1 or 5 entry with this POINT.
  [[nodiscard]] const RawTocEntry* find(std::uint8_t session, std::uint8_t adr,
                                        std::uint8_t point) const;
  [[nodiscard]] std::optional<std::uint8_t> first_track(std::uint8_t session) const;  // A0
  [[nodiscard]] std::optional<std::uint8_t> last_track(std::uint8_t session) const;   // A1
  [[nodiscard]] std::optional<Lba> lead_out(std::uint8_t session) const;              // A2
  // Disc type of the session as A0 gives it: 00h, 10h CD-I, 20h XA.
  [[nodiscard]] std::optional<std::uint8_t> session_format(std::uint8_t session) const;
  // Track entries of the session, in the order of the reply.
  [[nodiscard]] std::vector<TocTrack> tracks(std::uint8_t session) const;
  // B0: where the program area of a next session may start; its first track starts one pregap
  // later ([K]: not read in ECMA-394; the next writable address of the drive decides).
  // nullopt as well when the session says that none may follow (FF:FF:FF).
  [[nodiscard]] std::optional<Lba> next_session_start(std::uint8_t session) const;
  // B0: the last possible start of the outermost lead-out.
  [[nodiscard]] std::optional<Lba> last_possible_lead_out(std::uint8_t session) const;

  bool operator==(const RawToc&) const = default;
};
[[nodiscard]] Result<RawToc> decode_raw_toc(std::span<const std::byte> reply);

// Format 3: what the drive has noted on the disc before a session is closed.
struct PmaTrack {
  std::uint8_t number = 0;
  std::uint8_t control = 0;
  std::optional<Lba> start;
  std::optional<Lba> stop;

  bool operator==(const PmaTrack&) const = default;
};
struct Pma {
  std::vector<RawTocEntry> entries;

  [[nodiscard]] std::vector<PmaTrack> tracks() const;  // the ADR 1 entries
  bool operator==(const Pma&) const = default;
};
[[nodiscard]] Result<Pma> decode_pma(std::span<const std::byte> reply);

// Format 4: Absolute Time In Pregroove.
struct Atip {
  std::uint8_t indicative_writing_power = 0;  // ITWP, 0..7
  std::uint8_t reference_speed = 0;           // as coded; 1 is 2x on the first CD-RW
  bool unrestricted_use = false;
  bool rewritable = false;
  std::uint8_t sub_type = 0;
  Lba lead_in_start;           // negative
  Lba last_possible_lead_out;  // never negative, also on a 99-minute disc
  std::optional<std::array<std::uint8_t, 3>> a1;
  std::optional<std::array<std::uint8_t, 3>> a2;
  std::optional<std::array<std::uint8_t, 3>> a3;

  bool operator==(const Atip&) const = default;
};
[[nodiscard]] Result<Atip> decode_atip(std::span<const std::byte> reply);

// Format 5: packs as they are, CRC included; empty when the disc has none.
inline constexpr std::size_t kCdTextPackSize = 18;
using CdTextPack = std::array<std::byte, kCdTextPackSize>;
[[nodiscard]] Result<std::vector<CdTextPack>> decode_cd_text(std::span<const std::byte> reply);

}  // namespace pregroove::mmc
