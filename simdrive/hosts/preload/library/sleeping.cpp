// sleep() and its kin: time is virtual for the drive, so a program that waits for it need not wait
// as long. Only of a process that uses the device, and only when the server says so.
#include <poll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <time.h>  // NOLINT(modernize-deprecated-headers): clockid_t
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "simdrive/hosts/preload/library/connection.h"
#include "simdrive/hosts/preload/library/devices.h"
#include "simdrive/hosts/preload/library/interpose.h"

namespace simdrive::hosts::preload {
namespace {

constexpr long kNanoseconds = 1'000'000'000;

timespec divided(const timespec& time, long divisor) {
  const long rest = (time.tv_sec % divisor * kNanoseconds) + time.tv_nsec;
  return {.tv_sec = time.tv_sec / divisor, .tv_nsec = rest / divisor};
}
timespec multiplied(const timespec& time, long factor) {
  const long nanoseconds = time.tv_nsec * factor;
  return {.tv_sec = (time.tv_sec * factor) + (nanoseconds / kNanoseconds),
          .tv_nsec = nanoseconds % kNanoseconds};
}

bool is_duration(const timespec* time) {
  return time != nullptr && time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < kNanoseconds;
}

// As nanosleep(), by the kernel's clock that it uses: 0, or -1 with EINTR and what is left.
int wait_briefly(const timespec& time, timespec* left, long factor) {
  const timespec brief = divided(time, factor);
  timespec rest{};
  const long result =
      quietly(SYS_nanosleep, reinterpret_cast<long>(&brief), reinterpret_cast<long>(&rest));
  if (result == 0) {
    const auto asked = (time.tv_sec * 1'000'000) + (time.tv_nsec / 1'000);
    count_as_waited(static_cast<std::uint64_t>(asked - (asked / factor)));
    return 0;
  }
  if (left != nullptr) *left = multiplied(rest, factor);
  errno = static_cast<int>(-result);
  return -1;
}

PREGROOVE_INTERPOSE(int, taken_nanosleep, (const timespec* time, timespec* left), "nanosleep") {
  if (const long factor = haste(); factor > 1 && is_duration(time))
    return wait_briefly(*time, left, factor);
  return PREGROOVE_NEXT(int(const timespec*, timespec*), "nanosleep")(time, left);
}

PREGROOVE_INTERPOSE(int, taken_clock_nanosleep,
                    (clockid_t clock, int flags, const timespec* time, timespec* left),
                    "clock_nanosleep") {
  const long factor = haste();
  if (factor <= 1 || flags != 0 || !is_duration(time))
    return PREGROOVE_NEXT(int(clockid_t, int, const timespec*, timespec*), "clock_nanosleep")(
        clock, flags, time, left);
  const int kept = errno;
  const int error = wait_briefly(*time, left, factor) == 0 ? 0 : errno;
  errno = kept;
  return error;
}

PREGROOVE_INTERPOSE(int, taken_usleep, (useconds_t time), "usleep") {
  const long factor = haste();
  if (factor <= 1) return PREGROOVE_NEXT(int(useconds_t), "usleep")(time);
  return wait_briefly({.tv_sec = time / 1'000'000, .tv_nsec = time % 1'000'000 * 1'000L}, nullptr,
                      factor);
}

PREGROOVE_INTERPOSE(unsigned, taken_sleep, (unsigned seconds), "sleep") {
  const long factor = haste();
  if (factor <= 1) return PREGROOVE_NEXT(unsigned(unsigned), "sleep")(seconds);
  timespec left{};
  const int kept = errno;
  const bool slept = wait_briefly({.tv_sec = seconds}, &left, factor) == 0;
  errno = kept;
  return slept ? 0 : static_cast<unsigned>(left.tv_sec + (left.tv_nsec > 0 ? 1 : 0));
}

// Those that wait for nothing but time.
PREGROOVE_INTERPOSE(int, taken_poll, (pollfd * descriptors, nfds_t count, int timeout), "poll") {
  const long factor = haste();
  if (factor <= 1 || count > 0 || timeout <= 0)
    return PREGROOVE_NEXT(int(pollfd*, nfds_t, int), "poll")(descriptors, count, timeout);
  return wait_briefly({.tv_sec = timeout / 1000, .tv_nsec = timeout % 1000 * 1'000'000L}, nullptr,
                      factor);
}

PREGROOVE_INTERPOSE(int, taken_select,
                    (int count, fd_set* in, fd_set* out, fd_set* special, timeval* timeout),
                    "select") {
  const long factor = haste();
  const bool waits_only = in == nullptr && out == nullptr && special == nullptr;
  if (factor <= 1 || !waits_only || timeout == nullptr || timeout->tv_sec < 0 ||
      timeout->tv_usec < 0)
    return PREGROOVE_NEXT(int(int, fd_set*, fd_set*, fd_set*, timeval*), "select")(
        count, in, out, special, timeout);
  const timespec time{.tv_sec = timeout->tv_sec + (timeout->tv_usec / 1'000'000),
                      .tv_nsec = timeout->tv_usec % 1'000'000 * 1'000L};
  *timeout = {};
  return wait_briefly(time, nullptr, factor);
}

}  // namespace
}  // namespace simdrive::hosts::preload
