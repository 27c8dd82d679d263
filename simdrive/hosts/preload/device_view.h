// The regular file that a program holds in place of /dev/sr0: the disc in blocks of 2048 bytes, as
// far as somebody asked for it.
//
// It is what the page cache is to a kernel: filled by READ CAPACITY and READ (10) when bytes are
// asked for, kept until something may have changed the disc. What cannot be read is zeros in it,
// and not counted as readable.
//
// Thread safe.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "simdrive/hosts/descriptor.h"
#include "simdrive/hosts/preload/host_commands.h"

namespace simdrive::hosts::preload {

class DeviceView {
 public:
  // Makes the file. REQUIRES: the drive outlives the view.
  [[nodiscard]] static pregroove::Result<std::unique_ptr<DeviceView>> create(
      HostCommands commands, const std::string& path);

  // What is cached may be out of date from now on.
  void invalidate();

  struct Extent {
    std::uint64_t size = 0;      // of the device in bytes
    std::uint64_t readable = 0;  // bytes from the offset on, at least as many as were asked for
                                 // when they can be read
  };
  [[nodiscard]] Extent sync(std::uint64_t offset, std::uint64_t length);
  // Everything that can be read; returns the size. "end_of_data": the block from which on the disc
  // is known to be zeros, as the file is too.
  std::uint64_t sync_all(std::uint64_t end_of_data);

 private:
  DeviceView(HostCommands commands, Descriptor file)
      : commands_(commands), file_(std::move(file)) {}

  void learn_capacity();
  // The blocks from first on that are up to date afterwards, at most until end.
  std::uint64_t fetch(std::uint64_t first, std::uint64_t end);
  std::uint64_t read_blocks(std::uint64_t first, std::uint64_t count);
  // False when the file has no room.
  bool keep(std::uint64_t first, std::span<const std::byte> data);

  HostCommands commands_;
  Descriptor file_;
  std::mutex mutex_;
  std::vector<std::byte> buffer_;
  bool known_ = false;  // the capacity; without it no block is valid
  std::uint64_t blocks_ = 0;
  std::vector<bool> valid_;
  std::uint64_t end_of_data_ = 0;  // the file is zeros from this block on
};

}  // namespace simdrive::hosts::preload
