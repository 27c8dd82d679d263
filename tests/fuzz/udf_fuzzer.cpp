// Whatever is on a disc, the UDF reader refuses it or reads it: nothing out of bounds, and it ends.
//
// Input: blocks (sparse_blocks.h). Every descriptor gets a tag that fits it, since no mutation
// would survive a checksum otherwise.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <span>
#include <vector>

#include "engine/image/extract.h"
#include "engine/image/udf.h"
#include "engine/image/udf_import.h"
#include "tests/fuzz/sparse_blocks.h"

namespace {

using namespace pregroove;  // NOLINT(google-build-using-namespace): a program of one file
namespace udf = image::udf;

constexpr std::uint16_t kLastOfVolume = 9;
constexpr std::uint16_t kFirstOfPartition = 256;
constexpr std::uint16_t kLastOfPartition = 266;

// Identifier and place are those of the input, since a place counts from the start of the volume,
// or of a partition, which need not be physical; CRC and checksum follow from the rest.
void seal_again(std::span<std::byte> descriptor) {
  const auto tag = *read_struct<udf::Tag>(descriptor);
  udf::seal(descriptor, static_cast<udf::TagId>(tag.identifier.value()), tag.location.value());
}

// Records of a folder, one behind the other.
void seal_records(std::span<std::byte> block) {
  while (const auto record = read_struct<udf::FileIdentifier>(block)) {
    if (record->tag.identifier.value() != static_cast<std::uint16_t>(udf::TagId::kFileIdentifier))
      return;
    const std::size_t name_begins =
        sizeof(*record) + std::size_t{record->implementation_use_bytes.value()};
    const std::size_t size = (name_begins + record->identifier_bytes + 3) / 4 * 4;
    if (size > block.size()) return;
    seal_again(block.first(size));
    block = block.subspan(size);
  }
}

// Those of a folder that is within its entry come before the entry that they are part of.
void seal_records_of_entry(std::span<std::byte> block) {
  const auto seal = [block]<typename Form>(const Form& form) {
    const std::uint64_t begin = sizeof(Form) + std::uint64_t{form.attribute_bytes.value()};
    if (begin < block.size()) seal_records(block.subspan(static_cast<std::size_t>(begin)));
  };
  const auto id = static_cast<udf::TagId>(read_struct<udf::Tag>(block)->identifier.value());
  if (id == udf::TagId::kFileEntry) seal(*read_struct<udf::FileEntry>(block));
  if (id == udf::TagId::kExtendedFileEntry) seal(*read_struct<udf::ExtendedFileEntry>(block));
}

class InputReader final : public image::BlockReader {
 public:
  explicit InputReader(std::span<const std::byte> input) {
    for (; input.size() >= fuzz::kRecordBytes; input = input.subspan(fuzz::kRecordBytes)) {
      const std::int64_t lba = read_struct<Le32>(input)->value() % fuzz::kMedium.value;
      const auto block = input.subspan(fuzz::kAddressBytes, kBlockSize);
      blocks_[lba].assign(block.begin(), block.end());
    }
    for (auto& [lba, block] : blocks_) seal(block);
  }
  [[nodiscard]] Lba end() const {
    return blocks_.empty() ? Lba{} : Lba{static_cast<std::int32_t>(blocks_.rbegin()->first) + 1};
  }

  Status read(Lba first, std::span<std::byte> whole_blocks) override {
    const BlockCount count = blocks_for_bytes(whole_blocks.size());
    if (first < Lba{0} || first + count > end())
      return fail(ErrorCode::kDevice, "a block beyond the end of the medium was asked for");
    std::ranges::fill(whole_blocks, std::byte{0});
    for (std::int64_t i = 0; i < count.value; ++i) {
      const auto found = blocks_.find(first.value + i);
      if (found != blocks_.end())
        std::ranges::copy(found->second, whole_blocks.begin() +
                                             static_cast<std::ptrdiff_t>(BlockCount{i}.bytes()));
    }
    return {};
  }

 private:
  static void seal(std::span<std::byte> block) {
    const std::uint16_t id = read_struct<udf::Tag>(block)->identifier.value();
    if (id == static_cast<std::uint16_t>(udf::TagId::kFileIdentifier)) return seal_records(block);
    seal_records_of_entry(block);
    if (id <= kLastOfVolume || (id >= kFirstOfPartition && id <= kLastOfPartition))
      seal_again(block);
  }

  std::map<std::int64_t, std::vector<std::byte>> blocks_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint64_t kMost = 1U << 22U;
  InputReader disc(std::as_bytes(std::span(data, size)));
  const auto imported = image::import_udf(
      disc, Lba{0},
      {.medium_end = disc.end(), .entries_max = 20'000, .directory_bytes_max = 1U << 20U});
  if (!imported) return 0;
  std::uint64_t bytes = 0;
  imported->tree.walk([&](std::string_view, const image::File& file) {
    if (bytes > kMost) return;
    (void)image::read_file(disc, file, [&bytes](std::span<const std::byte> piece) -> Status {
      bytes += piece.size();
      if (bytes > kMost) return fail(ErrorCode::kCancelled, "enough");
      return {};
    });
  });
  return 0;
}
