// Writes the UDF part of a Layout down. Private to engine/image.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/image/image.h"
#include "engine/image/layout.h"
#include "engine/image/overlays.h"

namespace pregroove::image {

// The three descriptors that say that there is UDF (ECMA-167 2/9), behind those of ISO 9660 where
// there are any.
void append_udf_recognition(const UdfLayout& udf, std::vector<std::byte>& out);

// Volume descriptor sequences, integrity and anchor, as far as the partition; out begins with the
// image. REQUIRES: layout.udf().
void append_udf_volume(const Layout& layout, const ImageOptions& options,
                       std::vector<std::byte>& out);
// The second anchor: 256 blocks before the volume's last (ECMA-167 3/8.4.2.1).
void add_udf_anchor(const Layout& layout, Overlays& overlays);

// What is in the partition before the file contents, in pieces: 0 .. udf_pieces()-1.
[[nodiscard]] std::size_t udf_pieces(const Layout& layout);
void append_udf_piece(const Layout& layout, const ImageOptions& options, std::size_t piece,
                      std::vector<std::byte>& out);

}  // namespace pregroove::image
