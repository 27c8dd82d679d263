// A pressed disc from an image file.
#pragma once

#include <memory>
#include <string>

#include "simdrive/disc/disc.h"

namespace simdrive {

// Makes the disc file at path; what the image lacks in its last block are zeros. kNoRoom for an
// image that no such disc can hold, kInvalidArgument for an empty one. REQUIRES: the medium is
// pressed.
[[nodiscard]] pregroove::Result<std::unique_ptr<Disc>> press_image(const std::string& path,
                                                                   const Medium& medium,
                                                                   const std::string& image);

}  // namespace simdrive
