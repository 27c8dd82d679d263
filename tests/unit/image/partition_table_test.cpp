// Partition tables by the offsets of the UEFI specification (chapter 5), spelled out here again.
#include "engine/image/partition_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/image_files.h"

namespace pregroove::image {
namespace {

using testing::HasSubstr;
using testing_support::blocks_of;
using testing_support::bytes_from;
using testing_support::MemoryDisc;
using testing_support::ScratchFolder;
using testing_support::tree_of;

using Bytes = std::vector<std::byte>;
constexpr std::size_t kSector = 512;

std::uint64_t little(const Bytes& bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;)
    value = (value << 8U) | std::to_integer<std::uint64_t>(bytes[at + i]);
  return value;
}
std::string text(const Bytes& bytes, std::size_t at, std::size_t size) {
  std::string result;
  for (std::size_t i = 0; i < size; ++i) result += static_cast<char>(bytes[at + i]);
  return result;
}

// Bit by bit: polynomial 04C11DB7h reflected, as UEFI has it from the CCITT.
std::uint32_t crc_by_bits(const std::string& data) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : data) {
    crc ^= static_cast<std::uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

ImageOptions options_for(PartitionScheme scheme, const std::string& code = std::string(432, 'c')) {
  return {.volume_id = "STICK",
          .created = system::FileTime(std::chrono::seconds(1'700'000'000)),
          .boot = {.files = {{.path = "/bios.bin"},
                             {.platform = BootPlatform::kEfi, .path = "/efi.img"}}},
          .partitions = {.scheme = scheme, .boot_code = bytes_from(code)}};
}

Tree stick_tree() {
  return tree_of({{"/bios.bin", std::string(3000, 'b')}, {"/efi.img", std::string(300'001, 'e')}});
}

Image image_of(const ImageOptions& options) {
  auto image = Image::create(stick_tree(), options);
  if (!image) throw std::runtime_error(image.error().message);
  return *std::move(image);
}

std::uint64_t sector_of(const Image& image, const std::string& path) {
  for (const FilePlacement& placement : image.placements())
    if (placement.path == path)
      return static_cast<std::uint64_t>(placement.extents.at(0).lba.value) * 4;
  ADD_FAILURE() << path;
  return 0;
}
std::uint64_t sectors(const Image& image) { return image.size().bytes() / kSector; }

TEST(MasterBootRecord, CoversTheImageAndTheEfiFile) {
  const Image image = image_of(options_for(PartitionScheme::kMbr));
  const Bytes blocks = blocks_of(image);
  EXPECT_EQ(text(blocks, 0, 432), std::string(432, 'c'));
  EXPECT_EQ(little(blocks, 432, 8), sector_of(image, "/bios.bin"));
  EXPECT_NE(little(blocks, 440, 4), 0U);
  EXPECT_EQ(text(blocks, 510, 2), "\x55\xAA");
  // Active, sector 1 of track 0, the whole image.
  EXPECT_EQ(text(blocks, 446, 4), std::string("\x80\0\1\0", 4));
  EXPECT_EQ(little(blocks, 446 + 4, 1), 0U);  // partitions that count may not overlap
  EXPECT_EQ(little(blocks, 446 + 8, 4), 0U);
  EXPECT_EQ(little(blocks, 446 + 12, 4), sectors(image));
  EXPECT_EQ(little(blocks, 462, 1), 0U);
  EXPECT_EQ(little(blocks, 462 + 4, 1), 0xEFU);
  EXPECT_EQ(little(blocks, 462 + 8, 4), sector_of(image, "/efi.img"));
  EXPECT_EQ(little(blocks, 462 + 12, 4), 147U * 4);
  EXPECT_EQ(text(blocks, 478, 32), std::string(32, '\0'));
  // Whole cylinders of 64 heads and 32 sectors: the last one's last sector ends the image.
  EXPECT_EQ(sectors(image) % (64 * 32), 0U);
  EXPECT_EQ(text(blocks, 446 + 5, 3),
            std::string({63, 32, static_cast<char>(sectors(image) / 2048 - 1)}));
}

TEST(MasterBootRecord, HasOnePartitionWithoutAnEfiFile) {
  ImageOptions options = options_for(PartitionScheme::kMbr);
  options.boot.files.pop_back();
  const Bytes blocks = blocks_of(image_of(options));
  EXPECT_EQ(text(blocks, 446, 5), std::string("\x80\0\1\0\x17", 5));
  EXPECT_EQ(text(blocks, 462, 48), std::string(48, '\0'));
}

TEST(MasterBootRecord, HoldsLongerCodeWithoutAnAddress) {
  const Bytes blocks =
      blocks_of(image_of(options_for(PartitionScheme::kMbr, std::string(440, 'x'))));
  EXPECT_EQ(text(blocks, 0, 440), std::string(440, 'x'));
}

TEST(MasterBootRecord, IsNotInOtherImages) {
  const Bytes blocks = blocks_of(image_of(options_for(PartitionScheme::kNone)));
  EXPECT_EQ(text(blocks, 0, 16 * kBlockSize), std::string(16 * kBlockSize, '\0'));
}

class Gpt : public testing::Test {
 protected:
  // UEFI 5.3.2, a header at this sector.
  void expect_header(std::uint64_t own, std::uint64_t other, std::uint64_t entries) {
    const std::size_t at = own * kSector;
    std::string header = text(blocks_, at, 92);
    EXPECT_EQ(header.substr(0, 16), std::string("EFI PART\0\0\1\0\x5C\0\0\0", 16));
    header.replace(16, 4, 4, '\0');
    EXPECT_EQ(little(blocks_, at + 16, 4), crc_by_bits(header));
    EXPECT_EQ(little(blocks_, at + 24, 8), own);
    EXPECT_EQ(little(blocks_, at + 32, 8), other);
    EXPECT_GE(little(blocks_, at + 40, 8), 34U);
    EXPECT_LT(little(blocks_, at + 48, 8), sectors(image_) - 33);
    EXPECT_EQ(little(blocks_, at + 72, 8), entries);
    EXPECT_EQ(little(blocks_, at + 80, 4), 128U);
    EXPECT_EQ(little(blocks_, at + 84, 4), 128U);
    EXPECT_EQ(little(blocks_, at + 88, 4), crc_by_bits(text(blocks_, entries * kSector, 16384)));
    EXPECT_EQ(text(blocks_, at + 92, kSector - 92), std::string(kSector - 92, '\0'));
  }

  Image image_ = image_of(options_for(PartitionScheme::kGpt));
  Bytes blocks_ = blocks_of(image_);
};

TEST_F(Gpt, StandsAtBothEnds) {
  const std::uint64_t last = sectors(image_) - 1;
  expect_header(1, last, 2);
  expect_header(last, 1, last - 32);
  EXPECT_EQ(text(blocks_, 2 * kSector, 16384), text(blocks_, (last - 32) * kSector, 16384));
}

// UEFI 5.3.3; the GUID is C12A7328-F81F-11D2-BA4B-00A0C93EC93B.
TEST_F(Gpt, ShowsTheEfiFileAsTheSystemPartition) {
  const std::size_t entry = 2 * kSector;
  EXPECT_EQ(text(blocks_, entry, 16), "\x28\x73\x2A\xC1\x1F\xF8\xD2\x11\xBA\x4B" +
                                          std::string(1, '\0') + "\xA0\xC9\x3E\xC9\x3B");
  EXPECT_EQ(little(blocks_, entry + 32, 8), sector_of(image_, "/efi.img"));
  EXPECT_EQ(little(blocks_, entry + 40, 8), sector_of(image_, "/efi.img") + 147U * 4 - 1);
  EXPECT_EQ(text(blocks_, entry + 128, 16384 - 128), std::string(16384 - 128, '\0'));
}

// UEFI 5.2.3.
TEST_F(Gpt, IsProtectedByAnMbr) {
  EXPECT_EQ(text(blocks_, 446, 5), std::string("\0\0\2\0\xEE", 5));
  EXPECT_EQ(little(blocks_, 446 + 8, 4), 1U);
  EXPECT_EQ(little(blocks_, 446 + 12, 4), sectors(image_) - 1);
  EXPECT_EQ(text(blocks_, 462, 48), std::string(48, '\0'));
  EXPECT_EQ(text(blocks_, 0, 432), std::string(432, 'c'));
}

// The volume ends before the second table, and with its mark: it is a whole image of ours.
TEST_F(Gpt, LiesBehindTheVolume) {
  MemoryDisc disc;
  disc.put({0}, blocks_);
  const auto imported = import_session(disc, {0});
  ASSERT_TRUE(imported.has_value()) << imported.error().message;
  EXPECT_EQ(imported->complete, true);
  EXPECT_EQ(imported->volume_size.value * 4, static_cast<std::int64_t>(sectors(image_)) - 36);
  EXPECT_TRUE(testing_support::contents_of(disc, imported->tree).at("/efi.img") ==
              std::string(300'001, 'e'));
}

TEST_F(Gpt, IsTheSameForTheSameImage) {
  EXPECT_TRUE(blocks_of(image_of(options_for(PartitionScheme::kGpt)), 1) == blocks_);
  ImageOptions later = options_for(PartitionScheme::kGpt);
  later.created += std::chrono::seconds(1);
  const Bytes other = blocks_of(image_of(later));
  EXPECT_NE(text(other, kSector + 56, 16), text(blocks_, kSector + 56, 16));
  EXPECT_NE(text(other, 440, 4), text(blocks_, 440, 4));
  // RFC 9562 4: variant and version of both identifiers; the third group lies reversed.
  for (const std::size_t guid : {kSector + 56, 2 * kSector + 16}) {
    EXPECT_EQ(little(blocks_, guid + 7, 1) >> 4U, 8U);
    EXPECT_EQ(little(blocks_, guid + 8, 1) >> 6U, 2U);
  }
}

void expect_refused(const ImageOptions& options, const std::string& reason) {
  const auto image = Image::create(stick_tree(), options);
  ASSERT_FALSE(image.has_value()) << reason;
  EXPECT_EQ(image.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(image.error().message, HasSubstr(reason));
}

TEST(PartitionTable, IsRefusedWhereItCouldNotBoot) {
  ImageOptions later = options_for(PartitionScheme::kMbr);
  later.session_start = {12000};
  expect_refused(later, "12000");
  expect_refused(options_for(PartitionScheme::kMbr, std::string(441, 'x')), "441");
  ImageOptions without_bios = options_for(PartitionScheme::kMbr);
  without_bios.boot.files.erase(without_bios.boot.files.begin());
  expect_refused(without_bios, "BIOS boot file");
  ImageOptions without_efi = options_for(PartitionScheme::kGpt);
  without_efi.boot.files.pop_back();
  expect_refused(without_efi, "EFI boot file");
}

TEST(BootCode, IsReadFromAFileOfTheRightSize) {
  const ScratchFolder folder;
  const auto code = read_boot_code(folder.write("mbr", std::string(440, 'm')));
  ASSERT_TRUE(code.has_value());
  EXPECT_EQ(*code, bytes_from(std::string(440, 'm')));
  for (const std::size_t size : {0U, 441U, 512U}) {
    const std::string path = folder.write("bad", std::string(size, 'm'));
    const auto bad = read_boot_code(path);
    ASSERT_FALSE(bad.has_value()) << size;
    EXPECT_EQ(bad.error().code, ErrorCode::kUnsupported);
    EXPECT_THAT(bad.error().message, HasSubstr(path));
  }
  EXPECT_FALSE(read_boot_code(folder.path("nowhere")).has_value());
}

}  // namespace
}  // namespace pregroove::image
