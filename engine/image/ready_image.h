// An image file that is burned as it is.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/units.h"
#include "engine/system/file.h"

namespace pregroove::image {

class ReadyImage {
 public:
  // Refuses what is no regular file, is empty, or is an ISO 9660 session whose addresses count from
  // another block than its first (kCorruptImage), as those of later sessions do.
  [[nodiscard]] static Result<ReadyImage> open(const std::string& path);

  [[nodiscard]] BlockCount size() const { return blocks_for_bytes(status_.size); }
  // Zeros that fill up the last block.
  [[nodiscard]] std::uint64_t padding() const { return size().bytes() - status_.size; }
  // The next blocks, as BlockSource::read wants them. What the file does not hold any more is
  // zeros.
  [[nodiscard]] std::size_t read(std::span<std::byte> blocks);
  // Whether the file changed while it was read; complete when everything was read.
  [[nodiscard]] std::vector<Error> problems() const;

 private:
  ReadyImage(system::File file, const system::FileStatus& status)
      : file_(std::move(file)), status_(status) {}

  system::File file_;
  system::FileStatus status_;
  std::uint64_t position_ = 0;  // bytes
  std::vector<Error> problems_;
};

}  // namespace pregroove::image
