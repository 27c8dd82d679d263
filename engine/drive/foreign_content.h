// What a disc that is overwritten holds when it is no volume that a session can follow: another
// program's data, which is not to be lost by mistake.
#pragma once

#include <span>
#include <string_view>

#include "engine/drive/drive.h"

namespace pregroove::drive {

// System area and volume descriptors.
inline constexpr BlockCount kRecognizedHead{32};
// ECMA-167 3/8.4.2.1: the first place of the anchor of a UDF volume.
inline constexpr Lba kUdfAnchor{256};

// "a UDF volume", in words for the user; empty when there is nothing but zeros, or the mark with
// which libisoburn blanks a disc. head: the first kRecognizedHead blocks, anchor: the one at
// kUdfAnchor.
[[nodiscard]] std::string_view recognize_content(std::span<const std::byte> head,
                                                 std::span<const std::byte> anchor);

// Reads and recognizes. everywhere: whether all of the disc is formatted; where it is not, what was
// never written cannot be read, and counts as empty.
[[nodiscard]] Result<std::string_view> find_foreign_content(Drive& drive, bool everywhere);

}  // namespace pregroove::drive
