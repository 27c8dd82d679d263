// Writes what Rock Ridge adds to the directory records of the plain ISO 9660 tree: real names,
// owners, permissions, links and devices. Private to engine/image.
//
// Sources: SUSP 1.12 (IEEE P1281), RRIP 1.12 (IEEE P1282).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/units.h"
#include "engine/image/tree.h"

namespace pregroove::image {

// What is told of one directory record.
struct EntryAttributes {
  std::string_view name;   // as it is; empty for the records of a folder itself and its parent
  std::uint32_t mode = 0;  // permissions and file type (ModeType)
  std::uint32_t links = 1;
  std::uint32_t user = 0;
  std::uint32_t group = 0;
  std::uint32_t serial = 0;  // the same for all names of one file
  system::FileTime modified;
  std::string_view link_target;  // of a symbolic link
  std::optional<DeviceNumber> device;
  bool announces = false;  // the root folder's own record, which says that all this is there
};

// The fields of a record, one after the other, each whole.
void append_fields(const EntryAttributes& entry, std::vector<std::byte>& out);

// The part of the fields that goes into a record with this much room; what does not fit goes to the
// end of `area`, which starts at the block `area_start`, and the record's part says where.
// `in_record` is overwritten.
void distribute_fields(std::span<const std::byte> fields, std::size_t room, Lba area_start,
                       std::vector<std::byte>& area, std::vector<std::byte>& in_record);

}  // namespace pregroove::image
