// What copies of an Image share. Private to engine/image.
#pragma once

#include "engine/image/image.h"
#include "engine/image/layout.h"
#include "engine/image/tree.h"

namespace pregroove::image {

struct ImageState {
  Tree tree;
  ImageOptions options;
  Layout layout;
};

}  // namespace pregroove::image
