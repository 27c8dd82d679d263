// Standard output and standard error of a program: what is lost on the first counts as a failure,
// what is lost on the second never stops the work.
#pragma once

#include <string_view>

namespace pregroove::system {

// To be called first in main: a closed pipe becomes an error of the write that meets it instead of
// ending the process, and the three standard descriptors are open, so that no file can be taken for
// one of them.
void prepare_standard_streams();

// Appends to standard output; that it could not is told by finish_output.
void write_output(std::string_view text);
void write_error(std::string_view text);

// Flushes standard output. False when anything written to it was lost.
[[nodiscard]] bool finish_output();

}  // namespace pregroove::system
