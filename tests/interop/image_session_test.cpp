// Two sessions on one disc: A at block 0, and at block 12027 a complete new tree that refers to A's
// files. Programs that can be pointed at a session read the disc as it is; the others read a copy
// whose first descriptors are the second session's, as on overwritable media.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "engine/base/bytes.h"
#include "tests/interop/image_readers.h"

namespace pregroove::interop {
namespace {

using image::Image;
using testing_support::PathsAndContents;
using testing_support::ScratchFolder;

constexpr std::int32_t kSecondStart = 12027;

const PathsAndContents kFirst{{"/keep.txt", "from session 1"},
                              {"/replace.txt", "old"},
                              {"/docs/a.txt", std::string(5000, 'a')},
                              {"/docs/empty.txt", ""}};
const PathsAndContents kAdded{{"/replace.txt", "new and longer"},
                              {"/docs/b.txt", std::string(7000, 'b')},
                              {"/new/c.txt", "c"}};

PathsAndContents merged() {
  PathsAndContents all = kAdded;
  all.insert(kFirst.begin(), kFirst.end());
  return all;
}

PathsAndContents upper_case(const PathsAndContents& files) {
  PathsAndContents upper;
  for (const auto& [path, content] : files) {
    std::string name;
    for (const char c : path) name += static_cast<char>(std::toupper(c));
    upper[name] = content;
  }
  return upper;
}

class TwoSessions : public testing::TestWithParam<Names> {
 protected:
  TwoSessions() {
    const auto first = Image::create(testing_support::tree_of(kFirst), {.volume_id = "First"});
    EXPECT_TRUE(first.has_value());
    testing_support::write_blocks(disc_, 0, testing_support::blocks_of(*first));
    auto reader = image::FileBlockReader::open(disc_);
    EXPECT_TRUE(reader.has_value());
    auto imported = image::import_session(*reader, {});
    EXPECT_TRUE(imported.has_value());
    EXPECT_TRUE(
        imported->tree.merge(testing_support::tree_of(kAdded), image::Overwrite::kYes).has_value());
    const auto second = Image::create(std::move(imported->tree),
                                      {.volume_id = "Second", .session_start = {kSecondStart}});
    EXPECT_TRUE(second.has_value());
    second_blocks_ = testing_support::blocks_of(*second);
    testing_support::write_blocks(disc_, kSecondStart, second_blocks_);
  }

  // Descriptors of the second session at block 16, whose volume now is the whole disc.
  std::string flattened() {
    std::vector<std::byte> descriptors(second_blocks_.begin() + 16 * kBlockSize,
                                       second_blocks_.begin() + 19 * kBlockSize);
    const auto size = static_cast<std::uint32_t>(kSecondStart + second_blocks_.size() / kBlockSize);
    for (const std::size_t descriptor : {0U, 1U})
      write_struct(std::span(descriptors), descriptor * kBlockSize + 80, Both32(size));
    std::filesystem::copy_file(disc_, scratch_.path("flat.iso"));
    testing_support::write_blocks(scratch_.path("flat.iso"), 16, descriptors);
    return scratch_.path("flat.iso");
  }

  static PathsAndContents expected(const PathsAndContents& files) {
    return GetParam() == Names::kJoliet ? files : upper_case(files);
  }

  ScratchFolder scratch_;
  std::string disc_ = scratch_.path("disc.iso");
  std::vector<std::byte> second_blocks_;
};

TEST_P(TwoSessions, AreBothReadByXorriso) {
  EXPECT_EQ(read_session_with_xorriso(disc_, GetParam(), kSecondStart), expected(merged()));
  EXPECT_EQ(read_session_with_xorriso(disc_, GetParam(), 0), expected(kFirst));
}

TEST_P(TwoSessions, AreBothReadByIsoinfo) {
  EXPECT_EQ(read_session_with_isoinfo(disc_, GetParam(), kSecondStart), expected(merged()));
  EXPECT_EQ(read_with_isoinfo(disc_, GetParam()), expected(kFirst));
}

TEST_P(TwoSessions, AreBothReadByBsdtar) {
  EXPECT_EQ(read_with_bsdtar(flattened(), GetParam()), expected(merged()));
  EXPECT_EQ(read_with_bsdtar(disc_, GetParam()), expected(kFirst));
}

TEST_P(TwoSessions, AreBothReadByLibcdio) {
  EXPECT_EQ(read_with_libcdio(flattened(), GetParam()), expected(merged()));
  EXPECT_EQ(read_with_libcdio(disc_, GetParam()), expected(kFirst));
}

INSTANTIATE_TEST_SUITE_P(Names, TwoSessions, testing::Values(Names::kJoliet, Names::kPlain),
                         [](const auto& row) {
                           return std::string(row.param == Names::kJoliet ? "joliet" : "plain");
                         });

}  // namespace
}  // namespace pregroove::interop
