// The ways in for the remote SCSI protocol: standard streams, as a remote shell connects them, and
// a socket for drives that live longer than one program.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "simdrive/hosts/served_drive.h"
#include "simdrive/hosts/socket_server.h"
#include "simdrive/hosts/stop_request.h"

namespace simdrive::hosts::rscsi {

// Serves one client in a thread of its own, from the calling program's standard input to its
// standard output.
class StandardStreams {
 public:
  // `ended` is called when the input ends. REQUIRES: the drive and the stop outlive it, and the
  // stop is requested before it is destroyed.
  StandardStreams(ServedDrive& drive, const StopRequest& stop, std::function<void()> ended);
  ~StandardStreams();
  StandardStreams(const StandardStreams&) = delete;
  StandardStreams& operator=(const StandardStreams&) = delete;

 private:
  std::thread thread_;
};

// Several clients, each on a connection of its own. REQUIRES: the drive outlives it.
[[nodiscard]] pregroove::Result<std::unique_ptr<SocketServer>> serve_socket(const std::string& path,
                                                                            ServedDrive& drive);

// Joins the standard streams with the server at this socket until one of them ends. Fails as
// connect_to() does.
[[nodiscard]] pregroove::Status relay_standard_streams(const std::string& socket);

}  // namespace simdrive::hosts::rscsi
