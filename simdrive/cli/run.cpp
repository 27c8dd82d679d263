#include "simdrive/cli/run.h"

#include <memory>

#include "simdrive/cli/report.h"
#include "simdrive/hosts/control/control_socket.h"
#include "simdrive/hosts/launch.h"
#include "simdrive/hosts/preload/preload_environment.h"
#include "simdrive/hosts/preload/preload_server.h"
#include "simdrive/hosts/served_drive.h"

namespace simdrive {
namespace {

using hosts::Launcher;
using hosts::preload::PreloadServer;
using pregroove::Error;
using pregroove::Result;

// The drive that the program sees, and what makes it see it.
struct Bench {
  OpenedDrive drive;  // empty: it is served by another process
  std::unique_ptr<PreloadServer> server;
  std::unique_ptr<hosts::SocketServer> control;
  std::vector<std::string> environment;
};

Result<Bench> set_up(const RunOptions& options) {
  Bench bench;
  std::string socket;
  std::string folder;
  if (options.connect) {
    socket = *options.connect;
    PREGROOVE_ASSIGN_OR_RETURN(folder, hosts::preload::ask_for_folder(socket));
  } else {
    PREGROOVE_ASSIGN_OR_RETURN(bench.drive, open_drive(options.drive, options.transcript));
    PREGROOVE_ASSIGN_OR_RETURN(bench.server, PreloadServer::listen(*bench.drive.drive));
    if (options.control) {
      PREGROOVE_ASSIGN_OR_RETURN(
          bench.control,
          hosts::control::serve_control(
              *options.control, {.drive = *bench.drive.drive, .describe_disc = disc_as_json}));
    }
    socket = bench.server->socket();
    folder = bench.server->folder();
  }
  PREGROOVE_ASSIGN_OR_RETURN(bench.environment, hosts::preload::environment_for(socket, folder));
  return bench;
}

int refused(const Console& console, const Error& error) {
  static_cast<void>(report(console, error));
  return static_cast<int>(ExitStatus::kRefused);
}

}  // namespace

int run_program(const Console& console, const RunOptions& options) {
  Launcher launcher;
  const auto bench = set_up(options);
  if (!bench) return refused(console, bench.error());
  const auto status = launcher.run(options.program, bench->environment);
  // The program's status says nothing about it; that it is cut short must be told.
  if (const auto written = bench->drive.finish(); !written)
    static_cast<void>(report(console, written.error()));
  if (status) return *status;
  static_cast<void>(report(console, status.error()));
  return status.error().code == pregroove::ErrorCode::kNotFound ? hosts::kNotFound
                                                                : hosts::kNotExecutable;
}

}  // namespace simdrive
