// Which blocks the files and folders of an imported file system say are theirs. Private to
// engine/image.
#pragma once

#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/units.h"

namespace pregroove::image {

class Claims {
 public:
  enum class Owner : bool { kFile, kFolder };

  // kCorruptImage: the blocks are not all below `end`.
  [[nodiscard]] Status add(Lba first, BlockCount count, Lba end, Owner owner,
                           std::string_view path);
  // Two files may share all their blocks (hard links); nothing else may overlap.
  [[nodiscard]] Status check_overlaps();

 private:
  struct Claim {
    Lba first;
    BlockCount count;
    Owner owner = Owner::kFile;
  };
  std::vector<Claim> claims_;
};

}  // namespace pregroove::image
