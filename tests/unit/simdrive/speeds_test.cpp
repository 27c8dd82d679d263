// Worked out by hand from 1x = 176.4 (CD), 1385 (DVD) and 4495.6 (BD) units of 1000 bytes.
#include "simdrive/mechanics/speeds.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>

namespace simdrive {
namespace {

using std::chrono::seconds;

TEST(Speeds, AreReportedInThousandsOfBytes) {
  EXPECT_EQ(kilobytes_per_second(cd_speed(1)), 176U);
  EXPECT_EQ(kilobytes_per_second(cd_speed(4)), 706U);
  EXPECT_EQ(kilobytes_per_second(cd_speed(48)), 8467U);
  EXPECT_EQ(kilobytes_per_second(dvd_speed(16)), 22160U);
  EXPECT_EQ(kilobytes_per_second(dvd_speed_tenths(24)), 3324U);
  EXPECT_EQ(kilobytes_per_second(bd_speed(6)), 26974U);
}

TEST(Speeds, ArePrintedAsTenthsOfSingleSpeed) {
  EXPECT_EQ(tenths_of_single_speed(cd_speed(48), MediumFamily::kCd), 480U);
  EXPECT_EQ(tenths_of_single_speed(dvd_speed_tenths(24), MediumFamily::kDvd), 24U);
  EXPECT_EQ(tenths_of_single_speed(speed_from_kilobytes(26974), MediumFamily::kBd), 60U);
}

TEST(Speeds, SingleSpeedOfACdIs75SectorsASecondAnd150KibibytesOfUserData) {
  EXPECT_EQ(time_to_pass(BlockCount{75}, cd_speed(1), MediumFamily::kCd), seconds(1));
  EXPECT_EQ(user_bytes_per_second(cd_speed(1), MediumFamily::kCd), 150U * 1024U);
}

TEST(Speeds, DvdAndBdCountUserDataOnly) {
  EXPECT_EQ(user_bytes_per_second(dvd_speed(1), MediumFamily::kDvd), 1'385'000U);
  EXPECT_EQ(user_bytes_per_second(bd_speed(2), MediumFamily::kBd), 8'991'200U);
  // 1 385 000 blocks of 2048 bytes.
  EXPECT_EQ(time_to_pass(BlockCount{1'385'000}, dvd_speed(1), MediumFamily::kDvd), seconds(2048));
}

TEST(Speeds, PassingNothingOrLessTakesNoTimeAndNoSpeedStillMoves) {
  EXPECT_EQ(time_to_pass(BlockCount{0}, cd_speed(1), MediumFamily::kCd), Duration::zero());
  EXPECT_EQ(time_to_pass(BlockCount{-5}, cd_speed(1), MediumFamily::kCd), Duration::zero());
  EXPECT_EQ(time_to_pass(BlockCount{1000}, Speed{}, MediumFamily::kDvd), seconds(2048));
}

TEST(Speeds, ARequestBeyondAllSpeedsIsTheLargestThatCanBeSaid) {
  EXPECT_EQ(speed_from_kilobytes(8467).bytes_per_second, 8'467'000U);
  const Speed largest = speed_from_kilobytes(std::numeric_limits<std::uint32_t>::max());
  EXPECT_GT(largest, bd_speed(900));
}

TEST(Speeds, TheFastestWithinARequestIsRoundedDownAndNeverBelowTheSlowest) {
  constexpr auto kOffered = std::to_array<Speed>({cd_speed(48), cd_speed(24), cd_speed(4)});
  EXPECT_EQ(fastest_within(kOffered, 0xFFFF), cd_speed(48));
  EXPECT_EQ(fastest_within(kOffered, 8467), cd_speed(48));
  EXPECT_EQ(fastest_within(kOffered, 8466), cd_speed(24));
  EXPECT_EQ(fastest_within(kOffered, 1), cd_speed(4));
}

}  // namespace
}  // namespace simdrive
