#include "engine/image/image.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "engine/image/image_state.h"
#include "engine/image/records.h"
#include "engine/image/udf_records.h"

namespace pregroove::image {
namespace {

void add_placements(const Layout& layout, std::size_t index, const std::string& path,
                    std::vector<FilePlacement>& out) {
  const FolderLayout& folder = layout.folders()[index];
  const Directory& directory = *folder.directory;
  for (std::size_t f = 0; f < directory.files.size(); ++f) {
    const File& file = directory.files[f];
    FilePlacement placement{.path = fmt::format("{}/{}", path, file.name),
                            .imported = std::holds_alternative<OldExtents>(file.content)};
    if (file.size() > 0) layout.sections_of(folder, f, placement.extents);
    out.push_back(std::move(placement));
  }
  for (std::size_t d = 0; d < directory.directories.size(); ++d)
    add_placements(layout, folder.first_child + d,
                   fmt::format("{}/{}", path, directory.directories[d].name), out);
}

}  // namespace

std::string default_volume_id(system::FileTime created) {
  const auto day = std::chrono::floor<std::chrono::days>(created);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(created - day);
  return fmt::format("{:04}{:02}{:02}_{:02}{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count());
}

Result<Image> Image::create(Tree tree, ImageOptions options) {
  PREGROOVE_RETURN_IF_ERROR(check_identifiers(options));
  if (options.volume_id.empty()) options.volume_id = default_volume_id(options.created);
  auto state = std::make_shared<ImageState>();
  state->tree = std::move(tree);
  state->options = std::move(options);
  // The layout points into the tree, which stays where it is from now on.
  PREGROOVE_ASSIGN_OR_RETURN(state->layout, Layout::make(state->tree, state->options));
  PREGROOVE_ASSIGN_OR_RETURN(state->boot, plan_boot(state->tree, state->layout, state->options));
  if (state->layout.udf()) add_udf_anchor(state->layout, state->boot.overlays);
  state->warnings = state->layout.warnings();
  state->warnings.insert(state->warnings.end(), state->boot.warnings.begin(),
                         state->boot.warnings.end());
  return Image(std::move(state));
}

Result<BlockCount> Image::measure(const Tree& tree, const ImageOptions& options) {
  PREGROOVE_RETURN_IF_ERROR(check_identifiers(options));
  PREGROOVE_ASSIGN_OR_RETURN(const Layout layout, Layout::make(tree, options));
  return layout.size();
}

BlockCount Image::size() const { return state_->layout.size(); }
BlockCount Image::data_blocks() const { return state_->layout.data_blocks(); }
Lba Image::session_start() const { return state_->options.session_start; }
const std::string& Image::volume_id() const { return state_->options.volume_id; }
const Tree& Image::tree() const { return state_->tree; }
const std::vector<std::string>& Image::warnings() const { return state_->warnings; }

std::vector<FilePlacement> Image::placements() const {
  std::vector<FilePlacement> placements;
  add_placements(state_->layout, 0, "", placements);
  return placements;
}

}  // namespace pregroove::image
