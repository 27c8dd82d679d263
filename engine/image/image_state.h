// What copies of an Image share. Private to engine/image.
#pragma once

#include "engine/image/boot_plan.h"
#include "engine/image/image.h"
#include "engine/image/layout.h"
#include "engine/image/tree.h"

namespace pregroove::image {

struct ImageState {
  Tree tree;
  ImageOptions options;
  Layout layout;
  BootPlan boot;
  std::vector<std::string> warnings;  // of layout and boot
};

}  // namespace pregroove::image
