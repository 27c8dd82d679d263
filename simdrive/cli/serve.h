// "simdrive serve": a drive in a process of its own, and the ways into it.
#pragma once

#include <optional>
#include <string>

#include "engine/base/error.h"
#include "simdrive/cli/console.h"
#include "simdrive/hosts/served_drive.h"

namespace simdrive {

// The drive, as every command that serves one can be asked for it.
struct DriveOptions {
  std::optional<std::string> disc;         // an empty tray without
  std::optional<std::string> personality;  // a name, or a file
  bool real_time = false;
};

// The sockets are paths.
struct ServeOptions {
  DriveOptions drive;
  std::optional<std::string> control;
  std::optional<std::string> rscsi_socket;
  bool rscsi = false;  // on the standard streams, which are then its own
};

[[nodiscard]] pregroove::Result<profiles::Personality> find_personality(
    const std::optional<std::string>& name);
[[nodiscard]] pregroove::Result<std::unique_ptr<hosts::ServedDrive>> open_drive(
    const DriveOptions& options);

// Serves until SIGINT, SIGTERM or "simdrive control SOCKET quit".
[[nodiscard]] ExitStatus run_serve(const Console& console, const ServeOptions& options);
// What a remote shell would start for a program that uses the remote SCSI protocol: serves a drive
// with this disc on the standard streams, or joins them with a server's socket.
[[nodiscard]] ExitStatus run_rscsi(const Console& console, const std::string& disc_or_socket);
// Sends one command to a served drive.
[[nodiscard]] ExitStatus run_control(const Console& console, const std::string& socket,
                                     const std::string& command,
                                     const std::vector<std::string>& arguments);

}  // namespace simdrive
