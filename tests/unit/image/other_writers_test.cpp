// Images that genisoimage, xorriso, bsdtar and makefs made (fixtures/images/README.md): their trees
// are imported, and a session of ours can follow them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/bytes.h"
#include "engine/image/import.h"
#include "engine/image/udf_import.h"
#include "tests/support/image_files.h"

namespace pregroove::image {
namespace {

using testing_support::contents_of;
using testing_support::MemoryDisc;
using testing_support::PathsAndContents;

// The fixtures begin with block 16 of their image.
void put_fixture(MemoryDisc& disc, const std::string& path, std::int32_t session_start = 0) {
  const std::string file = std::string(PREGROOVE_SOURCE_DIR) + "/fixtures/images/" + path;
  auto reader = FileBlockReader::open(file);
  ASSERT_TRUE(reader.has_value()) << reader.error().message;
  std::vector<std::byte> blocks((reader->end() - Lba{}).bytes());
  ASSERT_TRUE(reader->read({}, blocks));
  disc.put({session_start + 16}, std::move(blocks));
}

const PathsAndContents kTree{{"/Grüße.txt", "umlaut\n"},
                             {"/docs/A Letter.txt", "dear\n"},
                             {"/docs/linked.txt", "hello\n"},
                             {"/docs/three-thousand.bin", std::string(3000, 'x')},
                             {"/empty", ""},
                             {"/hello.txt", "hello\n"}};

class ForeignJolietImage : public testing::TestWithParam<const char*> {};

TEST_P(ForeignJolietImage, IsImportedByItsJolietNames) {
  MemoryDisc disc;
  put_fixture(disc, GetParam());
  const auto imported = import_session(disc, {}, {.names = NameTree::kJoliet});
  ASSERT_TRUE(imported.has_value()) << imported.error().message;
  EXPECT_EQ(imported->names, NameTree::kJoliet);
  EXPECT_EQ(imported->volume_id, "FIXTURE");
  EXPECT_EQ(contents_of(disc, imported->tree), kTree);
  // 2020-02-03 04:05:06 UTC
  EXPECT_EQ(imported->tree.find_file("/hello.txt")->modified,
            system::FileTime(std::chrono::seconds(1580702706)));
}

TEST_P(ForeignJolietImage, CanBeFollowedByASessionOfOurs) {
  MemoryDisc disc;
  put_fixture(disc, GetParam());
  auto imported = import_session(disc, {});
  ASSERT_TRUE(imported.has_value());
  ASSERT_TRUE(imported->tree.merge(testing_support::tree_of({{"/docs/new", "n"}}), Overwrite::kNo));
  const auto image = Image::create(std::move(imported->tree), {.session_start = {12027}});
  ASSERT_TRUE(image.has_value()) << image.error().message;
  disc.put({12027}, testing_support::blocks_of(*image));
  const auto merged = import_session(disc, {12027});
  ASSERT_TRUE(merged.has_value()) << merged.error().message;
  PathsAndContents expected = kTree;
  expected["/docs/new"] = "n";
  EXPECT_EQ(contents_of(disc, merged->tree), expected);
}

const char* const kJolietFixtures[] = {"joliet/genisoimage.iso", "joliet/xorrisofs.iso",
                                       "joliet/bsdtar.iso", "second-session/genisoimage-first.iso"};
INSTANTIATE_TEST_SUITE_P(Writers, ForeignJolietImage, testing::ValuesIn(kJolietFixtures));

TEST(ForeignPlainImage, OfGenisoimageIsImportedByItsShortNames) {
  MemoryDisc disc;
  put_fixture(disc, "plain/genisoimage.iso");
  const auto imported = import_session(disc, {}, {.names = NameTree::kPlain});
  ASSERT_TRUE(imported.has_value()) << imported.error().message;
  EXPECT_EQ(imported->names, NameTree::kPlain);
  EXPECT_EQ(contents_of(disc, imported->tree),
            (PathsAndContents{{"/docs/a_letter.txt", "dear\n"},
                              {"/docs/linked.txt", "hello\n"},
                              {"/docs/three_th.bin", std::string(3000, 'x')},
                              {"/empty", ""},
                              {"/hello.txt", "hello\n"}}));
}

class ForeignRockRidgeImage : public testing::TestWithParam<const char*> {};

TEST_P(ForeignRockRidgeImage, IsImportedByItsRealNamesAndAttributes) {
  MemoryDisc disc;
  put_fixture(disc, GetParam());
  const auto imported = import_session(disc, {});
  ASSERT_TRUE(imported.has_value()) << imported.error().message;
  EXPECT_EQ(imported->names, NameTree::kRockRidge);
  PathsAndContents expected = kTree;
  if (imported->tree.find_file("/Grüße.txt") == nullptr) expected.erase("/Grüße.txt");
  EXPECT_EQ(contents_of(disc, imported->tree), expected);
  const File* file = imported->tree.find_file("/docs/linked.txt");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->attributes.permissions, 0644);
  EXPECT_EQ(file->modified, system::FileTime(std::chrono::seconds(1580702706)));
  EXPECT_EQ(imported->tree.find_directory("/docs")->attributes.permissions, 0755);
}

INSTANTIATE_TEST_SUITE_P(Writers, ForeignRockRidgeImage,
                         testing::Values("plain/genisoimage.iso",
                                         "second-session/genisoimage-first.iso"));

TEST(ForeignPlainImage, OfBsdtarHoldsEveryFile) {
  MemoryDisc disc;
  put_fixture(disc, "plain/bsdtar.iso");
  const auto imported = import_session(disc, {}, {.lower_case_plain_names = false});
  ASSERT_TRUE(imported.has_value()) << imported.error().message;
  const PathsAndContents contents = contents_of(disc, imported->tree);
  EXPECT_EQ(contents.size(), 5U);
  EXPECT_EQ(contents.at("/HELLO.TXT"), "hello\n");
  EXPECT_EQ(contents.at("/DOCS/LINKED.TXT"), "hello\n");
}

TEST(ForeignLongNames, AreImportedAndWrittenAgainAsTheyAre) {
  const std::string path = "/" + std::string(99, 'n') + ".txt";
  MemoryDisc disc;
  put_fixture(disc, "long-names/genisoimage.iso");
  auto imported = import_session(disc, {});
  ASSERT_TRUE(imported.has_value()) << imported.error().message;
  EXPECT_EQ(contents_of(disc, imported->tree), (PathsAndContents{{path, "long\n"}}));
  const auto image = Image::create(std::move(imported->tree), {.session_start = {5000}});
  ASSERT_TRUE(image.has_value()) << image.error().message;
  disc.put({5000}, testing_support::blocks_of(*image));
  const auto again = import_session(disc, {5000});
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(contents_of(disc, again->tree), (PathsAndContents{{path, "long\n"}}));
}

TEST(ForeignSecondSession, IsReadWithTheFilesOfTheFirst) {
  MemoryDisc disc;
  put_fixture(disc, "second-session/genisoimage-first.iso");
  put_fixture(disc, "second-session/genisoimage.iso", 300);
  const auto imported = import_session(disc, {300});
  ASSERT_TRUE(imported.has_value()) << imported.error().message;
  EXPECT_EQ(imported->volume_id, "SECOND");
  PathsAndContents expected = kTree;
  expected["/new.txt"] = "new\n";
  EXPECT_EQ(contents_of(disc, imported->tree), expected);
}

struct UdfFixture {
  const char* name;
  std::int32_t blocks;
  std::uint16_t revision;
};

class ForeignUdfImage : public testing::TestWithParam<UdfFixture> {};

// Zeros, but for the blocks of the fixture (fixtures/images/README.md).
class SparseDisc final : public BlockReader {
 public:
  explicit SparseDisc(const UdfFixture& fixture) : end_{fixture.blocks} {
    const std::string path =
        fmt::format("{}/fixtures/images/udf/{}.blocks", PREGROOVE_SOURCE_DIR, fixture.name);
    const auto file = system::File::open_for_reading(path);
    EXPECT_TRUE(file) << path;
    std::array<std::byte, sizeof(Le32) + kBlockSize> record{};
    for (std::uint64_t at = 0; file; at += record.size()) {
      const auto got = file->read_at(at, record);
      EXPECT_TRUE(got);
      if (!got || *got < record.size()) break;
      const auto block = std::span(record).subspan(sizeof(Le32));
      blocks_[read_struct<Le32>(record)->value()].assign(block.begin(), block.end());
    }
    EXPECT_FALSE(blocks_.empty());
  }
  [[nodiscard]] Lba end() const { return end_; }
  [[nodiscard]] std::vector<Lba> used() const {
    std::vector<Lba> used;
    for (const auto& [lba, block] : blocks_) used.push_back(Lba{static_cast<std::int32_t>(lba)});
    return used;
  }

