#include "simdrive/cli/serve.h"

#include <fmt/format.h>

#include <filesystem>
#include <ostream>
#include <system_error>
#include <vector>

#include "simdrive/cli/report.h"
#include "simdrive/hosts/control/control_socket.h"
#include "simdrive/hosts/preload/preload_server.h"
#include "simdrive/hosts/rscsi/rscsi_server.h"
#include "simdrive/hosts/stop_request.h"
#include "simdrive/hosts/vhost_user/vhost_user_server.h"
#include "simdrive/profiles/built_in.h"
#include "simdrive/profiles/personality_file.h"

namespace simdrive {
namespace {

using hosts::ServedDrive;
using hosts::StopRequest;
using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Result;
using pregroove::Status;

// The ways in that are open, each as long as this lives.
class WaysIn {
 public:
  // `where`: what a client must be told.
  template <typename Way>
  Status add(std::string name, std::string where, Result<std::unique_ptr<Way>> way) {
    if (!way) return std::unexpected(std::move(way).error());
    ways_.push_back({std::move(name), std::move(where), *std::move(way)});
    return {};
  }
  [[nodiscard]] bool empty() const { return ways_.empty(); }

  [[nodiscard]] std::string as_line() const {
    std::string line = "ready:";
    for (const Way& way : ways_)
      line += fmt::format("{} {} {}", &way == ways_.data() ? "" : ",", way.name, way.where);
    return line;
  }
  [[nodiscard]] nlohmann::ordered_json as_json() const {
    nlohmann::ordered_json ways = nlohmann::ordered_json::object();
    for (const Way& way : ways_) ways[way.name] = way.where;
    return {{"ready", ways}};
  }

 private:
  struct Way {
    std::string name;
    std::string where;
    std::shared_ptr<void> server;
  };
  std::vector<Way> ways_;
};

// A drive that can be reached in no other way ends with its client.
Result<std::unique_ptr<hosts::rscsi::StandardStreams>> on_standard_streams(ServedDrive& drive,
                                                                           StopRequest& stop,
                                                                           bool alone) {
  return std::make_unique<hosts::rscsi::StandardStreams>(drive, stop, [&stop, alone] {
    if (alone) stop.request();
  });
}

// One line for each way in.
Status open_ways(WaysIn& ways, ServedDrive& drive, StopRequest& stop, const ServeOptions& options) {
  if (options.control)
    PREGROOVE_RETURN_IF_ERROR(ways.add(
        "control", *options.control,
        hosts::control::serve_control(
            *options.control,
            {.drive = drive, .describe_disc = disc_as_json, .quit = [&stop] { stop.request(); }})));
  if (options.socket)
    PREGROOVE_RETURN_IF_ERROR(ways.add(
        "socket", *options.socket, hosts::preload::PreloadServer::listen(drive, *options.socket)));
  if (options.vhost_user)
    PREGROOVE_RETURN_IF_ERROR(
        ways.add("vhost-user", *options.vhost_user,
                 hosts::vhost_user::VhostUserServer::listen(drive, *options.vhost_user)));
  if (options.rscsi_socket)
    PREGROOVE_RETURN_IF_ERROR(ways.add("rscsi-socket", *options.rscsi_socket,
                                       hosts::rscsi::serve_socket(*options.rscsi_socket, drive)));
  // The last one: whether it is alone decides what its end means.
  if (options.rscsi)
    PREGROOVE_RETURN_IF_ERROR(
        ways.add("rscsi", "-", on_standard_streams(drive, stop, ways.empty())));
  if (ways.empty())
    return fail(ErrorCode::kInvalidArgument, "no way into the drive was asked for",
                "Name one or more of them; \"simdrive serve --help\" lists them.");
  return {};
}

// One line, at once: somebody waits for it.
void say_ready(const Console& console, const WaysIn& ways) {
  if (console.json)
    console.out << ways.as_json().dump(-1, ' ', false,
                                       nlohmann::ordered_json::error_handler_t::replace);
  else
    console.out << ways.as_line();
  console.out << std::endl;
}

ExitStatus serve(const Console& console, const ServeOptions& options) {
  auto stop = StopRequest::create();
  if (!stop) return report(console, stop.error());
  const auto opened = open_drive(options.drive, options.transcript);
  if (!opened) return report(console, opened.error());
  {
    WaysIn ways;
    if (auto open = open_ways(ways, *opened->drive, **stop, options); !open) {
      (*stop)->request();
      return ways.empty() && open.error().code == ErrorCode::kInvalidArgument
                 ? report_wrong_usage(console, open.error())
                 : report(console, open.error());
    }
    if (!options.rscsi) say_ready(console, ways);
    (*stop)->wait();
  }
  if (auto finished = opened->finish(); !finished) return report(console, finished.error());
  return ExitStatus::kDone;
}

}  // namespace

Result<profiles::Personality> find_personality(const std::optional<std::string>& name) {
  if (!name) return profiles::Personality{};
  if (const profiles::Personality* built_in = profiles::find_personality(*name)) return *built_in;
  return profiles::load_personality(*name);
}

Result<OpenedDrive> open_drive(const DriveOptions& options, const TranscriptOptions& transcript) {
  PREGROOVE_ASSIGN_OR_RETURN(const profiles::Personality personality,
                             find_personality(options.personality));
  OpenedDrive opened;
  PREGROOVE_ASSIGN_OR_RETURN(
      opened.drive, ServedDrive::open({.disc = options.disc,
                                       .personality = personality,
                                       .time = options.real_time ? hosts::TimeMode::kReal
                                                                 : hosts::TimeMode::kFast}));
  if (!transcript.file) return opened;
  PREGROOVE_ASSIGN_OR_RETURN(opened.transcript, hosts::transcripts::TranscriptWriter::attach(
                                                    *opened.drive, personality, *transcript.file,
                                                    {.program_version = SIMDRIVE_VERSION,
                                                     .whole_payload = transcript.whole_payload}));
  return opened;
}

Status OpenedDrive::finish() const { return transcript ? transcript->finish() : Status{}; }

ExitStatus run_serve(const Console& console, const ServeOptions& options) {
  // Standard output belongs to the protocol then.
  return serve({console.out, console.err, console.json && !options.rscsi}, options);
}

ExitStatus run_rscsi(const Console& console, const std::string& disc_or_socket) {
  std::error_code missing;
  if (!std::filesystem::is_socket(disc_or_socket, missing))
    return run_serve(console, {.drive = {.disc = disc_or_socket}, .rscsi = true});
  const auto relayed = hosts::rscsi::relay_standard_streams(disc_or_socket);
  return relayed ? ExitStatus::kDone : report(console, relayed.error());
}

}  // namespace simdrive
