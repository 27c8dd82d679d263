#include "simdrive/cli/image_pressing.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "engine/system/file.h"
#include "simdrive/disc/rules/pressed.h"

namespace simdrive {
namespace {

using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Result;
using pregroove::Status;
using pregroove::system::File;

Result<BlockCount> blocks_of(const File& image, const Medium& medium) {
  PREGROOVE_ASSIGN_OR_RETURN(const auto status, image.status());
  const auto most = largest_pressed(medium.kind);
  if (status.size == 0)
    return fail(ErrorCode::kInvalidArgument, fmt::format("the image {} is empty", image.path()),
                "Give an image with at least one byte.");
  if (status.size > most.bytes())
    return fail(ErrorCode::kWrongMedium,
                fmt::format("the image {} has {} bytes; a {} holds {}", image.path(), status.size,
                            name_of(medium.kind), most.bytes()),
                "Choose a medium that is large enough.");
  return pregroove::blocks_for_bytes(status.size);
}

bool all_zeros(std::span<const std::byte> bytes) {
  return std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{}; });
}

Status fill(Disc& disc, const File& image) {
  constexpr std::int64_t kChunkBlocks = 512;
  const Lba end = disc.layout().addresses().end;
  std::vector<std::byte> chunk;
  for (Lba at{0}; at < end;) {
    const BlockCount count = std::min(end - at, BlockCount{kChunkBlocks});
    chunk.assign(static_cast<std::size_t>(count.bytes()), std::byte{});
    PREGROOVE_RETURN_IF_ERROR(image.read_at((at - Lba{0}).bytes(), chunk));
    if (!all_zeros(chunk)) PREGROOVE_RETURN_IF_ERROR(disc.press(at, chunk));
    at += count;
  }
  // The data first: only then is it a disc.
  PREGROOVE_RETURN_IF_ERROR(disc.flush());
  return disc.commit(disc.layout());
}

}  // namespace

Result<std::unique_ptr<Disc>> press_image(const std::string& path, const Medium& medium,
                                          const std::string& image) {
  PREGROOVE_ASSIGN_OR_RETURN(const File file, File::open_for_reading(image));
  PREGROOVE_ASSIGN_OR_RETURN(const BlockCount blocks, blocks_of(file, medium));
  PREGROOVE_ASSIGN_OR_RETURN(auto disc,
                             Disc::begin_pressing(path, Layout::pressed(medium, blocks)));
  if (auto filled = fill(*disc, file); !filled) {
    // Nothing half made stays behind; that it could not be made is what matters.
    disc.reset();
    (void)pregroove::system::remove_file(path);
    return std::unexpected(std::move(filled).error());
  }
  return disc;
}

}  // namespace simdrive
