// A cue sheet: what a host announces before it records session-at-once. Eight bytes an entry, with
// control and ADR, track, index, data form, SCMS and a start in minutes, seconds and frames; two
// entries each for a catalogue number and for the ISRC of a track.
//
// Numbers are binary, unlike those on the disc; the lead-out is track AAh.
//
// Source: MMC-6 6.33 SEND CUE SHEET.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "simdrive/disc/sector.h"

namespace simdrive {

// What one byte "data form" says: the sectors of a region, and how much of each the host sends.
struct DataForm {
  std::uint8_t code = 0;
  SectorForm main = SectorForm::kAudio;  // XA: form 1, though sub-headers may say form 2
  std::size_t main_bytes = 0;            // 0: the drive records zeros of its own
  std::size_t subchannel_bytes = 0;

  [[nodiscard]] constexpr std::size_t block_bytes() const { return main_bytes + subchannel_bytes; }
  constexpr bool operator==(const DataForm&) const = default;
};
// nullopt for codes that are not known.
[[nodiscard]] std::optional<DataForm> data_form(std::uint8_t code);

// From `start` to the start of the next region, or to the lead-out.
struct CueRegion {
  Lba start;
  std::uint8_t track = 1;
  std::uint8_t index = 0;
  std::uint8_t control = 0;  // as in the Q channel: subchannel.h
  DataForm form;
  bool alternate_copy = false;  // SCMS: the copy bit alternates
};

// Invariants: `program` is not empty and rises by address, index and track without gaps; every
// track has an index 1.
struct CueSheet {
  std::string catalog_number;                // 13 digits, or empty
  std::map<std::uint8_t, std::string> isrc;  // of 12 characters, by track
  std::uint8_t lead_in_control = 0;
  DataForm lead_in;
  std::vector<CueRegion> program;
  std::uint8_t lead_out_control = 0;
  DataForm lead_out;
  Lba lead_out_start;

  // The region that the address falls in; null before the program and from the lead-out on.
  [[nodiscard]] const CueRegion* region_at(Lba lba) const;
  // Bytes of a block of a WRITE at this address; nullopt where the host sends nothing. Addresses
  // before the program are the lead-in's, which takes CD-TEXT blocks of 96 bytes (cd_text.h).
  [[nodiscard]] std::optional<std::size_t> block_size_at(Lba lba) const;
};

enum class CueRule : std::uint8_t {
  kWholeEntries,   // at least one entry, and no part of one
  kAdr,            // 1, 2 or 3
  kCatalogNumber,  // two entries with 13 digits, before everything else, once
  kIsrc,           // two entries with 12 characters, before the first index of their track
  kLeadInFirst,    // track 0, index 0
  kLeadOutLast,    // track AAh, index 1, and nothing behind it
  kDataForm,       // a known data form
  kControl,        // the data bit agrees with the data form
  kTrackOrder,     // consecutive from the first one on, at most 99
  kIndexOrder,     // consecutive from 0 or 1 on, at most 99; every track has an index 1
  kAddress,        // a valid MSF, behind the one before it
  kStart,          // the first track has an index 0, where the session begins
  kFirstPregap,    // of at least two seconds
  kTrackLength,    // four seconds from index 1 to that of the next track
};
[[nodiscard]] std::string_view describe(CueRule rule);

struct CueError {
  std::size_t entry = 0;  // counted from 0; the number of entries where one is missing at the end
  CueRule rule = CueRule::kWholeEntries;

  constexpr bool operator==(const CueError&) const = default;
};

// What the disc asks of the session.
struct CueContext {
  Lba session_start{-pregroove::kPregapFrames};  // where index 0 of the first track has to be
  std::uint8_t first_track = 1;
};

[[nodiscard]] std::expected<CueSheet, CueError> parse_cue_sheet(std::span<const std::byte> bytes,
                                                                const CueContext& context = {});

}  // namespace simdrive
