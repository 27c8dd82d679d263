// Source files that are not what they were when the image was laid out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "engine/image/image.h"
#include "engine/image/scan.h"
#include "tests/support/image_files.h"

namespace pregroove::image {
namespace {

using testing::HasSubstr;
using testing_support::MemoryDisc;
using testing_support::ScratchFolder;

constexpr std::size_t kVictimSize = 300'000;

class ChangingSource : public testing::Test {
 protected:
  ChangingSource() {
    scratch_.write("src/a", "before");
    victim_ = scratch_.write("src/victim", std::string(kVictimSize, 'v'));
    scratch_.write("src/z", "after");
    auto scanned = scan({{.source = scratch_.path("src"), .target = "/"}});
    EXPECT_TRUE(scanned.has_value());
    auto image = Image::create(std::move(scanned->tree), {.session_start = {}});
    EXPECT_TRUE(image.has_value());
    image_ = *image;
    reader_ = ImageReader(*image_);
  }

  // Reads the rest of the image; the problems that were met.
  const std::vector<Error>& finish(std::size_t piece_blocks) {
    std::vector<std::byte> piece(piece_blocks * kBlockSize);
    for (;;) {
      const auto count = reader_->read(piece);
      EXPECT_TRUE(count.has_value());
      if (!count || *count == 0) break;
      blocks_.insert(blocks_.end(), piece.begin(),
                     piece.begin() + static_cast<std::ptrdiff_t>(*count));
    }
    EXPECT_EQ(blocks_.size(), image_->size().bytes());
    return reader_->problems();
  }

  void read_until_within_victim() {
    std::vector<std::byte> piece(kBlockSize);
    while (reader_->current_file() != "/victim") {
      ASSERT_EQ(*reader_->read(piece), kBlockSize);
      blocks_.insert(blocks_.end(), piece.begin(), piece.end());
    }
  }

  // The image is well formed and the other files are whole, whatever happened.
  std::string victim_on_disc() {
    MemoryDisc disc;
    disc.put({}, blocks_);
    const auto imported = import_session(disc, {});
    EXPECT_TRUE(imported.has_value());
    if (!imported) return {};
    auto contents = testing_support::contents_of(disc, imported->tree);
    EXPECT_EQ(contents["/a"], "before");
    EXPECT_EQ(contents["/z"], "after");
    EXPECT_EQ(contents["/victim"].size(), kVictimSize);
    return contents["/victim"];
  }

  void expect_one_problem(const std::vector<Error>& problems, ErrorCode code,
                          const std::string& words) {
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].code, code);
    EXPECT_THAT(problems[0].message, HasSubstr(victim_));
    EXPECT_THAT(problems[0].message, HasSubstr(words));
    EXPECT_FALSE(problems[0].advice.empty());
  }

  ScratchFolder scratch_;
  std::string victim_;
  std::optional<Image> image_;
  std::optional<ImageReader> reader_;
  std::vector<std::byte> blocks_;
};

TEST_F(ChangingSource, ThatStayedAsItWasGivesNoProblem) {
  EXPECT_TRUE(finish(16).empty());
  EXPECT_EQ(victim_on_disc(), std::string(kVictimSize, 'v'));
}

TEST_F(ChangingSource, ThatVanishedBecomesZerosAndIsNamed) {
  std::filesystem::remove(victim_);
  expect_one_problem(finish(16), ErrorCode::kSourceChanged, "no longer there");
  EXPECT_EQ(victim_on_disc(), std::string(kVictimSize, '\0'));
}

TEST_F(ChangingSource, ThatShrankKeepsWhatIsLeft) {
  std::filesystem::resize_file(victim_, 5000);
  expect_one_problem(finish(16), ErrorCode::kSourceChanged, "shorter");
  EXPECT_EQ(victim_on_disc(), std::string(5000, 'v') + std::string(kVictimSize - 5000, '\0'));
}

TEST_F(ChangingSource, ThatShrinksWhileItIsReadKeepsWhatWasRead) {
  read_until_within_victim();
  std::filesystem::resize_file(victim_, 10);
  expect_one_problem(finish(4), ErrorCode::kSourceChanged, "shorter");
  EXPECT_THAT(victim_on_disc(), testing::StartsWith(std::string(kBlockSize, 'v') + '\0'));
}

TEST_F(ChangingSource, ThatGrewIsCutAtTheSizeThatWasPlanned) {
  std::ofstream(victim_, std::ios::app) << "more";
  expect_one_problem(finish(1000), ErrorCode::kSourceChanged, "longer");
  EXPECT_EQ(victim_on_disc(), std::string(kVictimSize, 'v'));
}

TEST_F(ChangingSource, ThatWasRewrittenIsNamedEvenWhenTheSizeIsTheSame) {
  read_until_within_victim();
  ASSERT_TRUE(system::set_modified(victim_, system::FileTime(std::chrono::seconds(1))));
  expect_one_problem(finish(16), ErrorCode::kSourceChanged, "changed");
}

TEST_F(ChangingSource, ThatBecameAPipeDoesNotHoldTheBurnUp) {
  std::filesystem::remove(victim_);
  ASSERT_EQ(::mkfifo(victim_.c_str(), 0600), 0);
  EXPECT_EQ(finish(16).size(), 1U);
  EXPECT_EQ(victim_on_disc(), std::string(kVictimSize, '\0'));
}

}  // namespace
}  // namespace pregroove::image
