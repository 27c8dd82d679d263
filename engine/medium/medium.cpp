#include "engine/medium/medium.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

namespace pregroove::medium {
namespace {

template <typename T>
std::string text_of(const std::optional<T>& value) {
  if constexpr (std::is_same_v<T, Lba>)
    return value ? fmt::format("{}", value->value) : "-";
  else
    return value ? fmt::format("{}", *value) : "-";
}

}  // namespace

std::string_view name_of(DiscStatus status) {
  switch (status) {
    case DiscStatus::kBlank:
      return "blank";
    case DiscStatus::kAppendable:
      return "appendable";
    case DiscStatus::kComplete:
      return "closed";
    case DiscStatus::kOther:
      return "other";
  }
  return "other";
}

bool MediumSnapshot::is_reserved_to_its_end() const {
  if (!writable) return !reserved_tracks.empty();
  return std::ranges::find(reserved_tracks, writable->number) != reserved_tracks.end();
}

std::uint64_t fingerprint(const MediumSnapshot& snapshot) {
  std::string text = fmt::format(
      "kind {} status {} last {} type {:02X} id {} lead-in {} limit {} descriptors {}\n",
      name_of(snapshot.kind), name_of(snapshot.status), static_cast<int>(snapshot.last_session),
      snapshot.disc_type, text_of(snapshot.disc_id), text_of(snapshot.lead_in_start),
      text_of(snapshot.last_possible_lead_out), text_of(snapshot.descriptors_hash));
  if (!snapshot.foreign_content.empty())
    text += fmt::format("holds {}\n", snapshot.foreign_content);
  for (const Session& session : snapshot.sessions) {
    text += fmt::format("session {} lead-out {}\n", session.number, session.lead_out.value);
    for (const Track& track : session.tracks)
      text += fmt::format("track {} start {} size {}\n", track.number, track.start.value,
                          track.size.value);
  }
  if (snapshot.writable)
    text += fmt::format("writable {} {} {}\n", snapshot.writable->number,
                        snapshot.writable->start.value, snapshot.writable->next_writable.value);
  for (const int track : snapshot.reserved_tracks) text += fmt::format("reserved {}\n", track);
  return XXH3_64bits(text.data(), text.size());
}

}  // namespace pregroove::medium
