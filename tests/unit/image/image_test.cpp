// The bytes of an image, checked against ECMA-119's layout by offsets that are spelled out here
// again: what the writer's structs say is not taken for granted.
#include "engine/image/image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <set>

#include "engine/image/names.h"
#include "tests/support/image_files.h"

namespace pregroove::image {
namespace {

using testing::HasSubstr;
using testing_support::blocks_of;
using testing_support::tree_of;

using Bytes = std::vector<std::byte>;

std::uint32_t little(const Bytes& bytes, std::size_t at, std::size_t size = 4) {
  std::uint32_t value = 0;
  for (std::size_t i = size; i-- > 0;)
    value = (value << 8U) | std::to_integer<std::uint32_t>(bytes[at + i]);
  return value;
}
std::uint32_t big(const Bytes& bytes, std::size_t at, std::size_t size = 4) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i)
    value = (value << 8U) | std::to_integer<std::uint32_t>(bytes[at + i]);
  return value;
}
std::string text(const Bytes& bytes, std::size_t at, std::size_t size) {
  std::string result;
  for (std::size_t i = 0; i < size; ++i) result += static_cast<char>(bytes[at + i]);
  return result;
}

constexpr std::size_t kPrimary = 16 * kBlockSize;
constexpr std::size_t kJoliet = 17 * kBlockSize;
constexpr std::size_t kTerminator = 18 * kBlockSize;

