// A disc that is overwritten and holds another program's data: nothing is lost by a burn. It is
// refused by the name of what was found, and taken when the user erased the disc.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/burn/burner.h"
#include "engine/drive/foreign_content.h"
#include "engine/drive/inspection.h"
#include "engine/plan/image_plan.h"
#include "engine/plan/upkeep.h"
#include "tests/unit/imapi/desk.h"

namespace pregroove::imapi {
namespace {

using testing::HasSubstr;
using namespace std::string_literals;

// The structures that each system is known by, as their standards place them.
struct Foreign {
  const char* test_name;
  const char* words;  // that the user is told
  struct Piece {
    std::size_t at;
    std::string bytes;
  };
  std::vector<Piece> pieces;
};
void PrintTo(const Foreign& foreign, std::ostream* out) { *out << foreign.test_name; }

constexpr std::size_t kDescriptors = 16 * kBlockSize;

// ECMA-167 3/7.2: identifier 2, version 3, the sum of the other bytes, no serial number, CRC length
// 0, at block 256.
const std::string kAnchorTag("\x02\x00\x03\x00\x06\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00",
                             16);

std::vector<Foreign> all_foreign() {
  return {
      {"Udf2", "UDF", {{kDescriptors, "\0BEA01\1"s}, {kDescriptors + 2048, "\0NSR02\1"s}}},
      {"Udf3", "UDF", {{kDescriptors, "\0BEA01\1"s}, {kDescriptors + 2048, "\0NSR03\1"s}}},
      {"UdfAnchor", "UDF", {{256 * kBlockSize, kAnchorTag}}},
      {"Fat16", "FAT", {{0, "\xEB\x3C\x90mkfs.fat"s}, {54, "FAT16   "s}, {510, "\x55\xAA"s}}},
      {"Fat32", "FAT", {{0, "\xEB\x58\x90mkfs.fat"s}, {82, "FAT32   "s}, {510, "\x55\xAA"s}}},
      {"ExFat", "exFAT", {{0, "\xEB\x76\x90"s + "EXFAT   "}, {510, "\x55\xAA"s}}},
      {"Ntfs", "NTFS", {{0, "\xEB\x52\x90NTFS    "s}, {510, "\x55\xAA"s}}},
      {"Ext", "ext", {{1024 + 56, "\x53\xEF"s}}},
      {"PartitionTable", "partition", {{510, "\x55\xAA"s}}},
      {"Gpt", "partitions", {{510, "\x55\xAA"s}, {512, "EFI PART"s}}},
      {"Unknown", "not known", {{5000, "tar"s}}},
      // ECMA-119 8.4: type 1, CD001, version 1, and at 80 a size that no disc has.
      {"IsoTooLarge",
       "ISO 9660",
       {{kDescriptors, "\1CD001\1"s}, {kDescriptors + 80, "\xFF\xFF\xFF\x7F"s}}},
  };
}

class Quiet final : public burn::Observer {};

class ForeignDisc : public testing::TestWithParam<std::tuple<std::string, Foreign>> {
 protected:
  ForeignDisc() {
    desk_.insert_blank(std::get<0>(GetParam()));
    desk_.burn_session({{"/formats.txt", "the disc"}});
    std::string head(static_cast<std::size_t>(BlockCount{288}.bytes()), '\0');
    for (const auto& piece : std::get<1>(GetParam()).pieces)
      head.replace(piece.at, piece.bytes.size(), piece.bytes);
    drive::Drive drive(desk_.device->transport(), desk_.device->clock());
    const auto blocks = std::as_bytes(std::span(head));
    const std::size_t chunk = 32 * kBlockSize;
    for (std::size_t at = 0; at < blocks.size(); at += chunk)
      EXPECT_TRUE(drive.write(Lba{0} + blocks_for_bytes(at), blocks.subspan(at, chunk)));
    EXPECT_TRUE(drive.synchronize_cache());
  }
  medium::MediumSnapshot inspect() {
    drive::Drive drive(desk_.device->transport(), desk_.device->clock());
    auto disc = drive::inspect(drive);
    EXPECT_TRUE(disc) << describe(disc.error());
    return *disc;
  }
  static void expect_refused(const Error& error) {
    EXPECT_EQ(error.code, ErrorCode::kWrongMedium);
    EXPECT_FALSE(error.disc_touched);
    EXPECT_THAT(error.message, HasSubstr(std::get<1>(GetParam()).words));
    EXPECT_THAT(error.advice, testing::AnyOf(HasSubstr("erase"), HasSubstr("--yes")));
  }

