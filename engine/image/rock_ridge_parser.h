// Reads the Rock Ridge fields of somebody's directory record. Everything in them is doubted: lying
// lengths, continuations that lead in circles, names that play tricks. Private to engine/image.
//
// Sources: SUSP 1.12 (IEEE P1281), RRIP 1.12 (IEEE P1282) and its draft 1.09, which most writers
// follow.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/base/units.h"
#include "engine/image/tree.h"

namespace pregroove::image {

struct RockRidgeEntry {
  struct Posix {
    std::uint32_t mode = 0;  // with the file type (ModeType)
    std::uint32_t links = 1;
    std::uint32_t user = 0;
    std::uint32_t group = 0;
  };
  std::optional<Posix> posix;
  std::string name;         // empty: none was given
  std::string link_target;  // of a symbolic link
  std::optional<DeviceNumber> device;
  std::optional<system::FileTime> modified;
  std::optional<Lba> child;  // the folder that belongs here lies there
  bool relocated = false;    // belongs elsewhere: its place names it as child
};

// One block of the volume, until the next call.
using ContinuationSource = std::function<Result<std::span<const std::byte>>(Lba block)>;

// The fields of one record; `path` is its folder's, for messages.
[[nodiscard]] Result<RockRidgeEntry> parse_fields(std::span<const std::byte> system_use,
                                                  const ContinuationSource& continuation,
                                                  std::string_view path);

// Whether the system use of the root folder's own record announces the sharing protocol: how many
// bytes come before the fields in every other record.
[[nodiscard]] std::optional<std::size_t> find_sharing_protocol(
    std::span<const std::byte> system_use);

}  // namespace pregroove::image
