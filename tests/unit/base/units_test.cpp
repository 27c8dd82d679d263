#include "engine/base/units.h"

#include <gtest/gtest.h>

namespace pregroove {
namespace {

struct Position {
  const char* name;
  Msf msf;
  std::int32_t lba;
};

void PrintTo(const Position& position, std::ostream* out) { *out << position.name; }

class ProgramAreaPosition : public testing::TestWithParam<Position> {};

TEST_P(ProgramAreaPosition, ConvertsBothWays) {
  const auto& [name, msf, lba] = GetParam();
  EXPECT_EQ(lba_from_msf(msf).value, lba);
  EXPECT_EQ(msf_from_lba(Lba{lba}), msf);
}

// ECMA-130 22.3.3 and the ATIP values of real discs (lead-out of a 74-, 80- and 90-minute disc).
INSTANTIATE_TEST_SUITE_P(Units, ProgramAreaPosition,
                         testing::Values(Position{"StartOfProgram", {0, 2, 0}, 0},
                                         Position{"StartOfPregap", {0, 0, 0}, -150},
                                         Position{"Atip74", {74, 43, 0}, 336075},
                                         Position{"Atip80", {79, 59, 74}, 359849},
                                         Position{"Atip90MustNotFold", {91, 1, 48}, 409473}),
                         [](const auto& test) { return test.param.name; });

TEST(LeadInPosition, FoldsToNegativeAddresses) {
  EXPECT_EQ(lba_from_lead_in_msf({97, 34, 23}).value, -11077);  // Mitsubishi Chemical
  EXPECT_EQ(lba_from_lead_in_msf({97, 15, 5}).value, -12520);   // TDK
  EXPECT_EQ(msf_from_lba(Lba{-11077}), (Msf{97, 34, 23}));
}

TEST(MsfFromLba, RefusesWhatNoMsfCanExpress) {
  EXPECT_EQ(msf_from_lba(Lba{-450151}), std::nullopt);
  EXPECT_EQ(msf_from_lba(Lba{449850}), std::nullopt);
  EXPECT_EQ(msf_from_lba(Lba{449849}), (Msf{99, 59, 74}));
}

TEST(BlocksForBytes, RoundsUp) {
  EXPECT_EQ(blocks_for_bytes(0).value, 0);
  EXPECT_EQ(blocks_for_bytes(1).value, 1);
  EXPECT_EQ(blocks_for_bytes(2048).value, 1);
  EXPECT_EQ(blocks_for_bytes(2049).value, 2);
}

}  // namespace
}  // namespace pregroove
