#include "simdrive/cli/run.h"

#include <memory>

#include "simdrive/cli/report.h"
#include "simdrive/hosts/control/control_socket.h"
#include "simdrive/hosts/kernel/installation.h"
#include "simdrive/hosts/kernel/run_under_kernel.h"
#include "simdrive/hosts/launch.h"
#include "simdrive/hosts/preload/preload_environment.h"
#include "simdrive/hosts/preload/preload_server.h"
#include "simdrive/hosts/preload/private_folder.h"
#include "simdrive/hosts/served_drive.h"
#include "simdrive/hosts/vhost_user/vhost_user_server.h"

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

// nullptr when none is asked for.
Result<std::unique_ptr<hosts::SocketServer>> open_control(const RunOptions& options,
                                                          hosts::ServedDrive& drive) {
  if (!options.control) return nullptr;
  return hosts::control::serve_control(*options.control,
                                       {.drive = drive, .describe_disc = disc_as_json});
}

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
    PREGROOVE_ASSIGN_OR_RETURN(bench.control, open_control(options, *bench.drive.drive));
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

// The program's status says nothing about it; that it is cut short must be told.
void finish(const Console& console, const OpenedDrive& drive) {
  if (const auto written = drive.finish(); !written)
    static_cast<void>(report(console, written.error()));
}

Result<int> run_with_drive(const RunOptions& options, const OpenedDrive& drive,
                           const hosts::kernel::ProcessSignals& signals) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto folder, hosts::preload::PrivateFolder::create());
  hosts::kernel::KernelRun run{.folder = folder.path()};
  PREGROOVE_ASSIGN_OR_RETURN(run.program, hosts::kernel::program_of(options.program));
  std::unique_ptr<hosts::vhost_user::VhostUserServer> server;
  std::unique_ptr<hosts::SocketServer> control;
  if (drive.drive != nullptr) {
    run.drive_socket = folder.file("drive");
    PREGROOVE_ASSIGN_OR_RETURN(
        server, hosts::vhost_user::VhostUserServer::listen(*drive.drive, run.drive_socket));
    PREGROOVE_ASSIGN_OR_RETURN(control, open_control(options, *drive.drive));
  } else {
    run.drive_socket = *options.connect;
  }
  return hosts::kernel::run_under_kernel(run, signals);
}

int run_on_kernel(const Console& console, const RunOptions& options) {
  const hosts::kernel::ProcessSignals signals;
  if (const auto found = hosts::kernel::find_installation(); !found)
    return refused(console, found.error());
  OpenedDrive drive;
  if (!options.connect) {
    auto opened = open_drive(options.drive, options.transcript);
    if (!opened) return refused(console, opened.error());
    drive = *std::move(opened);
  }
  const auto status = run_with_drive(options, drive, signals);
  finish(console, drive);
  if (status) return *status;
  return static_cast<int>(report(console, status.error()));
}

}  // namespace

int run_program(const Console& console, const RunOptions& options) {
  if (options.kernel) return run_on_kernel(console, options);
  Launcher launcher;
  const auto bench = set_up(options);
  if (!bench) return refused(console, bench.error());
  const auto status = launcher.run(options.program, bench->environment);
  finish(console, bench->drive);
  if (status) return *status;
  static_cast<void>(report(console, status.error()));
  return status.error().code == pregroove::ErrorCode::kNotFound ? hosts::kNotFound
                                                                : hosts::kNotExecutable;
}

}  // namespace simdrive
