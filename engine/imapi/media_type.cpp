#include "engine/imapi/media_type.h"

#include <algorithm>
#include <array>

namespace pregroove::imapi {
namespace {

using medium::DiscStatus;
using medium::MediumKind;
using medium::TrackContent;

struct TypeRow {
  std::uint8_t disc_type;  // READ DISC INFORMATION, disc type
  MediaType type;
};
constexpr auto kTypes = std::to_array<TypeRow>({
    {0x00, MediaType::MEDIA_CDDA_CDROM},
    {0x10, MediaType::MEDIA_CD_I},
    {0x20, MediaType::MEDIA_CD_ROM_XA},
});

struct FlagRow {
  DiscStatus status;
  std::uint32_t flags;
};
constexpr auto kFlags = std::to_array<FlagRow>({
    {DiscStatus::kBlank, MEDIA_BLANK | MEDIA_WRITABLE},
    {DiscStatus::kAppendable, MEDIA_WRITABLE},
    {DiscStatus::kComplete, 0},
    {DiscStatus::kOther, MEDIA_FORMAT_UNUSABLE_BY_IMAPI},
});

bool holds(const medium::Session& session, TrackContent content) {
  return std::ranges::any_of(session.tracks,
                             [&](const auto& track) { return track.content == content; });
}

// A CD-Extra: a session of audio, then one of data (Blue Book).
bool is_cd_extra(const medium::MediumSnapshot& disc) {
  return disc.sessions.size() == 2 && holds(disc.sessions.front(), TrackContent::kAudio) &&
         holds(disc.sessions.back(), TrackContent::kData);
}

// Version 1 has no types beyond CD.
MediaType type_of(const medium::MediumSnapshot& disc) {
  if (!medium::is_cd(disc.kind)) return MediaType::MEDIA_SPECIAL;
  if (is_cd_extra(disc)) return MediaType::MEDIA_CD_EXTRA;
  const auto* const type = std::ranges::find(kTypes, disc.disc_type, &TypeRow::disc_type);
  return type == kTypes.end() ? MediaType::MEDIA_CD_OTHER : type->type;
}

}  // namespace

MediaTypeAndFlags media_type_of(const medium::MediumSnapshot& disc) {
  if (disc.kind == MediumKind::kUnknown)
    return {MediaType::MEDIA_SPECIAL, MEDIA_FORMAT_UNUSABLE_BY_IMAPI};
  MediaTypeAndFlags result{type_of(disc), 0};
  const auto* const flags = std::ranges::find(kFlags, disc.status, &FlagRow::status);
  if (flags != kFlags.end() && medium::is_recordable(disc.kind)) result.flags = flags->flags;
  if (medium::is_rewritable(disc.kind)) result.flags |= MEDIA_RW;
  return result;
}

MediaInfo media_info_of(const medium::MediumSnapshot& disc) {
  MediaInfo info;
  info.sessions = static_cast<int>(disc.sessions.size());
  if (!disc.sessions.empty() && !disc.sessions.back().tracks.empty()) {
    const medium::Track& last = disc.sessions.back().tracks.back();
    info.last_track = last.number;
    info.start_address = last.start;
  }
  if (disc.writable && disc.status != DiscStatus::kComplete) {
    info.next_writable = disc.writable->next_writable;
    info.free_blocks = disc.writable->free;
  }
  return info;
}

}  // namespace pregroove::imapi
