// The table of checksums at the offsets that checksums.h documents, spelled out here again.
#include "engine/image/checksums.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/image_files.h"

namespace pregroove::image {
namespace {

using testing::HasSubstr;
using testing_support::blocks_of;
using testing_support::MemoryDisc;
using testing_support::PathsAndContents;
using testing_support::ScratchFolder;
using testing_support::tree_of;

using Bytes = std::vector<std::byte>;

std::string hex(std::span<const std::byte> bytes) {
  std::string text;
  for (const std::byte byte : bytes) text += fmt::format("{:02x}", std::to_integer<int>(byte));
  return text;
}

std::uint64_t big(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (const std::byte byte : bytes) value = (value << 8U) | std::to_integer<std::uint64_t>(byte);
  return value;
}

// FIPS 180-2, appendix B.1, and RFC 1321, A.5.
constexpr const char* kSha256OfAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* kMd5OfAbc = "900150983cd24fb0d6963f7d28e17f72";

Bytes abc() { return testing_support::bytes_from("abc"); }

TEST(Digest, IsTheStandards) {
  Digest<Sha256Sum> sha256;
  sha256.update(abc());
  EXPECT_EQ(hex(sha256.finish()), kSha256OfAbc);
  Digest<Md5Sum> md5;
  md5.update(abc());
  EXPECT_EQ(hex(md5.finish()), kMd5OfAbc);
}

TEST(Digest, BeginsAnewWhenItIsFinished) {
  Digest<Sha256Sum> digest;
  digest.update(testing_support::bytes_from("something else"));
  (void)digest.finish();
  digest.update(abc());
  EXPECT_EQ(hex(digest.finish()), kSha256OfAbc);
}

ImageOptions options_at(std::int32_t start, std::optional<ChecksumPlace> previous = {}) {
  return {.volume_id = "SUMS",
          .created = system::FileTime(std::chrono::seconds(1'700'000'000)),
          .session_start = {start},
          .checksums = {.stored = true, .previous = previous}};
}

Bytes image_of(Tree tree, const ImageOptions& options) {
  const auto image = Image::create(std::move(tree), options);
  if (!image) ADD_FAILURE() << image.error().message;
  return image ? blocks_of(*image, 7) : Bytes{};
}

// As the last block says.
ChecksumPlace place_in(const Bytes& blocks) {
  const auto mark = std::span(blocks).last(kBlockSize);
  return {.lba = {static_cast<std::int32_t>(big(mark.subspan(24, 4)))},
          .blocks = {static_cast<std::int64_t>(big(mark.subspan(28, 4)))}};
}

TEST(ChecksumTable, StandsWhereTheEndMarkSaysAtTheOffsetsOfItsHeader) {
  constexpr std::int32_t kStart = 5000;
  const Bytes blocks = image_of(tree_of({{"/a.txt", "abc"}, {"/empty", ""}}), options_at(kStart));
  const ChecksumPlace place = place_in(blocks);
  ASSERT_EQ(place.blocks, BlockCount{1});
  const auto table = std::span(blocks).subspan(
      static_cast<std::size_t>((place.lba - Lba{kStart}).bytes()), kBlockSize);
  EXPECT_EQ(hex(table.first(16)), hex(testing_support::bytes_from("PREGROOVE-SHA256")));
  EXPECT_EQ(big(table.subspan(16, 4)), 2U) << "the folders, and one file with content";
  EXPECT_EQ(big(table.subspan(20, 12)), 0U);
  Digest<Sha256Sum> digest;
  digest.update(table.subspan(64, 96));
  EXPECT_EQ(hex(table.subspan(32, 32)), hex(digest.finish()));

  const auto folders = table.subspan(64, 48);
  const auto folders_at = static_cast<std::size_t>(big(folders.first(4)) - kStart) * kBlockSize;
  digest.update(std::span(blocks).subspan(folders_at, big(folders.subspan(4, 8))));
  EXPECT_EQ(hex(folders.subspan(16)), hex(digest.finish()));

  const auto file = table.subspan(112, 48);
  const auto file_at = static_cast<std::size_t>(big(file.first(4)) - kStart) * kBlockSize;
  EXPECT_EQ(hex(std::span(blocks).subspan(file_at, 3)), "616263");
  EXPECT_EQ(big(file.subspan(4, 8)), 3U);
  EXPECT_EQ(big(file.subspan(12, 4)), 0U);
  EXPECT_EQ(hex(file.subspan(16)), kSha256OfAbc);
}

// Behind UDF's second anchor while it fits there, and before it when it does not.
TEST(ChecksumTable, IsFoundBesideUdf) {
  for (const int count : {10, 12'000}) {
    PathsAndContents files;
    for (int i = 0; i < count; ++i) files[fmt::format("/{}", i)] = "x";
    ImageOptions options = options_at(0);
    options.formats.udf = true;
    Bytes blocks = image_of(tree_of(files), options);
    const ChecksumPlace place = place_in(blocks);
    MemoryDisc disc;
    disc.put({0}, std::move(blocks));
    const auto table = read_checksum_table(disc, place);
    ASSERT_TRUE(table.has_value()) << table.error().message;
    EXPECT_EQ(table->records.size(), static_cast<std::size_t>(count) + 1);
  }
}

TEST(ChecksumTable, IsNotThereUnlessItIsAskedFor) {
  ImageOptions options = options_at(0);
  options.checksums.stored = false;
  const Bytes blocks = image_of(tree_of({{"/a.txt", "abc"}}), options);
  EXPECT_EQ(place_in(blocks).blocks, BlockCount{0});
}

// Everything of the two images but table and mark is the same, so that the shorter is a beginning.
TEST(ChecksumTable, OfManyFilesMakesTheImageLonger) {
  PathsAndContents files;
  for (int i = 0; i < 10'000; ++i) files[fmt::format("/{}", i)] = "x";
  const Bytes blocks = image_of(tree_of(files), options_at(0));
  const ChecksumPlace place = place_in(blocks);
  EXPECT_EQ(place.blocks, blocks_for_bytes(64 + 48 * 10'001));
  EXPECT_EQ((place.lba + place.blocks) - Lba{0},
            BlockCount{static_cast<std::int64_t>(blocks.size() / kBlockSize - 1)});
  MemoryDisc disc;
  disc.put({0}, blocks);
  const auto imported = import_session(disc, {0});
  ASSERT_TRUE(imported.has_value());
  EXPECT_EQ(imported->complete, true);
  EXPECT_EQ(imported->checksums, place);
  EXPECT_EQ(imported->tree.count().files, 10'000U);
}

class TwoSessions : public testing::Test {
 protected:
  static constexpr std::int32_t kSecond = 20'000;
  void SetUp() override {
    Bytes first = image_of(tree_of({{"/old", "abc"}}), options_at(0));
    first_ = place_in(first);
    disc_.put({0}, std::move(first));
    auto imported = import_session(disc_, {0});
    ASSERT_TRUE(imported.has_value());
    ASSERT_TRUE(imported->tree.merge(tree_of({{"/new", "more"}}), Overwrite::kYes));
    tree_ = std::move(imported->tree);
    put_second(first_);
  }
  void put_second(ChecksumPlace previous) {
    Bytes second = image_of(tree_, options_at(kSecond, previous));
    second_ = place_in(second);
    disc_.put({kSecond}, std::move(second));
  }
  [[nodiscard]] Extent extent_of(const std::string& path) {
    const auto imported = import_session(disc_, {kSecond});
    const File* file = imported ? imported->tree.find_file(path) : nullptr;
    if (file != nullptr) return std::get<OldExtents>(file->content).extents.at(0);
    ADD_FAILURE() << path;
    return {};
  }

  MemoryDisc disc_;
  Tree tree_;
  ChecksumPlace first_;
  ChecksumPlace second_;
};

TEST_F(TwoSessions, AreReadFromTheNewestBack) {
  const auto stored = StoredChecksums::read(disc_, second_);
  EXPECT_FALSE(stored.problem().has_value());
  for (const char* path : {"/old", "/new"}) {
    const Extent extent = extent_of(path);
    EXPECT_NE(stored.find(extent.lba, extent.bytes), nullptr) << path;
    EXPECT_EQ(stored.find(extent.lba, extent.bytes + 1), nullptr) << "another length";
  }
  const auto* old = stored.find(extent_of("/old").lba, 3);
  ASSERT_NE(old, nullptr);
  EXPECT_EQ(hex(old->sum), kSha256OfAbc);
  ASSERT_NE(stored.folders(), nullptr);
  EXPECT_GE(stored.folders()->lba, Lba{kSecond}) << "those of the newest session";
}

TEST_F(TwoSessions, KeepWhatIsNewerThanWhatIsDamaged) {
  const auto whole = StoredChecksums::read(disc_, second_);
  disc_.put({first_.lba}, Bytes(kBlockSize));
  Bytes first = image_of(tree_of({{"/old", "abd"}}), options_at(0));
  MemoryDisc damaged;
  Bytes second(static_cast<std::size_t>(second_.blocks.bytes()));
  ASSERT_TRUE(disc_.read(second_.lba, second));
  damaged.put(second_.lba, second);
  damaged.put(first_.lba, Bytes(kBlockSize));
  const auto stored = StoredChecksums::read(damaged, second_);
  ASSERT_TRUE(stored.problem().has_value());
  EXPECT_EQ(stored.problem()->code, ErrorCode::kCorruptImage);
  const Extent fresh = extent_of("/new");
  EXPECT_NE(stored.find(fresh.lba, fresh.bytes), nullptr);
}

// A table that names itself, or one behind it, would be read for ever.
TEST_F(TwoSessions, NeverReadForwards) {
  for (const Lba lba : {second_.lba, second_.lba + BlockCount{10}}) {
    put_second({.lba = lba, .blocks = {1}});
    const auto stored = StoredChecksums::read(disc_, second_);
    ASSERT_TRUE(stored.problem().has_value());
    EXPECT_THAT(stored.problem()->message, HasSubstr("not before them"));
  }
}

TEST(ChecksumTable, IsRefusedWhenAByteOfItIsAnother) {
  const Bytes blocks = image_of(tree_of({{"/a.txt", "abc"}}), options_at(0));
  const ChecksumPlace place = place_in(blocks);
  for (const std::size_t at : {0U, 16U, 40U, 64U, 70U, 130U}) {
    Bytes damaged = blocks;
    damaged[static_cast<std::size_t>((place.lba - Lba{0}).bytes()) + at] ^= std::byte{0x10};
    MemoryDisc disc;
    disc.put({0}, std::move(damaged));
    const auto table = read_checksum_table(disc, place);
    ASSERT_FALSE(table.has_value()) << at;
    EXPECT_EQ(table.error().code, ErrorCode::kCorruptImage);
  }
}

TEST(ChecksumTable, TellsOfAFileThatWasNotWhatItHadBeen) {
  const ScratchFolder folder;
  folder.write("file", "to be shortened");
  const auto status = system::status_of(folder.path("file"), system::FollowLinks::kNo);
  ASSERT_TRUE(status.has_value());
  Tree tree;
  ASSERT_TRUE(tree.add_file(
      "/file",
      {.content = SourceFile{.folder = std::make_shared<const std::string>(folder.path("")),
                             .leaf = "file",
                             .size = status->size,
                             .modified = status->modified,
                             .inode = status->inode}}));
  const auto image = Image::create(std::move(tree), options_at(0));
  ASSERT_TRUE(image.has_value());
  std::filesystem::resize_file(folder.path("file"), 3);
  Bytes blocks = blocks_of(*image);
  MemoryDisc disc;
  const ChecksumPlace place = place_in(blocks);
  disc.put({0}, std::move(blocks));
  const auto table = read_checksum_table(disc, place);
  ASSERT_TRUE(table.has_value());
  ASSERT_EQ(table->records.size(), 2U);
  EXPECT_TRUE(table->records[0].whole);
  EXPECT_FALSE(table->records[1].whole);
}

}  // namespace
}  // namespace pregroove::image
