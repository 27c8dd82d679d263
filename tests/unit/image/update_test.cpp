// What is on the disc already, and what is there twice.
#include "engine/image/update.h"

#include <gtest/gtest.h>

#include "engine/image/scan.h"
#include "tests/support/image_files.h"

namespace pregroove::image {
namespace {

using testing_support::blocks_of;
using testing_support::contents_of;
using testing_support::MemoryDisc;
using testing_support::ScratchFolder;

constexpr std::int32_t kSecond = 20'000;

class UpdateTest : public testing::Test {
 protected:
  [[nodiscard]] const ScratchFolder& folder() const { return folder_; }

  // A file whose time is so many seconds after another one's.
  void write(const std::string& name, const std::string& content, int seconds = 0) const {
    folder_.write("src/" + name, content);
    std::filesystem::last_write_time(
        folder_.path("src/" + name),
        std::filesystem::file_time_type(std::chrono::seconds(1'700'000'000 + seconds)) -
            kEpochDifference);
  }
  [[nodiscard]] Tree scanned() const {
    auto result = scan({{.source = folder_.path("src"), .target = "/"}},
                       {.special_files = SpecialFiles::kKeep});
    EXPECT_TRUE(result.has_value());
    return result ? std::move(result->tree) : Tree{};
  }
  // When sessions are begun: long after the files' times, unless a test says otherwise.
  void begin_sessions(int seconds) {
    begun_ = system::FileTime(std::chrono::seconds(1'700'000'000 + seconds));
  }
  [[nodiscard]] ImageOptions options_at(std::int32_t start) const {
    return {.formats = {.rock_ridge = true},
            .created = begun_,
            .session_start = {start},
            .checksums = {.stored = true}};
  }
  // Puts a session on the disc; its tree and checksums are what the next one starts from.
  void burn(Tree tree, std::int32_t start) {
    auto image = Image::create(std::move(tree), options_at(start));
    ASSERT_TRUE(image.has_value()) << image.error().message;
    data_blocks_ = image->data_blocks();
    disc_.put({start}, blocks_of(*image));
    auto imported = import_session(disc_, {start});
    ASSERT_TRUE(imported.has_value()) << imported.error().message;
    base_ = std::move(imported->tree);
    recorded_ = imported->created;
    if (!imported->checksums) return;
    stored_ = StoredChecksums::read(disc_, *imported->checksums);
  }
  UpdateCounts update(Tree& tree) const {
    return keep_unchanged(tree, base_, stored_, {.begun = recorded_});
  }
  [[nodiscard]] bool is_on_disc(const Tree& tree, const std::string& path) const {
    const File* file = tree.find_file(path);
    EXPECT_NE(file, nullptr) << path;
    return file != nullptr && std::holds_alternative<OldExtents>(file->content);
  }

  MemoryDisc disc_;
  Tree base_;
  StoredChecksums stored_;
  BlockCount data_blocks_;
  system::FileTime recorded_;

 private:
  system::FileTime begun_{std::chrono::seconds(1'700'100'000)};
  // file_clock counts from another year.
  static inline const auto kEpochDifference =
      std::filesystem::file_time_type(std::chrono::seconds(0)) -
      std::chrono::file_clock::from_sys(std::chrono::sys_seconds(std::chrono::seconds(0)));
  ScratchFolder folder_;
};

TEST_F(UpdateTest, FilesOfTheSameSizeAndTimeAreOnTheDisc) {
  write("a", "one");
  write("sub/b", "two");
  burn(scanned(), 0);
  Tree now = scanned();
  const UpdateCounts counts = update(now);
  EXPECT_EQ(counts.unchanged, 2U);
  EXPECT_FALSE(counts.anything());
  EXPECT_TRUE(is_on_disc(now, "/a"));
  EXPECT_TRUE(is_on_disc(now, "/sub/b"));
  EXPECT_EQ(now.count().new_bytes, 0U);
}

TEST_F(UpdateTest, OfFilesWithAnotherTimeTheBytesDecide) {
  write("touched", "same");
  write("changed", "first");
  burn(scanned(), 0);
  write("touched", "same", 10);
  write("changed", "secnd", 10);
  Tree now = scanned();
  const UpdateCounts counts = update(now);
  EXPECT_EQ(counts.same_bytes, 1U);
  EXPECT_EQ(counts.changed, 1U);
  EXPECT_TRUE(is_on_disc(now, "/touched"));
  EXPECT_FALSE(is_on_disc(now, "/changed"));
  EXPECT_EQ(now.find_file("/touched")->modified.time_since_epoch().count(), 1'700'000'010)
      << "with the time that it has now";
}

// As of a file that is saved again within the second in which it was burned.
TEST_F(UpdateTest, OfFilesThatChangedDuringTheBurnTheBytesDecide) {
  begin_sessions(0);
  write("same", "first", 5);
  write("changed", "first", 5);
  write("older", "first", -3);
  burn(scanned(), 0);
  write("changed", "secnd", 5);
  Tree now = scanned();
  const UpdateCounts counts = update(now);
  EXPECT_EQ(counts.unchanged, 2U);
  EXPECT_EQ(counts.changed, 1U);
  EXPECT_TRUE(is_on_disc(now, "/same"));
  EXPECT_FALSE(is_on_disc(now, "/changed"));
}

TEST_F(UpdateTest, WithoutAChecksumFilesThatChangedDuringTheBurnAreBurnedAgain) {
  begin_sessions(0);
  write("during", "first", -1);
  write("before", "first", -3);
  write("in the future", "first", 100'000);
  burn(scanned(), 0);
  stored_ = {};
  Tree now = scanned();
  EXPECT_EQ(update(now).changed, 1U);
  EXPECT_FALSE(is_on_disc(now, "/during"));
}

TEST_F(UpdateTest, WithoutAChecksumAnotherTimeIsAChange) {
  write("touched", "same");
  burn(scanned(), 0);
  write("touched", "same", 10);
  Tree now = scanned();
  stored_ = {};
  EXPECT_EQ(update(now).changed, 1U);
  EXPECT_FALSE(is_on_disc(now, "/touched"));
}

// Its size and time on the disc are what they should have been.
TEST_F(UpdateTest, WhatWasNotBurnedWholeIsBurnedAgain) {
  write("cut", "whole");
  Tree tree = scanned();
  std::filesystem::resize_file(folder().path("src/cut"), 2);
  burn(std::move(tree), 0);
  write("cut", "whole");
  Tree now = scanned();
  EXPECT_EQ(update(now).changed, 1U);
  EXPECT_FALSE(is_on_disc(now, "/cut"));
}

TEST_F(UpdateTest, PermissionsAloneAreAChangeWithoutData) {
  write("file", "x");
  burn(scanned(), 0);
  std::filesystem::permissions(folder().path("src/file"), std::filesystem::perms::owner_exec,
                               std::filesystem::perm_options::add);
  Tree now = scanned();
  const UpdateCounts counts = update(now);
  EXPECT_EQ(counts.same_bytes, 1U);
  EXPECT_TRUE(counts.anything());
  EXPECT_TRUE(is_on_disc(now, "/file"));
}

TEST_F(UpdateTest, LinksAreComparedByWhereTheyLead) {
  write("file", "x");
  std::filesystem::create_symlink("file", folder().path("src/stays"));
  std::filesystem::create_symlink("file", folder().path("src/turns"));
  burn(scanned(), 0);
  std::filesystem::remove(folder().path("src/turns"));
  std::filesystem::create_symlink("elsewhere", folder().path("src/turns"));
  Tree now = scanned();
  EXPECT_EQ(update(now).changed, 1U);
}

TEST_F(UpdateTest, NewFilesAndFoldersAreAdded) {
  write("a", "one");
  burn(scanned(), 0);
  write("new", "n");
  std::filesystem::create_directories(folder().path("src/empty"));
  Tree now = scanned();
  EXPECT_EQ(update(now).added, 2U);
}

TEST_F(UpdateTest, OnlyMirroredFoldersLoseWhatIsMissing) {
  write("kept/a", "1");
  write("kept/gone", "2");
  write("kept/gone_folder/x", "3");
  write("other/gone", "4");
  burn(scanned(), 0);
  for (const char* path : {"src/kept/gone", "src/kept/gone_folder", "src/other/gone"})
    std::filesystem::remove_all(folder().path(path));
  const Tree now = scanned();
  EXPECT_EQ(remove_missing(base_, now, {"/kept"}), 2U);
  EXPECT_NE(base_.find_file("/kept/a"), nullptr);
  EXPECT_EQ(base_.find_file("/kept/gone"), nullptr);
  EXPECT_EQ(base_.find_directory("/kept/gone_folder"), nullptr);
  EXPECT_NE(base_.find_file("/other/gone"), nullptr);
}

TEST_F(UpdateTest, SameBytesOfOneTreeAreStoredOnce) {
  const std::string content(5000, 'q');
  write("a", content);
  write("sub/b", content, 5);
  write("other", std::string(5000, 'r'));
  Tree tree = scanned();
  const auto shared = share_contents(tree, {});
  ASSERT_TRUE(shared.has_value());
  EXPECT_EQ(shared->files, 1U);
  EXPECT_EQ(shared->bytes, 5000U);
  burn(std::move(tree), 0);
  EXPECT_EQ(data_blocks_, blocks_for_bytes(5000) + blocks_for_bytes(5000));
  const auto contents = contents_of(disc_, base_);
  EXPECT_EQ(contents.at("/a"), content);
  EXPECT_EQ(contents.at("/sub/b"), content);
  EXPECT_NE(base_.find_file("/a")->modified, base_.find_file("/sub/b")->modified);
}

TEST_F(UpdateTest, SameBytesOfAnEarlierSessionAreNotStoredAgain) {
  const std::string content(5000, 'q');
  write("a", content);
  burn(scanned(), 0);
  std::filesystem::rename(folder().path("src/a"), folder().path("src/renamed"));
  write("empty", "");
  Tree tree = scanned();
  const auto shared = share_contents(tree, stored_);
  ASSERT_TRUE(shared.has_value());
  EXPECT_EQ(shared->files, 1U);
  burn(std::move(tree), kSecond);
  EXPECT_LE(data_blocks_, BlockCount{1}) << "the block of the empty file at most";
  EXPECT_EQ(contents_of(disc_, base_).at("/renamed"), content);
}

// A name that the disc does not have is held to the rules for new names.
TEST_F(UpdateTest, OldBytesDoNotExcuseANewName) {
  write("a", "content");
  burn(scanned(), 0);
  const std::string name(100, 'n');
  std::filesystem::rename(folder().path("src/a"), folder().path("src/" + name));
  Tree tree = scanned();
  ASSERT_TRUE(share_contents(tree, stored_).has_value());
  ASSERT_TRUE(is_on_disc(tree, "/" + name));
  ImageOptions options = options_at(kSecond);
  options.formats.rock_ridge = false;
  const auto image = Image::create(std::move(tree), options);
  ASSERT_FALSE(image.has_value());
  EXPECT_EQ(image.error().code, ErrorCode::kBadName);
}

TEST_F(UpdateTest, FilesThatAreKeptApartShareNothing) {
  write("a", "content");
  write("boot", "content");
  Tree tree = scanned();
  const auto shared = share_contents(tree, {}, {.apart = {"/boot"}});
  ASSERT_TRUE(shared.has_value());
  EXPECT_EQ(shared->files, 0U);
}

TEST_F(UpdateTest, HardLinksStayLinksBesideTheirTwins) {
  write("a", "content");
  std::filesystem::create_hard_link(folder().path("src/a"), folder().path("src/a_too"));
  write("twin", "content");
  Tree tree = scanned();
  const auto shared = share_contents(tree, {});
  ASSERT_TRUE(shared.has_value());
  EXPECT_EQ(shared->files, 1U);
  burn(std::move(tree), 0);
  EXPECT_EQ(data_blocks_, BlockCount{1});
  EXPECT_EQ(std::get<OldExtents>(base_.find_file("/a")->content).links, 2U);
  EXPECT_EQ(std::get<OldExtents>(base_.find_file("/twin")->content).links, 1U);
}

TEST_F(UpdateTest, WhatHappensToOneFileIsToldOfAllThatShareItsBytes) {
  write("a", "content");
  write("twin", "content");
  Tree tree = scanned();
  ASSERT_TRUE(share_contents(tree, {}).has_value());
  const auto image = Image::create(std::move(tree), options_at(0));
  ASSERT_TRUE(image.has_value());
  std::filesystem::resize_file(folder().path("src/a"), 1);
  ImageReader reader(*image);
  std::vector<std::byte> all(static_cast<std::size_t>(image->size().bytes()));
  ASSERT_TRUE(reader.read(all).has_value());
  ASSERT_EQ(reader.problems().size(), 2U);
  EXPECT_NE(reader.problems()[1].message.find("/twin"), std::string::npos);
}

TEST_F(UpdateTest, CanBeCancelled) {
  write("a", "content");
  write("twin", "content");
  Tree tree = scanned();
  const auto shared = share_contents(tree, {}, {.cancelled = [] { return true; }});
  ASSERT_FALSE(shared.has_value());
  EXPECT_EQ(shared.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace pregroove::image
