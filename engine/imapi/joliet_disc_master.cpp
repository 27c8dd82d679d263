#include "engine/imapi/joliet_disc_master.h"

#include <fmt/format.h>

#include <utility>

#include "engine/burn/disc_reader.h"
#include "engine/image/names.h"
#include "engine/imapi/disc_master.h"
#include "engine/imapi/failures.h"
#include "engine/imapi/master_state.h"

namespace pregroove::imapi {
namespace {

bool is_volume_name(const std::string& name) {
  return image::Image::measure(image::Tree{}, {.volume_id = name}).has_value();
}

constexpr auto kIsoLevelMin = static_cast<std::int32_t>(image::IsoLevel::k1);
constexpr auto kIsoLevelMax = static_cast<std::int32_t>(image::IsoLevel::k1999);

std::optional<image::UdfAlone> udf_alone_of(std::int32_t number) {
  for (const auto alone : {image::UdfAlone::kNo, image::UdfAlone::k201, image::UdfAlone::k250})
    if (number == static_cast<std::int32_t>(alone)) return alone;
  return std::nullopt;
}

// False for what is none of these properties, or not among their values.
bool set_format(image::ImageFormats& formats, std::optional<bool>& rock_ridge, bool& checksums,
                const std::string& name, const PropertyValue& value) {
  const auto* flag = std::get_if<bool>(&value);
  const auto* number = std::get_if<std::int32_t>(&value);
  if (name == kRockRidge && flag != nullptr) {
    rock_ridge = *flag;
  } else if (name == kJolietTree && flag != nullptr) {
    formats.joliet = *flag;
  } else if (name == kUdf && flag != nullptr) {
    formats.udf = *flag;
  } else if (name == kUdfAlone && number != nullptr && udf_alone_of(*number)) {
    formats.udf_alone = *udf_alone_of(*number);
  } else if (name == kChecksums && flag != nullptr) {
    checksums = *flag;
  } else if (name == kJolietNameLength && number != nullptr &&
             (*number == image::kJolietNameUnitsMax || *number == image::kJolietLongNameUnitsMax)) {
    formats.joliet_units_max = static_cast<std::size_t>(*number);
  } else if (name == kIsoLevel && number != nullptr && *number >= kIsoLevelMin &&
             *number <= kIsoLevelMax) {
    formats.iso_level = static_cast<image::IsoLevel>(*number);
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::string DiscMaster::State::effective_volume_name() const {
  if (!volume_name.empty()) return volume_name;
  if (!selection.volume_id.empty()) return selection.volume_id;
  return image::default_volume_id(now());
}

image::ImageOptions DiscMaster::State::image_options() const {
  image::ImageOptions options;
  options.formats = formats;
  options.formats.rock_ridge = rock_ridge.value_or(selection.rock_ridge);
  options.created = now();
  options.volume_id = effective_volume_name();
  options.session_start = selection.start;
  options.boot = {.files = boot_files, .kept = selection.boot};
  // They need ISO 9660.
  const bool stored = checksums && formats.udf_alone == image::UdfAlone::kNo;
  options.checksums = {.stored = stored, .previous = selection.checksums};
  return options;
}

Result<BlockCount> JolietDiscMaster::GetTotalDataBlocks() {
  const DiscMaster::State& state = *master_.state_;
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kGetTotalDataBlocks, state.facts()));
  return state.selection.image_max;
}

Result<BlockCount> JolietDiscMaster::GetUsedDataBlocks() {
  const DiscMaster::State& state = *master_.state_;
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kGetUsedDataBlocks, state.facts()));
  return lift(image::Image::measure(state.stage.tree, state.image_options()));
}

Result<std::uint32_t> JolietDiscMaster::GetDataBlockSize() {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kGetDataBlockSize, master_.state_->facts()));
  return std::uint32_t{kBlockSize};
}

Status JolietDiscMaster::AddData(image::Tree root, bool overwrite) {
  DiscMaster::State& state = *master_.state_;
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kAddData, state.facts()));
  const BusyMark busy(state.busy);
  return add_data(state.stage, std::move(root),
                  overwrite ? image::Overwrite::kYes : image::Overwrite::kNo, state.image_options(),
                  state.selection.image_max, state.events);
}

Status JolietDiscMaster::Remove(std::string_view path) {
  DiscMaster::State& state = *master_.state_;
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kAddData, state.facts()));
  PREGROOVE_RETURN_IF_ERROR(lift(state.stage.tree.remove(path)));
  state.stage.added = true;
  return {};
}

Status JolietDiscMaster::Rename(std::string_view from, std::string_view to) {
  DiscMaster::State& state = *master_.state_;
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kAddData, state.facts()));
  return rename_in(state.stage, from, to, state.image_options());
}

