#include "simdrive/hosts/kernel/kernel_process.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace simdrive::hosts::kernel {
namespace {

constexpr int kCannotStart = 127;

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

// In the child of a process with several threads: nothing here may allocate or lock.
[[noreturn]] void become(char* const* words, char* const* environment, const KernelStart& start) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  const rlimit no_core{0, 0};  // a panic aborts
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::signal(SIGPIPE, SIG_DFL);
  ::sigprocmask(SIG_SETMASK, &start.signals, nullptr);
  ::dup2(start.input, STDIN_FILENO);
  ::dup2(start.output, STDOUT_FILENO);
  ::dup2(start.output, STDERR_FILENO);
  ::execve(words[0], words, environment);
  ::_exit(kCannotStart);
}

}  // namespace

pregroove::Result<KernelProcess> KernelProcess::start(KernelStart start) {
  const auto words = pointers(start.words);
  const auto environment = pointers(start.environment);
  const pid_t process = ::fork();
  if (process < 0)
    return pregroove::fail(
        pregroove::ErrorCode::kIo,
        fmt::format("cannot start the kernel: {}", std::generic_category().message(errno)));
  if (process == 0) become(words.data(), environment.data(), start);
  ::setpgid(process, process);  // whoever comes first
  return KernelProcess(process);
}

KernelProcess::KernelProcess(KernelProcess&& other) noexcept
    : process_(std::exchange(other.process_, -1)), ended_(other.ended_) {}

KernelProcess::~KernelProcess() {
  if (process_ < 0) return;
  // The helpers too, should the kernel have left any.
  ::kill(-process_, SIGKILL);
  if (!ended_) ::waitpid(process_, nullptr, 0);
}

bool KernelProcess::ended() {
  if (!ended_) ended_ = ::waitpid(process_, nullptr, WNOHANG) == process_;
  return ended_;
}

void KernelProcess::stop() const { ::kill(process_, SIGTERM); }

}  // namespace simdrive::hosts::kernel
