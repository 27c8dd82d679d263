// The stage: the tree that will be in the next image (imapi.md 3.3, AddData in detail).
#pragma once

#include <string_view>

#include "engine/image/image.h"
#include "engine/image/tree.h"
#include "engine/imapi/event_hub.h"
#include "engine/imapi/result_codes.h"
#include "engine/imapi/selection.h"

namespace pregroove::imapi {

struct Stage {
  image::Tree tree;    // with the files of the earlier session in multi-session mode
  bool added = false;  // something was added or changed; without it there is nothing to record
};

// All or nothing: after a failure the stage is exactly as it was.
[[nodiscard]] Status add_data(Stage& stage, image::Tree added, image::Overwrite overwrite,
                              const image::ImageOptions& options, BlockCount image_max,
                              EventHub& events);

// As add_data, for what is done to the tree itself.
[[nodiscard]] Status rename_in(Stage& stage, std::string_view from, std::string_view to,
                               const image::ImageOptions& options);

}  // namespace pregroove::imapi
