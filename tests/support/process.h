// Runs our programs as a user does, from the outside.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pregroove::testing_support {

struct ProcessResult {
  int exit_status = -1;  // -1 when a signal ended it
  int signal = 0;
  std::string out;
  std::string err;
};

struct ProcessOptions {
  // A user who may read only what everybody may; takes effect when the tests run as root.
  bool as_nobody = false;
  std::vector<std::string> environment;  // "NAME=value", besides what the tests have
  // Called once this text has appeared on standard error, while the program runs on.
  std::string when_told;
  std::function<void(int process)> then;
  // SIGKILL after so long; a time beyond the program's own end does nothing.
  std::optional<std::chrono::microseconds> kill_after;
};

// Waits for the end of the program.
[[nodiscard]] ProcessResult run(const std::vector<std::string>& command,
                                const ProcessOptions& options = {});

}  // namespace pregroove::testing_support
