// Copies a file's bytes out of a session that is on a disc.
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "engine/image/block_reader.h"
#include "engine/image/tree.h"

namespace pregroove::image {

// Takes the next bytes of a file; a failure ends the reading and is handed to the caller.
using ByteSink = std::function<Status(std::span<const std::byte>)>;

// Hands all bytes of the file to the sink, in order, in large pieces. Memory content is handed over
// as it is. kInvalidArgument for a file that is not on a disc.
[[nodiscard]] Status read_file(BlockReader& reader, const File& file, const ByteSink& sink);
// The same for what is no file.
[[nodiscard]] Status read_extents(BlockReader& reader, std::span<const Extent> extents,
                                  const ByteSink& sink);

}  // namespace pregroove::image
