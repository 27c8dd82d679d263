#include "simdrive/profiles/personality.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simdrive::profiles {
namespace {

using ::testing::ElementsAre;

TEST(Personality, IsAWriterOfEverythingByDefault) {
  const Personality drive;
  for (const MediumKind kind : all_medium_kinds()) {
    EXPECT_TRUE(drive.reads(kind)) << key_of(kind);
    EXPECT_EQ(drive.writes(kind), is_recordable(kind)) << key_of(kind);
    EXPECT_FALSE(drive.read_speeds(kind).empty()) << key_of(kind);
    EXPECT_EQ(drive.write_speeds(kind).empty(), !is_recordable(kind)) << key_of(kind);
  }
  EXPECT_EQ(drive.identity.interface, Interface::kSata);
}

// mmc.md 2.4: the column "default sense".
TEST(Personality, AnswersWithTheDefaultSenseCodesOfTheOutcomeTable) {
  const SenseAnswers sense;
  EXPECT_EQ(sense.write_to_finalised, (SenseCode{5, 0x30, 0x05}));
  EXPECT_EQ(sense.write_to_rom, (SenseCode{5, 0x30, 0x05}));
  EXPECT_EQ(sense.write_to_unformatted, (SenseCode{5, 0x30, 0x10}));
  EXPECT_EQ(sense.write_beyond_track, (SenseCode{5, 0x63, 0x00}));
  EXPECT_EQ(sense.read_blank_disc, (SenseCode{5, 0x21, 0x00}));
  EXPECT_EQ(sense.read_unwritten, (SenseCode{3, 0x11, 0x05}));
  EXPECT_EQ(sense.read_run_out, (SenseCode{5, 0x64, 0x00}));
  EXPECT_EQ(sense.blank_write_once, (SenseCode{5, 0x30, 0x06}));
  EXPECT_EQ(sense.blank_type_unsupported, (SenseCode{5, 0x24, 0x00}));
  EXPECT_EQ(sense.format_type_of_another_medium, (SenseCode{5, 0x30, 0x06}));
  EXPECT_EQ(sense.unload_while_prevented, (SenseCode{5, 0x53, 0x02}));
  EXPECT_EQ(sense.opc, std::nullopt);
}

// mmc.md 2.15: BDR-203.
TEST(Personality, HasTheBufferOfAPioneerBdWriter) {
  const Personality drive;
  EXPECT_EQ(drive.buffer_bytes(MediumKind::kCdRw), 0x126800U);
  EXPECT_EQ(drive.buffer_bytes(MediumKind::kDvdPlusR), 0x118000U);
  EXPECT_EQ(drive.buffer_bytes(MediumKind::kBdRe), 0x180000U);
}

// MMC-6, profile list.
TEST(Personality, ListsTheProfilesOfWhatItReads) {
  Personality drive;
  EXPECT_THAT(drive.profile_list(), ElementsAre(0x43, 0x42, 0x41, 0x40, 0x2B, 0x1B, 0x1A, 0x15,
                                                0x14, 0x13, 0x12, 0x11, 0x10, 0x0A, 0x09, 0x08));
  drive.features.dvd_r_dl_layer_jump = true;
  drive.features.reads = {MediumKind::kCdRom, MediumKind::kDvdRDualLayer};
  EXPECT_THAT(drive.profile_list(), ElementsAre(0x16, 0x15, 0x08));
}

TEST(Personality, LooksUpWhatCanBeBlanked) {
  const Personality drive;
  EXPECT_TRUE(drive.blanks(MediumKind::kCdRw, BlankType::kMinimal));
  EXPECT_FALSE(drive.blanks(MediumKind::kDvdRw, BlankType::kTrackTail));
  EXPECT_FALSE(drive.blanks(MediumKind::kCdR, BlankType::kDisc));
}

TEST(Personality, DoesNotKnowTheCommandsThatAreListedAsUnsupported) {
  Personality drive;
  EXPECT_TRUE(drive.knows_command(0x46));
  drive.quirks.unsupported_commands = {0x46};
  EXPECT_FALSE(drive.knows_command(0x46));
  EXPECT_TRUE(drive.knows_command(0x51));
}

TEST(MediumKinds, AreFoundByTheirNames) {
  for (const MediumKind kind : all_medium_kinds()) EXPECT_EQ(medium_kind(key_of(kind)), kind);
  EXPECT_EQ(medium_kind("dvd+r-dl"), MediumKind::kDvdPlusRDualLayer);
  EXPECT_EQ(medium_kind("dvd-rw"), MediumKind::kDvdRw);
  EXPECT_EQ(medium_kind("CD-R"), std::nullopt);
}

// 1x is 176.4, 1385 and 4495.6 kB/s (mmc.md 2.15).
TEST(Speeds, AreRoundedToTheUnitsOfCommands) {
  EXPECT_EQ(kilobytes_per_second(MediumFamily::kCd, {480}), 8467U);
  EXPECT_EQ(kilobytes_per_second(MediumFamily::kCd, {10}), 176U);
  EXPECT_EQ(kilobytes_per_second(MediumFamily::kDvd, {24}), 3324U);
  EXPECT_EQ(kilobytes_per_second(MediumFamily::kBd, {160}), 71930U);
}

}  // namespace
}  // namespace simdrive::profiles
