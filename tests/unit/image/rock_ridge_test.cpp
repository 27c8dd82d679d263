#include "engine/image/rock_ridge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/image/rock_ridge_parser.h"
#include "engine/image/susp.h"
#include "tests/support/image_files.h"

namespace pregroove::image {
namespace {

using testing::HasSubstr;
using testing_support::blocks_of;
using testing_support::contents_of;
using testing_support::MemoryDisc;

// 2020-02-03 04:05:06 UTC
constexpr system::FileTime kTime{std::chrono::seconds(1580702706)};

std::vector<std::byte> fields_of(const EntryAttributes& entry) {
  std::vector<std::byte> fields;
  append_fields(entry, fields);
  return fields;
}

std::vector<std::byte> bytes(std::string_view text) {
  const auto view = std::as_bytes(std::span(text));
  return {view.begin(), view.end()};
}

bool contains(const std::vector<std::byte>& all, std::string_view part) {
  const std::vector<std::byte> wanted = bytes(part);
  return !std::ranges::search(all, wanted).empty();
}

using namespace std::string_view_literals;

TEST(RockRidgeFields, OfAFileAreTheAttributesTheTimeAndTheName) {
  const auto fields = fields_of({.name = "a.txt",
                                 .mode = 0100640,
                                 .links = 2,
                                 .user = 1000,
                                 .group = 0x01020304,
                                 .serial = 7,
                                 .modified = kTime});
  // RRIP 4.1.1 (PX), 4.1.6 (TF), 4.1.4 (NM)
  EXPECT_EQ(fields, bytes("PX\x2c\x01"
                          "\xa0\x81\0\0\0\0\x81\xa0"
                          "\x02\0\0\0\0\0\0\x02"
                          "\xe8\x03\0\0\0\0\x03\xe8"
                          "\x04\x03\x02\x01\x01\x02\x03\x04"
                          "\x07\0\0\0\0\0\0\x07"
                          "TF\x0c\x01\x02\x78\x02\x03\x04\x05\x06\0"
                          "NM\x0a\x01\0a.txt"sv));
}

TEST(RockRidgeFields, OfTheRootAnnounceRockRidge) {
  const auto fields = fields_of({.mode = 040755, .announces = true});
  EXPECT_TRUE(contains(fields, "SP\x07\x01\xbe\xef\0"sv));
  EXPECT_TRUE(contains(fields, "ER\xb8\x01\x0a\x48\x5e\x01IEEE_P1282THE IEEE P1282"sv));
  EXPECT_TRUE(std::ranges::equal(std::span(fields).first(2), bytes("SP")));
}

struct LinkCase {
  std::string target;
  std::string_view field;
};

class LinkFields : public testing::TestWithParam<LinkCase> {};

// RRIP 4.1.3.1
TEST_P(LinkFields, HoldOneComponentForEachPartOfThePath) {
  const auto fields = fields_of({.name = "l", .mode = 0120777, .link_target = GetParam().target});
  EXPECT_TRUE(contains(fields, GetParam().field));
}

INSTANTIATE_TEST_SUITE_P(Targets, LinkFields,
                         testing::Values(LinkCase{"a",
                                                  "SL\x08\x01\0\0\x01"
                                                  "a"sv},
                                         LinkCase{"/", "SL\x07\x01\0\x08\0"sv},
                                         LinkCase{"../a",
                                                  "SL\x0a\x01\0\x04\0\0\x01"
                                                  "a"sv},
                                         LinkCase{"/usr/./b",
                                                  "SL\x11\x01\0\x08\0\0\x03usr\x02\0\0\x01"
                                                  "b"sv},
                                         LinkCase{"a//b/",
                                                  "SL\x0b\x01\0\0\x01"
                                                  "a\0\x01"
                                                  "b"sv}));

TEST(RockRidgeFields, OfDevicesAreTheOldNumberWhereItFits) {
  const auto small =
      fields_of({.name = "t", .mode = 020666, .device = DeviceNumber{.major = 5, .minor = 1}});
  EXPECT_TRUE(contains(small, "PN\x14\x01\0\0\0\0\0\0\0\0\x01\x05\0\0\0\0\x05\x01"sv));
  const auto large =
      fields_of({.name = "d", .mode = 060666, .device = DeviceNumber{.major = 259, .minor = 300}});
  EXPECT_TRUE(contains(large, "PN\x14\x01\x03\x01\0\0\0\0\x01\x03\x2c\x01\0\0\0\0\x01\x2c"sv));
}

TEST(RockRidgeFields, GoOnElsewhereInWholeFieldsWithinOneBlock) {
  std::vector<std::byte> area(2000);
  std::vector<std::byte> in_record;
  const auto fields = fields_of({.name = std::string(200, 'n'), .mode = 0100644});
  distribute_fields(fields, 100, {500}, area, in_record);
  // PX and TF stay; NM would have crossed the block's end.
  ASSERT_EQ(in_record.size(), 44U + 12U + 28U);
  const auto pointer = read_struct<SuspContinuation>(in_record, 56);
  EXPECT_EQ(pointer->header.name(), "CE");
  EXPECT_EQ(pointer->block.value(), 501U);
  EXPECT_EQ(pointer->offset.value(), 0U);
  EXPECT_EQ(pointer->length.value(), 205U);
  EXPECT_EQ(area.size(), kBlockSize + 205U);
}

Tree tree_with_everything() {
  Tree tree;
  const auto add = [&](const std::string& path, Content content, Attributes attributes) {
    const auto added = tree.add_file(
        path, {.modified = kTime, .content = std::move(content), .attributes = attributes});
    EXPECT_TRUE(added.has_value()) << path;
  };
  add("/" + std::string(255, 'n'), Memory{bytes("long")}, {0600, 1, 2});
  add("/bytes\xff\xfe", Memory{bytes("not UTF-8")}, {0644, 70000, 80000});
  add("/new\nline:*?", Memory{bytes("x")}, {07755, 0, 0});
  add("/empty", Memory{}, {0, 0, 0});
  add("/dir/link", SymbolicLink{"../bytes\xff\xfe"}, {0777, 5, 6});
  add("/dir/absolute", SymbolicLink{"/usr/share/./doc/.."}, {0777, 0, 0});
  std::string far = "/" + std::string(255, 'x');
  while (far.size() + 256 < 4095) far += "/" + std::string(255, 'y');
  add("/dir/far", SymbolicLink{far}, {0777, 0, 0});
  add("/dev/console", SpecialFile{SpecialKind::kCharacterDevice, {5, 1}}, {0620, 0, 5});
  add("/dev/disk", SpecialFile{SpecialKind::kBlockDevice, {259, 300}}, {0660, 0, 6});
  add("/dev/pipe", SpecialFile{SpecialKind::kPipe, {}}, {0600, 0, 0});
  add("/dev/socket", SpecialFile{SpecialKind::kSocket, {}}, {0700, 0, 0});
  tree.root().find_directory("dir")->attributes = {01777, 3, 4};
  tree.root().attributes = {0700, 9, 10};
  return tree;
}

struct Entry {
  std::string what;
  Attributes attributes;
  auto operator<=>(const Entry&) const = default;
};

std::map<std::string, Entry> entries_of(const Tree& tree) {
  std::map<std::string, Entry> entries{{"/", {"folder", tree.root().attributes}}};
  tree.walk(
      [&](std::string_view path, const File& file) {
        std::string what = fmt::format("{} bytes", file.size());
        if (const auto* link = std::get_if<SymbolicLink>(&file.content)) what = link->target;
        if (const auto* special = std::get_if<SpecialFile>(&file.content))
          what = fmt::format("kind {} {}:{}", static_cast<int>(special->kind),
                             special->device.major, special->device.minor);
        entries[std::string(path)] = {what, file.attributes};
      },
      [&](std::string_view path, const Directory& folder) {
        entries[std::string(path)] = {"folder", folder.attributes};
      });
  return entries;
}

TEST(RockRidge, KeepsEverythingOfATreeFromSessionToSession) {
  const auto expected = entries_of(tree_with_everything());
  MemoryDisc disc;
  Tree tree = tree_with_everything();
  for (const std::int32_t start : {0, 2000, 4000}) {
    const auto image =
        Image::create(std::move(tree), {.formats = {.rock_ridge = true}, .session_start = {start}});
    ASSERT_TRUE(image.has_value()) << image.error().message;
    disc.put({start}, blocks_of(*image));
    auto imported = import_session(disc, {start});
    ASSERT_TRUE(imported.has_value()) << imported.error().message;
    EXPECT_EQ(imported->names, NameTree::kRockRidge);
    EXPECT_EQ(entries_of(imported->tree), expected);
    tree = std::move(imported->tree);
  }
  EXPECT_EQ(contents_of(disc, tree).at("/bytes\xff\xfe"), "not UTF-8");
}

TEST(RockRidge, LeavesWhatJolietCannotShowOutOfItsTreeAndMapsNames) {
  MemoryDisc disc;
  const auto image = Image::create(tree_with_everything(), {.formats = {.rock_ridge = true}});
  ASSERT_TRUE(image.has_value());
  EXPECT_THAT(image->warnings(), testing::Contains(HasSubstr("Rock Ridge tree only")));
  disc.put({0}, blocks_of(*image));
  const auto joliet = import_session(disc, {}, {.names = NameTree::kJoliet});
  ASSERT_TRUE(joliet.has_value()) << joliet.error().message;
  EXPECT_EQ(contents_of(disc, joliet->tree),
            (testing_support::PathsAndContents{{"/" + std::string(64, 'n'), "long"},
                                               {"/bytes__", "not UTF-8"},
                                               {"/new_line___", "x"},
                                               {"/empty", ""}}));
}

// A disc whose names only Rock Ridge could hold takes a session without it, which can be read
// again.
TEST(RockRidge, CanBeLeftOutOfALaterSession) {
  MemoryDisc disc;
  const auto first = Image::create(tree_with_everything(), {.formats = {.rock_ridge = true}});
  ASSERT_TRUE(first.has_value());
  disc.put({0}, blocks_of(*first));
  auto tree = import_session(disc, {});
  ASSERT_TRUE(tree.has_value());
  const auto second = Image::create(std::move(tree->tree), {.session_start = {2000}});
  ASSERT_TRUE(second.has_value()) << second.error().message;
  disc.put({2000}, blocks_of(*second));
  const auto imported = import_session(disc, {2000});
  ASSERT_TRUE(imported.has_value()) << imported.error().message;
  EXPECT_EQ(imported->names, NameTree::kJoliet);
  EXPECT_EQ(contents_of(disc, imported->tree).at("/new_line___"), "x");
}

TEST(RockRidge, KeepsMappedJolietNamesApart) {
  MemoryDisc disc;
  const auto image = Image::create(
      testing_support::tree_of({{"/a:b", "1"}, {"/a?b", "2"}, {"/a_b", "3"}, {"/a*b.txt", "4"}}),
      {.formats = {.rock_ridge = true}});
  ASSERT_TRUE(image.has_value());
  disc.put({0}, blocks_of(*image));
  const auto joliet = import_session(disc, {}, {.names = NameTree::kJoliet});
  ASSERT_TRUE(joliet.has_value()) << joliet.error().message;
  const auto contents = contents_of(disc, joliet->tree);
  EXPECT_EQ(contents.size(), 4U);
  EXPECT_EQ(contents.at("/a_b"), "3");
  EXPECT_EQ(contents.at("/a_b.txt"), "4");
}

TEST(RockRidge, IsRefusedForNamesThatNoSystemHas) {
  Tree tree = testing_support::tree_of({{"/" + std::string(256, 'n'), "x"}});
  const auto image = Image::create(std::move(tree), {.formats = {.rock_ridge = true}});
  ASSERT_FALSE(image.has_value());
  EXPECT_EQ(image.error().code, ErrorCode::kBadName);
}

TEST(RockRidge, WithoutJolietHasOneTreeOnly) {
  MemoryDisc disc;
  const auto image = Image::create(testing_support::tree_of({{"/Name of a file", "1"}}),
                                   {.formats = {.joliet = false, .rock_ridge = true}});
  ASSERT_TRUE(image.has_value());
  disc.put({0}, blocks_of(*image));
  const auto imported = import_session(disc, {});
  ASSERT_TRUE(imported.has_value());
  EXPECT_EQ(contents_of(disc, imported->tree),
            (testing_support::PathsAndContents{{"/Name of a file", "1"}}));
  EXPECT_FALSE(import_session(disc, {}, {.names = NameTree::kJoliet}).has_value());
}

// What a hostile record may say.
struct HostileCase {
  std::string_view fields;
  const char* reason;
};

class HostileFields : public testing::TestWithParam<HostileCase> {};

TEST_P(HostileFields, AreRefused) {
  const ContinuationSource nothing = [](Lba) -> Result<std::span<const std::byte>> {
    return fail(ErrorCode::kDevice, "not there");
  };
  const auto entry = parse_fields(bytes(GetParam().fields), nothing, "/");
  ASSERT_FALSE(entry.has_value());
  EXPECT_EQ(entry.error().code, ErrorCode::kCorruptImage);
  EXPECT_THAT(entry.error().message, HasSubstr(GetParam().reason));
}

INSTANTIATE_TEST_SUITE_P(
    Records, HostileFields,
    testing::Values(
        HostileCase{"NM\x20\x01\0abc"sv, "reaches over the end"},
        HostileCase{"NM\x04\x01"sv, "too short"}, HostileCase{"PX\x08\x01\0\0\0\0"sv, "too short"},
        HostileCase{"PN\x08\x01\0\0\0\0"sv, "too short"},
        HostileCase{"NM\x08\x01\x01"
                    "abc"sv,
                    "no end"},
        HostileCase{"SL\x06\x01\0\0"sv, "has no length"},
        HostileCase{"SL\x08\x01\x01\0\x01"
                    "a"sv,
                    "no end"},
        HostileCase{"CL\x0c\x01\xff\xff\xff\xff\xff\xff\xff\xff"sv, "where none can be"},
        HostileCase{"CE\x1c\x01\0\0\0\0\0\0\0\0\0\x08\0\0\0\0\x08\0\x01\0\0\0\0\0\0\x01"sv,
                    "where none can be"}));

TEST(HostileContinuation, ThatPointsToItselfIsRefused) {
  const std::vector<std::byte> pointer =
      bytes("CE\x1c\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x1c\0\0\0\0\0\0\x1c"sv);
  std::vector<std::byte> block = pointer;
  block.resize(kBlockSize);
  const ContinuationSource itself = [&](Lba) -> Result<std::span<const std::byte>> {
    return std::span<const std::byte>(block);
  };
  const auto entry = parse_fields(pointer, itself, "/");
  ASSERT_FALSE(entry.has_value());
  EXPECT_THAT(entry.error().message, HasSubstr("circles"));
}

// Every byte of descriptors, folders and continuations, set to values that mean extremes: an error
// or a tree, and nothing read out of bounds (which the sanitizers see).
TEST(HostileRockRidgeImages, NeverTripAnything) {
  auto image =
      Image::create(tree_with_everything(), {.formats = {.joliet = false, .rock_ridge = true}});
  ASSERT_TRUE(image.has_value());
  const std::vector<std::byte> good = blocks_of(*image);
  constexpr std::size_t kMetadataBlocks = 32;
  for (std::size_t at = 16 * kBlockSize; at < kMetadataBlocks * kBlockSize; ++at) {
    if (good[at] == std::byte{0} && at % 64 != 0) continue;
    for (const unsigned value : {0x00U, 0x01U, 0x7FU, 0xFFU}) {
      std::vector<std::byte> blocks = good;
      blocks[at] = static_cast<std::byte>(value);
      MemoryDisc disc;
      disc.put({}, std::move(blocks));
      const auto imported = import_session(disc, {});
      if (!imported) {
        EXPECT_FALSE(imported.error().message.empty());
      }
    }
  }
}

}  // namespace
}  // namespace pregroove::image