  Desk desk_;
};

TEST_P(ForeignDisc, IsRefusedUntilItIsErased) {
  int writes = 0;
  desk_.device->before = [&writes](const scsi::Command& command) {
    writes += static_cast<scsi::Opcode>(command.cdb[0]) == scsi::Opcode::kWrite10 ? 1 : 0;
  };
  const auto selected = desk_.select();
  ASSERT_FALSE(selected);
  EXPECT_EQ(selected.error().code, ResultCode::IMAPI_E_MEDIUM_INVALIDTYPE);
  expect_refused(selected.error().cause);

  const auto disc = inspect();
  const auto image = plan::make_image_plan(disc, {.image = BlockCount{1000}});
  ASSERT_FALSE(image);
  expect_refused(image.error());
  const auto refused = plan::make_erase_plan(disc, {});
  ASSERT_FALSE(refused);
  expect_refused(refused.error());
  EXPECT_EQ(writes, 0);

  const auto erase = plan::make_erase_plan(disc, {.consent = true});
  ASSERT_TRUE(erase) << describe(erase.error());
  EXPECT_THAT(erase->summary, HasSubstr(std::get<1>(GetParam()).words));
  drive::Drive drive(desk_.device->transport(), desk_.device->clock());
  Quiet quiet;
  ASSERT_TRUE(burn::carry_out(drive, *erase, quiet));
  desk_.burn_session({{"/file.txt", "content"}});
  EXPECT_EQ(files_on(desk_.disc()), (Files{{"/file.txt", "content"}}));
}

INSTANTIATE_TEST_SUITE_P(Overwritten, ForeignDisc,
                         testing::Combine(testing::Values("dvd+rw", "dvd-ram", "bd-re-25"),
                                          testing::ValuesIn(all_foreign())),
                         [](const auto& test) {
                           std::string name = std::get<0>(test.param);
                           std::ranges::replace(name, '+', 'p');
                           std::erase(name, '-');
                           return name + std::get<1>(test.param).test_name;
                         });

TEST(ForeignContent, IsNotFoundOnZerosAndOnDiscsThatLibisoburnBlanked) {
  std::vector<std::byte> head(static_cast<std::size_t>(drive::kRecognizedHead.bytes()));
  std::vector<std::byte> anchor(kBlockSize);
  EXPECT_EQ(drive::recognize_content(head, anchor), "");
  // burning.md 6.4: "blank" is the first descriptor overwritten with CDXX1.
  constexpr std::string_view kBlanked = "\1CDXX1\1";
  std::ranges::copy(std::as_bytes(std::span(kBlanked)),
                    head.begin() + static_cast<std::ptrdiff_t>(kDescriptors));
  EXPECT_EQ(drive::recognize_content(head, anchor), "");
}

// A tag whose sum is wrong, or that belongs elsewhere, is a file's content.
TEST(ForeignContent, TakesNoFileForAnAnchor) {
  std::vector<std::byte> head(static_cast<std::size_t>(drive::kRecognizedHead.bytes()));
  std::vector<std::byte> anchor(kBlockSize);
  std::ranges::copy(std::as_bytes(std::span(kAnchorTag)), anchor.begin());
  EXPECT_NE(drive::recognize_content(head, anchor), "");
  anchor[4] = std::byte{7};
  EXPECT_EQ(drive::recognize_content(head, anchor), "");
  anchor[4] = std::byte{6};
  anchor[12] = std::byte{1};
  EXPECT_EQ(drive::recognize_content(head, anchor), "");
}

}  // namespace
}  // namespace pregroove::imapi
