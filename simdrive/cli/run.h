// The command "run": a program, with a simulated drive that it takes for a real one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simdrive/cli/console.h"
#include "simdrive/cli/serve.h"

namespace simdrive {

struct RunOptions {
  DriveOptions drive;
  TranscriptOptions transcript;
  std::optional<std::string> control;  // a socket to be made for "simdrive control"
  std::optional<std::string> connect;  // the socket of a drive that is served already, instead
  bool kernel = false;                 // under a kernel of its own
  std::vector<std::string> program;
};

// The program's exit status, or ours when it was not started: 126 and 127 as a shell's, 3 when the
// disc or the drive cannot be had.
[[nodiscard]] int run_program(const Console& console, const RunOptions& options);

}  // namespace simdrive
