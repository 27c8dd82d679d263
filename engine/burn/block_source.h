// Where the blocks of a burn come from, in order and once.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/units.h"

namespace pregroove::burn {

class BlockSource {
 public:
  virtual ~BlockSource() = default;
  BlockSource(const BlockSource&) = delete;
  BlockSource& operator=(const BlockSource&) = delete;

  // How many blocks there will be; fixed.
  [[nodiscard]] virtual BlockCount size() const = 0;
  // Fills the front of the buffer (a multiple of the block size) with the next blocks; the bytes
  // filled are fewer than the buffer holds only at the end. Called from the feeding thread only.
  [[nodiscard]] virtual Result<std::size_t> read(std::span<std::byte> blocks) = 0;
  // What went wrong with single files although the blocks are complete; valid when everything was
  // read.
  [[nodiscard]] virtual std::vector<Error> problems() const { return {}; }

 protected:
  BlockSource() = default;
};

}  // namespace pregroove::burn
