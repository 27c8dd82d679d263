// The stage: the tree that will be in the next image (imapi.md 3.3, AddData in detail).
#pragma once

#include "engine/image/image.h"
#include "engine/image/tree.h"
#include "engine/imapi/event_hub.h"
#include "engine/imapi/result_codes.h"
#include "engine/imapi/selection.h"

namespace pregroove::imapi {

struct Stage {
  image::Tree tree;    // with the files of the earlier session in multi-session mode
  bool added = false;  // something came from AddData; without it there is nothing to record

  // As it is after a selection.
  void start_from(const image::Tree& base) { *this = {.tree = base}; }
};

// All or nothing: after a failure the stage is exactly as it was.
[[nodiscard]] Status add_data(Stage& stage, image::Tree added, image::Overwrite overwrite,
                              const image::ImageOptions& options, BlockCount image_max,
                              EventHub& events);

}  // namespace pregroove::imapi
