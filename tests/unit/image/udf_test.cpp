// The UDF beside ISO 9660: what ECMA-167 and UDF 1.02 say of single bytes, at offsets that are
// spelled out here again. That others read the whole is shown in tests/interop.
#include "engine/image/udf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "tests/support/image_files.h"

namespace pregroove::image {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::blocks_of;
using testing_support::tree_of;

using Bytes = std::vector<std::byte>;

std::uint64_t little(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;)
    value = (value << 8U) | std::to_integer<std::uint64_t>(bytes[i]);
  return value;
}
std::string text(std::span<const std::byte> bytes) {
  std::string out;
  for (const std::byte byte : bytes) out += static_cast<char>(byte);
  return out;
}

// ECMA-167 3/7.2.6: "the CRC of the three bytes #70 #6A #77 is #3299".
TEST(Udf, CrcIsTheOneOfTheStandardsExample) {
  EXPECT_EQ(udf::crc_of(std::array{std::byte{0x70}, std::byte{0x6A}, std::byte{0x77}}), 0x3299);
}

TEST(Udf, NamesTakeOneByteForACharacterWhereTheyCan) {
  EXPECT_THAT(udf::compressed("Aé"), ElementsAre(std::byte{8}, std::byte{'A'}, std::byte{0xE9}));
  EXPECT_THAT(udf::compressed("A字"), ElementsAre(std::byte{16}, std::byte{0}, std::byte{'A'},
                                                  std::byte{0x5B}, std::byte{0x57}));
  EXPECT_THAT(udf::compressed("\xFF"), ElementsAre(std::byte{8}, std::byte{'_'}));
  EXPECT_TRUE(udf::compressed("").empty());
}

// ECMA-167 1/7.2.12: the last byte counts the others.
TEST(Udf, DstringsEndWithTheirLength) {
  udf::Bytes<8> field{};
  udf::put_dstring(field, "abc");
  EXPECT_THAT(field, ElementsAre(8, 'a', 'b', 'c', 0, 0, 0, 4));
  udf::put_dstring(field, "much too long");
  EXPECT_THAT(field, ElementsAre(8, 'm', 'u', 'c', 'h', ' ', 't', 7));
  udf::Bytes<8> wide{};
  udf::put_dstring(wide, "字字字字");
  EXPECT_THAT(wide, ElementsAre(16, 0x5B, 0x57, 0x5B, 0x57, 0x5B, 0x57, 7));
}

