// pregroove write: a ready image, as it is.
#pragma once

#include "engine/cli/command.h"

namespace pregroove::cli {

void add_write(CLI::App& app, Run& chosen);

}  // namespace pregroove::cli
