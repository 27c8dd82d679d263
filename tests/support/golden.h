// Golden bytes from fixtures/: named byte strings as commented hex.
//
// A file holds sections "[name]", each followed by lines of hex bytes; "#" starts a comment. The
// bytes come from the standards' tables or from real programs and drives, and each section's
// comment says which.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace pregroove::testing_support {

using Bytes = std::vector<std::byte>;

// All sections of fixtures/<path>. A missing or malformed file fails the running test and yields
// nothing.
[[nodiscard]] std::map<std::string, Bytes> load_golden(const std::string& path);

// One section; fails the running test when it does not exist.
[[nodiscard]] Bytes golden(const std::string& path, const std::string& section);

// Bytes from a literal such as "2A 00 FF FF FF 6A".
[[nodiscard]] Bytes hex(const std::string& text);
// The reverse, for readable failures.
[[nodiscard]] std::string to_hex(const Bytes& bytes);

}  // namespace pregroove::testing_support
