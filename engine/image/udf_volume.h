// A UDF volume that is on a disc: from its anchors to the partitions, and from an address in a
// partition to the blocks of the disc. UDF 1.02 to 2.60. Private to engine/image.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "engine/image/import.h"
#include "engine/image/udf_descriptors.h"
#include "engine/image/udf_entry.h"
#include "engine/image/windowed_reader.h"

namespace pregroove::image::udf {

// Of a metadata partition (UDF 2.60, 2.2.13): what is damaged in the one may be whole in the other.
enum class MetadataCopy : std::uint8_t { kMain, kMirror };

class Volume {
 public:
  // kNotFound: no UDF there; kCorruptImage, kUnsupported with the reason.
  [[nodiscard]] static Result<Volume> open(BlockReader& reader, Lba session_start, Lba end,
                                           MetadataCopy preferred = MetadataCopy::kMain);

  [[nodiscard]] const std::string& label() const { return label_; }
  // As 0x0250 for 2.50.
  [[nodiscard]] std::uint16_t revision() const { return revision_; }
  [[nodiscard]] system::FileTime recorded() const { return recorded_; }
  [[nodiscard]] Address root() const { return root_; }
  [[nodiscard]] Lba end() const { return end_; }
  // The mirror has blocks of its own.
  [[nodiscard]] bool has_metadata_twice() const { return has_metadata_twice_; }

  // The file entry at an address.
  [[nodiscard]] Result<Entry> entry(Address at);
  // Where its bytes are: in file order, holes among them (kHole). Empty for an entry that holds its
  // bytes itself.
  [[nodiscard]] Result<std::vector<Extent>> extents(const Entry& entry);
  // The bytes themselves. kCorruptImage when there are more than `most`.
  [[nodiscard]] Result<std::vector<std::byte>> content(const Entry& entry, std::uint64_t most);

 private:
  // Descriptors and blocks that are looked at, and extents that are handed out: more than a full
  // disc of 128 GB has in the smallest pieces that programs make, and no more than minutes and some
  // hundred MB.
  static constexpr std::uint64_t kWorkMax = 256'000'000;
  static constexpr std::uint64_t kExtentsMax = 8'000'000;

  struct Partition {
    Lba start;
    BlockCount blocks;
  };
  struct Physical {
    std::uint16_t number = 0;
  };
  struct Sparable {
    std::uint16_t number = 0;
    std::uint32_t packet = 0;                      // blocks
    std::map<std::uint32_t, std::uint32_t> moved;  // first block of a packet -> of the volume
  };
  struct Virtual {
    std::uint16_t number = 0;
    std::vector<std::uint32_t> table;
  };
  struct Metadata {
    std::vector<Extent> file;
    std::vector<std::uint64_t> ends;  // of each extent, in bytes of the file
  };
  using Map = std::variant<Physical, Sparable, Virtual, Metadata>;

  Volume(BlockReader& reader, Lba end, MetadataCopy preferred)
      : reader_(&reader), window_(reader), end_(end), preferred_(preferred) {
    window_.set_end(end);
  }
  [[nodiscard]] Result<std::span<const std::byte>> block(std::int64_t lba);
  [[nodiscard]] Result<std::span<const std::byte>> block(Address at);

  struct Sequence;
  [[nodiscard]] Status read_sequences(Lba session_start);
  [[nodiscard]] Result<Sequence> read_sequence(const ExtentAd& place);
  [[nodiscard]] Status take_over(const Sequence& sequence);
  [[nodiscard]] Status add_map(std::span<const std::byte> map);
  [[nodiscard]] Result<Map> read_sparable(const KnownMap& map);
  [[nodiscard]] Result<Map> read_virtual(const KnownMap& map);
  [[nodiscard]] Result<Map> read_metadata(const KnownMap& map);
  [[nodiscard]] static Metadata with_ends(std::vector<Extent> file);
  using Table = std::vector<std::uint32_t>;
  [[nodiscard]] Result<Table> find_table(std::uint16_t reference);
  [[nodiscard]] Result<Table> read_table(const Entry& entry);
  [[nodiscard]] Result<std::uint16_t> reference_of(std::uint16_t partition_number) const;
  [[nodiscard]] Status read_file_set(const LongAd& place);

  [[nodiscard]] Result<const Partition*> partition(std::uint16_t number) const;
  [[nodiscard]] Status locate(Address at, std::uint64_t bytes, std::vector<Extent>& out);
  [[nodiscard]] Status locate_physical(std::uint16_t number, std::uint32_t block,
                                       std::uint64_t bytes, std::vector<Extent>& out);
  [[nodiscard]] Status locate_in(const Sparable& map, std::uint32_t block, std::uint64_t bytes,
                                 std::vector<Extent>& out);
  [[nodiscard]] Status locate_in(const Virtual& map, std::uint32_t block, std::uint64_t bytes,
                                 std::vector<Extent>& out);
  [[nodiscard]] Status locate_in(const Metadata& map, std::uint32_t block, std::uint64_t bytes,
                                 std::vector<Extent>& out);
  [[nodiscard]] Status locate_in(const Physical& map, std::uint32_t block, std::uint64_t bytes,
                                 std::vector<Extent>& out);
  [[nodiscard]] Status append(std::int64_t lba, std::uint64_t bytes, std::vector<Extent>& out);
  [[nodiscard]] Status spend(std::uint64_t work);

  BlockReader* reader_;
  WindowedReader window_;
  Lba end_;
  MetadataCopy preferred_;
  bool has_metadata_twice_ = false;
  // Of all files together: one whose descriptors are many may have millions of names.
  std::uint64_t work_left_ = kWorkMax;
  std::uint64_t extents_left_ = kExtentsMax;
  std::string label_;
  std::uint16_t revision_ = 0;
  system::FileTime recorded_;
  std::map<std::uint16_t, Partition> partitions_;  // by number
  std::vector<Map> maps_;
  Address root_;
};

}  // namespace pregroove::image::udf
