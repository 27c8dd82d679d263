// Which commands change neither the disc, nor the drive, nor what another program will see.
#pragma once

#include <cstddef>
#include <span>

namespace pregroove::validate {

// True for the commands of a list, in the forms that only ask. Whatever the list does not hold
// counts as a change: also a command that nobody knows.
[[nodiscard]] bool changes_nothing(std::span<const std::byte> cdb);

// True for reading outside of the program area, or on a disc that has to be formatted first
// (burning.md 10.5 and 10.16): it stalls real drives.
[[nodiscard]] bool reads_below_zero(std::span<const std::byte> cdb);
// READ (10), READ (12), READ CD, READ CD MSF.
[[nodiscard]] bool reads_blocks(std::span<const std::byte> cdb);

}  // namespace pregroove::validate
