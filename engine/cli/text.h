// Numbers as people read them.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/base/units.h"
#include "engine/system/file.h"

namespace pregroove::cli {

// "652.3 MiB".
[[nodiscard]] std::string mebibytes(BlockCount blocks);
// "4:05".
[[nodiscard]] std::string minutes(Duration duration);
// "2026-11-22 17:34:00", UTC.
[[nodiscard]] std::string date_time(system::FileTime time);
// Of a name that comes from a disc: control characters must not reach the terminal.
[[nodiscard]] std::string printable(std::string_view name);

}  // namespace pregroove::cli
