#include "engine/system/file.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>

namespace pregroove::system {
namespace {

std::string scratch(const std::string& name) {
  return (std::filesystem::path(testing::TempDir()) / ("pregroove_file_test_" + name)).string();
}

TEST(File, ReadsBackWhatWasWrittenAndStopsAtTheEnd) {
  const std::string path = scratch("readback");
  auto file = File::create_or_truncate(path);
  ASSERT_TRUE(file.has_value());
  const std::array data{std::byte{1}, std::byte{2}, std::byte{3}};
  ASSERT_TRUE(file->write_at(5, data).has_value());
  std::array<std::byte, 10> buffer{};
  const auto count = file->read_at(4, buffer);
  ASSERT_TRUE(count.has_value());
  EXPECT_EQ(*count, 4U);
  EXPECT_EQ(buffer[1], std::byte{1});
  ASSERT_TRUE(remove_file(path).has_value());
}

TEST(File, SecondHolderOfTheLockIsTurnedAway) {
  const std::string path = scratch("lock");
  auto first = File::create_or_truncate(path);
  auto second = File::open_for_update(path);
  ASSERT_TRUE(first && second);
  ASSERT_TRUE(first->lock_exclusively().has_value());
  const auto refused = second->lock_exclusively();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kBusy);
  ASSERT_TRUE(remove_file(path).has_value());
}

TEST(File, NamesThePathThatCannotBeOpened) {
  const auto file = File::open_for_reading("/nonexistent/name");
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().code, ErrorCode::kNotFound);
  EXPECT_NE(file.error().message.find("/nonexistent/name"), std::string::npos);
}

TEST(PunchHole, ForgetsTheDataAndKeepsTheSize) {
  const std::string path = scratch("hole");
  auto file = File::create_or_truncate(path);
  ASSERT_TRUE(file.has_value());
  const std::vector<std::byte> data(3 * 4096, std::byte{0xEE});
  ASSERT_TRUE(file->write_at(0, data).has_value());
  ASSERT_TRUE(file->punch_hole(4096, 4096).has_value());
  std::vector<std::byte> read(data.size());
  ASSERT_EQ(*file->read_at(0, read), data.size());
  EXPECT_EQ(read[4095], std::byte{0xEE});
  EXPECT_EQ(read[4096], std::byte{0});
  EXPECT_EQ(read[8191], std::byte{0});
  EXPECT_EQ(read[8192], std::byte{0xEE});
  ASSERT_TRUE(remove_file(path).has_value());
}

TEST(EndOfData, IsBehindTheLastByteThatIsStored) {
  const std::string path = scratch("sparse");
  auto file = File::create_or_truncate(path);
  ASSERT_TRUE(file.has_value());
  ASSERT_TRUE(file->resize(64 << 20).has_value());
  const std::vector<std::byte> data(3 * 4096, std::byte{0xEE});
  ASSERT_TRUE(file->write_at(4096, data).has_value());
  ASSERT_TRUE(file->write_at(16 << 20, data).has_value());
  const auto end = file->end_of_data();
  ASSERT_TRUE(end.has_value());
  EXPECT_GE(*end, (16U << 20U) + data.size());
  EXPECT_LE(*end, 64U << 20U);
  ASSERT_TRUE(remove_file(path).has_value());
}

}  // namespace
}  // namespace pregroove::system
