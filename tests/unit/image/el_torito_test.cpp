// Boot records and catalogs, by the offsets of the El Torito specification 1.0, and boot info
// tables by mkisofs' manual, which are spelled out here again.
#include "engine/image/el_torito.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/image/volume_head.h"
#include "tests/support/image_files.h"

namespace pregroove::image {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::blocks_of;
using testing_support::MemoryDisc;
using testing_support::ScratchFolder;
using testing_support::tree_of;

using Bytes = std::vector<std::byte>;

std::uint32_t little(std::span<const std::byte> bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = size; i-- > 0;)
    value = (value << 8U) | std::to_integer<std::uint32_t>(bytes[at + i]);
  return value;
}
unsigned byte(std::span<const std::byte> bytes, std::size_t at) { return little(bytes, at, 1); }
std::string text(std::span<const std::byte> bytes, std::size_t at, std::size_t size) {
  std::string result;
  for (std::size_t i = 0; i < size; ++i) result += static_cast<char>(bytes[at + i]);
  return result;
}

ImageOptions bootable(std::vector<BootFile> files, std::int32_t start = 0) {
  return {.volume_id = "BOOT",
          .created = system::FileTime(std::chrono::seconds(1'700'000'000)),
          .session_start = {start},
          .boot = {.files = std::move(files)}};
}
const BootFile kBios{.path = "/boot/bios.bin"};
const BootFile kEfi{.platform = BootPlatform::kEfi, .path = "boot/efi.img"};

Tree boot_tree() {
  return tree_of({{"/boot/bios.bin", std::string(5000, 'b')},
                  {"/boot/efi.img", std::string(700'000, 'e')},
                  {"/letter.txt", "x"}});
}

Image image_of(Tree tree, ImageOptions options) {
  auto image = Image::create(std::move(tree), std::move(options));
  if (!image) throw std::runtime_error(image.error().message);
  return *std::move(image);
}

Lba lba_of(const Image& image, const std::string& path) {
  for (const FilePlacement& placement : image.placements())
    if (placement.path == path) return placement.extents.at(0).lba;
  ADD_FAILURE() << path;
  return {};
}

struct Written {
  Bytes blocks;
  Bytes catalog;
};
// The image's blocks, and the catalog that its boot record names.
Written written(const Image& image) {
  Written result{.blocks = blocks_of(image), .catalog = {}};
  const std::size_t lba = little(result.blocks, 17 * kBlockSize + 0x47, 4) -
                          static_cast<std::size_t>(image.session_start().value);
  const auto at = result.blocks.begin() + static_cast<std::ptrdiff_t>(lba * kBlockSize);
  result.catalog.assign(at, at + kBlockSize);
  return result;
}

// Figure 7 and section 2.0: sector 17, and the descriptors of ISO 9660 around it.
TEST(BootRecord, IsTheSecondDescriptor) {
  const Bytes blocks = blocks_of(image_of(boot_tree(), bootable({kBios})));
  EXPECT_EQ(text(blocks, 16 * kBlockSize, 6),
            "\x01"
            "CD001");
  const std::size_t record = 17 * kBlockSize;
  EXPECT_EQ(text(blocks, record, 7), std::string("\0CD001\x01", 7));
  EXPECT_EQ(text(blocks, record + 7, 32), "EL TORITO SPECIFICATION" + std::string(9, '\0'));
  EXPECT_EQ(text(blocks, record + 39, 32), std::string(32, '\0'));
  EXPECT_EQ(text(blocks, record + 0x4B, kBlockSize - 0x4B), std::string(kBlockSize - 0x4B, '\0'));
  EXPECT_EQ(text(blocks, 18 * kBlockSize, 6),
            "\x02"
            "CD001");
  EXPECT_EQ(text(blocks, 19 * kBlockSize, 6),
            "\xFF"
            "CD001");
}

TEST(BootRecord, IsNotInOtherImages) {
  const Bytes blocks = blocks_of(image_of(boot_tree(), bootable({})));
  EXPECT_EQ(byte(blocks, 17 * kBlockSize), 2U);
}

// Figures 2 to 5.
TEST(BootCatalog, HoldsADefaultEntryForTheBiosAndASectionForEfi) {
  const Image image = image_of(boot_tree(), bootable({kBios, kEfi}, 5000));
  const Bytes catalog = written(image).catalog;
  EXPECT_EQ(byte(catalog, 0), 1U);
  EXPECT_EQ(byte(catalog, 1), 0U);  // 80x86
  EXPECT_EQ(text(catalog, 0x1E, 2), "\x55\xAA");
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at < 0x20; at += 2) sum += little(catalog, at, 2);
  EXPECT_EQ(sum % 0x10000U, 0U);

  EXPECT_EQ(byte(catalog, 0x20), 0x88U);
  EXPECT_EQ(byte(catalog, 0x21), 0U);       // no emulation
  EXPECT_EQ(little(catalog, 0x22, 2), 0U);  // the traditional segment
  EXPECT_EQ(little(catalog, 0x24, 2), 0U);  // system type, unused
  EXPECT_EQ(little(catalog, 0x26, 2), 4U);  // sectors
  EXPECT_EQ(little(catalog, 0x28, 4),
            static_cast<std::uint32_t>(lba_of(image, "/boot/bios.bin").value));
  EXPECT_GT(lba_of(image, "/boot/bios.bin"), Lba{5000});

  EXPECT_EQ(byte(catalog, 0x40), 0x91U);  // no more headers
  EXPECT_EQ(byte(catalog, 0x41), 0xEFU);
  EXPECT_EQ(little(catalog, 0x42, 2), 1U);
  EXPECT_EQ(byte(catalog, 0x60), 0x88U);
  EXPECT_EQ(byte(catalog, 0x61), 0U);
  EXPECT_EQ(little(catalog, 0x66, 2), 1368U);  // 700,000 bytes
  EXPECT_EQ(little(catalog, 0x68, 4),
            static_cast<std::uint32_t>(lba_of(image, "/boot/efi.img").value));
  EXPECT_EQ(text(catalog, 0x80, kBlockSize - 0x80), std::string(kBlockSize - 0x80, '\0'));
}

// UEFI 13.3.2.1: an image for EFI alone has its platform in the validation entry.
TEST(BootCatalog, OfEfiAloneSaysSoInItsValidationEntry) {
  const Bytes catalog = written(image_of(boot_tree(), bootable({kEfi}))).catalog;
  EXPECT_EQ(byte(catalog, 1), 0xEFU);
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at < 0x20; at += 2) sum += little(catalog, at, 2);
  EXPECT_EQ(sum % 0x10000U, 0U);
  EXPECT_EQ(byte(catalog, 0x20), 0x88U);
  EXPECT_EQ(byte(catalog, 0x40), 0U);
}

TEST(BootCatalog, MarksAllHeadersButTheLastAsFollowed) {
  const Bytes catalog = written(image_of(boot_tree(), bootable({kBios, kEfi, kEfi}))).catalog;
  EXPECT_EQ(byte(catalog, 0x40), 0x90U);
  EXPECT_EQ(byte(catalog, 0x80), 0x91U);
}

TEST(BootCatalog, LoadsAsManySectorsAsAskedFor) {
  BootFile file = kBios;
  file.load_sectors = 63;
  const Bytes catalog = written(image_of(boot_tree(), bootable({file}))).catalog;
  EXPECT_EQ(little(catalog, 0x26, 2), 63U);
}

// UEFI 13.3.2.1: 0 stands for the rest of the disc.
TEST(BootCatalog, SaysNothingOfEfiFilesBeyond16Bits) {
  const auto of_size = [](std::uint64_t bytes) {
    Tree tree;
    // It is not opened before its blocks are due.
    EXPECT_TRUE(
        tree.add_file("/boot/efi.img", {.content = SourceFile{.leaf = "x", .size = bytes}}));
    return image_of(std::move(tree), bootable({kEfi}));
  };
  const auto sectors_of = [](const Image& image) {
    ImageReader reader(image);
    Bytes head(64 * kBlockSize);
    EXPECT_TRUE(reader.read(head).has_value());
    return little(head, 20 * kBlockSize + 0x26, 2);
  };
  const Image most = of_size(65535 * 512);
  EXPECT_EQ(sectors_of(most), 65535U);
  EXPECT_THAT(most.warnings(), IsEmpty());
  const Image more = of_size(65535 * 512 + 1);
  EXPECT_EQ(sectors_of(more), 0U);
  EXPECT_THAT(more.warnings(), Contains(HasSubstr("boot/efi.img")));
}

// The sum of 32-bit words from byte 64 on, little endian, zeros behind the end.
std::uint32_t checksum_by_the_manual(std::string content) {
  while (content.size() % 4 != 0) content += '\0';
  std::uint32_t sum = 0;
  for (std::size_t at = 64; at < content.size(); at += 4)
    sum += little(std::as_bytes(std::span(content)), at, 4);
  return sum;
}

std::string counting(std::size_t size) {
  std::string content;
  for (std::size_t i = 0; i < size; ++i) content += static_cast<char>(i * 7 + i / 256);
  return content;
}

void expect_info_table(const Image& image, const std::string& content, std::int32_t start) {
  const Lba file = lba_of(image, "/boot/bios.bin");
  for (const std::size_t piece : {1U, 3U, 64U}) {
    const Bytes blocks = blocks_of(image, piece);
    const auto at = (file - Lba{start}).bytes();
    EXPECT_EQ(text(blocks, at, 8), content.substr(0, 8));
    EXPECT_EQ(little(blocks, at + 8, 4), 16U + static_cast<std::uint32_t>(start));
    EXPECT_EQ(little(blocks, at + 12, 4), static_cast<std::uint32_t>(file.value));
    EXPECT_EQ(little(blocks, at + 16, 4), content.size());
    EXPECT_EQ(little(blocks, at + 20, 4), checksum_by_the_manual(content));
    EXPECT_EQ(text(blocks, at + 24, 40), std::string(40, '\0'));
    EXPECT_TRUE(text(blocks, at + 64, content.size() - 64) == content.substr(64));
  }
}

TEST(BootInfoTable, TellsAFileOnDiskWhereItIs) {
  const ScratchFolder folder;
  // Neither whole words nor whole blocks, and more than is read at once.
  const std::string content = counting(150'003);
  const std::string path = folder.write("bios.bin", content);
  const auto status = system::status_of(path, system::FollowLinks::kYes);
  ASSERT_TRUE(status.has_value());
  Tree tree;
  ASSERT_TRUE(
      tree.add_file("/boot/bios.bin",
                    {.content = SourceFile{.leaf = path,
                                           .size = status->size,
                                           .modified = status->modified,
                                           .device = status->device,
                                           .inode = status->inode,
                                           .modified_nanoseconds = status->modified_nanoseconds}}));
  BootFile file = kBios;
  file.info_table = true;
  for (const std::int32_t start : {0, 12000})
    expect_info_table(image_of(tree, bootable({file}, start)), content, start);
  std::stringstream now;
  now << std::ifstream(path, std::ios::binary).rdbuf();
  EXPECT_TRUE(now.str() == content) << "the user's file was changed";
}

TEST(BootInfoTable, FitsIntoAFileOf64Bytes) {
  BootFile file = kBios;
  file.info_table = true;
  const std::string content = counting(64);
  expect_info_table(image_of(tree_of({{"/boot/bios.bin", content}}), bootable({file})), content, 0);
}

struct BadBootFile {
  const char* name;
  const char* path;
  bool info_table;
  ErrorCode code;
  const char* rule;
};

class BootFileRefusal : public testing::TestWithParam<BadBootFile> {};

TEST_P(BootFileRefusal, NamesFileAndRule) {
  Tree tree = tree_of({{"/folder/file", "x"}, {"/empty", ""}, {"/63", std::string(63, '6')}});
  ASSERT_TRUE(tree.add_file("/link", {.content = SymbolicLink{"63"}}));
  ASSERT_TRUE(tree.add_file("/4GiB", {.content = SourceFile{.leaf = "x", .size = 1ULL << 32U}}));
  ASSERT_TRUE(tree.add_file("/old", {.content = OldExtents{.extents = {{Lba{30}, 2048}}}}));
  ASSERT_TRUE(tree.add_file(
      "/parts", {.content = OldExtents{.extents = {{Lba{40}, 2048}, {Lba{50}, 2048}}}}));
  const BadBootFile& bad = GetParam();
  ImageOptions options = bootable({{.path = bad.path, .info_table = bad.info_table}});
  options.formats.rock_ridge = true;
  const auto image = Image::create(std::move(tree), std::move(options));
  ASSERT_FALSE(image.has_value());
  EXPECT_EQ(image.error().code, bad.code);
  EXPECT_THAT(image.error().message, AllOf(HasSubstr(bad.path), HasSubstr(bad.rule)));
}

INSTANTIATE_TEST_SUITE_P(
    All, BootFileRefusal,
    testing::Values(
        BadBootFile{"NotThere", "/nowhere", false, ErrorCode::kNotFound, "not among the files"},
        BadBootFile{"AFolder", "/folder", false, ErrorCode::kUnsupported, "folder"},
        BadBootFile{"Empty", "/empty", false, ErrorCode::kUnsupported, "empty"},
        BadBootFile{"ALink", "/link", false, ErrorCode::kUnsupported, "link"},
        BadBootFile{"TooLarge", "/4GiB", false, ErrorCode::kUnsupported, "4 GiB"},
        BadBootFile{"TooShort", "/63", true, ErrorCode::kUnsupported, "63 bytes"},
        BadBootFile{"Recorded", "/old", true, ErrorCode::kUnsupported, "on the disc already"},
        BadBootFile{"InParts", "/parts", false, ErrorCode::kUnsupported, "parts"}),
    [](const auto& test) { return test.param.name; });

TEST(BootFiles, AreRefusedWhenTheirChecksumCannotBeHad) {
  Tree tree;
  ASSERT_TRUE(tree.add_file("/gone", {.content = SourceFile{.leaf = "/no/such/file", .size = 99}}));
  const auto image =
      Image::create(std::move(tree), bootable({{.path = "/gone", .info_table = true}}));
  ASSERT_FALSE(image.has_value());
  EXPECT_EQ(image.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(image.error().message, HasSubstr("/no/such/file"));
}

TEST(BootFiles, AreRefusedWhenACatalogCannotHoldThem) {
  EXPECT_TRUE(Image::create(boot_tree(), bootable(std::vector(32, kBios))).has_value());
  const auto image = Image::create(boot_tree(), bootable(std::vector(33, kBios)));
  ASSERT_FALSE(image.has_value());
  EXPECT_EQ(image.error().code, ErrorCode::kUnsupported);
}

TEST(BootFiles, OfAnEarlierSessionAreBootedFromTheirPlace) {
  Tree tree;
  ASSERT_TRUE(
      tree.add_file("/boot/bios.bin", {.content = OldExtents{.extents = {{Lba{77}, 4096}}}}));
  const Bytes catalog = written(image_of(std::move(tree), bootable({kBios}, 12000))).catalog;
  EXPECT_EQ(little(catalog, 0x28, 4), 77U);
}

// ---- what the import finds

TEST(BootImport, FindsTheCatalogAgain) {
  const Image image = image_of(boot_tree(), bootable({kBios, kEfi}, 1000));
  MemoryDisc disc;
  disc.put({1000}, blocks_of(image));
  const auto imported = import_session(disc, {1000});
  ASSERT_TRUE(imported.has_value()) << imported.error().message;
  ASSERT_TRUE(imported->boot.has_value());
  EXPECT_EQ(imported->boot->lba, Lba{1020});
  EXPECT_THAT(imported->boot->entries,
              ElementsAre(BootEntry{.platform = BootPlatform::kBios,
                                    .load_sectors = 4,
                                    .start = lba_of(image, "/boot/bios.bin")},
                          BootEntry{.platform = BootPlatform::kEfi,
                                    .load_sectors = 1368,
                                    .start = lba_of(image, "/boot/efi.img")}));
  EXPECT_EQ(platforms_of(*imported->boot), "BIOS, EFI");
}

TEST(BootImport, FindsNoneInOtherImages) {
  MemoryDisc disc;
  disc.put({0}, blocks_of(image_of(boot_tree(), bootable({}))));
  const auto imported = import_session(disc, {0});
  ASSERT_TRUE(imported.has_value());
  EXPECT_FALSE(imported->boot.has_value());
}

// A disc whose catalog is damaged has lost that and nothing else.
TEST(BootImport, KeepsTheFilesOfADiscWithADamagedCatalog) {
  const Bytes good = blocks_of(image_of(boot_tree(), bootable({kBios})));
  const std::size_t catalog = 20 * kBlockSize;
  const std::size_t address = 17 * kBlockSize + 0x47;
  for (const std::size_t at : {catalog + 5, catalog + 0x1E, catalog + 0x20, address + 3}) {
    Bytes blocks = good;
    blocks[at] ^= std::byte{0x80};
    if (at == catalog + 0x20) blocks[at] = std::byte{0x12};
    MemoryDisc disc;
    disc.put({0}, std::move(blocks));
    const auto imported = import_session(disc, {0});
    ASSERT_TRUE(imported.has_value()) << at;
    EXPECT_NE(imported->tree.find_file("/letter.txt"), nullptr);
    ASSERT_TRUE(imported->boot.has_value()) << at;
    EXPECT_THAT(imported->boot->entries, IsEmpty()) << at;
  }
}

// Figure 6: extensions belong to the entry before them. Nothing a catalog says leads outside of it.
TEST(BootImport, ReadsCatalogsOfOtherWriters) {
  Bytes block = make_boot_catalog(std::vector{BootEntry{.start = {30}}, BootEntry{.start = {31}}});
  const auto put = [&block](std::size_t entry, std::initializer_list<int> bytes) {
    std::size_t at = entry * 32;
    for (const int value : bytes) block[at++] = static_cast<std::byte>(value);
  };
  put(2, {0x90, 0xEF, 2, 0});
  put(3, {0x88, 0x20, 0, 0, 0, 0, 8, 0, 40});  // an extension follows: bit 5
  put(4, {0x44, 0x00});
  put(5, {0x00, 0x02, 0, 0, 0, 0, 1, 0, 41});
  put(6, {0x91, 0x01, 1, 0});
  put(7, {0x88, 0x04, 0, 0, 0, 0, 1, 0, 42});
  const auto entries = parse_boot_catalog(block);
  ASSERT_EQ(entries.size(), 4U);
  EXPECT_EQ(entries[1],
            (BootEntry{.platform = BootPlatform::kEfi, .load_sectors = 8, .start = {40}}));
  EXPECT_EQ(entries[2], (BootEntry{.platform = BootPlatform::kEfi,
                                   .bootable = false,
                                   .emulation = 2,
                                   .load_sectors = 1,
                                   .start = {41}}));
  EXPECT_EQ(
      entries[3],
      (BootEntry{
          .platform = BootPlatform::kPowerPc, .emulation = 4, .load_sectors = 1, .start = {42}}));
  put(2, {0x90, 0xEF, 0xFF, 0xFF});
  EXPECT_LE(parse_boot_catalog(block).size(), 64U);
  EXPECT_THAT(parse_boot_catalog(std::span(block).first(40)), IsEmpty());
}

// ---- a session more

class LaterSession : public testing::Test {
 protected:
  void SetUp() override {
    disc_.put({0}, blocks_of(image_of(boot_tree(), bootable({kBios, kEfi}))));
    auto imported = import_session(disc_, {0});
    ASSERT_TRUE(imported.has_value());
    first_ = *std::move(imported);
    options_.boot.kept = first_.boot;
  }
  [[nodiscard]] Tree with(const std::string& path) const {
    Tree tree = first_.tree;
    EXPECT_TRUE(tree.merge(tree_of({{path, "n"}}), Overwrite::kYes));
    return tree;
  }

  MemoryDisc disc_;
  Imported first_;
  ImageOptions options_ = bootable({}, 12000);
};

TEST_F(LaterSession, GoesOnNamingTheFirstOnesCatalog) {
  const Image image = image_of(with("/new"), options_);
  EXPECT_THAT(image.warnings(), IsEmpty());
  EXPECT_EQ(image.size(), Image::measure(image.tree(), options_).value());
  disc_.put({12000}, blocks_of(image));
  const auto second = import_session(disc_, {12000}, {.medium_end = Lba{12000} + image.size()});
  ASSERT_TRUE(second.has_value()) << second.error().message;
  EXPECT_EQ(second->boot, first_.boot);
  EXPECT_EQ(testing_support::contents_of(disc_, second->tree).at("/new"), "n");
}

TEST_F(LaterSession, TellsWhenABootFileWasReplaced) {
  EXPECT_THAT(image_of(with("/boot/bios.bin"), options_).warnings(),
              ElementsAre(HasSubstr("1 of the disc's boot entries")));
}

// The head of a disc that is overwritten: descriptors count from 0 there, and a boot record counts
// nothing.
TEST(HeadOfADisc, KeepsTheBootRecordAsItIs) {
  Bytes blocks = blocks_of(image_of(boot_tree(), bootable({kBios}, 32)));
  const Bytes before = blocks;
  ASSERT_TRUE(make_head_of_disc(std::span(blocks).first(32 * kBlockSize), {32}));
  EXPECT_NE(text(blocks, 16 * kBlockSize + 80, 8), text(before, 16 * kBlockSize + 80, 8));
  EXPECT_NE(text(blocks, 18 * kBlockSize + 80, 8), text(before, 18 * kBlockSize + 80, 8));
  EXPECT_EQ(text(blocks, 17 * kBlockSize, kBlockSize), text(before, 17 * kBlockSize, kBlockSize));
}

}  // namespace
}  // namespace pregroove::image
