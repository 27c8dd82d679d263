// Decodes one directory of somebody's ISO 9660 volume: bytes to names, sizes and addresses. Pure;
// everything in the bytes is doubted. Private to engine/image.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/image/import.h"
#include "engine/image/iso9660.h"
#include "engine/image/rock_ridge_parser.h"
#include "engine/image/tree.h"

namespace pregroove::image {

// What a directory record says about where something is.
struct RecordPlace {
  Lba lba;  // of the data, behind the extended attribute record
  std::uint32_t bytes = 0;
};

struct SubfolderRecord {
  std::string name;
  system::FileTime modified;
  Attributes attributes = kDirectoryAttributes;
  RecordPlace place;       // bytes are unknown, and 0, for a relocated folder
  bool elsewhere = false;  // relocated by Rock Ridge; only its own record tells its length
};

struct ParsedDirectory {
  std::vector<File> files;                  // sorted by name, with OldExtents
  std::vector<SubfolderRecord> subfolders;  // sorted by name
  std::size_t relocated = 0;                // folders that belong elsewhere, and are not listed
};

struct NameReading {
  NameTree tree = NameTree::kJoliet;
  bool lower_case_plain_names = true;
  // For Rock Ridge: bytes before its fields in each record (SUSP 5.3), and where they go on.
  std::size_t skipped = 0;
  ContinuationSource continuation;
};

// What is behind the identifier of the record at the beginning of these bytes; nothing when the
// record is damaged.
[[nodiscard]] std::span<const std::byte> system_use_of(std::span<const std::byte> record);
[[nodiscard]] Attributes attributes_from(const RockRidgeEntry& entry, Attributes otherwise);

// The address and length in a record; kCorruptImage when its two copies of a number differ.
[[nodiscard]] Result<RecordPlace> place_of(const RecordHeader& header, std::string_view path);

// `path` is the folder's, for messages.
[[nodiscard]] Result<ParsedDirectory> parse_directory(std::span<const std::byte> bytes,
                                                      const NameReading& reading,
                                                      std::string_view path);

// A name that would leave its folder, or play tricks on a terminal, is not taken from any disc.
[[nodiscard]] bool is_acceptable_name(std::string_view name);
[[nodiscard]] std::unexpected<Error> corrupt_image(std::string_view path, std::string_view reason);

// Text of a volume descriptor or a plain name: UTF-8 as it is, else taken for Latin-1.
[[nodiscard]] std::string text_from_plain(std::span<const std::byte> bytes);

}  // namespace pregroove::image