  Status read(Lba first, std::span<std::byte> whole_blocks) override {
    const BlockCount count = blocks_for_bytes(whole_blocks.size());
    if (first < Lba{0} || first + count > end_)
      return fail(ErrorCode::kDevice, "the disc ends before");
    std::ranges::fill(whole_blocks, std::byte{0});
    for (std::int64_t i = 0; i < count.value; ++i) {
      const auto found = blocks_.find(first.value + i);
      if (found != blocks_.end())
        std::ranges::copy(found->second, whole_blocks.begin() +
                                             static_cast<std::ptrdiff_t>(BlockCount{i}.bytes()));
    }
    return {};
  }

 private:
  Lba end_;
  std::map<std::int64_t, std::vector<std::byte>> blocks_;
};

TEST_P(ForeignUdfImage, IsImported) {
  SparseDisc disc(GetParam());
  const auto imported = import_udf(disc, {}, {.medium_end = disc.end()});
  ASSERT_TRUE(imported.has_value()) << imported.error().message;
  EXPECT_EQ(imported->udf_revision, GetParam().revision);
  EXPECT_EQ(imported->volume_id, "FIXTURE");
  const File* link = imported->tree.find_file("/docs/link");
  ASSERT_NE(link, nullptr);
  ASSERT_TRUE(std::holds_alternative<SymbolicLink>(link->content));
  EXPECT_EQ(std::get<SymbolicLink>(link->content).target, "../hello.txt");
  PathsAndContents expected = kTree;
  expected["/docs/漢字"] = "wide\n";
  expected["/a/b/c/deep"] = "deep";
  expected["/docs/link"] = "";
  EXPECT_EQ(contents_of(disc, imported->tree), expected);
  // 2020-02-03 04:05:06 UTC
  EXPECT_EQ(imported->tree.find_file("/hello.txt")->modified,
            system::FileTime(std::chrono::seconds(1580702706)));
}

// Without one block after the other.
class Scratched final : public BlockReader {
 public:
  Scratched(BlockReader& disc, Lba lost) : disc_(disc), lost_(lost) {}
  Status read(Lba first, std::span<std::byte> whole_blocks) override {
    if (first <= lost_ && lost_ < first + blocks_for_bytes(whole_blocks.size()))
      return fail(ErrorCode::kDevice, "a scratch");
    return disc_.read(first, whole_blocks);
  }

