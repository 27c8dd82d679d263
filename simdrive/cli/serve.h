// "simdrive serve": a drive in a process of its own, and the ways into it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "simdrive/cli/console.h"
#include "simdrive/hosts/served_drive.h"
#include "simdrive/hosts/transcripts/transcript_writer.h"

namespace simdrive {

// The drive, as every command that serves one can be asked for it.
struct DriveOptions {
  std::optional<std::string> disc;         // an empty tray without
  std::optional<std::string> personality;  // a name, or a file
  bool real_time = false;
};

struct TranscriptOptions {
  std::optional<std::string> file;
  bool whole_payload = false;
};

// The sockets are paths.
struct ServeOptions {
  DriveOptions drive;
  TranscriptOptions transcript;
  std::optional<std::string> control;
  std::optional<std::string> socket;  // for "simdrive run --connect"
  std::optional<std::string> vhost_user;
  std::optional<std::string> rscsi_socket;
  bool rscsi = false;  // on the standard streams, which are then its own
};

[[nodiscard]] pregroove::Result<profiles::Personality> find_personality(
    const std::optional<std::string>& name);

// A drive, and its transcript if one was asked for.
struct OpenedDrive {
  std::unique_ptr<hosts::ServedDrive> drive;
  std::unique_ptr<hosts::transcripts::TranscriptWriter> transcript;

  // Ends the transcript. An Error when not all of it could be written.
  [[nodiscard]] pregroove::Status finish() const;
};
[[nodiscard]] pregroove::Result<OpenedDrive> open_drive(const DriveOptions& options,
                                                        const TranscriptOptions& transcript);

// Serves until SIGINT, SIGTERM or "simdrive control SOCKET quit".
[[nodiscard]] ExitStatus run_serve(const Console& console, const ServeOptions& options);
// What a remote shell would start for a program that uses the remote SCSI protocol: serves a drive
// with this disc on the standard streams, or joins them with a server's socket.
[[nodiscard]] ExitStatus run_rscsi(const Console& console, const std::string& disc_or_socket);
// Runs a transcript again: kDone when every reply is the same, kFailed when one is not.
[[nodiscard]] ExitStatus run_replay(const Console& console, const std::string& transcript,
                                    const std::vector<std::string>& discs,
                                    const std::optional<std::string>& personality);
// Sends one command to a served drive.
[[nodiscard]] ExitStatus run_control(const Console& console, const std::string& socket,
                                     const std::string& command,
                                     const std::vector<std::string>& arguments);

}  // namespace simdrive