TEST(Udf, TimesAreInUtc) {
  // 2023-11-14 22:13:20.
  const auto time = udf::timestamp(system::FileTime(std::chrono::seconds(1'700'000'000)));
  const auto bytes = bytes_of(time);
  EXPECT_EQ(little(std::span(bytes).first(2)), 0x1000U) << "local time, no minutes from UTC";
  EXPECT_EQ(little(std::span(bytes).subspan(2, 2)), 2023U);
  EXPECT_EQ(time.month, 11);
  EXPECT_EQ(time.day, 14);
  EXPECT_EQ(time.hour, 22);
  EXPECT_EQ(time.minute, 13);
  EXPECT_EQ(time.second, 20);
}

ImageOptions options_at(std::int32_t start) {
  return {.formats = {.rock_ridge = true, .udf = true},
          .volume_id = "Holiday",
          .created = system::FileTime(std::chrono::seconds(1'700'000'000)),
          .session_start = {start}};
}

class UdfImage : public testing::TestWithParam<std::int32_t> {
 protected:
  void SetUp() override {
    const auto image =
        Image::create(tree_of({{"/a.txt", "content"}, {"/sub/b", "more"}}), options_at(GetParam()));
    ASSERT_TRUE(image.has_value()) << image.error().message;
    blocks_ = blocks_of(*image, 13);
    again_ = blocks_of(*image, 64);
  }
  [[nodiscard]] std::span<const std::byte> block(std::int64_t lba) const {
    return std::span(blocks_).subspan(static_cast<std::size_t>(lba - GetParam()) * kBlockSize,
                                      kBlockSize);
  }
  // 3/7.2: identifier, version, checksum, CRC and location of a descriptor at an address of the
  // volume.
  void expect_tag(std::int64_t lba, std::uint16_t identifier, std::uint32_t location) const {
    const auto tag = block(lba);
    EXPECT_EQ(little(tag.first(2)), identifier) << lba;
    EXPECT_EQ(little(tag.subspan(2, 2)), 2U);
    unsigned sum = 0;
    for (std::size_t i = 0; i < 16; ++i)
      if (i != 4) sum += std::to_integer<unsigned>(tag[i]);
    EXPECT_EQ(std::to_integer<unsigned>(tag[4]), sum & 0xFFU) << lba;
    const auto crc_length = static_cast<std::size_t>(little(tag.subspan(10, 2)));
    EXPECT_EQ(little(tag.subspan(8, 2)), udf::crc_of(tag.subspan(16, crc_length))) << lba;
    EXPECT_EQ(little(tag.subspan(12, 4)), location) << lba;
  }

  Bytes blocks_;
  Bytes again_;
};

// 3/8.4.2.1: anchors at two of LBA 256, the last block, and 256 blocks before it.
TEST_P(UdfImage, HasTwoAnchorsThatLeadToBothSequences) {
  const std::int64_t end = GetParam() + static_cast<std::int64_t>(blocks_.size() / kBlockSize);
  for (const std::int64_t anchor : {std::int64_t{256}, end - 1 - 256}) {
    expect_tag(anchor, 2, static_cast<std::uint32_t>(anchor));
    for (const std::size_t at : {16U, 24U}) {
      EXPECT_GE(little(block(anchor).subspan(at, 4)), 16 * kBlockSize) << "16 blocks at the least";
      const auto first = static_cast<std::int64_t>(little(block(anchor).subspan(at + 4, 4)));
      std::vector<std::uint16_t> sequence;
      for (std::int64_t lba = first; sequence.empty() || sequence.back() != 8; ++lba) {
        sequence.push_back(static_cast<std::uint16_t>(little(block(lba).first(2))));
        expect_tag(lba, sequence.back(), static_cast<std::uint32_t>(lba));
        ASSERT_LT(sequence.size(), 16U);
      }
      EXPECT_THAT(sequence, testing::UnorderedElementsAre(1, 4, 5, 6, 7, 8));
    }
  }
}

// 2/8.3: behind the descriptors of ISO 9660, without a gap.
TEST_P(UdfImage, IsRecognisedByItsThreeDescriptors) {
  std::vector<std::string> identifiers;
  for (std::int64_t lba = GetParam() + 16; block(lba)[6] == std::byte{1}; ++lba)
    identifiers.push_back(text(block(lba).subspan(1, 5)));
  EXPECT_THAT(identifiers, ElementsAre("CD001", "CD001", "CD001", "BEA01", "NSR02", "TEA01"));
}

TEST_P(UdfImage, IsTheSameHoweverItIsRead) { EXPECT_EQ(blocks_, again_); }

// The first session of a CD or a DVD, and that of a disc that is overwritten.
INSTANTIATE_TEST_SUITE_P(Starts, UdfImage, testing::Values(0, 32));

TEST(Udf, IsRefusedInALaterSession) {
  const auto image = Image::create(tree_of({{"/a", "x"}}), options_at(20'000));
  ASSERT_FALSE(image.has_value());
  EXPECT_EQ(image.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(image.error().message, HasSubstr("first session"));
}

TEST(Udf, RefusesANameThatItCannotHoldByItsPath) {
  std::string name;
  for (int i = 0; i < 85; ++i) name += "字";  // 255 bytes, 85 characters: fits
  EXPECT_TRUE(Image::create(tree_of({{"/sub/" + name, "x"}}), options_at(0)).has_value());
  const std::string latin = std::string(253, 'n') + "é";  // 255 bytes, 254 characters
  EXPECT_TRUE(Image::create(tree_of({{"/sub/" + latin, "x"}}), options_at(0)).has_value());
  const std::string wide = std::string(150, 'n') + "字";
  const auto image = Image::create(tree_of({{"/sub/" + wide, "x"}}), options_at(0));
  ASSERT_FALSE(image.has_value());
  EXPECT_EQ(image.error().code, ErrorCode::kBadName);
  EXPECT_THAT(image.error().message, HasSubstr("/sub/nnn"));
}

TEST(Udf, RefusesANameThatIsNotText) {
  const auto image = Image::create(tree_of({{"/sub/\xFF", "x"}}), options_at(0));
  ASSERT_FALSE(image.has_value());
  EXPECT_EQ(image.error().code, ErrorCode::kBadName);
  EXPECT_THAT(image.error().message, HasSubstr("/sub/"));
}

TEST(Udf, IsNoticedByTheImport) {
  for (const bool udf : {false, true}) {
    ImageOptions options = options_at(0);
    options.formats.udf = udf;
    const auto image = Image::create(tree_of({{"/a", "x"}}), options);
    ASSERT_TRUE(image.has_value());
    testing_support::MemoryDisc disc;
    disc.put({0}, blocks_of(*image));
    const auto imported = import_session(disc, {0});
    ASSERT_TRUE(imported.has_value()) << imported.error().message;
    EXPECT_EQ(imported->has_udf, udf);
    EXPECT_EQ(imported->complete, true);
    EXPECT_NE(imported->tree.find_file("/a"), nullptr);
  }
}

TEST(Udf, IsNotThereUnlessItIsAskedFor) {
  ImageOptions options = options_at(0);
  options.formats.udf = false;
  const auto image = Image::create(tree_of({{"/a", "x"}}), options);
  ASSERT_TRUE(image.has_value());
  EXPECT_THAT(text(blocks_of(*image)), testing::Not(HasSubstr("NSR02")));
}

}  // namespace
}  // namespace pregroove::image