 private:
  BlockReader& disc_;
  Lba lost_;
};

// It is refused, or shown as it is: nothing is missing silently.
TEST_P(ForeignUdfImage, IsReadWholeOrRefusedWithAScratch) {
  SparseDisc disc(GetParam());
  const Lba end = disc.end();
  const auto whole = import_udf(disc, {}, {.medium_end = end});
  ASSERT_TRUE(whole);
  int refused = 0;
  for (const Lba lost : disc.used()) {
    Scratched scratched(disc, lost);
    const auto imported = import_udf(scratched, {}, {.medium_end = end});
    if (!imported) {
      ++refused;
      continue;
    }
    EXPECT_EQ(imported->tree.count().files, whole->tree.count().files) << lost.value;
    EXPECT_EQ(imported->tree.count().bytes, whole->tree.count().bytes) << lost.value;
  }
  // What only one block tells: entries and folders; not what is there twice, nor contents.
  EXPECT_GT(refused, 10);
  EXPECT_LT(refused, static_cast<int>(disc.used().size()));
}

INSTANTIATE_TEST_SUITE_P(ByNetbsd, ForeignUdfImage,
                         testing::Values(UdfFixture{"netbsd-vat-1.50", 373, 0x0150},
                                         UdfFixture{"netbsd-vat-2.01", 373, 0x0201},
                                         UdfFixture{"netbsd-sparable-2.01", 294'912, 0x0201}),
                         [](const auto& tested) {
                           std::string name = tested.param.name;
                           std::ranges::replace_if(
                               name, [](char c) { return c == '-' || c == '.'; }, '_');
                           return name;
                         });

}  // namespace
}  // namespace pregroove::image
