#include "engine/image/block_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace pregroove::image {

Result<FileBlockReader> FileBlockReader::open(const std::string& path, Lba origin) {
  PREGROOVE_ASSIGN_OR_RETURN(system::File file, system::File::open_for_reading(path));
  PREGROOVE_ASSIGN_OR_RETURN(const system::FileStatus status, file.status());
  const auto blocks = static_cast<std::int64_t>(status.size / kBlockSize);
  const std::int64_t room = std::int64_t{std::numeric_limits<std::int32_t>::max()} - origin.value;
  return FileBlockReader(std::move(file), origin, origin + BlockCount{std::min(blocks, room)});
}

FileBlockReader::FileBlockReader(system::File file, Lba origin, Lba end)
    : file_(std::move(file)), origin_(origin), end_(end) {}

FileBlockReader::FileBlockReader(FileBlockReader&& other) noexcept
    : file_(std::move(other.file_)), origin_(other.origin_), end_(other.end_) {}

Status FileBlockReader::read(Lba first, std::span<std::byte> whole_blocks) {
  const BlockCount count = blocks_for_bytes(whole_blocks.size());
  if (first < origin_ || first > end_ || count > end_ - first)
    return fail(ErrorCode::kIo, fmt::format("\"{}\" ends before the {} blocks from {} on",
                                            file_.path(), count.value, first.value));
  PREGROOVE_ASSIGN_OR_RETURN(const std::size_t got,
                             file_.read_at((first - origin_).bytes(), whole_blocks));
  if (got < whole_blocks.size())
    return fail(ErrorCode::kIo, fmt::format("\"{}\" became shorter", file_.path()));
  return {};
}

}  // namespace pregroove::image
