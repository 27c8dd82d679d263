#include <fmt/format.h>

#include "engine/burn/session_import.h"
#include "engine/cli/command.h"
#include "engine/cli/drive_device.h"
#include "engine/cli/say.h"
#include "engine/cli/speed_option.h"
#include "engine/cli/text.h"
#include "engine/drive/inspection.h"
#include "engine/medium/session_cost.h"
#include "engine/plan/plan.h"

namespace pregroove::cli {
namespace {

using medium::MediumSnapshot;

nlohmann::json sessions_as_json(const MediumSnapshot& disc) {
  nlohmann::json sessions = nlohmann::json::array();
  for (const medium::Session& session : disc.sessions) {
    nlohmann::json tracks = nlohmann::json::array();
    for (const medium::Track& track : session.tracks)
      tracks.push_back(
          {{"number", track.number},
           {"content", track.content == medium::TrackContent::kData ? "data" : "audio"},
           {"start", track.start.value},
           {"blocks", track.size.value}});
    sessions.push_back({{"number", session.number},
                        {"start", session.start().value},
                        {"lead_out", session.lead_out.value},
                        {"tracks", tracks}});
  }
  return sessions;
}

// Nothing of ours carries on from it.
using Udf = std::optional<burn::UdfSession>;

std::string in_words(const burn::UdfSession& udf) {
  return fmt::format("session {} is a UDF {} volume, which can be read, but not added to",
                     udf.number, image::udf_revision_in_words(udf.volume.revision));
}

nlohmann::json next_session_as_json(const MediumSnapshot& disc, const Udf& udf) {
  if (udf) return {{"possible", false}, {"reason", in_words(*udf)}};
  const auto target = plan::choose_target(disc, plan::SessionMode::kAppend);
  if (!target) return {{"possible", false}, {"reason", target.error().message}};
  const medium::SessionRoom room = medium::room_for_session(disc);
  return {{"possible", true},
          {"reason", target->reason},
          {"number", target->session_number},
          {"start", target->start.value},
          {"largest_image_blocks", target->largest_image.value},
          {"gap_after_blocks", room.gap_after.value},
          {"later_gap_blocks", medium::gap_after_session(disc.kind, room.session_number + 1).value},
          {"needs_recovery", plan::needs_recovery(disc)}};
}

nlohmann::json as_json(const MediumSnapshot& disc, const Udf& udf) {
  nlohmann::json json = {{"drive",
                          {{"vendor", disc.drive.vendor},
                           {"product", disc.drive.product},
                           {"revision", disc.drive.revision}}},
                         {"medium", name_of(disc.kind)},
                         {"status", name_of(disc.status)},
                         {"erasable", disc.erasable},
                         {"fingerprint", fmt::format("{:016x}", medium::fingerprint(disc))},
                         {"write_speeds", offered_speeds_as_json(disc)},
                         {"sessions", sessions_as_json(disc)},
                         {"next_session", next_session_as_json(disc, udf)}};
  if (udf)
    json["udf"] = {{"session", udf->number},
                   {"revision", image::udf_revision_in_words(udf->volume.revision)},
                   {"volume", udf->volume.volume_id}};
  if (disc.last_possible_lead_out) json["capacity_blocks"] = disc.last_possible_lead_out->value;
  if (disc.writable) {
    json["next_writable"] = disc.writable->next_writable.value;
    json["free_blocks"] = disc.writable->free.value;
  } else {
    json["free_blocks"] = 0;
  }
  return json;
}

void print_sessions(const MediumSnapshot& disc) {
  for (const medium::Session& session : disc.sessions) {
    say("session {:2}   LBA {} to {}, lead-out at {}\n", session.number, session.start().value,
        session.lead_out.value - 1, session.lead_out.value);
    for (const medium::Track& track : session.tracks)
      say("  track {:2}   {:5} LBA {:6}, {} blocks ({})\n", track.number,
          track.content == medium::TrackContent::kData ? "data" : "audio", track.start.value,
          track.size.value, mebibytes(track.size));
  }
}

void print_cost(const MediumSnapshot& disc, int session, std::string_view which) {
  const BlockCount gap = medium::gap_after_session(disc.kind, session);
  say("{} {} sectors ({}) are lost to the session after it", which, gap.value, mebibytes(gap));
  if (medium::is_cd(disc.kind))
    say("; Microsoft's documentation says {} MB",
        medium::documented_megabytes_after_session(session));
  say("\n");
}

void print_udf(const burn::UdfSession& udf) {
  say("file system  UDF {} in session {}, \"{}\": see it with pregroove ls and extract\n",
      image::udf_revision_in_words(udf.volume.revision), udf.number,
      printable(udf.volume.volume_id));
}

void print_next_session(const MediumSnapshot& disc, const Udf& udf) {
  const auto target = plan::choose_target(disc, plan::SessionMode::kAppend);
  if (target && udf) {
    say("next         none: {}\n", in_words(*udf));
    return;
  }
  if (!target) {
    say("next         none: {}\n", target.error().message);
    if (!target.error().advice.empty()) say("             {}\n", target.error().advice);
    return;
  }
  const medium::SessionRoom room = medium::room_for_session(disc);
  say("next         {}\n", target->reason);
  say("             session {} would start at LBA {} and hold up to {} blocks ({})\n",
      target->session_number, target->start.value, target->largest_image.value,
      mebibytes(target->largest_image));
  print_cost(disc, room.session_number, "closing it  ");
  print_cost(disc, room.session_number + 1, "each later  ");
  const BlockCount shortest = medium::shortest_open_session(disc.kind, room.session_number);
  if (shortest > medium::traits_of(disc.kind).shortest_track)
    say("             it is filled up to {} blocks ({}) if another one is to follow\n",
        shortest.value, mebibytes(shortest));
  if (room.largest_image_with_successor >= medium::traits_of(disc.kind).shortest_track)
    say("             up to {} blocks leave room for one more session after it\n",
        room.largest_image_with_successor.value);
  else
    say("             it would be the last: no room is left for one more after it\n");
}

void print(const MediumSnapshot& disc, const Udf& udf) {
  say("drive        {} {} {}\n", disc.drive.vendor, disc.drive.product, disc.drive.revision);
  say("medium       {}, {}{}\n", name_of(disc.kind), name_of(disc.status),
      plan::needs_recovery(disc) ? ", with a session that an interrupted burn left open" : "");
  if (disc.last_possible_lead_out)
    say("capacity     {} blocks ({})\n", disc.last_possible_lead_out->value,
        mebibytes(*disc.last_possible_lead_out - Lba{0}));
  const BlockCount free = disc.writable ? disc.writable->free : BlockCount{};
  say("free         {} blocks ({})\n", free.value, mebibytes(free));
  const std::string speeds = offered_speeds_in_words(disc);
  say("speeds       {}\n", speeds.empty() ? "the drive lists none" : speeds);
  print_sessions(disc);
  if (udf) print_udf(*udf);
  print_next_session(disc, udf);
}

int run_info(const DriveOptions& options) {
  const auto device = open_drive(options.drive, DriveUse::kRead);
  if (!device) return report(device.error(), options.json);
  drive::Drive drive((*device)->transport(), (*device)->clock());
  const auto disc = drive::inspect(drive);
  if (!disc) return report(disc.error(), options.json);
  const Udf udf = burn::find_udf_session(drive, *disc);
  if (options.json)
    print_json(as_json(*disc, udf));
  else
    print(*disc, udf);
  return kDone;
}

}  // namespace

void add_info(CLI::App& app, Run& chosen) {
  auto* command = app.add_subcommand(
      "info", "drive, medium, sessions and tracks, free space, and what the next session costs");
  auto options = std::make_shared<DriveOptions>();
  add_drive_option(*command, *options);
  command->callback([options, &chosen] { chosen = [options] { return run_info(*options); }; });
}

}  // namespace pregroove::cli
