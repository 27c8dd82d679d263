#include "engine/imapi/staging.h"

#include <fmt/format.h>

#include <utility>

#include "engine/imapi/failures.h"

namespace pregroove::imapi {
namespace {

// Merging and measuring; progress is told before the first step, between them, and at the end.
constexpr std::int64_t kSteps = 2;

Status next_step(EventHub& events, std::int64_t done) {
  events.notify([&](DiscMasterProgressEvents& sink) { sink.NotifyAddProgress(done, kSteps); });
  if (!events.query_cancel()) return {};
  return refuse(ResultCode::IMAPI_E_USERABORT, ErrorCode::kCancelled,
                "adding files was cancelled; nothing of them was added");
}

}  // namespace

Status add_data(Stage& stage, image::Tree added, image::Overwrite overwrite,
                const image::ImageOptions& options, BlockCount image_max, EventHub& events) {
  PREGROOVE_RETURN_IF_ERROR(next_step(events, 0));
  const bool anything = !added.empty();
  image::Tree candidate = stage.tree;
  PREGROOVE_RETURN_IF_ERROR(lift(candidate.merge(std::move(added), overwrite)));
  PREGROOVE_RETURN_IF_ERROR(next_step(events, 1));
  PREGROOVE_ASSIGN_OR_RETURN(const BlockCount size,
                             lift(image::Image::measure(candidate, options)));
  if (size > image_max)
    return refuse(ResultCode::IMAPI_E_DISCFULL, ErrorCode::kNoRoom,
                  fmt::format("with these files the image would need {} blocks, and the disc has "
                              "room for {}",
                              size.value, image_max.value),
                  "Add less, or start again with an emptier disc. What was added before is kept.");
  PREGROOVE_RETURN_IF_ERROR(next_step(events, kSteps));
  stage.tree = std::move(candidate);
  stage.added = stage.added || anything;
  return {};
}

Status rename_in(Stage& stage, std::string_view from, std::string_view to,
                 const image::ImageOptions& options) {
  image::Tree candidate = stage.tree;
  PREGROOVE_RETURN_IF_ERROR(lift(candidate.rename(from, to)));
  // Refuses names that the disc cannot hold.
  PREGROOVE_RETURN_IF_ERROR(lift(image::Image::measure(candidate, options)));
  stage = {.tree = std::move(candidate), .added = true};
  return {};
}

}  // namespace pregroove::imapi
