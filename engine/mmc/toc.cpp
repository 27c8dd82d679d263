#include "engine/mmc/toc.h"

#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// MMC-6 table "READ TOC/PMA/ATIP command".
struct ReadTocCdb {
  Opcode operation_code = Opcode::kReadTocPmaAtip;
  std::uint8_t time = 0;    // TIME in bit 1
  std::uint8_t format = 0;  // [3:0]
  std::array<std::uint8_t, 3> reserved{};
  std::uint8_t start = 0;
  Be16 allocation_length;
  std::uint8_t control = 0;
};
static_assert(cdb_struct<ReadTocCdb, Opcode::kReadTocPmaAtip>());
static_assert(offsetof(ReadTocCdb, start) == 6);
static_assert(offsetof(ReadTocCdb, allocation_length) == 7);

// Points of a lead-in's sub-channel Q (MMC-6 table "TOC track descriptor", ECMA-130 22.3.4).
constexpr std::uint8_t kPointFirstTrack = 0xA0;
constexpr std::uint8_t kPointLastTrack = 0xA1;
constexpr std::uint8_t kPointLeadOut = 0xA2;
constexpr std::uint8_t kPointNextSession = 0xB0;
constexpr std::uint8_t kAdrPosition = 1;
constexpr std::uint8_t kAdrMultiSession = 5;
constexpr std::uint8_t kLastTrackNumber = 99;

}  // namespace

Cdb read_toc(TocFormat format, TimeForm time, std::uint8_t start, std::uint16_t allocation) {
  return make_cdb(ReadTocCdb{.time = bit_if(time == TimeForm::kMsf, 1),
                             .format = static_cast<std::uint8_t>(format),
                             .start = start,
                             .allocation_length = Be16(allocation)});
}

const RawTocEntry* RawToc::find(std::uint8_t session, std::uint8_t adr, std::uint8_t point) const {
  for (const RawTocEntry& entry : entries)
    if (entry.session == session && entry.adr == adr && entry.point == point) return &entry;
  return nullptr;
}

std::optional<std::uint8_t> RawToc::first_track(std::uint8_t session) const {
  const auto* entry = find(session, kAdrPosition, kPointFirstTrack);
  if (entry == nullptr) return std::nullopt;
  return entry->pmsf.minute;
}

std::optional<std::uint8_t> RawToc::last_track(std::uint8_t session) const {
  const auto* entry = find(session, kAdrPosition, kPointLastTrack);
  if (entry == nullptr) return std::nullopt;
  return entry->pmsf.minute;
}

std::optional<Lba> RawToc::lead_out(std::uint8_t session) const {
  const auto* entry = find(session, kAdrPosition, kPointLeadOut);
  return entry == nullptr ? std::nullopt : program_lba(entry->pmsf);
}

std::optional<std::uint8_t> RawToc::session_format(std::uint8_t session) const {
  const auto* entry = find(session, kAdrPosition, kPointFirstTrack);
  if (entry == nullptr) return std::nullopt;
  return entry->pmsf.second;
}

std::vector<TocTrack> RawToc::tracks(std::uint8_t session) const {
  std::vector<TocTrack> tracks;
  for (const RawTocEntry& entry : entries) {
    const bool is_track = entry.adr == kAdrPosition && entry.point >= 1 &&
                          entry.point <= kLastTrackNumber && entry.session == session;
    const auto start = program_lba(entry.pmsf);
    if (is_track && start)
      tracks.push_back(
          {.number = entry.point, .adr = entry.adr, .control = entry.control, .start = *start});
  }
  return tracks;
}

std::optional<Lba> RawToc::next_session_start(std::uint8_t session) const {
  const auto* entry = find(session, kAdrMultiSession, kPointNextSession);
  return entry == nullptr ? std::nullopt : program_lba(entry->msf);
}

std::optional<Lba> RawToc::last_possible_lead_out(std::uint8_t session) const {
  const auto* entry = find(session, kAdrMultiSession, kPointNextSession);
  return entry == nullptr ? std::nullopt : program_lba(entry->pmsf);
}

std::vector<PmaTrack> Pma::tracks() const {
  std::vector<PmaTrack> tracks;
  for (const RawTocEntry& entry : entries)
    if (entry.adr == kAdrPosition && entry.point >= 1 && entry.point <= kLastTrackNumber)
      tracks.push_back({.number = entry.point,
                        .control = entry.control,
                        .start = program_lba(entry.pmsf),
                        .stop = program_lba(entry.msf)});
  return tracks;
}

}  // namespace pregroove::mmc
