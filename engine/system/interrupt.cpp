#include "engine/system/interrupt.h"

#include <unistd.h>

#include <csignal>

namespace pregroove::system {
namespace {

volatile std::sig_atomic_t interrupts = 0;

void on_interrupt(int signal) {
  constexpr std::sig_atomic_t kPatience = 2;
  if (interrupts >= kPatience) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
  interrupts = interrupts + 1;
}

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

bool interrupt_requested() { return interrupts != 0; }

bool stderr_is_terminal() { return ::isatty(STDERR_FILENO) == 1; }

}  // namespace pregroove::system
