#include "engine/mmc/cue_sheet.h"

#include "engine/mmc/toc.h"
#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// MMC-6 table "SEND CUE SHEET command".
struct SendCueSheetCdb {
  Opcode operation_code = Opcode::kSendCueSheet;
  std::array<std::uint8_t, 5> reserved{};
  Be24 size;
  std::uint8_t control = 0;
};
static_assert(cdb_struct<SendCueSheetCdb, Opcode::kSendCueSheet>());
static_assert(offsetof(SendCueSheetCdb, size) == 6);

// Control 4 (data), ADR 1 (a position).
constexpr std::uint8_t kDataPosition = 0x41;
constexpr std::uint8_t kLeadInTrack = 0;

// MMC-6 table "CUE SHEET format".
struct CueSheetEntry {
  std::uint8_t control_adr = kDataPosition;
  std::uint8_t track = 0;
  std::uint8_t index = 0;
  std::uint8_t data_form = 0;
  std::uint8_t copy = 0;  // SCMS
  std::uint8_t minute = 0;
  std::uint8_t second = 0;
  std::uint8_t frame = 0;
};
static_assert(wire_struct<CueSheetEntry, 8>());

Msf position(Lba lba) {
  const auto msf = msf_from_lba(lba);
  PREGROOVE_CHECK(msf.has_value());
  return *msf;
}

}  // namespace

std::vector<CueEntry> data_session_cue(std::uint8_t track, Lba start, BlockCount blocks) {
  constexpr BlockCount kPregap{kPregapFrames};
  constexpr std::uint8_t kLastTrack = 99;
  PREGROOVE_CHECK(track >= 1 && track <= kLastTrack);
  return {{.track = kLeadInTrack, .index = 0, .form = CueDataForm::kMode1Pause, .start = {}},
          {.track = track, .index = 0, .start = position(start - kPregap)},
          {.track = track, .index = 1, .start = position(start)},
          {.track = kLeadOutTrack,
           .index = 1,
           .form = CueDataForm::kMode1Pause,
           .start = position(start + blocks)}};
}

std::vector<std::byte> encode_cue_sheet(std::span<const CueEntry> entries) {
  std::vector<std::byte> list;
  for (const CueEntry& entry : entries) {
    const auto bytes = bytes_of(CueSheetEntry{.track = entry.track,
                                              .index = entry.index,
                                              .data_form = static_cast<std::uint8_t>(entry.form),
                                              .minute = entry.start.minute,
                                              .second = entry.start.second,
                                              .frame = entry.start.frame});
    list.insert(list.end(), bytes.begin(), bytes.end());
  }
  return list;
}

Cdb send_cue_sheet(std::size_t bytes) {
  constexpr std::size_t kMost = (std::size_t{1} << 24U) - 1;
  PREGROOVE_CHECK(bytes <= kMost);
  return make_cdb(SendCueSheetCdb{.size = Be24(static_cast<std::uint32_t>(bytes))});
}

}  // namespace pregroove::mmc
