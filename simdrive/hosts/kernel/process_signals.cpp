#include "simdrive/hosts/kernel/process_signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

namespace simdrive::hosts::kernel {

ProcessSignals::ProcessSignals() {
  sigset_t awaited;
  ::sigemptyset(&awaited);
  for (const int signal : {SIGCHLD, SIGINT, SIGQUIT, SIGTERM, SIGHUP})
    ::sigaddset(&awaited, signal);
  ::pthread_sigmask(SIG_BLOCK, &awaited, &before_);
  descriptor_ = Descriptor(::signalfd(-1, &awaited, SFD_CLOEXEC | SFD_NONBLOCK));
}

ProcessSignals::~ProcessSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

std::optional<int> ProcessSignals::take() const {
  signalfd_siginfo info{};
  if (::read(descriptor_.get(), &info, sizeof(info)) != sizeof(info)) return std::nullopt;
  return static_cast<int>(info.ssi_signo);
}

}  // namespace simdrive::hosts::kernel
