// One vhost-user connection: its socket and its queues' events, for as long as it lasts.
#pragma once

#include "engine/base/error.h"
#include "simdrive/hosts/served_drive.h"

namespace simdrive::hosts::vhost_user {

// Serves until the other side ends the connection (no Error) or breaks the rules.
[[nodiscard]] pregroove::Status serve_connection(int socket, ServedDrive& drive, std::size_t host);

}  // namespace simdrive::hosts::vhost_user
