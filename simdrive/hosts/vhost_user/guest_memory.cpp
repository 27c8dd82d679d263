#include "simdrive/hosts/vhost_user/guest_memory.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace simdrive::hosts::vhost_user {
namespace {

using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Result;

// More than any address space has: sums below it cannot wrap around.
constexpr std::uint64_t kMaxFileSize = std::uint64_t{1} << 46U;

bool wraps_around(std::uint64_t address, std::uint64_t size) { return address + size < address; }

}  // namespace

GuestMemory::Mapping::Mapping(Mapping&& other) noexcept
    : start_(std::exchange(other.start_, nullptr)), size_(std::exchange(other.size_, 0)) {}

GuestMemory::Mapping& GuestMemory::Mapping::operator=(Mapping&& other) noexcept {
  std::swap(start_, other.start_);
  std::swap(size_, other.size_);
  return *this;
}

GuestMemory::Mapping::~Mapping() {
  if (start_ != nullptr) ::munmap(start_, size_);
}

std::span<std::byte> GuestMemory::Region::bytes() const {
  return {mapping.start() + description.file_offset, static_cast<std::size_t>(description.size)};
}

Result<GuestMemory::Mapping> GuestMemory::map_file(const RegionDescription& region, int file) {
  struct stat status {};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
    return fail(ErrorCode::kInvalidArgument, "a memory region is no file");
  const auto file_size = static_cast<std::uint64_t>(status.st_size);
  if (region.size == 0 || region.size > kMaxFileSize || region.file_offset > kMaxFileSize ||
      region.file_offset + region.size > file_size)
    return fail(ErrorCode::kInvalidArgument, "a memory region reaches beyond its file");
  if (wraps_around(region.guest_address, region.size) ||
      wraps_around(region.user_address, region.size))
    return fail(ErrorCode::kInvalidArgument, "a memory region wraps around");
  // From the beginning of the file, and in its blocks: huge pages are mapped whole.
  const auto block = static_cast<std::uint64_t>(std::max<blksize_t>(status.st_blksize, 1));
  const auto size = (region.file_offset + region.size + block - 1) / block * block;
  void* const start = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (start == MAP_FAILED)  // NOLINT(performance-no-int-to-ptr): the interface
    return fail(ErrorCode::kIo, fmt::format("a memory region cannot be mapped: {}",
                                            std::generic_category().message(errno)));
  return Mapping(static_cast<std::byte*>(start), size);
}

Result<GuestMemory> GuestMemory::map(std::span<const RegionDescription> regions,
                                     std::span<const Descriptor> files) {
  GuestMemory memory;
  for (std::size_t i = 0; i < regions.size(); ++i) {
    PREGROOVE_ASSIGN_OR_RETURN(Mapping mapping, map_file(regions[i], files[i].get()));
    memory.regions_.push_back({regions[i], std::move(mapping)});
  }
  return memory;
}

bool GuestMemory::append_pieces(std::uint64_t guest_address, std::uint64_t length,
                                Pieces& pieces) const {
  while (length > 0) {
    const auto region = std::ranges::find_if(regions_, [&](const Region& each) {
      return guest_address - each.description.guest_address < each.description.size;
    });
    if (region == regions_.end()) return false;
    const std::uint64_t offset = guest_address - region->description.guest_address;
    const std::uint64_t here = std::min(length, region->description.size - offset);
    pieces.push_back(region->bytes().subspan(offset, here));
    guest_address += here;
    length -= here;
  }
  return true;
}

std::span<std::byte> GuestMemory::at_user_address(std::uint64_t user_address, std::uint64_t length,
                                                  std::size_t alignment) const {
  for (const Region& region : regions_) {
    const std::uint64_t offset = user_address - region.description.user_address;
    if (offset >= region.description.size || length > region.description.size - offset) continue;
    const auto found = region.bytes().subspan(offset, length);
    // NOLINTNEXTLINE(*-reinterpret-cast): to look at the address
    const auto address = reinterpret_cast<std::uintptr_t>(found.data());
    return address % alignment == 0 ? found : std::span<std::byte>{};
  }
  return {};
}

}  // namespace simdrive::hosts::vhost_user
