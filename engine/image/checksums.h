// SHA-256 of everything that an image of ours holds, taken while it was written and stored in the
// image itself: years later, a session is checked without the files that it was made from.
//
// The table lies behind the file contents, in whole blocks; the end mark (end_mark.h) says where.
// Numbers are most significant byte first:
//
//   0..15  "PREGROOVE-SHA256"
//   16..19 records
//   20..23 LBA of the table of the session that this one carries on from, 24..27 its blocks; zeros
//          where there is none. A file that was taken over from it has its record there.
//   28..31 zeros
//   32..63 SHA-256 of all records
//   64..   records of 48 bytes, by their LBAs:
//     0..3   LBA of the first block
//     4..11  bytes, which lie in consecutive blocks
//     12..15 1 when these are not what the file held, which changed or failed while it was read
//     16..47 SHA-256 of the bytes
//   then zeros to the end of the block
//
// The first record is of the folders: what lies between path tables and file contents. The others
// are of the files that have content in this session, one for all names of a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/units.h"
#include "engine/image/block_reader.h"
#include "engine/image/digest.h"

namespace pregroove::image {

struct ChecksumPlace {
  Lba lba;
  BlockCount blocks;
  auto operator<=>(const ChecksumPlace&) const = default;
};

struct ChecksumOptions {
  bool stored = false;
  std::optional<ChecksumPlace> previous;  // of the session that the tree's old extents come from
};

struct StoredChecksum {
  Lba lba;
  std::uint64_t bytes = 0;
  bool whole = true;  // false: what was written is not what the file held
  Sha256Sum sum{};
};

struct ChecksumTable {
  std::vector<StoredChecksum> records;  // by LBA
  std::optional<ChecksumPlace> previous;
};

[[nodiscard]] BlockCount checksum_table_size(std::size_t records);

// Four million files: as many as are imported.
inline constexpr BlockCount kChecksumBlocksMax{100'000};
// kCorruptImage when the table does not match its own checksum, leads to one that is not before it,
// or is larger than kChecksumBlocksMax.
[[nodiscard]] Result<ChecksumTable> read_checksum_table(BlockReader& reader, ChecksumPlace place);

// The checksums of a session and of those that it carries on from.
class StoredChecksums {
 public:
  // Reads as far back as it can.
  static StoredChecksums read(BlockReader& reader, ChecksumPlace newest);

  [[nodiscard]] const std::vector<StoredChecksum>& records() const { return records_; }
  [[nodiscard]] const StoredChecksum* find(Lba lba, std::uint64_t bytes) const;
  // Of the newest session; nullptr when its table could not be read.
  [[nodiscard]] const StoredChecksum* folders() const { return folders_ ? &*folders_ : nullptr; }
  // Why nothing older could be read.
  [[nodiscard]] const std::optional<Error>& problem() const { return problem_; }

 private:
  std::vector<StoredChecksum> records_;  // by LBA
  std::optional<StoredChecksum> folders_;
  std::optional<Error> problem_;
};

}  // namespace pregroove::image
