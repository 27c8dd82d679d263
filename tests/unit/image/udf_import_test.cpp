// Reading UDF: partitions of every kind, and volumes that lie. That volumes by others are read
// whole is shown in tests/interop.
#include "engine/image/udf_import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "engine/image/udf_descriptors.h"
#include "tests/support/image_files.h"

namespace pregroove::image {
namespace {

using testing::HasSubstr;
using testing_support::bytes_from;
using testing_support::contents_of;
using testing_support::PathsAndContents;
using udf::TagId;

const PathsAndContents kFiles{
    {"/a.txt", "content"}, {"/sub/b", std::string(5000, 'b')}, {"/sub/deep/c", "cc"}};

// A volume of ours, with descriptors that can be changed.
class UdfVolumeTest : public testing::Test {
 protected:
  UdfVolumeTest() { make(kFiles, {.udf = true}); }
  void make(const PathsAndContents& files, const ImageFormats& formats) {
    const auto image =
        Image::create(testing_support::tree_of(files),
                      {.formats = formats, .volume_id = "Käse", .session_start = {0}});
    ASSERT_TRUE(image.has_value());
    blocks_ = testing_support::blocks_of(*image);
    partition_ = at<udf::Partition>(find(TagId::kPartition)).start.value();
  }

  [[nodiscard]] std::span<std::byte> block(std::size_t lba) {
    return std::span(blocks_).subspan(lba * kBlockSize, kBlockSize);
  }
  template <typename Form>
  [[nodiscard]] Form at(std::size_t lba) {
    return *read_struct<Form>(block(lba));
  }
  [[nodiscard]] std::size_t end() const { return blocks_.size() / kBlockSize; }
  // The n-th block that begins with such a tag, counted from 0.
  [[nodiscard]] std::size_t find(TagId id, int n = 0) {
    for (std::size_t lba = 0; lba < end(); ++lba) {
      const auto tag = at<udf::Tag>(lba);
      const bool found = tag.identifier.value() == static_cast<std::uint16_t>(id) &&
                         (tag.version.value() == 2 || tag.version.value() == 3);
      if (found && n-- == 0) return lba;
    }
    ADD_FAILURE() << "no block with tag " << static_cast<int>(id);
    return 0;
  }
  void seal(std::size_t lba, std::size_t bytes = kBlockSize) {
    const auto tag = at<udf::Tag>(lba);
    udf::seal(block(lba).first(bytes), static_cast<TagId>(tag.identifier.value()),
              tag.location.value());
  }
  template <typename Form>
  void change(std::size_t lba, const std::function<void(Form&)>& how) {
    Form form = at<Form>(lba);
    how(form);
    write_struct(block(lba), 0, form);
    seal(lba);
  }
  template <typename Form>
  void change_all(TagId id, int count, const std::function<void(Form&)>& how) {
    for (int n = 0; n < count; ++n) change<Form>(find(id, n), how);
  }
  // Of the file a.txt.
  [[nodiscard]] std::size_t entry_of_file() {
    for (int n = 0;; ++n) {
      const std::size_t lba = find(TagId::kFileEntry, n);
      if (testing::Test::HasFailure() || at<udf::FileEntry>(lba).bytes.value() == 7) return lba;
    }
  }
  // A block more, of a partition or of the volume.
  std::size_t append(std::span<const std::byte> bytes) {
    blocks_.resize(blocks_.size() + kBlockSize);
    std::ranges::copy(bytes, block(end() - 1).begin());
    return end() - 1;
  }
  void make_partition_as_large_as_the_disc() {
    change_all<udf::Partition>(TagId::kPartition, 2, [&](udf::Partition& partition) {
      partition.blocks = Le32(static_cast<std::uint32_t>(end()) - partition_);
    });
  }
  // A file entry with one extent in the partition.
  std::size_t append_entry(std::uint8_t type, std::uint32_t first, std::uint64_t bytes) {
    udf::FileEntry entry;
    entry.tag = {.identifier = Le16(static_cast<std::uint16_t>(TagId::kFileEntry)),
                 .location = Le32(static_cast<std::uint32_t>(end()) - partition_)};
    entry.type = type;
    entry.bytes = Le64(bytes);
    entry.allocation_bytes = Le32(sizeof(udf::ShortAd));
    const udf::ShortAd ad{.bytes = Le32(static_cast<std::uint32_t>(bytes)), .block = Le32(first)};
    std::vector<std::byte> made(sizeof(entry) + sizeof(ad));
    write_struct(std::span(made), 0, entry);
    write_struct(std::span(made), sizeof(entry), ad);
    const std::size_t lba = append(made);
    seal(lba);
    return lba;
  }
  // Adds a map of type 2, or puts it in the place of the first, in both sequences.
  void add_map(std::string_view identifier, std::span<const std::byte> more, bool instead = false) {
    udf::KnownMap map;
    map.identifier = udf::plain_id(identifier);
    std::ranges::transform(more, map.more.begin(),
                           [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
    for (int n = 0; n < 2; ++n) {
      const std::size_t lba = find(TagId::kLogicalVolume, n);
      const std::size_t first = sizeof(udf::LogicalVolumeHead);
      const std::size_t place = instead ? first : first + sizeof(udf::PhysicalMap);
      write_struct(block(lba), place, map);
      change<udf::LogicalVolumeHead>(lba, [&](udf::LogicalVolumeHead& head) {
        head.maps = Le32(instead ? 1 : 2);
        head.map_bytes = Le32(static_cast<std::uint32_t>(place + sizeof(map) - first));
      });
    }
    make_partition_as_large_as_the_disc();  // of the partition below it
  }
  void put_file_set(std::uint32_t block, std::uint16_t partition) {
    change_all<udf::LogicalVolumeHead>(TagId::kLogicalVolume, 2, [&](udf::LogicalVolumeHead& head) {
      head.file_set.block = Le32(block);
      head.file_set.partition = Le16(partition);
    });
  }
  [[nodiscard]] std::uint32_t file_set() {
    return static_cast<std::uint32_t>(find(TagId::kFileSet)) - partition_;
  }

  Result<Imported> read(ImportOptions options = {}) {
    disc_.put({0}, blocks_);
    options.medium_end = Lba{static_cast<std::int32_t>(end())};
    return import_udf(disc_, {0}, options);
  }
  void expect_read() {
    const auto imported = read();
    ASSERT_TRUE(imported) << imported.error().message;
    EXPECT_EQ(contents_of(disc_, imported->tree), kFiles);
    EXPECT_EQ(imported->volume_id, "Käse");
    EXPECT_EQ(imported->udf_revision, 0x0102);
    EXPECT_TRUE(imported->left_out.empty());
  }
  void expect_refused(std::string_view reason, ErrorCode code = ErrorCode::kCorruptImage) {
    const auto imported = read();
    ASSERT_FALSE(imported);
    EXPECT_EQ(imported.error().code, code);
    EXPECT_THAT(imported.error().message, HasSubstr(std::string(reason)));
  }

  std::vector<std::byte> blocks_;
  std::uint32_t partition_ = 0;
  testing_support::MemoryDisc disc_;
};

TEST_F(UdfVolumeTest, IsRead) { expect_read(); }

TEST_F(UdfVolumeTest, IsReadByItsSecondAnchorAndSequence) {
  std::ranges::fill(block(256), std::byte{});
  std::ranges::fill(block(find(TagId::kLogicalVolume)), std::byte{});
  expect_read();
}

TEST_F(UdfVolumeTest, IsNoneWithoutAnchors) {
  std::ranges::fill(block(256), std::byte{});
  std::ranges::fill(block(end() - 257), std::byte{});
  expect_refused("holds no UDF", ErrorCode::kNotFound);
}

// 4/14.6.8: the bytes in the place of the allocation descriptors.
TEST_F(UdfVolumeTest, HoldsSmallFilesInTheirEntries) {
  const std::size_t lba = entry_of_file();
  change<udf::FileEntry>(lba, [](udf::FileEntry& entry) {
    entry.flags = Le16(3);
    entry.allocation_bytes = Le32(7);
  });
  std::ranges::copy(bytes_from("content"), block(lba).begin() + sizeof(udf::FileEntry));
  seal(lba);
  expect_read();
}

// 4/14.14.1.1: type 3, and an allocation extent descriptor.
TEST_F(UdfVolumeTest, FollowsDescriptorsThatGoOnElsewhere) {
  const std::size_t lba = entry_of_file();
  const auto ad = *read_struct<udf::ShortAd>(block(lba), sizeof(udf::FileEntry));
  udf::AllocationExtent extent{
      .tag = {.identifier = Le16(udf::kTagAllocationExtent),
              .location = Le32(static_cast<std::uint32_t>(end()) - partition_)},
      .bytes = Le32(sizeof(ad))};
  std::vector<std::byte> made(sizeof(extent) + sizeof(ad));
  write_struct(std::span(made), 0, extent);
  write_struct(std::span(made), sizeof(extent), ad);
  const std::size_t more = append(made);
  seal(more);
  const auto place = static_cast<std::uint32_t>(more) - partition_;
  change_all<udf::Partition>(
      TagId::kPartition, 2, [&](udf::Partition& partition) { partition.blocks = Le32(place + 1); });
  const udf::ShortAd next{.bytes = Le32(3U << 30U | kBlockSize), .block = Le32(place)};
  write_struct(block(lba), sizeof(udf::FileEntry), next);
  seal(lba);
  expect_read();

  write_struct(block(more), sizeof(extent), next);  // to itself
  seal(more);
  expect_refused("never end");
}

// UDF 2.60, 2.2.8 and 2.2.11. Only the file set is addressed by the table.
TEST_F(UdfVolumeTest, IsReadThroughAVirtualAllocationTable) {
  std::vector<std::byte> table(152 + 2 * sizeof(Le32));
  write_struct(std::span(table), 0, Le16(152));
  write_struct(std::span(table), 152, Le32(0xFFFFFFFF));
  write_struct(std::span(table), 156, Le32(file_set()));
  const std::size_t lba = append(table);
  append_entry(udf::kTypeVirtualAllocationTable, static_cast<std::uint32_t>(lba) - partition_,
               table.size());
  const std::vector<std::byte> padding(kBlockSize);
  append(padding);
  add_map("*UDF Virtual Partition", {});
  // The tag of what the table leads to counts by the table.
  write_struct(block(find(TagId::kFileSet)), 12, Le32(1));
  seal(find(TagId::kFileSet));
  put_file_set(1, 1);
  expect_read();
  put_file_set(0, 1);
  expect_refused("virtual block 0");
  put_file_set(2, 1);
  expect_refused("virtual block 2");
}

// UDF 1.50, 2.2.10: an identifier behind the table, and where the table before it is. A file of no
// type that lies behind it is none.
TEST_F(UdfVolumeTest, IsReadThroughAnOldVirtualAllocationTable) {
  std::vector<std::byte> table(2 * sizeof(Le32) + sizeof(udf::EntityId) + sizeof(Le32));
  write_struct(std::span(table), 0, Le32(0xFFFFFFFF));
  write_struct(std::span(table), sizeof(Le32), Le32(file_set()));
  write_struct(std::span(table), 2 * sizeof(Le32), udf::plain_id("*UDF Virtual Alloc Tbl"));
  const std::size_t lba = append(table);
  const auto place = static_cast<std::uint32_t>(lba) - partition_;
  const std::size_t entry = append_entry(udf::kTypeUnspecified, place, table.size());
  append_entry(udf::kTypeUnspecified, place, 8);
  add_map("*UDF Virtual Partition", {});
  write_struct(block(find(TagId::kFileSet)), 12, Le32(1));
  seal(find(TagId::kFileSet));
  put_file_set(1, 1);
  expect_read();
  change<udf::FileEntry>(entry, [](udf::FileEntry& form) { form.bytes = Le64(40); });
  expect_refused("no virtual allocation table");
}

// UDF 2.60, 2.2.9 and 2.2.12: packets of 16 blocks; the one with the file set lies elsewhere.
TEST_F(UdfVolumeTest, IsReadThroughASparingTable) {
  const std::uint32_t packet = file_set() / 16 * 16;
  const std::size_t moved = end();
  for (std::uint32_t i = 0; i < 16; ++i) {
    const std::vector<std::byte> copy(block(partition_ + packet + i).begin(),
                                      block(partition_ + packet + i).end());
    append(copy);
    std::ranges::fill(block(partition_ + packet + i), std::byte{0xEE});
  }
  udf::SparingTable table;
  table.tag.location = Le32(static_cast<std::uint32_t>(end()));
  table.identifier = udf::plain_id("*UDF Sparing Table");
  table.entries = Le16(2);
  std::vector<std::byte> made(sizeof(table) + 2 * sizeof(udf::SparedPacket));
  write_struct(std::span(made), 0, table);
  write_struct(std::span(made), sizeof(table),
               udf::SparedPacket{.original = Le32(packet),
                                 .mapped = Le32(static_cast<std::uint32_t>(moved))});
  write_struct(std::span(made), sizeof(table) + sizeof(udf::SparedPacket),
               udf::SparedPacket{.original = Le32(0xFFFFFFFF)});
  const std::size_t lba = append(made);
  seal(lba);
  udf::SparableMap more{.packet = Le16(16), .tables = 2};
  more.places[1] = Le32(static_cast<std::uint32_t>(lba));
  add_map("*UDF Sparable Partition", bytes_of(more), true);
  expect_read();
  block(lba)[0] = std::byte{1};
  expect_refused("sparing tables");
}

// UDF 2.60, 2.2.10: everything from the file set on as blocks of a file, or of its mirror.
TEST_F(UdfVolumeTest, IsReadThroughAMetadataPartition) {
  const std::uint32_t first = file_set();
  const auto count = static_cast<std::uint32_t>(end()) - partition_ - first;
  const std::size_t file = append_entry(udf::kTypeMetadata, first, count * kBlockSize);
  const std::size_t mirror = append_entry(udf::kTypeMetadataMirror, first, count * kBlockSize);
  const auto place = [&](std::size_t lba) {
    return Le32(static_cast<std::uint32_t>(lba) - partition_);
  };
  const udf::MetadataMap more{.file = place(file), .mirror = place(mirror)};
  add_map("*UDF Metadata Partition", bytes_of(more));
  put_file_set(0, 1);
  write_struct(block(find(TagId::kFileSet)), 12, Le32(0));
  seal(find(TagId::kFileSet));
  expect_read();
  std::ranges::fill(block(file), std::byte{});
  expect_read();
  std::ranges::fill(block(mirror), std::byte{});
  expect_refused("file entry");
}

// UDF 2.60, 2.2.13: a mirror with blocks of its own, which are read where the others are damaged.
TEST_F(UdfVolumeTest, IsReadThroughTheMirrorOfItsMetadata) {
  make(kFiles, {.udf_alone = UdfAlone::k250});
  const std::size_t map_at = sizeof(udf::LogicalVolumeHead) + sizeof(udf::PhysicalMap);
  const auto map = *read_struct<udf::KnownMap>(block(find(TagId::kLogicalVolume)), map_at);
  const auto more = *read_struct<udf::MetadataMap>(std::as_bytes(std::span(map.more)));
  const std::size_t ad_at = sizeof(udf::ExtendedFileEntry);
  const auto ad = *read_struct<udf::ShortAd>(block(partition_ + more.file.value()), ad_at);
  const std::size_t main = partition_ + ad.block.value();
  const std::size_t mirror = end();
  const std::size_t count = ad.bytes.value() / kBlockSize;
  ASSERT_GT(count, 8U);
  for (std::size_t i = 0; i < count; ++i)
    append(std::vector<std::byte>(block(main + i).begin(), block(main + i).end()));
  const std::size_t mirror_entry = partition_ + more.mirror.value();
  write_struct(block(mirror_entry), ad_at,
               udf::ShortAd{.bytes = ad.bytes,
                            .block = Le32(static_cast<std::uint32_t>(mirror) - partition_)});
  seal(mirror_entry);
  constexpr std::size_t kFlagsAt = 18;
  for (int n = 0; n < 2; ++n) {
    udf::KnownMap changed = map;
    changed.more[kFlagsAt] = 1;
    const std::size_t lba = find(TagId::kLogicalVolume, n);
    write_struct(block(lba), map_at, changed);
    seal(lba);
  }
  make_partition_as_large_as_the_disc();
  const auto whole = blocks_;
  std::size_t by_mirror = 0;
  for (std::size_t i = 0; i < count; ++i) {
    blocks_ = whole;
    std::ranges::fill(block(main + i), std::byte{0xEE});
    const auto imported = read();
    ASSERT_TRUE(imported) << i << ": " << imported.error().message;
    EXPECT_EQ(contents_of(disc_, imported->tree), kFiles) << i;
    if (imported->left_out.empty()) continue;
    EXPECT_THAT(imported->left_out, testing::ElementsAre(HasSubstr("mirror")));
    ++by_mirror;
  }
  // The file set, three folders and their records, and the entries of three files.
  EXPECT_EQ(by_mirror, 1U + 3U + 3U + 3U);
  blocks_ = whole;
  std::ranges::fill(block(main), std::byte{0xEE});
  std::ranges::fill(block(mirror), std::byte{0xEE});
  expect_refused("file set");
}

// UDF 2.60, 2.2.10: a metadata partition may lie in a sparable one.
TEST_F(UdfVolumeTest, IsReadThroughAMetadataPartitionInASparableOne) {
  make(kFiles, {.udf_alone = UdfAlone::k250});
  udf::SparingTable table;
  table.tag.location = Le32(static_cast<std::uint32_t>(end()));
  table.identifier = udf::plain_id("*UDF Sparing Table");
  const std::size_t lba = append(bytes_of(table));
  seal(lba);
  udf::SparableMap more{.packet = Le16(16), .tables = 1};
  more.places[0] = Le32(static_cast<std::uint32_t>(lba));
  udf::KnownMap sparable;
  sparable.identifier = udf::plain_id("*UDF Sparable Partition");
  std::ranges::transform(bytes_of(more), sparable.more.begin(),
                         [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
  const std::size_t first = sizeof(udf::LogicalVolumeHead);
  for (int n = 0; n < 2; ++n) {
    const std::size_t volume = find(TagId::kLogicalVolume, n);
    const auto metadata =
        *read_struct<udf::KnownMap>(block(volume), first + sizeof(udf::PhysicalMap));
    write_struct(block(volume), first, sparable);
    write_struct(block(volume), first + sizeof(sparable), metadata);
    change<udf::LogicalVolumeHead>(
        volume, [](udf::LogicalVolumeHead& head) { head.map_bytes = Le32(2 * sizeof(sparable)); });
  }
  const auto imported = read();
  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_EQ(contents_of(disc_, imported->tree), kFiles);
}

// Many names of one file whose extents are many; nothing else is wrong with it.
TEST_F(UdfVolumeTest, IsRefusedWhenItsExtentsWouldFillTheMemory) {
  PathsAndContents files;
  for (int i = 0; i < 1000; ++i) files[fmt::format("/{}", i)] = "content";
  make(files, {.udf = true});
  constexpr std::uint32_t kInABlock = 250;
  constexpr std::uint32_t kBlocks = 40;
  const auto first = static_cast<std::uint32_t>(end()) - partition_;
  for (std::uint32_t b = 0; b < kBlocks; ++b) {
    udf::AllocationExtent extent{
        .tag = {.identifier = Le16(udf::kTagAllocationExtent), .location = Le32(first + b)},
        .bytes = Le32((kInABlock + 1) * sizeof(udf::ShortAd))};
    std::vector<std::byte> made(sizeof(extent) + (kInABlock + 1) * sizeof(udf::ShortAd));
    write_struct(std::span(made), 0, extent);
    for (std::uint32_t i = 0; i < kInABlock; ++i)
      write_struct(std::span(made), sizeof(extent) + i * sizeof(udf::ShortAd),
                   udf::ShortAd{.bytes = Le32(kBlockSize), .block = Le32(2 * i)});
    write_struct(std::span(made), sizeof(extent) + kInABlock * sizeof(udf::ShortAd),
                 udf::ShortAd{.bytes = Le32(3U << 30U | kBlockSize), .block = Le32(first + b + 1)});
    seal(append(made));
  }
  make_partition_as_large_as_the_disc();
  for (std::size_t lba = 0; lba < end(); ++lba) {
    if (at<udf::Tag>(lba).identifier.value() != static_cast<std::uint16_t>(TagId::kFileEntry) ||
        at<udf::FileEntry>(lba).bytes.value() != 7)
      continue;
    write_struct(block(lba), sizeof(udf::FileEntry),
                 udf::ShortAd{.bytes = Le32(3U << 30U | kBlockSize), .block = Le32(first)});
    change<udf::FileEntry>(lba, [](udf::FileEntry& entry) {
      entry.bytes = Le64(std::uint64_t{kBlocks} * kInABlock * kBlockSize);
    });
  }
  expect_refused("unreasonably many extents");
}

TEST_F(UdfVolumeTest, IsRefusedWhenItWouldHoldTooMuch) {
  EXPECT_TRUE(read({.held_bytes_max = 200}));
  const auto by_path = read({.held_bytes_max = 10});
  ASSERT_FALSE(by_path);
  EXPECT_THAT(by_path.error().message, HasSubstr("unreasonably many"));
  const std::size_t lba = entry_of_file();
  change<udf::FileEntry>(lba, [](udf::FileEntry& entry) {
    entry.flags = Le16(3);
    entry.bytes = Le64(300);
    entry.allocation_bytes = Le32(300);
  });
  EXPECT_TRUE(read());
  const auto by_content = read({.held_bytes_max = 200});
  ASSERT_FALSE(by_content);
  EXPECT_THAT(by_content.error().message, HasSubstr("unreasonably many"));
}

TEST_F(UdfVolumeTest, IsRefusedWhenAFolderIsLargerThanTheDisc) {
  const std::uint32_t set = file_set();
  const std::uint32_t root = at<udf::FileSet>(partition_ + set).root.block.value();
  const std::size_t lba = partition_ + root;
  constexpr std::uint32_t kSize = 128U << 20U;
  write_struct(block(lba), sizeof(udf::FileEntry),
               udf::ShortAd{.bytes = Le32(2U << 30U | kSize)});  // a hole
  change<udf::FileEntry>(lba, [](udf::FileEntry& entry) { entry.bytes = Le64(kSize); });
  expect_refused("larger than the disc");
}

TEST_F(UdfVolumeTest, IsRefusedWhenAFolderLeadsBack) {
  const auto root = at<udf::FileSet>(find(TagId::kFileSet)).root.block;
  const std::size_t folder = find(TagId::kFileIdentifier);
  // Behind the record of the parent: a.txt, then sub.
  std::size_t offset = udf::file_identifier_bytes(0);
  for (;;) {
    auto record = *read_struct<udf::FileIdentifier>(block(folder), offset);
    const std::size_t size = udf::file_identifier_bytes(record.identifier_bytes);
    if ((record.characteristics & udf::kIsDirectory) == 0) {
      offset += size;
      continue;
    }
    record.entry.block = root;
    write_struct(block(folder), offset, record);
    udf::seal(block(folder).subspan(offset, size), TagId::kFileIdentifier,
              record.tag.location.value());
    break;
  }
  expect_refused("leads back");
}

TEST_F(UdfVolumeTest, IsRefusedWhenAnEntryLies) {
  using Entry = udf::FileEntry;
  const std::size_t lba = entry_of_file();
  const std::vector<std::byte> before(block(lba).begin(), block(lba).end());
  const auto expect = [&](std::string_view reason, const std::function<void(Entry&)>& how,
                          ErrorCode code = ErrorCode::kCorruptImage) {
    change<Entry>(lba, how);
    expect_refused(reason, code);
    std::ranges::copy(before, block(lba).begin());
  };
  expect("ends within a block", [](Entry& entry) { entry.bytes = Le64(1U << 20U); });
  expect("longer than its extents", [](Entry& entry) { entry.allocation_bytes = Le32(0); });
  expect("longer than its block", [](Entry& entry) { entry.allocation_bytes = Le32(2000); });
  expect("longer than its block", [](Entry& entry) { entry.attribute_bytes = Le32(0xFFFFFFF0); });
  expect("type 99", [](Entry& entry) { entry.type = 99; });
  expect("disagree", [](Entry& entry) { entry.type = udf::kTypeDirectory; });
  expect(
      "strategy 4096", [](Entry& entry) { entry.strategy = Le16(4096); }, ErrorCode::kUnsupported);
  expect(
      "extended", [](Entry& entry) { entry.flags = Le16(2); }, ErrorCode::kUnsupported);
  const auto expect_extent = [&](std::string_view reason, std::uint32_t first) {
    write_struct(block(lba), sizeof(Entry), udf::ShortAd{.bytes = Le32(7), .block = Le32(first)});
    seal(lba);
    expect_refused(reason);
    std::ranges::copy(before, block(lba).begin());
  };
  expect_extent("outside", 0x7FFFFFFF);
  expect_extent("outside", 0xFFFFFFFF);
  expect_extent("overlap", static_cast<std::uint32_t>(find(TagId::kFileIdentifier)) - partition_);
  expect_read();
}

TEST_F(UdfVolumeTest, IsRefusedWhenItsHeadLies) {
  using Head = udf::LogicalVolumeHead;
  const auto blocks = blocks_;
  const auto expect = [&](std::string_view reason, const std::function<void(Head&)>& how,
                          ErrorCode code = ErrorCode::kCorruptImage) {
    change_all<Head>(TagId::kLogicalVolume, 2, how);
    expect_refused(reason, code);
    blocks_ = blocks;
  };
  expect(
      "512", [](Head& head) { head.block_size = Le32(512); }, ErrorCode::kUnsupported);
  expect(
      "not of UDF", [](Head& head) { head.domain = {}; }, ErrorCode::kUnsupported);
  expect(
      "UDF 3.00",
      [](Head& head) {
        head.domain.suffix[1] = 3;
        head.domain.suffix[0] = 0;
      },
      ErrorCode::kUnsupported);
  expect("maps", [](Head& head) { head.maps = Le32(0xFFFFFFFF); });
  expect("missing", [](Head& head) { head.maps = Le32(3); });
  expect("cut off", [](Head& head) { head.map_bytes = Le32(4); });
  expect("not described", [](Head& head) { head.file_set.partition = Le16(7); });
  expect("outside", [](Head& head) { head.file_set.block = Le32(0xFFFFFFFF); });
  expect("file set", [](Head& head) { head.file_set.block = Le32(0); });
}

// A disc that is cut off anywhere is refused, and nothing is read beyond it.
TEST_F(UdfVolumeTest, IsRefusedWhenItIsCutOff) {
  const auto blocks = blocks_;
  for (std::size_t left = 17; left + 300 < blocks.size() / kBlockSize; left += 7) {
    blocks_.assign(blocks.begin(), blocks.begin() + static_cast<std::ptrdiff_t>(left * kBlockSize));
    EXPECT_FALSE(read()) << left;
  }
}

TEST(UdfDescriptors, TimesAndModes) {
  udf::Timestamp time = udf::timestamp(system::FileTime(std::chrono::seconds(1'700'000'000)));
  EXPECT_EQ(udf::time_of(time).time_since_epoch().count(), 1'700'000'000);
  time.type_and_zone = Le16(0x1000 | 60);  // an hour east
  EXPECT_EQ(udf::time_of(time).time_since_epoch().count(), 1'700'000'000 - 3600);
  time.type_and_zone = Le16(0x1000 | (0x1000 - 60));  // west
  EXPECT_EQ(udf::time_of(time).time_since_epoch().count(), 1'700'000'000 + 3600);
  time.type_and_zone = Le16(0x1000 | 0x801);  // 1/7.3.1: not specified
  EXPECT_EQ(udf::time_of(time).time_since_epoch().count(), 1'700'000'000);
  time.month = 13;
  EXPECT_EQ(udf::time_of(time), system::FileTime{});
  // 4/14.9.5: execute, write, read of others, group, owner; 4/14.6.8: bits 6 to 8.
  EXPECT_EQ(udf::mode_of(0x0001 | 0x0002 << 5 | 0x0004 << 10, 0), 0421);
  EXPECT_EQ(udf::mode_of(0x7FFF, 0x0140), 05777);
}

TEST(UdfDescriptors, CompressedNamesThatAreNone) {
  const auto expanded = [](std::initializer_list<unsigned char> bytes) {
    const std::vector<unsigned char> copy(bytes);
    return udf::expanded(std::as_bytes(std::span(copy)));
  };
  EXPECT_EQ(expanded({8, 'a', 0xE9}), "aé");
  EXPECT_EQ(expanded({16, 0x5B, 0x57}), "字");
  EXPECT_EQ(expanded({16, 0x5B}), std::nullopt);
  EXPECT_EQ(expanded({16, 0xD8, 0x00}), std::nullopt) << "half a surrogate pair";
  EXPECT_EQ(expanded({254, 'a'}), std::nullopt);
  EXPECT_EQ(expanded({}), "");
}

}  // namespace
}  // namespace pregroove::image
