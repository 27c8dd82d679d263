#include "engine/image/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "engine/base/bytes.h"
#include "engine/image/image.h"
#include "tests/support/image_files.h"

namespace pregroove::image {
namespace {

using testing::HasSubstr;
using testing_support::blocks_of;
using testing_support::contents_of;
using testing_support::MemoryDisc;
using testing_support::PathsAndContents;
using testing_support::tree_of;

using Bytes = std::vector<std::byte>;

Image image_of(Tree tree, std::int32_t start = 0) {
  auto image = Image::create(std::move(tree), {.volume_id = "Test", .session_start = {start}});
  if (!image) ADD_FAILURE() << image.error().message;
  return *std::move(image);
}

const PathsAndContents kFirst{{"/a.txt", "first a"},
                              {"/docs/letter.txt", "dear"},
                              {"/docs/empty", ""},
                              {"/Grüße/日本.txt", "utf-8"},
                              {"/big", std::string(100'000, 'b')}};

TEST(Import, GivesBackTheTreeThatWasWritten) {
  MemoryDisc disc;
  disc.put({}, blocks_of(image_of(tree_of(kFirst))));
  const auto imported = import_session(disc, {});
  ASSERT_TRUE(imported.has_value()) << imported.error().message;
  EXPECT_EQ(imported->names, NameTree::kJoliet);
  EXPECT_EQ(imported->volume_id, "Test");
  EXPECT_EQ(imported->application_id, "PREGROOVE");
  EXPECT_EQ(contents_of(disc, imported->tree), kFirst);
}

// What an interrupted burn leaves: everything up to some block, then the drive's padding.
TEST(Import, TellsAnImageThatWasNotWrittenToItsEnd) {
  const Bytes blocks = blocks_of(image_of(tree_of(kFirst)));
  const std::size_t count = blocks.size() / kBlockSize;
  for (const std::size_t written : {count - 1, count - 100, count / 2}) {
    Bytes padded(blocks.begin(),
                 blocks.begin() + static_cast<std::ptrdiff_t>(written * kBlockSize));
    padded.resize(blocks.size());
    MemoryDisc disc;
    disc.put({}, padded);
    const auto imported = import_session(disc, {});
    ASSERT_TRUE(imported.has_value()) << imported.error().message;
    EXPECT_EQ(imported->complete, false) << written;
  }
  MemoryDisc whole;
  whole.put({}, blocks);
  EXPECT_EQ(import_session(whole, {})->complete, true);
}

// ECMA-119 6.2.1: descriptors come behind 16 blocks. No drive is asked for what is behind its end.
TEST(Import, FindsNothingInASessionThatEndsBeforeItsDescriptors) {
  MemoryDisc disc;
  disc.put({}, Bytes(16 * kBlockSize));
  for (const ImportOptions& options :
       {ImportOptions{.medium_end = Lba{16}}, ImportOptions{.medium_end = Lba{18}, .run_out = {2}}})
    EXPECT_EQ(import_session(disc, {}, options).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(disc.reads, 0U);
}

TEST(Import, ExpectsNoEndMarkOfOtherWriters) {
  Bytes blocks = blocks_of(image_of(tree_of(kFirst)));
  // ECMA-119 8.4.32: the application use field, at byte 884 of the primary descriptor.
  std::fill_n(blocks.begin() + (16 * kBlockSize) + 883, 512, std::byte{0});
  MemoryDisc disc;
  disc.put({}, std::move(blocks));
  EXPECT_EQ(import_session(disc, {})->complete, std::nullopt);
}

// xorriso keeps what it finds in the descriptor when it adds a session behind one of ours.
TEST(Import, ExpectsNoEndMarkOfASessionThatTookOverOurIdentifiers) {
  constexpr std::int32_t kTheirStart = 5000;
  const Bytes ours = blocks_of(image_of(tree_of(kFirst)));
  Bytes theirs = blocks_of(image_of(tree_of({{"/new", "new"}}), kTheirStart));
  constexpr std::ptrdiff_t kPrimary = 16 * kBlockSize;
  std::copy_n(ours.begin() + kPrimary + 883, 512, theirs.begin() + kPrimary + 883);
  theirs.back() = theirs[theirs.size() - kBlockSize] = std::byte{0};
  MemoryDisc disc;
  disc.put({}, ours);
  disc.put({kTheirStart}, std::move(theirs));
  const auto imported = import_session(disc, {kTheirStart});
  ASSERT_TRUE(imported.has_value()) << imported.error().message;
  EXPECT_EQ(imported->application_id, "PREGROOVE");
  EXPECT_EQ(imported->complete, std::nullopt);
  EXPECT_EQ(contents_of(disc, imported->tree).at("/new"), "new");
}

TEST(Import, ReadsThePlainTreeWhenAskedTo) {
  MemoryDisc disc;
  disc.put({}, blocks_of(image_of(tree_of({{"/Docs/Letter.txt", "dear"}, {"/noext", "x"}}))));
  const auto lower = import_session(disc, {}, {.names = NameTree::kPlain});
  ASSERT_TRUE(lower.has_value());
  EXPECT_EQ(contents_of(disc, lower->tree),
            (PathsAndContents{{"/docs/letter.txt", "dear"}, {"/noext", "x"}}));
  const auto upper =
      import_session(disc, {}, {.names = NameTree::kPlain, .lower_case_plain_names = false});
  ASSERT_TRUE(upper.has_value());
  EXPECT_EQ(contents_of(disc, upper->tree),
            (PathsAndContents{{"/DOCS/LETTER.TXT", "dear"}, {"/NOEXT", "x"}}));
}

// The story that everything else is for: a second session carries both trees and copies nothing.
TEST(SecondSession, ShowsOldAndNewFilesAndRefersToTheOldBlocks) {
  constexpr std::int32_t kSecondStart = 12027;
  MemoryDisc disc;
  disc.put({}, blocks_of(image_of(tree_of(kFirst))));
  auto first = import_session(disc, {});
  ASSERT_TRUE(first.has_value());
  ASSERT_TRUE(
      first->tree.merge(tree_of({{"/a.txt", "second a"}, {"/docs/new", "new"}}), Overwrite::kYes));
  const Image second = image_of(std::move(first->tree), kSecondStart);
  EXPECT_EQ(second.data_blocks().value, 1 + 2);  // the block of empty files, two new files
  disc.put({kSecondStart}, blocks_of(second));

  PathsAndContents expected = kFirst;
  expected["/a.txt"] = "second a";
  expected["/docs/new"] = "new";
  const auto merged = import_session(disc, {kSecondStart});
  ASSERT_TRUE(merged.has_value()) << merged.error().message;
  EXPECT_EQ(contents_of(disc, merged->tree), expected);
  const auto plain = import_session(disc, {kSecondStart}, {.names = NameTree::kPlain});
  ASSERT_TRUE(plain.has_value());
  EXPECT_EQ(plain->tree.count().files, expected.size());

  const auto unchanged = import_session(disc, {});
  ASSERT_TRUE(unchanged.has_value());
  EXPECT_EQ(contents_of(disc, unchanged->tree), kFirst);
}

TEST(SecondSession, KeepsLongNamesOfOtherWriters) {
  Directory folder{.name = std::string(103, 'd'), .imported = true};
  folder.files.edit().push_back(
      {.name = std::string(110, 'f'), .content = OldExtents{{{{20}, 5}}}});
  Tree tree;
  tree.root().directories.push_back(folder);
  const auto image = Image::create(std::move(tree), {.session_start = {1000}});
  ASSERT_TRUE(image.has_value()) << image.error().message;
  MemoryDisc disc;
  disc.put({1000}, blocks_of(*image));
  const auto imported = import_session(disc, {1000});
  ASSERT_TRUE(imported.has_value());
  EXPECT_NE(imported->tree.find_file("/" + std::string(103, 'd') + "/" + std::string(110, 'f')),
            nullptr);
}

TEST(Import, ReadsDirectoriesThatLieSideBySideTogether) {
  PathsAndContents files;
  for (int i = 0; i < 300; ++i) files[fmt::format("/{}/file", i)] = "x";
  MemoryDisc disc;
  disc.put({}, blocks_of(image_of(tree_of(files))));
  ASSERT_TRUE(import_session(disc, {}).has_value());
  EXPECT_LT(disc.reads, 30U);
}

TEST(Import, SaysSoWhenThereIsNoFileSystem) {
  MemoryDisc disc;
  disc.put({}, Bytes(100 * kBlockSize));
  const auto imported = import_session(disc, {});
  ASSERT_FALSE(imported.has_value());
  EXPECT_EQ(imported.error().code, ErrorCode::kNotFound);
}

// Nothing behind the end is asked for: a drive would answer with an error.
TEST(Import, LooksForNothingWhereASessionIsTooShort) {
  MemoryDisc disc;
  disc.put({}, Bytes(16 * kBlockSize));  // as long as the system area
  const ImportOptions options{.medium_end = Lba{16}};
  EXPECT_FALSE(may_hold_iso9660(disc, {}, options));
  EXPECT_EQ(import_session(disc, {}, options).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(disc.reads, 0U);
}

TEST(Import, TellsWhereAVolumeMayBe) {
  MemoryDisc disc;
  disc.put({}, blocks_of(image_of(tree_of(kFirst))));
  EXPECT_TRUE(may_hold_iso9660(disc, {}, {}));
  disc.put({}, Bytes(100 * kBlockSize));
  EXPECT_FALSE(may_hold_iso9660(disc, {}, {}));
}

TEST(Import, IsRefusedWhenPathsOfWaitingFoldersAreTooMany) {
  PathsAndContents files;
  for (int i = 0; i < 30; ++i) files[fmt::format("/{}{:02}/file", std::string(60, 'd'), i)] = "x";
  MemoryDisc disc;
  disc.put({}, blocks_of(image_of(tree_of(files))));
  EXPECT_TRUE(import_session(disc, {}, {.held_bytes_max = 2000}));
  const auto imported = import_session(disc, {}, {.held_bytes_max = 1800});
  ASSERT_FALSE(imported);
  EXPECT_EQ(imported.error().code, ErrorCode::kCorruptImage);
  EXPECT_THAT(imported.error().message, HasSubstr("unreasonably many"));
}

TEST(Import, PassesOnThatABlockCannotBeRead) {
  MemoryDisc disc;
  Bytes blocks = blocks_of(image_of(tree_of(kFirst)));
  blocks.resize(20 * kBlockSize);
  disc.put({}, blocks);
  const auto imported = import_session(disc, {});
  ASSERT_FALSE(imported.has_value());
  EXPECT_EQ(imported.error().code, ErrorCode::kDevice);
}

// --- hostile images: one change each to a good one ---

// Offsets in the Joliet tree, which is the one that is read; fields by ECMA-119 8.4 and 9.1.
class Victim {
 public:
  explicit Victim(Bytes blocks) : blocks_(std::move(blocks)) {}

  [[nodiscard]] std::size_t descriptor() const { return 17 * kBlockSize; }
  [[nodiscard]] std::size_t root() const { return folder_at(descriptor() + 156); }
  [[nodiscard]] std::size_t folder_at(std::size_t record) const {
    return std::size_t{little(record + 2)} * kBlockSize;
  }
  // The record with this index in a directory, "." being 0.
  [[nodiscard]] std::size_t record(std::size_t folder, int index) const {
    std::size_t at = folder;
    for (; index > 0; --index) at += std::to_integer<std::size_t>(blocks_[at]);
    return at;
  }
  [[nodiscard]] std::uint32_t little(std::size_t at) const {
    return read_struct<Le32>(blocks_, at)->value();
  }
  void set_both(std::size_t at, std::uint32_t value) {
    write_struct(std::span(blocks_), at, Both32(value));
  }
  void set_byte(std::size_t at, unsigned value) { blocks_[at] = static_cast<std::byte>(value); }
  [[nodiscard]] const Bytes& blocks() const { return blocks_; }

 private:
  Bytes blocks_;
};

// The root holds "dir" and "file", in this order; "dir" holds "inner" and "other".
Bytes good_image() {
  return blocks_of(
      image_of(tree_of({{"/dir/inner", "i"}, {"/dir/other", "o"}, {"/file", "content"}})));
}

struct Corruption {
  const char* name;
  std::function<void(Victim&)> apply;
  const char* reason;
};
void PrintTo(const Corruption& row, std::ostream* out) { *out << row.name; }

class HostileImage : public testing::TestWithParam<Corruption> {};

TEST_P(HostileImage, IsRefusedWithTheReason) {
  Victim victim(good_image());
  GetParam().apply(victim);
  MemoryDisc disc;
  disc.put({}, victim.blocks());
  const auto imported = import_session(disc, {});
  ASSERT_FALSE(imported.has_value());
  EXPECT_EQ(imported.error().code, ErrorCode::kCorruptImage);
  EXPECT_THAT(imported.error().message, HasSubstr(GetParam().reason));
}

constexpr int kDir = 2;   // index of the record of "dir" in the root
constexpr int kFile = 3;  // of "file"

const Corruption kCorruptions[] = {
    {"FolderIsItsOwnChild",
     [](Victim& v) {
       v.set_both(v.record(v.root(), kDir) + 2, static_cast<std::uint32_t>(v.root() / kBlockSize));
     },
     "leads back"},
    {"FolderLooksLikeAFile",
     [](Victim& v) {
       const std::size_t file = v.record(v.root(), kFile);
       v.set_both(v.record(v.root(), kDir) + 2, v.little(file + 2));
     },
     "damaged at \"/dir\""},
    {"FileBeyondTheVolume", [](Victim& v) { v.set_both(v.record(v.root(), kFile) + 2, 1'000'000); },
     "outside of the volume"},
    {"FileBeyondAllAddresses",
     [](Victim& v) { v.set_both(v.record(v.root(), kFile) + 2, 0xFFFFFFFF); }, "beyond the end"},
    {"FileLongerThanTheVolume",
     [](Victim& v) { v.set_both(v.record(v.root(), kFile) + 10, 0xFFFFFFFF); },
     "outside of the volume"},
    {"FileOverAnotherFile",
     [](Victim& v) {
       const std::size_t dir = v.folder_at(v.record(v.root(), kDir));
       v.set_both(v.record(dir, 2) + 10, 3 * kBlockSize);
     },
     "overlap"},
    {"FileOverADirectory",
     [](Victim& v) {
       v.set_both(v.record(v.root(), kFile) + 2, static_cast<std::uint32_t>(v.root() / kBlockSize));
     },
     "overlap"},
    {"FolderWithoutBlocks", [](Victim& v) { v.set_both(v.record(v.root(), kDir) + 10, 0); },
     "no blocks"},
    {"FolderBeyondTheVolume",
     [](Victim& v) { v.set_both(v.record(v.root(), kDir) + 10, 0x0FFFF800); },
     "outside of the volume"},
    {"EnormousFolder", [](Victim& v) { v.set_both(v.descriptor() + 156 + 10, 0xFFFFF800); },
     "unreasonably large"},
    {"AddressesDiffer", [](Victim& v) { v.set_byte(v.record(v.root(), kFile) + 9, 0xEE); },
     "two copies"},
    {"LengthsDiffer", [](Victim& v) { v.set_byte(v.record(v.root(), kFile) + 17, 0xEE); },
     "two copies"},
    {"VolumeSizesDiffer", [](Victim& v) { v.set_byte(v.descriptor() + 87, 0xEE); }, "two copies"},
    {"NameLongerThanItsRecord", [](Victim& v) { v.set_byte(v.record(v.root(), kFile) + 32, 200); },
     "shorter than the name"},
    {"NameOfNoLength", [](Victim& v) { v.set_byte(v.record(v.root(), kFile) + 32, 0); },
     "shorter than the name"},
    {"HalfACharacter", [](Victim& v) { v.set_byte(v.record(v.root(), kFile) + 32, 7); },
     "half a character"},
    {"RecordShorterThanItsHeader", [](Victim& v) { v.set_byte(v.record(v.root(), kFile), 20); },
     "shorter than the name"},
    {"SlashInAName", [](Victim& v) { v.set_byte(v.record(v.root(), kFile) + 34, '/'); }, "unsafe"},
    {"NulInAName", [](Victim& v) { v.set_byte(v.record(v.root(), kFile) + 34, 0); }, "unsafe"},
    {"EscapeInAName", [](Victim& v) { v.set_byte(v.record(v.root(), kFile) + 34, 0x1B); },
     "unsafe"},
    {"ParentAsAName",
     [](Victim& v) {
       const std::size_t record = v.record(v.root(), kFile);
       v.set_byte(record + 32, 4);
       v.set_byte(record + 34, '.');
       v.set_byte(record + 36, '.');
     },
     "unsafe"},
    {"LastSectionMissing", [](Victim& v) { v.set_byte(v.record(v.root(), kFile) + 25, 0x80); },
     "section"},
    {"SameNameTwice",
     [](Victim& v) {
       const std::size_t dir = v.folder_at(v.record(v.root(), kDir));
       for (std::size_t i = 0; i < 10; ++i)
         v.set_byte(v.record(dir, 3) + 33 + i,
                    std::to_integer<unsigned>(v.blocks()[v.record(dir, 2) + 33 + i]));
     },
     "same name twice"},
};

INSTANTIATE_TEST_SUITE_P(Corruptions, HostileImage, testing::ValuesIn(kCorruptions),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(HostileImages, NeverTripAnything) {
  const Bytes good = good_image();
  const std::size_t metadata = 40 * kBlockSize;
  // Every byte from the descriptors to the directories, set to values that mean extremes.
  for (std::size_t at = 16 * kBlockSize; at < metadata; ++at) {
    if (good[at] == std::byte{0} && at % 64 != 0) continue;
    for (const unsigned value : {0x00U, 0x01U, 0x7FU, 0xFFU}) {
      Bytes blocks = good;
      blocks[at] = static_cast<std::byte>(value);
      MemoryDisc disc;
      disc.put({}, std::move(blocks));
      if (const auto imported = import_session(disc, {})) contents_of(disc, imported->tree);
    }
  }
}

}  // namespace
}  // namespace pregroove::image
