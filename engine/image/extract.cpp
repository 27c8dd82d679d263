#include "engine/image/extract.h"

#include <fmt/format.h>

#include <algorithm>

namespace pregroove::image {
namespace {

// Large enough that the number of reads does not count, small enough to report progress.
constexpr std::size_t kPieceBlocks = 512;

Status read_extent(BlockReader& reader, const Extent& extent, std::vector<std::byte>& buffer,
                   const ByteSink& sink) {
  Lba lba = extent.lba;
  std::uint64_t left = extent.bytes;
  while (left > 0) {
    const BlockCount blocks = std::min(blocks_for_bytes(left), BlockCount{kPieceBlocks});
    buffer.resize(std::max(buffer.size(), static_cast<std::size_t>(blocks.bytes())));
    const auto piece = std::span(buffer).first(static_cast<std::size_t>(blocks.bytes()));
    if (extent.lba == kHole)
      std::ranges::fill(piece, std::byte{});
    else
      PREGROOVE_RETURN_IF_ERROR(reader.read(lba, piece));
    const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size()));
    PREGROOVE_RETURN_IF_ERROR(sink(piece.first(count)));
    lba += blocks;
    left -= count;
  }
  return {};
}

}  // namespace

Status read_file(BlockReader& reader, const File& file, const ByteSink& sink) {
  if (const auto* memory = std::get_if<Memory>(&file.content))
    return memory->bytes.empty() ? Status{} : sink(memory->bytes);
  if (file.is_special()) return {};
  const auto* old = std::get_if<OldExtents>(&file.content);
  if (old == nullptr)
    return fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is not on a disc yet", file.name));
  return read_extents(reader, old->extents, sink);
}

Status read_extents(BlockReader& reader, std::span<const Extent> extents, const ByteSink& sink) {
  std::vector<std::byte> buffer;
  for (const Extent& extent : extents)
    PREGROOVE_RETURN_IF_ERROR(read_extent(reader, extent, buffer, sink));
  return {};
}

}  // namespace pregroove::image
