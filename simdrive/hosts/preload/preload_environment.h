// What a program needs in its environment to see the devices of a PreloadServer.
#pragma once

#include <string>
#include <vector>

#include "engine/base/error.h"

namespace simdrive::hosts::preload {

// Where the library is: beside this program, or in the folder "lib" beside its own; kNotFound.
[[nodiscard]] pregroove::Result<std::string> find_library();

// "NAME=value", for a server at this socket that keeps its files in this folder. An LD_PRELOAD that
// there is keeps its place.
[[nodiscard]] pregroove::Result<std::vector<std::string>> environment_for(
    const std::string& socket, const std::string& folder);

// Asks the server at the socket for its folder. kNotFound without a server, kProtocol when it does
// not answer as ours would.
[[nodiscard]] pregroove::Result<std::string> ask_for_folder(const std::string& socket);

}  // namespace simdrive::hosts::preload
