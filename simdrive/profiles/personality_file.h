// Personality files (JSON): reading them strictly, and writing them. The schema is in README.md.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "simdrive/profiles/personality.h"

namespace simdrive::profiles {

using pregroove::Result;

// Keys that are left out are those of the built-in personality "based_on" names, of "bd-writer"
// without it; the name, then, is that of the file without its ending.
//
// Refuses (kInvalidArgument) whatever is not exactly right: "FILE:LINE: key "quirks.x": what is
// wrong and what is allowed". The first problem is the error's message; the others are in `also`.
// REQUIRES: nothing of the text.
[[nodiscard]] Result<Personality> parse_personality(std::string_view json,
                                                    std::string_view file_name);

// The same, of a file of at most 1 MiB (kNotFound, kIo, kInvalidArgument).
[[nodiscard]] Result<Personality> load_personality(const std::filesystem::path& path);

// Everything, also what equals the defaults, in the order of the schema; parse_personality() yields
// an equal value.
[[nodiscard]] std::string to_json(const Personality& personality);

}  // namespace simdrive::profiles
