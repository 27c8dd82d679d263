// The control socket: a script's hands at a drive that programs use meanwhile. One command a line,
// one JSON object a line in reply (README.md).
#pragma once

#include <memory>
#include <string>

#include "simdrive/hosts/control/commands.h"
#include "simdrive/hosts/socket_server.h"

namespace simdrive::hosts::control {

// Serves until it is destroyed. Fails as SocketServer::listen() does. REQUIRES: the drive outlives
// it.
[[nodiscard]] pregroove::Result<std::unique_ptr<SocketServer>> serve_control(
    const std::string& path, const Surroundings& surroundings);

// Sends one line to the server at this path and waits for its reply. kNotFound when no server is
// there, kProtocol when it answers anything but a reply, or nothing.
[[nodiscard]] pregroove::Result<nlohmann::ordered_json> ask(const std::string& path,
                                                            const std::string& line);

}  // namespace simdrive::hosts::control
