#include "engine/image/ready_image.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "engine/image/iso9660.h"

namespace pregroove::image {
namespace {

template <typename Struct>
Result<std::optional<Struct>> read_at_block(const system::File& file, std::int64_t block) {
  std::array<std::byte, kBlockSize> bytes{};
  PREGROOVE_ASSIGN_OR_RETURN(const std::size_t got,
                             file.read_at(static_cast<std::uint64_t>(block) * kBlockSize, bytes));
  if (got < bytes.size()) return std::nullopt;
  return read_struct<Struct>(bytes);
}

// What is missing at the end would be padding on the disc, and read as if it were files.
Status check_size(const system::File& file, const VolumeDescriptor& primary) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto status, file.status());
  const std::int64_t held = blocks_for_bytes(status.size).value;
  const std::int64_t claimed = primary.volume_space_size.value();
  if (held >= claimed) return {};
  return fail(ErrorCode::kCorruptImage,
              fmt::format("\"{}\" is cut off: its file system has {} blocks, the file {}",
                          file.path(), claimed, held),
              "Fetch or make the image again.");
}

// The first record of the root folder tells where the folder itself lies (ECMA-119 6.8.2.2).
Status check_addresses(const system::File& file) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto primary,
                             read_at_block<VolumeDescriptor>(file, kSystemAreaBlocks));
  if (!primary || primary->type != kDescriptorPrimary) return {};
  const auto& id = primary->standard_identifier;
  if (std::string_view(id.data(), id.size()) != kStandardIdentifier) return {};
  PREGROOVE_RETURN_IF_ERROR(check_size(file, *primary));
  const std::uint32_t root = primary->root.header.extent.value();
  PREGROOVE_ASSIGN_OR_RETURN(const auto record, read_at_block<ShortRecord>(file, root));
  const bool there = record && record->header.length >= sizeof(ShortRecord) &&
                     record->header.extent.value() == root && record->identifier == 0;
  if (there) return {};
  return fail(ErrorCode::kCorruptImage,
              fmt::format("the root folder of \"{}\" is not at its block {}: the image is damaged, "
                          "or was made to be a later session that starts elsewhere on a disc",
                          file.path(), root),
              "Make an image that starts at block 0, or add the files with pregroove burn.");
}

}  // namespace

Result<ReadyImage> ReadyImage::open(const std::string& path) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto named, system::status_of(path, system::FollowLinks::kYes));
  if (named.kind != system::FileKind::kRegular)
    return fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is no regular file", path),
                "Name an image file.");
  PREGROOVE_ASSIGN_OR_RETURN(system::File file, system::File::open_for_reading(path));
  PREGROOVE_ASSIGN_OR_RETURN(const auto status, file.status());
  if (status.size == 0)
    return fail(ErrorCode::kCorruptImage, fmt::format("\"{}\" is empty", path),
                "Name an image that holds something.");
  PREGROOVE_RETURN_IF_ERROR(check_addresses(file));
  return ReadyImage(std::move(file), status);
}

std::size_t ReadyImage::read(std::span<std::byte> blocks) {
  const std::uint64_t left = size().bytes() - position_;
  const auto wanted =
      blocks.first(static_cast<std::size_t>(std::min<std::uint64_t>(blocks.size(), left)));
  const std::uint64_t in_file = status_.size > position_ ? status_.size - position_ : 0;
  const auto held =
      wanted.first(static_cast<std::size_t>(std::min<std::uint64_t>(wanted.size(), in_file)));
  auto got = file_.read_at(position_, held);
  if (!got && problems_.empty()) problems_.push_back(std::move(got).error());
  std::ranges::fill(wanted.subspan(got.value_or(0)), std::byte{0});
  position_ += wanted.size();
  return wanted.size();
}

std::vector<Error> ReadyImage::problems() const {
  std::vector<Error> problems = problems_;
  const auto now = file_.status();
  std::string_view what;
  if (!now)
    problems.push_back(now.error());
  else if (now->size < status_.size)
    what = "became shorter while it was read; the rest of it is zeros on the disc";
  else if (now->size != status_.size || now->modified != status_.modified ||
           now->modified_nanoseconds != status_.modified_nanoseconds)
    what = "was changed while it was read";
  if (!what.empty())
    problems.push_back({.code = ErrorCode::kSourceChanged,
                        .message = fmt::format("\"{}\" {}", file_.path(), what),
                        .advice = "Write it again, on another disc, when nothing changes it."});
  return problems;
}

}  // namespace pregroove::image
