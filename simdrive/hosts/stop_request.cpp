#include "simdrive/hosts/stop_request.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <system_error>

namespace simdrive::hosts {
namespace {

sigset_t ending_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGINT);
  ::sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

StopRequest::StopRequest(Descriptor event, Descriptor signals)
    : event_(std::move(event)), signals_(std::move(signals)) {
  const sigset_t ending = ending_signals();
  ::pthread_sigmask(SIG_BLOCK, &ending, nullptr);
}

StopRequest::~StopRequest() {
  const sigset_t ending = ending_signals();
  ::pthread_sigmask(SIG_UNBLOCK, &ending, nullptr);
}

pregroove::Result<std::unique_ptr<StopRequest>> StopRequest::create() {
  const sigset_t ending = ending_signals();
  Descriptor event(::eventfd(0, EFD_CLOEXEC));
  Descriptor signals(::signalfd(-1, &ending, SFD_CLOEXEC));
  if (!event.is_open() || !signals.is_open())
    return pregroove::fail(
        pregroove::ErrorCode::kIo,
        fmt::format("cannot wait for signals: {}", std::generic_category().message(errno)));
  return std::unique_ptr<StopRequest>(new StopRequest(std::move(event), std::move(signals)));
}

void StopRequest::request() {
  const std::uint64_t one = 1;
  // Only a counter that is full can fail; then the request stands anyway.
  static_cast<void>(::write(event_.get(), &one, sizeof(one)) != sizeof(one));
}

void StopRequest::wait() {
  std::array<pollfd, 2> waited{pollfd{event_.get(), POLLIN, 0}, pollfd{signals_.get(), POLLIN, 0}};
  while (::poll(waited.data(), waited.size(), -1) < 0 && errno == EINTR) {
  }
  if (waited[1].revents != 0) {
    // Taken, so that it does not end the program when signals come through again.
    signalfd_siginfo taken{};
    static_cast<void>(::read(signals_.get(), &taken, sizeof(taken)) < 0);
  }
  request();
}

}  // namespace simdrive::hosts
