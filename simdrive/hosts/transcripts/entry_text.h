// Entries of a transcript as lines of JSON (README.md describes them), and back.
#pragma once

#include <string>
#include <string_view>

#include "simdrive/hosts/transcripts/entries.h"

namespace simdrive::hosts::transcripts {

// With the end of the line.
[[nodiscard]] std::string as_line(const Header& header);
[[nodiscard]] std::string as_line(const CommandEntry& entry);
[[nodiscard]] std::string as_line(const DriveEvent& event);

// kCorruptFile, with what is wrong, for a line that none of these would have made: it is not
// trusted.
[[nodiscard]] pregroove::Result<Entry> parse_entry(std::string_view line);

}  // namespace simdrive::hosts::transcripts