ImageOptions options_at(std::int32_t start) {
  return {.volume_id = "Holiday 2024",
          .publisher_id = "A. Publisher",
          .created = system::FileTime(std::chrono::seconds(1'700'000'000)),
          .session_start = {start}};
}

Image image_of(Tree tree, const ImageOptions& options = options_at(0)) {
  auto image = Image::create(std::move(tree), options);
  if (!image) ADD_FAILURE() << image.error().message;
  return *std::move(image);
}

TEST(VolumeDescriptors, StandAtTheFieldsOfEcma119) {
  const Image image = image_of(tree_of({{"/a.txt", "hello"}}));
  const Bytes blocks = blocks_of(image);
  ASSERT_EQ(blocks.size(), image.size().bytes());
  // 8.4.1 to 8.4.3, 8.3
  EXPECT_EQ(text(blocks, kPrimary, 7),
            "\x01"
            "CD001"
            "\x01");
  EXPECT_EQ(text(blocks, kJoliet, 7),
            "\x02"
            "CD001"
            "\x01");
  EXPECT_EQ(text(blocks, kTerminator, 7),
            "\xFF"
            "CD001"
            "\x01");
  // 8.4.6; Joliet: UCS-2 with its escape sequence in BP 89 to 120.
  EXPECT_EQ(text(blocks, kPrimary + 40, 32), "HOLIDAY_2024                    ");
  const Bytes label = joliet_bytes("Holiday 2024    ");
  EXPECT_TRUE(std::equal(label.begin(), label.end(), blocks.begin() + kJoliet + 40));
  EXPECT_EQ(text(blocks, kJoliet + 88, 3), "%/E");
  EXPECT_EQ(text(blocks, kPrimary + 88, 3), std::string(3, '\0'));
  // 8.4.14, 8.4.16, 8.4.18: optional path tables are absent.
  for (const std::size_t descriptor : {kPrimary, kJoliet}) {
    EXPECT_EQ(little(blocks, descriptor + 144), 0U);
    EXPECT_EQ(little(blocks, descriptor + 152), 0U);
    // 8.4.31: file structure version
    EXPECT_EQ(blocks[descriptor + 881], std::byte{1});
  }
  // 8.4.26: 1700000000 is 2023-11-14 22:13:20 UTC.
  EXPECT_EQ(text(blocks, kPrimary + 813, 17), std::string("2023111422132000") + '\0');
}

TEST(VolumeDescriptors, HoldEachNumberInBothByteOrders) {
  const Image image = image_of(tree_of({{"/a.txt", "hello"}, {"/b/c", "x"}}), options_at(12027));
  const Bytes blocks = blocks_of(image);
  for (const std::size_t descriptor : {kPrimary, kJoliet}) {
    // 8.4.8, 8.4.13; 8.4.10 to 8.4.12 are 16 bits; 9.1.3 and 9.1.4 of the root record at BP 157.
    for (const std::size_t at : {80U, 132U, 158U, 166U})
      EXPECT_EQ(little(blocks, descriptor + at), big(blocks, descriptor + at + 4)) << at;
    for (const std::size_t at : {120U, 124U, 128U})
      EXPECT_EQ(little(blocks, descriptor + at, 2), big(blocks, descriptor + at + 2, 2)) << at;
    EXPECT_EQ(little(blocks, descriptor + 128, 2), 2048U);
    EXPECT_EQ(little(blocks, descriptor + 80), static_cast<std::uint32_t>(image.size().value));
    EXPECT_GE(little(blocks, descriptor + 158), 12027U + 19U);
    EXPECT_GE(little(blocks, descriptor + 140), 12027U + 19U);
    EXPECT_GE(big(blocks, descriptor + 148), 12027U + 19U);
  }
}

// ECMA-119 6.9.1: by level, by the parent's number, by name; type M says the same as type L.
TEST(PathTables, ListFoldersByLevelAndParentInBothByteOrders) {
  const Bytes blocks = blocks_of(image_of(
      tree_of({{"/b/a/f", ""}, {"/a/z/f", ""}, {"/a/b/f", ""}, {"/c/f", ""}, {"/a/b/q/f", ""}})));
  const auto size = little(blocks, kPrimary + 132);
  const std::size_t l = std::size_t{little(blocks, kPrimary + 140)} * kBlockSize;
  const std::size_t m = std::size_t{big(blocks, kPrimary + 148)} * kBlockSize;
  std::vector<std::string> names;
  std::vector<std::uint32_t> parents;
  for (std::size_t at = 0; at < size;) {
    const auto length = std::to_integer<std::size_t>(blocks[l + at]);
    EXPECT_EQ(little(blocks, l + at + 2), big(blocks, m + at + 2));
    EXPECT_EQ(little(blocks, l + at + 6, 2), big(blocks, m + at + 6, 2));
    names.push_back(text(blocks, l + at + 8, length));
    parents.push_back(little(blocks, l + at + 6, 2));
    // Each entry's extent begins with the folder's own record (6.8.2.2).
    const std::size_t extent = std::size_t{little(blocks, l + at + 2)} * kBlockSize;
    EXPECT_EQ(little(blocks, extent + 2), little(blocks, l + at + 2));
    at += 8 + length + length % 2;
  }
  EXPECT_THAT(names, testing::ElementsAre(std::string(1, '\0'), "A", "B", "C", "B", "Z", "A", "Q"));
  EXPECT_THAT(parents, testing::ElementsAre(1, 1, 1, 1, 2, 2, 3, 5));
}

// ECMA-119 6.8.1.1, 9.1, 9.3 over every directory that the path tables reach.
TEST(DirectoryRecords, NeverCrossABlockAndAreSortedAndPadded) {
  testing_support::PathsAndContents files;
  for (int i = 0; i < 200; ++i) {
    files[fmt::format("/folder/a file with a rather long name {}.dat", i * 7)] = "x";
    files[fmt::format("/folder/{}/inner", i)] = "";
  }
  const Bytes blocks = blocks_of(image_of(tree_of(files)));
  for (const std::size_t descriptor : {kPrimary, kJoliet}) {
    const std::size_t table = std::size_t{little(blocks, descriptor + 140)} * kBlockSize;
    std::size_t records = 0;
    for (std::size_t at = 0; at < little(blocks, descriptor + 132);) {
      const std::size_t folder = std::size_t{little(blocks, table + at + 2)} * kBlockSize;
      const std::size_t end = folder + little(blocks, folder + 10);
      std::string last;
      for (std::size_t r = folder; r < end;) {
        const auto length = std::to_integer<std::size_t>(blocks[r]);
        if (length == 0) {
          r = (r / kBlockSize + 1) * kBlockSize;
          continue;
        }
        ++records;
        ASSERT_EQ(length % 2, 0U);
        ASSERT_LE(r % kBlockSize + length, kBlockSize);
        ASSERT_EQ(little(blocks, r + 2), big(blocks, r + 6));
        ASSERT_EQ(little(blocks, r + 10), big(blocks, r + 14));
        const std::string name = text(blocks, r + 33, std::to_integer<std::size_t>(blocks[r + 32]));
        if (name.size() > 1 || name[0] > '\x01') {  // not "." and ".."
          ASSERT_LT(last, name);
          last = name;
        }
        r += length;
      }
      const auto id = std::to_integer<std::size_t>(blocks[table + at]);
      at += 8 + id + id % 2;
    }
    // root: 2 + 1; folder: 2 + 400; 200 folders of 2 + 1
    EXPECT_EQ(records, 3U + 402U + 600U);
  }
}

TEST(Image, IsTheSameForTheSameInputHoweverItIsRead) {
  const auto make = [] {
    return image_of(tree_of({{"/z", std::string(5000, 'z')}, {"/a/b", "1"}, {"/empty", ""}}));
  };
  const Bytes whole = blocks_of(make(), 1000);
  EXPECT_EQ(whole, blocks_of(make(), 1));
  EXPECT_EQ(whole, blocks_of(make(), 7));
}

TEST(Image, HasItsSizeBeforeTheFirstByteIsRead) {
  const Tree tree = tree_of({{"/a", std::string(2'000'000, 'a')}});
  const auto measured = Image::measure(tree, options_at(0));
  ASSERT_TRUE(measured.has_value());
  const Image image = image_of(tree_of({{"/a", std::string(2'000'000, 'a')}}));
  EXPECT_EQ(*measured, image.size());
  EXPECT_EQ(image.data_blocks(), blocks_for_bytes(2'000'000));
  EXPECT_EQ(blocks_of(image).size(), image.size().bytes());
}

TEST(Image, EndsWithPaddingAndTheEndMarkAndIsNeverShorterThanATrack) {
  const Image tiny = image_of(tree_of({{"/a", "a"}}));
  EXPECT_EQ(tiny.size(), kTrackBlocksMin);
  const Image large = image_of(tree_of({{"/a", std::string(1'000'000, 'a')}}));
  const Bytes blocks = blocks_of(large);
  const Extent last = large.placements().back().extents.back();
  const BlockCount end_of_data = (last.lba - Lba{0}) + blocks_for_bytes(last.bytes);
  EXPECT_EQ(large.size() - end_of_data, kDefaultTailPadding);
  EXPECT_TRUE(std::all_of(blocks.begin() + static_cast<std::ptrdiff_t>(end_of_data.bytes()),
                          blocks.end() - kBlockSize,
                          [](std::byte b) { return b == std::byte{0}; }));
  EXPECT_TRUE(is_end_mark(std::span(blocks).last(kBlockSize), large.session_start(), large.size()));
}

TEST(Image, PlacesFilesAtAddressesOfTheSession) {
  const Image image = image_of(tree_of({{"/a", std::string(3000, 'a')}, {"/b", "b"}, {"/e", ""}}),
                               options_at(12027));
  const Bytes blocks = blocks_of(image);
  const auto placements = image.placements();
  ASSERT_EQ(placements.size(), 3U);
  for (const FilePlacement& placement : placements) {
    if (placement.path == "/e") {
      EXPECT_TRUE(placement.extents.empty());
      continue;
    }
    const auto at = (placement.extents[0].lba - Lba{12027}).bytes();
    EXPECT_EQ(text(blocks, at, 1), placement.path.substr(1));
  }
}

TEST(Image, GivesEmptyFilesABlockThatNoOtherFileHas) {
  const Image image = image_of(tree_of({{"/full", "x"}, {"/empty", ""}}));
  const Bytes blocks = blocks_of(image);
  const std::size_t root = std::size_t{little(blocks, kPrimary + 158)} * kBlockSize;
  const std::size_t first = root + 34 + 34;  // behind "." and ".."
  ASSERT_EQ(text(blocks, first + 33, 8), "EMPTY.;1");
  const std::size_t second = first + std::to_integer<std::size_t>(blocks[first]);
  EXPECT_EQ(little(blocks, first + 10), 0U);
  EXPECT_GT(little(blocks, first + 2), 19U);
  EXPECT_EQ(little(blocks, first + 2) + 1, little(blocks, second + 2));
}

// ECMA-119 9.1.6 and 6.5.1: sections end at block boundaries; all but the last are flagged.
TEST(Image, SplitsFilesOfMoreThanFourGibibytesIntoSections) {
  constexpr std::uint64_t kSection = 0xFFFFF800;
  Tree tree;
  ASSERT_TRUE(
      tree.add_file("/big", {.content = SourceFile{.leaf = "x", .size = 2 * kSection + 5}}));
  const Image image = image_of(std::move(tree));
  const auto placements = image.placements();
  ASSERT_EQ(placements[0].extents.size(), 3U);
  const Extent& first = placements[0].extents[0];
  EXPECT_EQ(first.bytes, kSection);
  EXPECT_EQ(placements[0].extents[1].lba, first.lba + blocks_for_bytes(kSection));
  EXPECT_EQ(placements[0].extents[2].bytes, 5U);
  // The directories alone: the source does not exist.
  ImageReader reader(image);
  Bytes head(64 * kBlockSize);
  ASSERT_TRUE(
      reader.read(std::span(head).first(static_cast<std::size_t>(first.lba.value) * kBlockSize)));
  std::size_t record = std::size_t{little(head, kPrimary + 158)} * kBlockSize + 68;
  for (const unsigned flags : {0x80U, 0x80U, 0x00U}) {
    EXPECT_EQ(text(head, record + 33, 6), "BIG.;1");
    EXPECT_EQ(std::to_integer<unsigned>(head[record + 25]), flags);
    record += std::to_integer<std::size_t>(head[record]);
  }
}

TEST(Image, RefusesNamesBeforeAnythingIsWritten) {
  const auto image = Image::create(tree_of({{"/folder/what?", ""}}), options_at(0));
  ASSERT_FALSE(image.has_value());
  EXPECT_EQ(image.error().code, ErrorCode::kBadName);
  EXPECT_THAT(image.error().message, HasSubstr("/folder/what?"));
}

TEST(Image, RefusesVolumeNamesThatJolietCannotHold) {
  for (const char* name : {"seventeen letters", "a/b", "caf\xE9"}) {
    ImageOptions options = options_at(0);
    options.volume_id = name;
    const auto image = Image::create(Tree{}, options);
    ASSERT_FALSE(image.has_value()) << name;
    EXPECT_EQ(image.error().code, ErrorCode::kBadName);
  }
}

TEST(Image, IsNamedAfterItsTimeIfItHasNoName) {
  EXPECT_EQ(default_volume_id(system::FileTime(std::chrono::seconds(1'700'000'000))),
            "20231114_2213");
}

TEST(Image, RefusesMoreFoldersThanAPathTableCanNumber) {
  const auto with_folders = [](std::size_t count) {
    Tree tree;
    for (std::size_t i = 0; i < count; ++i)
      EXPECT_TRUE(tree.add_directory(fmt::format("/{:05}", i), {}));
    return Image::measure(tree, options_at(0));
  };
  EXPECT_TRUE(with_folders(65534).has_value());  // and the root
  const auto refused = with_folders(65535);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
}

TEST(Image, RefusesMoreBlocksThanAnAddressCanCount) {
  Tree tree;
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(tree.add_file(
        fmt::format("/{}", i),
        {.content = SourceFile{.leaf = "x", .size = std::uint64_t{1'500'000'000} * kBlockSize}}));
  const auto measured = Image::measure(tree, options_at(0));
  ASSERT_FALSE(measured.has_value());
  EXPECT_EQ(measured.error().code, ErrorCode::kNoRoom);
}

TEST(Image, ReportsRulesOfThePlainTreeThatItStretches) {
  EXPECT_TRUE(image_of(tree_of({{"/2/3/4/5/6/7/8/file", ""}})).warnings().empty());
  const auto deep = image_of(tree_of({{"/2/3/4/5/6/7/8/9/file", ""}})).warnings();
  ASSERT_EQ(deep.size(), 1U);
  EXPECT_THAT(deep[0], HasSubstr("8 levels"));
  const std::string name(60, 'n');
  const auto long_path = image_of(tree_of({{fmt::format("/{0}/{0}/{0}", name), ""}})).warnings();
  ASSERT_EQ(long_path.size(), 1U);
  EXPECT_THAT(long_path[0], HasSubstr("Joliet"));
}

}  // namespace
}  // namespace pregroove::image
