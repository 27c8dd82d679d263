#include "simdrive/hosts/preload/shared_payload.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace simdrive::hosts::preload {

pregroove::Result<std::unique_ptr<SharedPayload>> SharedPayload::create(std::size_t size) {
  Descriptor memory(::memfd_create("simdrive payload", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  void* start = MAP_FAILED;
  if (memory.is_open() && ::ftruncate(memory.get(), static_cast<off_t>(size)) == 0 &&
      ::fcntl(memory.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
    start = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, memory.get(), 0);
  if (start == MAP_FAILED)
    return pregroove::fail(pregroove::ErrorCode::kIo,
                           fmt::format("cannot share memory with a program: {}",
                                       std::generic_category().message(errno)));
  return std::unique_ptr<SharedPayload>(
      new SharedPayload(std::move(memory), {static_cast<std::byte*>(start), size}));
}

SharedPayload::~SharedPayload() { ::munmap(bytes_.data(), bytes_.size()); }

}  // namespace simdrive::hosts::preload
