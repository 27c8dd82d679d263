// From the boot files and partition tables that were asked for to the bytes of the image. Private
// to engine/image.
#pragma once

#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/image/image.h"
#include "engine/image/layout.h"
#include "engine/image/overlays.h"
#include "engine/image/tree.h"

namespace pregroove::image {

struct BootPlan {
  Overlays overlays;
  std::vector<std::string> warnings;  // one sentence each
};

// Refuses whatever firmware could not boot; see Image::create. Reads the files that get a boot info
// table once, for its checksum.
[[nodiscard]] Result<BootPlan> plan_boot(const Tree& tree, const Layout& layout,
                                         const ImageOptions& options);

}  // namespace pregroove::image
