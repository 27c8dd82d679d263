// Writes a Layout down: volume descriptors, path tables, directories. Private to engine/image.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/image/image.h"
#include "engine/image/layout.h"

namespace pregroove::image {

// Identifiers that fit into the descriptors, or kBadName.
[[nodiscard]] Status check_identifiers(const ImageOptions& options);

// The system area, the descriptors, and the boot catalog's block. REQUIRES: check_identifiers
// accepted the options, and the volume identifier is set.
void append_descriptors(const Layout& layout, const ImageOptions& options,
                        std::vector<std::byte>& out);

enum class PathTableKind : std::uint8_t { kL, kM };
// Padded to a whole block.
void append_path_table(const Layout& layout, Hierarchy hierarchy, PathTableKind kind,
                       std::vector<std::byte>& out);

// All records of a folder, in whole blocks. `root_time` is the root folder's time.
void append_directory(const Layout& layout, Hierarchy hierarchy, std::size_t folder,
                      system::FileTime root_time, std::vector<std::byte>& out);

}  // namespace pregroove::image
