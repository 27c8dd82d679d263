// The memory of a virtual machine, as its monitor shares it: files that are mapped here.
//
// Every address and length comes from the other side. What is handed out lies inside the mapped
// regions; it may be touched with guarded_access.h only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/error.h"
#include "simdrive/hosts/descriptor.h"

namespace simdrive::hosts::vhost_user {

// vhost-user "memory region description".
struct RegionDescription {
  std::uint64_t guest_address = 0;  // physical, in the guest
  std::uint64_t size = 0;
  std::uint64_t user_address = 0;  // in the monitor's process
  std::uint64_t file_offset = 0;
};

using Pieces = std::vector<std::span<std::byte>>;

class GuestMemory {
 public:
  GuestMemory() = default;
  // kInvalidArgument when a region wraps around, or reaches beyond its file; kIo when it cannot be
  // mapped. REQUIRES: as many files as regions.
  [[nodiscard]] static pregroove::Result<GuestMemory> map(
      std::span<const RegionDescription> regions, std::span<const Descriptor> files);

  // Appends what is at the guest's address, in as many pieces as regions are touched; false, and
  // nothing of use in the pieces, when a part of it lies outside.
  [[nodiscard]] bool append_pieces(std::uint64_t guest_address, std::uint64_t length,
                                   Pieces& pieces) const;
  // What is at an address of the monitor, inside one region, where the address is a multiple of the
  // alignment; empty otherwise.
  [[nodiscard]] std::span<std::byte> at_user_address(std::uint64_t user_address,
                                                     std::uint64_t length,
                                                     std::size_t alignment) const;

 private:
  class Mapping {
   public:
    Mapping(std::byte* start, std::size_t size) : start_(start), size_(size) {}
    Mapping(Mapping&& other) noexcept;
    Mapping& operator=(Mapping&& other) noexcept;
    ~Mapping();
    [[nodiscard]] std::byte* start() const { return start_; }

   private:
    std::byte* start_ = nullptr;
    std::size_t size_ = 0;
  };
  struct Region {
    RegionDescription description;
    Mapping mapping;  // of the file, from its beginning

    [[nodiscard]] std::span<std::byte> bytes() const;
  };
  [[nodiscard]] static pregroove::Result<Mapping> map_file(const RegionDescription& region,
                                                           int file);

  std::vector<Region> regions_;
};

}  // namespace simdrive::hosts::vhost_user
