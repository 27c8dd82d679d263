#include "simdrive/hosts/vhost_user/guarded_access.h"

#include <setjmp.h>  // NOLINT(modernize-deprecated-headers): sigsetjmp
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigaction

#include <atomic>
#include <bit>
#include <cstring>
#include <mutex>

namespace simdrive::hosts::vhost_user {
namespace {

static_assert(std::endian::native == std::endian::little, "virtqueues are little-endian");

// Where this thread goes on when an access fails; nullptr outside of one.
thread_local sigjmp_buf* volatile escape = nullptr;
struct sigaction previous {};

void on_bus_error(int /*signal*/) {
  if (escape != nullptr) ::siglongjmp(*escape, 1);
  // Not one of ours. The access is repeated on return, and then handled as it was before.
  ::sigaction(SIGBUS, &previous, nullptr);
}

void install_handler() {
  static std::once_flag installed;
  std::call_once(installed, [] {
    struct sigaction action {};
    action.sa_handler = on_bus_error;
    // The handler does not return, so SIGBUS must not stay blocked.
    action.sa_flags = SA_NODEFER;
    ::sigaction(SIGBUS, &action, &previous);
  });
}

// Nothing with a destructor may live in the access.
template <typename Access>
bool guarded(const Access& access) {
  install_handler();
  sigjmp_buf here;
  if (sigsetjmp(here, 0) != 0) {
    escape = nullptr;
    return false;
  }
  escape = &here;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  access();
  std::atomic_signal_fence(std::memory_order_seq_cst);
  escape = nullptr;
  return true;
}

// NOLINTBEGIN(*-reinterpret-cast): the number lies in the other process's memory
const std::uint16_t* number_at(const std::byte* at) {
  return reinterpret_cast<const std::uint16_t*>(at);
}
std::uint16_t* number_at(std::byte* at) { return reinterpret_cast<std::uint16_t*>(at); }
// NOLINTEND(*-reinterpret-cast)

}  // namespace

bool guarded_copy(std::span<std::byte> to, std::span<const std::byte> from) {
  return guarded([&] { std::memcpy(to.data(), from.data(), from.size()); });
}

std::optional<std::uint16_t> guarded_load_acquire(const std::byte* at) {
  volatile std::uint16_t value = 0;
  const bool loaded = guarded([&] { value = __atomic_load_n(number_at(at), __ATOMIC_ACQUIRE); });
  if (!loaded) return std::nullopt;
  return value;
}

bool guarded_store_release(std::byte* at, std::uint16_t value) {
  return guarded([&] { __atomic_store_n(number_at(at), value, __ATOMIC_RELEASE); });
}

}  // namespace simdrive::hosts::vhost_user
