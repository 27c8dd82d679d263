// A file of more than 4 GiB, in two sections. Source and image are sparse, so that the test needs
// little room.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "engine/image/scan.h"
#include "tests/interop/image_readers.h"

namespace pregroove::interop {
namespace {

using testing_support::bytes_from;
using testing_support::ScratchFolder;

constexpr std::uint64_t kSectionBytes = 0xFFFFF800;
constexpr std::uint64_t kSize = kSectionBytes + 5'000'000;

// Writes the blocks that are not zero only.
void write_sparsely(const image::Image& image, const std::string& path) {
  auto file = system::File::create_or_truncate(path);
  ASSERT_TRUE(file.has_value());
  ASSERT_TRUE(file->resize(image.size().bytes()));
  image::ImageReader reader(image);
  std::vector<std::byte> piece(std::size_t{1} << 20U);
  for (std::uint64_t at = 0;;) {
    const auto count = reader.read(piece);
    ASSERT_TRUE(count.has_value());
    if (*count == 0) break;
    const auto data = std::span(piece).first(*count);
    if (std::ranges::any_of(data, [](std::byte b) { return b != std::byte{0}; })) {
      ASSERT_TRUE(file->write_at(at, data));
    }
    at += *count;
  }
  EXPECT_TRUE(reader.problems().empty());
}

TEST(FileOfMoreThanFourGibibytes, IsReadEqualToItsSource) {
  const ScratchFolder scratch;
  constexpr std::uint64_t kRoomNeeded = std::uint64_t{64} << 20U;
  if (std::filesystem::space(scratch.path()).available < kRoomNeeded)
    GTEST_SKIP() << "needs 64 MiB of room for temporary files";
  scratch.write("src/small", "small");
  const std::string source = scratch.path("src/big");
  {
    auto file = system::File::create(source);
    ASSERT_TRUE(file.has_value());
    ASSERT_TRUE(file->resize(kSize));
    // Marks at the start, across the border of the sections, and at the end.
    for (const std::uint64_t at : {std::uint64_t{0}, kSectionBytes - 3, kSize - 6})
      ASSERT_TRUE(file->write_at(at, bytes_from(fmt::format("{:06x}", at & 0xFFFFFFU))));
  }
  auto scanned = image::scan({{.source = scratch.path("src"), .target = "/"}});
  ASSERT_TRUE(scanned.has_value());
  const auto image = image::Image::create(std::move(scanned->tree), {});
  ASSERT_TRUE(image.has_value());
  const std::string path = scratch.path("image.iso");
  write_sparsely(*image, path);

  ASSERT_TRUE(have_program("xorriso") && have_program("bsdtar"));
  const std::string listing =
      output_of(fmt::format("xorriso -indev stdio:{} -find / -type f -exec report_lba 2>&1", path));
  const auto extents = image->placements().front().extents;
  ASSERT_EQ(extents.size(), 2U);
  for (const image::Extent& extent : extents) {
    // Columns: number, start, blocks, size of the whole file, path.
    EXPECT_THAT(listing,
                testing::ContainsRegex(fmt::format(", +{} , +{} , +{} , '/big'", extent.lba.value,
                                                   blocks_for_bytes(extent.bytes).value, kSize)));
  }
  EXPECT_THAT(output_of(fmt::format("bsdtar -tvf {}", quoted(path))),
              testing::ContainsRegex(fmt::format(" {} .* big", kSize)));
  // Across the border of the sections, and the end.
  for (const std::uint64_t at : {kSectionBytes - 500, kSize - 1000}) {
    const std::string cut = scratch.path(std::to_string(at));
    (void)output_of(
        fmt::format("xorriso -osirrox on -indev stdio:{} -extract_cut /big {} 1000 {} "
                    "2>&1",
                    quoted(path), at, quoted(cut)));
    (void)output_of(fmt::format("tail -c +{} {} | head -c 1000 | cmp - {} 2>&1", at + 1,
                                quoted(source), quoted(cut)));
  }

  auto reader = image::FileBlockReader::open(path);
  ASSERT_TRUE(reader.has_value());
  const auto imported = image::import_session(*reader, {});
  ASSERT_TRUE(imported.has_value());
  const image::File* file = imported->tree.find_file("/big");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->size(), kSize);
  EXPECT_EQ(std::get<image::OldExtents>(file->content).extents.size(), 2U);
}

}  // namespace
}  // namespace pregroove::interop
