// A disc as an image file that other programs can read.
//
// A reader that does not know of sessions looks for the volume descriptors at block 16 only. So the
// set of the wanted session is copied there, as growisofs does on media that can be overwritten,
// and its volume space size then covers the image from block 0 to the end of that session.
// A disc that can be written anywhere has no sessions: its image ends where the ISO 9660 volume at
// block 0 says, else (and with plain) behind the last block that is not all zeros.
// Sources: ECMA-119 6.2.1 (system area), 8.1 (volume descriptors), 8.4.8 (volume space size).
#pragma once

#include <optional>
#include <string>

#include "simdrive/disc/disc.h"

namespace simdrive {

struct ExportOptions {
  std::optional<int> session;  // the last closed one when absent
  bool plain = false;          // the user area as it is on the disc
  bool overwrite = false;
};

struct Exported {
  int session = 0;  // 0: a disc without sessions, which can be written anywhere
  BlockCount blocks;
  bool descriptors_moved = false;
};

// Writes a sparse file; under its name it exists only when it is complete.
[[nodiscard]] pregroove::Result<Exported> export_image(const Disc& disc, const std::string& path,
                                                       const ExportOptions& options);

}  // namespace simdrive
