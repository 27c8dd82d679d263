// Runs another program as if it had been called by itself: its signals reach it, and its end is
// this process's end.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "engine/base/error.h"

namespace simdrive::hosts {

// From its construction on, signals that ask this process to end wait for run(), also in the
// threads that are started afterwards; those that a terminal sends to the program as well are left
// to it. To be made first, before anything that has to be cleaned up.
class Launcher {
 public:
  Launcher();
  // What arrived while no program ran any more takes effect.
  ~Launcher();
  Launcher(const Launcher&) = delete;
  Launcher& operator=(const Launcher&) = delete;

  // Starts the program, whose environment is this process's with what is given ("NAME=value") in
  // it, and waits for its end. SIGTERM and SIGHUP are passed on to it. Returns its exit status, or
  // 128 + N when signal N ended it. kNotFound, kAccessDenied (not executable) when it cannot be
  // started.
  [[nodiscard]] pregroove::Result<int> run(const std::vector<std::string>& program,
                                           const std::vector<std::string>& environment);

 private:
  [[nodiscard]] pregroove::Result<pid_t> start(const std::vector<std::string>& program,
                                               const std::vector<std::string>& environment) const;

  struct Before;  // how signals were handled
  Before* before_;
};

// What a shell's exit status is for a program that cannot be started.
inline constexpr int kNotExecutable = 126;
inline constexpr int kNotFound = 127;

}  // namespace simdrive::hosts
