// A ready image is read once, block by block; what happens to its file meanwhile is reported.
#include "engine/image/ready_image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "tests/support/scratch_folder.h"

namespace pregroove::image {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::size_t kBlocks = 40;
constexpr std::size_t kHalf = kBlocks / 2 * kBlockSize;

class ReadyImageTest : public testing::Test {
 protected:
  [[nodiscard]] static std::vector<std::byte> read(ReadyImage& image, std::size_t size) {
    std::vector<std::byte> blocks(size, std::byte{0xEE});
    EXPECT_EQ(image.read(blocks), size);
    return blocks;
  }
  // Opens the image, reads half of it, lets something happen to the file, and reads the rest.
  template <typename Happening>
  void read_while(Happening happens) {
    auto image = ReadyImage::open(file_);
    ASSERT_TRUE(image.has_value()) << image.error().message;
    ASSERT_EQ(image->size(), BlockCount{kBlocks});
    first_half_ = read(*image, kHalf);
    happens();
    second_half_ = read(*image, kHalf);
    problems_ = image->problems();
  }

  testing_support::ScratchFolder folder_;
  std::string file_ = folder_.write("image.bin", std::string(kBlocks* kBlockSize, 'x'));
  std::vector<std::byte> first_half_;
  std::vector<std::byte> second_half_;
  std::vector<Error> problems_;
};

TEST_F(ReadyImageTest, IsReadWithoutAProblemWhenNothingHappens) {
  read_while([] {});
  EXPECT_THAT(problems_, IsEmpty());
  EXPECT_TRUE(std::ranges::all_of(second_half_, [](std::byte b) { return b == std::byte{'x'}; }));
}

TEST_F(ReadyImageTest, WhatTheFileLostIsZerosAndReported) {
  read_while([&] { std::filesystem::resize_file(file_, kHalf + kBlockSize); });
  ASSERT_THAT(problems_, SizeIs(1));
  EXPECT_EQ(problems_.front().code, ErrorCode::kSourceChanged);
  EXPECT_THAT(problems_.front().message, HasSubstr("became shorter"));
  const auto held = std::span(second_half_).first(kBlockSize);
  const auto lost = std::span(second_half_).subspan(kBlockSize);
  EXPECT_TRUE(std::ranges::all_of(held, [](std::byte b) { return b == std::byte{'x'}; }));
  EXPECT_TRUE(std::ranges::all_of(lost, [](std::byte b) { return b == std::byte{0}; }));
}

TEST_F(ReadyImageTest, WhatTheFileGainedIsLeftOutAndReported) {
  read_while([&] { std::ofstream(file_, std::ios::app) << "more"; });
  ASSERT_THAT(problems_, SizeIs(1));
  EXPECT_EQ(problems_.front().code, ErrorCode::kSourceChanged);
  EXPECT_THAT(problems_.front().message, HasSubstr("was changed"));
}

}  // namespace
}  // namespace pregroove::image
