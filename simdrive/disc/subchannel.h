// The sub-channels P to W of one CD sector, and what the Q channel says.
//
// A sector has 96 symbols of sub-channel data; bit 7 of a symbol belongs to P, bit 6 to Q, the
// low six to R ... W. The 96 bits of Q are a frame of 12 bytes: control and ADR, nine bytes that
// ADR gives a meaning, and a CRC. Numbers in it are binary coded decimal.
//
// Sources: ECMA-130 clause 22; IEC 60908 (which adds ISRC and catalogue number); MMC-6, READ CD
// (sub-channel selection), READ SUB-CHANNEL and READ TOC/PMA/ATIP (lead-in).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "engine/base/units.h"

namespace simdrive {

using pregroove::Lba;
using pregroove::Msf;

inline constexpr std::size_t kSubchannelSize = 96;
using Subchannel = std::array<std::byte, kSubchannelSize>;  // symbols, P in bit 7
using QFrame = std::array<std::byte, 12>;
using FormattedQ = std::array<std::byte, 16>;
using Subcode = std::array<std::byte, kSubchannelSize>;  // R ... W in bits 5 ... 0 of each byte

// The CRC of Q frames and CD-TEXT packs: x^16 + x^12 + x^5 + 1, recorded with all bits inverted,
// most significant byte first.
[[nodiscard]] std::uint16_t subchannel_crc(std::span<const std::byte> bytes);

// --- Q frames -----------------------------------------------------------------------------------

// The four bits of the control field (ECMA-130 22.3.1).
namespace control {
inline constexpr std::uint8_t kPreEmphasis = 0x1;
inline constexpr std::uint8_t kCopyPermitted = 0x2;
inline constexpr std::uint8_t kData = 0x4;
inline constexpr std::uint8_t kFourChannels = 0x8;
}  // namespace control

inline constexpr std::uint8_t kLeadOutTrack = 0xAA;

// ADR 1 outside of the lead-in: where this sector is.
struct QPosition {
  std::uint8_t control = 0;
  std::uint8_t track = 1;  // 1 to 99, or kLeadOutTrack
  std::uint8_t index = 1;  // 0 in a pause, 1 to 99
  Msf relative;            // from index 1; before it, the time left
  Msf absolute;

  constexpr bool operator==(const QPosition&) const = default;
};

// ADR 2: 13 digits.
struct QCatalogNumber {
  std::uint8_t control = 0;
  std::string digits;
  std::uint8_t absolute_frame = 0;

  bool operator==(const QCatalogNumber&) const = default;
};

// ADR 3: the International Standard Recording Code of the track, 5 letters or digits (upper case)
// and 7 digits.
struct QIsrc {
  std::uint8_t control = 0;
  std::string code;
  std::uint8_t absolute_frame = 0;

  bool operator==(const QIsrc&) const = default;
};

// ADR 1 and 5 in the lead-in (track 0): an entry of the table of contents. The bytes are kept as
// they are recorded, since what they mean depends on ADR and point.
struct QTocEntry {
  std::uint8_t control = 0;
  std::uint8_t adr = 1;
  std::uint8_t point = 0;
  std::array<std::uint8_t, 3> time{};  // where in the lead-in; for ADR 5 part of the entry
  std::uint8_t zero = 0;
  std::array<std::uint8_t, 3> value{};  // PMIN, PSEC, PFRAME

