// Runs a program under a kernel of its own, which has a served drive as /dev/sr0 and /dev/sg0:
// Debian's user-mode Linux, an ordinary process that needs neither root nor modules of the machine.
//
// The program finds the machine's files, read-only, and its working folder as it is; /tmp, /run and
// /dev/shm are empty and its own. It is root in there, with the files' rights of the calling user.
#pragma once

#include <string>
#include <vector>

#include "engine/base/error.h"
#include "simdrive/hosts/kernel/process_signals.h"
#include "simdrive/hosts/kernel/start_script.h"

namespace simdrive::hosts::kernel {

// The words, with this process's environment, working folder and file mode mask. kNotFound when the
// working folder is gone.
[[nodiscard]] pregroove::Result<Program> program_of(const std::vector<std::string>& words);

struct KernelRun {
  std::string drive_socket;  // of a VhostUserServer
  std::string folder;        // private, empty, its path in plain characters; left to the caller
  Program program;
  // The kernel's memory. It is a sparse file in /dev/shm.
  std::string memory = "768M";
};

// Runs it, its standard streams being this process's; returns its exit status, or 128 + N when
// signal N ended it, or when the signal N ended this run. kNotFound when the kernel is not
// installed; kTimeout when it does not start; kIo when it does not come to the program's end: its
// last words are in the message. REQUIRES: the signals were made before the drive's threads.
[[nodiscard]] pregroove::Result<int> run_under_kernel(const KernelRun& run,
                                                      const ProcessSignals& signals);

}  // namespace simdrive::hosts::kernel
