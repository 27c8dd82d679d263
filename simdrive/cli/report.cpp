#include "simdrive/cli/report.h"

#include <fmt/format.h>

#include "simdrive/profiles/built_in.h"

namespace simdrive {
namespace {

using nlohmann::ordered_json;

std::string_view name_of_status(DiscStatus status) {
  switch (status) {
    case DiscStatus::kBlank:
      return "blank";
    case DiscStatus::kAppendable:
      return "appendable";
    case DiscStatus::kComplete:
      return "complete";
    case DiscStatus::kRandomAccess:
      return "formatted";
  }
  return "";
}

std::string_view name_of_state(TrackState state) {
  switch (state) {
    case TrackState::kReserved:
      return "reserved";
    case TrackState::kOpen:
      return "open";
    case TrackState::kComplete:
      return "complete";
  }
  return "";
}

std::string_view name_of_formatting(FormatState state) {
  switch (state) {
    case FormatState::kUnformatted:
      return "unformatted";
    case FormatState::kFormatted:
      return "formatted";
    case FormatState::kIntermediate:
      return "intermediate";
    // No drive works on the disc while its file is looked at.
    case FormatState::kBackgroundRunning:
      return "background format interrupted";
    case FormatState::kBackgroundStopped:
      return "background format stopped";
  }
  return "";
}

bool in_background(const Formatting& formatting) {
  return formatting.state == FormatState::kBackgroundRunning ||
         formatting.state == FormatState::kBackgroundStopped;
}

// What can be written anywhere has no tracks, sessions and free blocks to speak of.
bool overwritable(const Layout& layout) {
  switch (layout.medium().kind) {
    case MediumKind::kDvdRam:
    case MediumKind::kDvdPlusRw:
    case MediumKind::kBdRe:
      return true;
    default:
      return layout.medium().kind == MediumKind::kDvdRw &&
             layout.recording().formatting.state != FormatState::kUnformatted;
  }
}

std::string_view name_of_state(const Layout& layout) {
  return overwritable(layout) ? name_of_formatting(layout.recording().formatting.state)
                              : name_of_status(layout.status());
}

ordered_json formatting_as_json(const Formatting& formatting) {
  ordered_json json = {{"state", name_of_formatting(formatting.state)}};
  if (formatting.state == FormatState::kUnformatted) return json;
  json["type"] = formatting.type;
  json["sub_type"] = formatting.sub_type;
  json["blocks"] = formatting.user_blocks.value;
  if (in_background(formatting)) json["formatted_blocks"] = formatting.de_iced.value;
  return json;
}

ordered_json damage_as_json(const Damage& damage) {
  ordered_json blocks = ordered_json::array();
  for (const Extent& extent : damage.unreadable)
    blocks.push_back({{"first", extent.start.value}, {"last", extent.end.value - 1}});
  return {{"blocks", blocks}, {"tracks", damage.tracks}};
}

std::string formatting_as_text(const Formatting& formatting) {
  if (formatting.state == FormatState::kUnformatted) return "  not formatted\n";
  std::string text =
      fmt::format("  {}, type {:02X}h, {} blocks ({:.1f} MB)", name_of_formatting(formatting.state),
                  formatting.type, formatting.user_blocks.value,
                  static_cast<double>(formatting.user_blocks.bytes()) / 1e6);
  if (in_background(formatting))
    text += fmt::format(", {} of them formatted", formatting.de_iced.value);
  return text + "\n";
}

std::string damage_as_text(const Damage& damage) {
  std::string text;
  for (const Extent& extent : damage.unreadable)
    text +=
        fmt::format("  unreadable: blocks {} to {}\n", extent.start.value, extent.end.value - 1);
  for (const int number : damage.tracks) text += fmt::format("  damaged: track {}\n", number);
  return text;
}

BlockCount free_blocks(const Layout& layout) {
  if (const Track* open = layout.open_track()) return layout.free_blocks(*open);
  const auto invisible = layout.invisible_track();
  return invisible ? layout.free_blocks(*invisible) : BlockCount{};
}

// As a multiple of 1x; 0 for a pressed disc.
double fastest(const Medium& medium) {
  if (medium.write_speeds.empty()) return 0;
  return tenths_of_single_speed(medium.write_speeds.front(), medium.family()) / 10.0;
}

std::string megabytes(BlockCount blocks) {
  return fmt::format("{:.1f} MB", static_cast<double>(blocks.bytes()) / 1e6);
}

std::string capacity_as_text(const Medium& medium) {
  if (medium.pressed()) return "as large as its image";
  return fmt::format("{:>8} blocks, {}", medium.capacity().value, megabytes(medium.capacity()));
}

ordered_json track_as_json(const Track& track) {
  return {{"number", track.number},
          {"session", track.session},
          {"start", track.start.value},
          {"recorded_blocks", track.recorded.value},
          {"state", name_of_state(track.state)}};
}

ordered_json session_as_json(const Session& session) {
  ordered_json json = {{"number", session.number},
                       {"state", session.state == SessionState::kClosed ? "closed" : "open"},
                       {"first_track", session.first_track},
                       {"last_track", session.last_track},
                       {"start", session.start.value}};
  if (session.state == SessionState::kClosed) json["lead_out_start"] = session.lead_out_start.value;
  return json;
}

std::string session_as_text(const Session& session) {
  if (session.state == SessionState::kOpen)
    return fmt::format("  session {}: open, from block {}\n", session.number, session.start.value);
  return fmt::format("  session {}: blocks {} to {}, lead-out at {}\n", session.number,
                     session.start.value, session.lead_out_start.value - 1,
                     session.lead_out_start.value);
}

}  // namespace

std::string as_text(const ordered_json& json) {
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace);
}

