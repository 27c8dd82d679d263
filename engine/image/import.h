// Reads the file tree of a session that is on a disc already, from our own or other writers'
// images.
//
// The tree refers to the extents on the disc; no file content is read. What is read is untrusted:
// loops, extents that overlap or leave the volume, lying lengths and contradicting number fields
// are refused with kCorruptImage and the reason.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/image/block_reader.h"
#include "engine/image/checksums.h"
#include "engine/image/el_torito.h"
#include "engine/image/tree.h"

namespace pregroove::image {

enum class NameTree : std::uint8_t { kRockRidge, kJoliet, kPlain, kUdf };

struct ImportOptions {
  // The address after the last block that can be read. Without it the volume's own size counts.
  std::optional<Lba> medium_end;
  // Blocks before medium_end that cannot be read after an image of ours: we write track at once,
  // and the drive ends such a track with two run-out blocks. Others may have used the last blocks.
  BlockCount run_out;
  // nullopt: the first of Rock Ridge, Joliet and plain ISO 9660 names that the session has.
  std::optional<NameTree> names;
  // Plain names are upper case by rule; show them in lower case, as most systems do.
  bool lower_case_plain_names = true;
  // Bounds of what a hostile image can make us hold.
  std::size_t entries_max = 4'000'000;
  std::uint64_t directory_bytes_max = std::uint64_t{256} << 20U;  // of one folder
  // Of paths of folders that are still to be read; in UDF of contents within entries and of links
  // as well.
  std::uint64_t held_bytes_max = std::uint64_t{512} << 20U;
};

struct Imported {
  Tree tree;  // every file has OldExtents
  NameTree names = NameTree::kPlain;
  std::string volume_id;       // as Joliet has it, where there is Joliet; UTF-8
  std::string application_id;  // which program wrote it, if it said so
  std::string publisher_id;
  system::FileTime created;
  Lba session_start;
  BlockCount volume_size;  // as the descriptor says
  // Whether an image that says it is ours ends with its end mark; a session that does not is what
  // an interrupted burn left, and its tree is not read. nullopt for images of other writers, which
  // promise no such mark.
  std::optional<bool> complete;
  // Where the checksums of a complete image of ours are, if it has any.
  std::optional<ChecksumPlace> checksums;
  bool has_udf = false;               // beside what was read, or what was read (udf_import.h)
  std::uint16_t udf_revision = 0;     // as 0x0250 for 2.50; of what import_udf() read
  std::vector<std::string> left_out;  // what a Tree cannot hold; a sentence each
  // El Torito's, of this session or of an earlier one that it names. Without entries when it is
  // damaged. Not read of what is not complete.
  std::optional<BootCatalog> boot;
};

// Reads the volume descriptors from session_start + 16 on. kNotFound: no ISO 9660 volume there.
[[nodiscard]] Result<Imported> import_session(BlockReader& reader, Lba session_start,
                                              const ImportOptions& options = {});

// Whether import_session() would find a volume there; also when that cannot be read for a scratch.
[[nodiscard]] bool may_hold_iso9660(BlockReader& reader, Lba session_start,
                                    const ImportOptions& options);

}  // namespace pregroove::image
