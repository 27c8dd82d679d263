#include "simdrive/hosts/launch.h"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigaction
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <string_view>
#include <system_error>

namespace simdrive::hosts {
namespace {

using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Result;

// Waited for by run().
constexpr std::array kAwaited{SIGCHLD, SIGTERM, SIGHUP};
// Sent by a terminal to the program as well.
constexpr std::array kLeftToTheProgram{SIGINT, SIGQUIT};
// What this process had before, the program gets back; SIGPIPE is ignored by the command line.
constexpr std::array kReset{SIGINT, SIGQUIT, SIGPIPE};

sigset_t set_of(std::span<const int> signals) {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : signals) ::sigaddset(&set, signal);
  return set;
}

std::string_view name_in(std::string_view assignment) {
  return assignment.substr(0, assignment.find('='));
}

std::vector<std::string> merged(const std::vector<std::string>& changes) {
  std::vector<std::string> all = changes;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const bool changed = std::ranges::any_of(
        changes, [&](const std::string& change) { return name_in(change) == name_in(*entry); });
    if (!changed) all.emplace_back(*entry);
  }
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

std::unexpected<pregroove::Error> cannot_start(const std::string& program, int error_number) {
  const std::string why = std::generic_category().message(error_number);
  if (error_number == ENOENT || error_number == ENOTDIR)
    return fail(ErrorCode::kNotFound, fmt::format("there is no program \"{}\"", program),
                "Give its path, or put its folder into PATH.");
  return fail(ErrorCode::kAccessDenied,
              fmt::format("the program \"{}\" cannot be started: {}", program, why));
}

int exit_status_of(int status) {
  constexpr int kSignalled = 128;
  return WIFSIGNALED(status) ? kSignalled + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

struct Launcher::Before {
  sigset_t mask{};
  std::array<struct sigaction, kLeftToTheProgram.size()> actions{};
};

Launcher::Launcher() : before_(new Before) {
  const sigset_t awaited = set_of(kAwaited);
  ::pthread_sigmask(SIG_BLOCK, &awaited, &before_->mask);
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  for (std::size_t i = 0; i < kLeftToTheProgram.size(); ++i)
    ::sigaction(kLeftToTheProgram.at(i), &ignore, &before_->actions.at(i));
}

Launcher::~Launcher() {
  for (std::size_t i = 0; i < kLeftToTheProgram.size(); ++i)
    ::sigaction(kLeftToTheProgram.at(i), &before_->actions.at(i), nullptr);
  ::pthread_sigmask(SIG_SETMASK, &before_->mask, nullptr);
  delete before_;
}

Result<pid_t> Launcher::start(const std::vector<std::string>& program,
                              const std::vector<std::string>& environment) const {
  std::vector<std::string> words = program;
  std::vector<std::string> variables = merged(environment);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setsigmask(&attributes, &before_->mask);
  const sigset_t reset = set_of(kReset);
  ::posix_spawnattr_setsigdefault(&attributes, &reset);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t process = -1;
  const int error = ::posix_spawnp(&process, program.front().c_str(), nullptr, &attributes,
                                   pointers(words).data(), pointers(variables).data());
  ::posix_spawnattr_destroy(&attributes);
  if (error != 0) return cannot_start(program.front(), error);
  return process;
}

Result<int> Launcher::run(const std::vector<std::string>& program,
                          const std::vector<std::string>& environment) {
  if (program.empty()) return fail(ErrorCode::kInvalidArgument, "there is no program to run");
  PREGROOVE_ASSIGN_OR_RETURN(const pid_t process, start(program, environment));
  const sigset_t awaited = set_of(kAwaited);
  for (;;) {
    int status = 0;
    if (::waitpid(process, &status, WNOHANG) == process) return exit_status_of(status);
    int signal = 0;
    if (::sigwait(&awaited, &signal) != 0) continue;
    if (signal != SIGCHLD) ::kill(process, signal);
  }
}

}  // namespace simdrive::hosts