Status JolietDiscMaster::TakeOverSession(int number) {
  DiscMaster::State& state = *master_.state_;
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kAddData, state.facts()));
  RecorderDevice& device = *state.recorder->device();
  drive::Drive drive(device.transport(), device.clock());
  PREGROOVE_RETURN_IF_ERROR(take_over_session(state.selection, drive, number));
  state.start_stage();
  // The same files once more are a session, too: they become the newest ones again.
  state.stage.added = true;
  return {};
}

Result<int> JolietDiscMaster::LockInChangePoint() {
  DiscMaster::State& state = *master_.state_;
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kAddData, state.facts()));
  state.change_points.push_back(state.stage);
  return static_cast<int>(state.change_points.size());
}

Status JolietDiscMaster::RollbackToChangePoint(int change_point) {
  DiscMaster::State& state = *master_.state_;
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kAddData, state.facts()));
  if (change_point < 1 || change_point > std::ssize(state.change_points))
    return refuse(ResultCode::E_INVALIDARG, ErrorCode::kInvalidArgument,
                  fmt::format("there is no change point {}", change_point),
                  "Name one that LockInChangePoint returned since the recorder was selected.");
  const auto count = static_cast<std::size_t>(change_point);
  state.stage = state.change_points[count - 1];
  state.change_points.resize(count);
  return {};
}

image::StoredChecksums JolietDiscMaster::stored_checksums() {
  const DiscMaster::State& state = *master_.state_;
  if (!state.selection.checksums) return {};
  RecorderDevice& device = *state.recorder->device();
  drive::Drive drive(device.transport(), device.clock());
  burn::DiscReader reader(drive);
  return image::StoredChecksums::read(reader, *state.selection.checksums);
}

Result<image::UpdateCounts> JolietDiscMaster::KeepUnchanged(
    image::Tree& root, const std::vector<std::string>& mirrored) {
  DiscMaster::State& state = *master_.state_;
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kAddData, state.facts()));
  const image::BaseSession session{.attributes = state.selection.rock_ridge
                                                     ? image::CompareAttributes::kYes
                                                     : image::CompareAttributes::kNo,
                                   .begun = state.selection.begun};
  image::UpdateCounts counts =
      image::keep_unchanged(root, state.stage.tree, stored_checksums(), session);
  counts.removed = image::remove_missing(state.stage.tree, root, mirrored);
  return counts;
}

Result<image::ShareCounts> JolietDiscMaster::ShareContents(image::Tree& root,
                                                           const image::ShareOptions& options) {
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kAddData, master_.state_->facts()));
  return lift(image::share_contents(root, stored_checksums(), options));
}

Result<PropertySet> JolietDiscMaster::GetJolietProperties() {
  const DiscMaster::State& state = *master_.state_;
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kGetJolietProperties, state.facts()));
  const image::ImageFormats formats = state.image_options().formats;
  return PropertySet{{kVolumeName, state.effective_volume_name()},
                     {kPlaceBootImageOnDisc, false},
                     {kRockRidge, formats.rock_ridge},
                     {kJolietTree, formats.joliet},
                     {kChecksums, state.checksums},
                     {kUdf, formats.udf},
                     {kUdfAlone, static_cast<std::int32_t>(formats.udf_alone)},
                     {kIsoLevel, static_cast<std::int32_t>(formats.iso_level)},
                     {kJolietNameLength, static_cast<std::int32_t>(formats.joliet_units_max)}};
}

Status JolietDiscMaster::SetBootFiles(std::vector<image::BootFile> files) {
  DiscMaster::State& state = *master_.state_;
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kSetJolietProperties, state.facts()));
  state.boot_files = std::move(files);
  return {};
}

// IMAPI's own boot image, which is no file of the disc, cannot be placed: asking for one is
// ignored, and the result says so.
Result<ResultCode> JolietDiscMaster::SetJolietProperties(const PropertySet& properties) {
  DiscMaster::State& state = *master_.state_;
  PREGROOVE_RETURN_IF_ERROR(check_order(Method::kSetJolietProperties, state.facts()));
  ResultCode result = ResultCode::S_OK;
  for (const auto& [name, value] : properties) {
    const auto* text = std::get_if<std::string>(&value);
    if (name == kVolumeName && text != nullptr && is_volume_name(*text))
      state.volume_name = *text;
    else if (set_format(state.formats, state.rock_ridge, state.checksums, name, value))
      continue;
    else if (name != kPlaceBootImageOnDisc || value != PropertyValue{false})
      result = ResultCode::IMAPI_S_PROPERTIESIGNORED;
  }
  return result;
}

}  // namespace pregroove::imapi