  constexpr bool operator==(const QTocEntry&) const = default;
};

using QContent = std::variant<QPosition, QCatalogNumber, QIsrc, QTocEntry>;

// Two decimal digits in a byte; nullopt for anything else.
[[nodiscard]] std::optional<std::uint8_t> from_decimal(std::uint8_t byte);

[[nodiscard]] bool is_catalog_number(std::string_view digits);
[[nodiscard]] bool is_isrc(std::string_view code);

// The frame, with its CRC. REQUIRES: track, index and MSF fit into two decimal digits;
// is_catalog_number or is_isrc.
[[nodiscard]] QFrame make_q(const QContent& content);

[[nodiscard]] bool q_crc_holds(const QFrame& frame);
// nullopt when the CRC does not hold, ADR is unknown, or a number is not decimal.
[[nodiscard]] std::optional<QContent> parse_q(const QFrame& frame);

// Entries of the lead-in (ECMA-130 22.3.4, MMC-6 READ TOC format 2). `at` is where in the lead-in
// the frame is.
[[nodiscard]] QTocEntry toc_track(std::uint8_t control, std::uint8_t track, Msf start, Msf at);
// Point A0; the disc type is 00h for CD-DA and CD-ROM, 10h for CD-i, 20h for CD-ROM XA.
[[nodiscard]] QTocEntry toc_first_track(std::uint8_t control, std::uint8_t track,
                                        std::uint8_t disc_type, Msf at);
[[nodiscard]] QTocEntry toc_last_track(std::uint8_t control, std::uint8_t track, Msf at);  // A1
[[nodiscard]] QTocEntry toc_lead_out(std::uint8_t control, Msf start, Msf at);             // A2
// ADR 5, point B0: where the next program area may begin, and the last possible lead-out.
[[nodiscard]] QTocEntry toc_next_session(std::uint8_t control, Msf next_program_area,
                                         Msf last_lead_out, std::uint8_t mode5_pointers);
// ADR 5, point C0: start of the first lead-in, and three bytes of special information (ATIP).
[[nodiscard]] QTocEntry toc_first_lead_in(std::uint8_t control, Msf start,
                                          std::array<std::uint8_t, 3> special_information);

// --- What a sector of a track carries -----------------------------------------------------------

// What is known about the place of a sector.
struct SubchannelPlace {
  std::uint8_t control = 0;
  std::uint8_t track = 1;  // 1 to 99, or kLeadOutTrack
  std::uint8_t index = 1;
  Lba track_start;             // of index 1; of the lead-out
  std::string catalog_number;  // empty without one
  std::string isrc;            // empty without one
  // Where the next track (not its pause) or the lead-out begins, when audio starts there.
  std::optional<Lba> next_start;
};

// The frame of the sector at `lba`: its position, or where their turn has come (at least once in
// 100 sectors, IEC 60908) catalogue number and ISRC. REQUIRES: the place is that of `lba`.
[[nodiscard]] QFrame q_at(Lba lba, const SubchannelPlace& place);
[[nodiscard]] QPosition position_at(Lba lba, const SubchannelPlace& place);

// The P channel: set through a pause and for at least 2 seconds before a track; it flashes in the
// lead-out (ECMA-130 22.2). The first sector of a track still has it set, as dumps of pressed discs
// show.
[[nodiscard]] bool p_flag_at(Lba lba, const SubchannelPlace& place);

// --- The forms in which READ CD returns it ------------------------------------------------------

// 001b: all symbols.
[[nodiscard]] Subchannel interleave(bool p_flag, const QFrame& q, const Subcode& r_to_w = {});
// 010b: the Q frame, three zero bytes, and P in the top bit of the last byte.
[[nodiscard]] FormattedQ format_q(bool p_flag, const QFrame& q);
// 100b: R ... W alone, six bits to a byte: four packs of 24. Symbols that lie in the order of their
// packs are taken as they are; the interleaving over eight packs that the medium has is not
// modelled.
[[nodiscard]] Subcode r_to_w_of(const Subchannel& symbols);

[[nodiscard]] QFrame q_of(const Subchannel& symbols);
// P of most symbols, since single ones may be wrong.
[[nodiscard]] bool p_flag_of(const Subchannel& symbols);

// A host that records raw with 16 bytes of P and Q (data block type 1) sends the form of format_q.
[[nodiscard]] QFrame q_of(const FormattedQ& formatted);
[[nodiscard]] bool p_flag_of(const FormattedQ& formatted);

}  // namespace simdrive
