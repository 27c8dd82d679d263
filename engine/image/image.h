// A complete ISO 9660 image of one session, with Joliet, Rock Ridge and UDF, as a stream of blocks.
//
// Image::create computes the layout before the first byte is written: sizes, addresses and names of
// everything, without opening a file. ImageReader then produces the blocks in order and reads each
// source file when its blocks are due. Same tree and options, same bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/image/checksums.h"
#include "engine/image/el_torito.h"
#include "engine/image/end_mark.h"
#include "engine/image/names.h"
#include "engine/image/partition_table.h"
#include "engine/image/tree.h"

namespace pregroove::image {

// Blocks at the end of the image that hold no files (zeros, and the end mark), counted in its size:
// readers read ahead, and the two run-out blocks at the end of a track-at-once track cannot be read
// (MMC-6 "TAO"; the kernel's read-ahead then loses good blocks before them). 150 blocks are what
// the other writers use.
inline constexpr BlockCount kDefaultTailPadding{150};
// A CD track has at least 300 blocks (4 seconds; IEC 60908, MMC "minimum track length").
inline constexpr BlockCount kTrackBlocksMin{300};

// The volume identifier if none was asked for: "YYYYMMDD_HHMM" of the time of creation, UTC.
[[nodiscard]] std::string default_volume_id(system::FileTime created);

// UDF without ISO 9660 beside it, of this revision: for readers that want it so, and for files of
// any size. Whoever appends to a disc needs ISO 9660.
enum class UdfAlone : std::uint16_t { kNo = 0, k201 = 0x0201, k250 = 0x0250 };

// Which names beside those of plain ISO 9660 the image has.
struct ImageFormats {
  bool joliet = true;
  bool rock_ridge = false;
  bool udf = false;  // UDF 1.02 beside it; in the first session of a disc only
  // Then neither Joliet nor Rock Ridge names are written, nor what needs ISO 9660: boot records,
  // partition tables, checksums and the end mark. Owners and permissions are as rock_ridge says.
  UdfAlone udf_alone = UdfAlone::kNo;
  // Of the plain tree. 1: names as DOS had them; 1 and 2: no file of 4 GiB; 1999: names as they
  // are, and an enhanced volume descriptor that says so.
  IsoLevel iso_level = IsoLevel::k3;
  // 64 by the specification; 103 are read by Linux and Windows as well, and written on request.
  std::size_t joliet_units_max = 64;
};

struct ImageOptions {
  ImageFormats formats;
  std::string volume_id;     // UTF-8, at most 16 UCS-2 units; empty: default_volume_id(created)
  std::string publisher_id;  // UTF-8, at most 64 UCS-2 units
  std::string application_id = kOurApplicationId;
  system::FileTime created;  // goes into the volume descriptors and the root folder
  Lba session_start;         // the address of the image's first block on the disc
  BlockCount tail_padding = kDefaultTailPadding;
  BlockCount size_min = kTrackBlocksMin;  // shorter images get more padding
  BootOptions boot;
  PartitionOptions partitions;  // of an image that starts at block 0
  ChecksumOptions checksums;
};

// Where a file's bytes are: in this session for new files, in an earlier one for imported ones.
struct FilePlacement {
  std::string path;
  std::vector<Extent> extents;  // absolute; empty for an empty file
  bool imported = false;
};

struct ImageState;

// Cheap to copy: copies share the layout.
class Image {
 public:
  // kBadName: a name that the formats cannot hold, or a bad volume identifier. kUnsupported: more
  // folders than a path table can number. kNoRoom: beyond the last address of any medium.
  // Of boot files, kNotFound: not in the tree; kUnsupported: a folder or a link, empty, 4 GiB or
  // more, too short for its boot info table, or on the disc already and to be changed for one; and
  // a partition table in a later session, or without the boot file that it is there for. A file
  // that gets a boot info table is read once here, and its errors are those of reading.
  [[nodiscard]] static Result<Image> create(Tree tree, ImageOptions options);
  // The size that create() would give, without taking the tree. Looks for no boot files: they may
  // be added later.
  [[nodiscard]] static Result<BlockCount> measure(const Tree& tree, const ImageOptions& options);

  [[nodiscard]] BlockCount size() const;         // all blocks, padding included
  [[nodiscard]] BlockCount data_blocks() const;  // of these, contents of new files
  [[nodiscard]] Lba session_start() const;
  [[nodiscard]] const std::string& volume_id() const;
  [[nodiscard]] const Tree& tree() const;
  [[nodiscard]] std::vector<FilePlacement> placements() const;  // in the order of Tree::walk
  // Rules of the plain ISO 9660 tree that were stretched (depth, path length), what a tree of the
  // image shows otherwise or not at all, and what is odd about booting it; one sentence each.
  [[nodiscard]] const std::vector<std::string>& warnings() const;

 private:
  explicit Image(std::shared_ptr<const ImageState> state) : state_(std::move(state)) {}
  friend class ImageReader;
  std::shared_ptr<const ImageState> state_;
};

// Produces the blocks of an image in order. One thread at a time.
//
// Invariant: position() blocks have been produced, whatever happened to the source files.
class ImageReader {
 public:
  explicit ImageReader(const Image& image);
  ImageReader(ImageReader&&) noexcept;
  ImageReader& operator=(ImageReader&&) noexcept;
  ~ImageReader();

  // Fills the buffer with the next blocks; the bytes filled, a whole number of blocks, less than
  // the buffer only at the end of the image, and 0 there. A source file that cannot be read as
  // planned does not fail the call: see problems(). REQUIRES: the buffer is a whole number of
  // blocks.
  [[nodiscard]] Result<std::size_t> read(std::span<std::byte> whole_blocks);

  [[nodiscard]] BlockCount position() const;
  // Source files that shrank, grew, changed or vanished (kSourceChanged) or could not be read
  // (kAccessDenied, kIo), each named once. Their extents hold what could be read, then zeros.
  [[nodiscard]] const std::vector<Error>& problems() const;
  // The path on the disc of the file that is being read; empty between files.
  [[nodiscard]] std::string current_file() const;

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace pregroove::image
