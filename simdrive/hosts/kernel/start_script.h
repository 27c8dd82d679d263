// The scripts that the kernel runs: its first process, and the program with its surroundings.
//
// Pure text. The machine's own files are the root file system, read-only, so its /bin/sh, mount,
// env and modprobe are there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace simdrive::hosts::kernel {

// A program as a shell would start it: nothing in it is expanded, split or lost.
struct Program {
  std::vector<std::string> words;        // the program and its arguments, at least one
  std::vector<std::string> environment;  // "NAME=value", all that it gets
  std::string working_folder;            // an absolute path without links
  std::uint32_t file_mode_mask = 0022;
};

// Names in the folder that both sides share.
namespace shared {
inline constexpr const char* kInit = "init";
inline constexpr const char* kProgram = "program";
inline constexpr const char* kListens = "listens";  // there once input can be sent
inline constexpr const char* kStandardOutput = "stdout";
inline constexpr const char* kStandardError = "stderr";
inline constexpr const char* kExitStatus = "status";
inline constexpr const char* kFailure = "failure";  // why the program was not started
}  // namespace shared

// One word for a POSIX shell, whatever bytes but zero it has.
[[nodiscard]] std::string quoted(const std::string& word);

// Whether the working folder can be given to the program to write to: what the kernel itself offers
// (/proc, /sys, /dev) cannot, and all of the machine is not meant.
[[nodiscard]] bool can_be_writable(const std::string& working_folder);

struct StartOptions {
  std::string folder;   // the shared one, on the machine
  std::string modules;  // holds a folder for each version of the kernel
  Program program;
};
// The first process: mounts, loads the drivers, waits for the drive, runs the program, and switches
// the machine off.
[[nodiscard]] std::string init_script(const StartOptions& options);
// Becomes the program.
[[nodiscard]] std::string program_script(const Program& program);

}  // namespace simdrive::hosts::kernel