ordered_json media_as_json() {
  ordered_json list = ordered_json::array();
  for (const Medium& medium : all_media())
    list.push_back({{"name", medium.name},
                    {"kind", name_of(medium.kind)},
                    {"profile", profile_of(medium.kind)},
                    {"description", medium.description},
                    {"capacity_blocks", medium.capacity().value},
                    {"max_write_speed", fastest(medium)}});
  return {{"media", list}};
}

std::string media_as_text() {
  std::string text;
  for (const Medium& medium : all_media())
    text +=
        fmt::format("{:<10} {:<9} profile {:02X}h  {:<34} {}\n", medium.name, name_of(medium.kind),
                    profile_of(medium.kind), medium.description, capacity_as_text(medium));
  return text;
}

ordered_json personalities_as_json() {
  ordered_json list = ordered_json::array();
  for (const profiles::Personality& drive : profiles::all_personalities())
    list.push_back({{"name", drive.name}, {"description", drive.description}});
  return {{"personalities", list}};
}

std::string personalities_as_text() {
  std::string text;
  for (const profiles::Personality& drive : profiles::all_personalities())
    text += fmt::format("{:<16} {}\n", drive.name, drive.description);
  return text;
}

ordered_json disc_as_json(const Disc& disc) {
  const Layout& layout = disc.layout();
  ordered_json sessions = ordered_json::array();
  for (const Session& session : disc.sessions()) sessions.push_back(session_as_json(session));
  ordered_json tracks = ordered_json::array();
  for (const Track& track : disc.tracks()) tracks.push_back(track_as_json(track));
  ordered_json json = {{"medium", disc.medium().name},
                       {"kind", name_of(disc.medium().kind)},
                       {"state", name_of_state(layout)},
                       {"capacity_blocks", layout.addresses().end.value},
                       {"free_blocks", free_blocks(layout).value},
                       {"next_writable_address", nullptr},
                       {"sessions", sessions},
                       {"tracks", tracks},
                       {"formatting", formatting_as_json(layout.recording().formatting)},
                       {"calibrations_used", layout.recording().calibrations},
                       {"damage", damage_as_json(layout.recording().damage)}};
  if (const auto next = disc.next_writable_address()) json["next_writable_address"] = next->value;
  return json;
}

std::string disc_as_text(const Disc& disc) {
  const Layout& layout = disc.layout();
  std::string text = fmt::format("{} ({}), {}\n", disc.medium().description, disc.medium().name,
                                 name_of_state(layout));
  for (const Session& session : disc.sessions()) {
    text += session_as_text(session);
    for (const Track& track : disc.tracks()) {
      if (track.session != session.number) continue;
      text += fmt::format("    track {}: {}, {} blocks ({}) from block {}\n", track.number,
                          name_of_state(track.state), track.recorded.value,
                          megabytes(track.recorded), track.start.value);
    }
  }
  if (overwritable(layout)) text += formatting_as_text(layout.recording().formatting);
  text += damage_as_text(layout.recording().damage);
  if (layout.recording().calibrations > 0)
    text += fmt::format("  {} power calibrations used\n", layout.recording().calibrations);
  if (overwritable(layout)) return text;
  const auto next = disc.next_writable_address();
  if (!next) return text + "  nothing can be added\n";
  return text + fmt::format("  next writable block {}, free {} blocks ({})\n", next->value,
                            free_blocks(layout).value, megabytes(free_blocks(layout)));
}

ordered_json error_as_json(const pregroove::Error& error) {
  return {{"error",
           {{"code", name_of(error.code)}, {"message", error.message}, {"advice", error.advice}}}};
}

}  // namespace simdrive
