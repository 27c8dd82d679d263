#include "engine/system/file.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>

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

class FolderTest : public testing::Test {
 protected:
  FolderTest() : path_(scratch("folder")) {
    std::filesystem::create_directories(path_ + "/below");
    std::ofstream(path_ + "/file") << "text";
    std::filesystem::create_symlink("file", path_ + "/link");
  }
  ~FolderTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  FolderTest(const FolderTest&) = delete;
  FolderTest& operator=(const FolderTest&) = delete;

  [[nodiscard]] Folder opened() const {
    auto folder = Folder::open(path_);
    EXPECT_TRUE(folder.has_value());
    return folder ? *std::move(folder) : Folder{};
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST_F(FolderTest, ListsWhatItHolds) {
  const Folder folder = opened();
  EXPECT_EQ(folder.list(), (std::vector<std::string>{"below", "file", "link"}));
  EXPECT_EQ(folder.list(), (std::vector<std::string>{"below", "file", "link"})) << "again";
}

TEST_F(FolderTest, LooksAtLinksOrWhereTheyLead) {
  const Folder folder = opened();
  const auto link = folder.status_of("link", FollowLinks::kNo);
  const auto target = folder.status_of("link", FollowLinks::kYes);
  ASSERT_TRUE(link && target);
  EXPECT_EQ(link->kind, FileKind::kSymbolicLink);
  EXPECT_EQ(target->kind, FileKind::kRegular);
  EXPECT_EQ(target->size, 4U);
}

TEST_F(FolderTest, StaysTheFolderThatWasOpened) {
  Folder folder = opened();
  const std::string elsewhere = path() + "_elsewhere";
  std::filesystem::remove_all(elsewhere);
  std::filesystem::rename(path(), elsewhere);
  const Folder moved = std::move(folder);
  const auto file = moved.open_for_reading("file");
  std::filesystem::rename(elsewhere, path());
  ASSERT_TRUE(file.has_value());
  std::array<std::byte, 8> buffer{};
  EXPECT_EQ(file->read_at(0, buffer), 4U);
}

TEST_F(FolderTest, NamesTheWholePathOfWhatIsMissing) {
  const Folder folder = opened();
  const auto file = folder.open_for_reading("absent");
  const auto status = folder.status_of("absent", FollowLinks::kYes);
  ASSERT_FALSE(file || status);
  EXPECT_EQ(file.error().code, ErrorCode::kNotFound);
  EXPECT_NE(file.error().message.find(path() + "/absent"), std::string::npos);
  EXPECT_NE(status.error().message.find(path() + "/absent"), std::string::npos);
}

// The owner's permission in a status answers for files of the caller's alone: of anybody else's,
// and where the owner has none, the system is asked, which here knows of no such file.
TEST_F(FolderTest, AsksTheSystemUnlessTheOwnersPermissionAnswers) {
  const Folder folder = opened();
  const auto status = folder.status_of("file", FollowLinks::kYes);
  ASSERT_TRUE(status.has_value());
  EXPECT_TRUE(folder.check_readable("absent", *status).has_value());
  FileStatus foreign = *status;
  foreign.user += 1;
  EXPECT_FALSE(folder.check_readable("absent", foreign).has_value());
  FileStatus forbidden = *status;
  forbidden.mode &= ~0400U;
  EXPECT_FALSE(folder.check_readable("absent", forbidden).has_value());
}

TEST(Folder, CannotBeAFile) {
  EXPECT_FALSE(Folder::open("/proc/self/exe").has_value());
  EXPECT_FALSE(Folder::open("/nonexistent").has_value());
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
