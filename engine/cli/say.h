// What the program tells: results on standard output, everything else on standard error.
#pragma once

#include <fmt/format.h>

#include "engine/system/standard_streams.h"

namespace pregroove::cli {

template <typename... Arguments>
void say(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  system::write_output(fmt::format(format, std::forward<Arguments>(arguments)...));
}

template <typename... Arguments>
void say_aside(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  system::write_error(fmt::format(format, std::forward<Arguments>(arguments)...));
}

}  // namespace pregroove::cli
