#include "simdrive/mechanics/calibration.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>

namespace simdrive {
namespace {

TEST(Calibration, UsesUpTheAreaWithAWarningBefore) {
  CalibrationArea area{.tries = 100};
  std::map<CalibrationResult, int> results;
  for (int i = 0; i < 103; ++i) ++results[area.use_one()];
  EXPECT_EQ(results[CalibrationResult::kOk], 90);
  EXPECT_EQ(results[CalibrationResult::kAlmostFull], 10);
  EXPECT_EQ(results[CalibrationResult::kFull], 3);
  EXPECT_EQ(area.used, 100U);
  EXPECT_EQ(area.left(), 0U);
}

TEST(Calibration, TheLastTryStillCalibrates) {
  CalibrationArea area{.tries = 1};
  EXPECT_EQ(area.use_one(), CalibrationResult::kAlmostFull);
  EXPECT_EQ(area.use_one(), CalibrationResult::kFull);
}

TEST(Calibration, AnImpossibleStoredCountIsAFullArea) {
  CalibrationArea area{.tries = 100, .used = 0xFFFFFFFF};
  EXPECT_EQ(area.left(), 0U);
  EXPECT_EQ(area.use_one(), CalibrationResult::kFull);
  EXPECT_EQ(area.used, 0xFFFFFFFF);
}

}  // namespace
}  // namespace simdrive
