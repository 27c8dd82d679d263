// Touching memory that another process shares with us through a file.
//
// Its owner can make the file shorter at any time, and the kernel then answers an access to the
// pages that are gone with SIGBUS. Here such an access fails instead of ending the process: a
// handler, installed at the first use, returns to before it. SIGBUS from anywhere else does what it
// did before.
//
// Why not pread and pwrite on the file: they may be seen half done, and the indexes of a virtqueue
// have to change at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace simdrive::hosts::vhost_user {

// False when the memory is gone; what was copied until then is undefined. REQUIRES: the sizes are
// equal.
[[nodiscard]] bool guarded_copy(std::span<std::byte> to, std::span<const std::byte> from);

// Little-endian numbers at an address that is a multiple of their size, read and written at once:
// what the other side wrote before its store is seen after the load, and the reverse.
[[nodiscard]] std::optional<std::uint16_t> guarded_load_acquire(const std::byte* at);
[[nodiscard]] bool guarded_store_release(std::byte* at, std::uint16_t value);

}  // namespace simdrive::hosts::vhost_user
