// The expected speeds and times come from the geometry alone: speed with the radius, capacity with
// its square, CD from 25 mm to 58 mm, DVD and BD from 24 mm.
#include "simdrive/mechanics/speed_curve.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>

namespace simdrive {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr BlockCount kCdBlocks{360'000};
constexpr BlockCount kDvdBlocks{2'295'104};
constexpr BlockCount kLayerBlocks{2'086'912};  // of a DVD with two layers

const Spiral kCd = spiral_of(MediumFamily::kCd, DiscSize::k12cm, kCdBlocks);
const Spiral kDvd = spiral_of(MediumFamily::kDvd, DiscSize::k12cm, kDvdBlocks);
const Spiral kTwoLayers = spiral_of(MediumFamily::kDvd, DiscSize::k12cm, kLayerBlocks, 2);

double kilobytes_at(const SpeedCurve& curve, std::int32_t lba) {
  return curve.speed_at(Lba{lba}).bytes_per_second / 1000.0;
}

double seconds_of(Duration duration) { return static_cast<double>(duration.count()) / 1e9; }

// Block by block, to check the closed form.
double summed_seconds(const SpeedCurve& curve, std::int32_t first, std::int32_t count,
                      double block_bytes) {
  double sum = 0;
  for (std::int32_t lba = first; lba < first + count; ++lba)
    sum += block_bytes / curve.speed_at(Lba{lba}).bytes_per_second;
  return sum;
}

TEST(SpeedCurve, ConstantLinearSpeedIsTheSameEverywhereAndExact) {
  const SpeedCurve curve = SpeedCurve::clv(cd_speed(4), kCd);
  EXPECT_EQ(curve.speed_at(Lba{0}), cd_speed(4));
  EXPECT_EQ(curve.speed_at(Lba{359'999}), cd_speed(4));
  EXPECT_EQ(curve.time_to_pass(Lba{1234}, BlockCount{300}), seconds(1));
  EXPECT_EQ(curve.time_to_pass(Lba{0}, kCdBlocks), seconds(1200));
}

TEST(SpeedCurve, ConstantRotationStartsSlowerAsTheRadiiAre) {
  const SpeedCurve curve = SpeedCurve::cav(cd_speed(48), kCd);
  EXPECT_NEAR(kilobytes_at(curve, 0), 8467.2 * 25 / 58, 0.001);
  EXPECT_NEAR(kilobytes_at(curve, 359'999), 8467.2, 0.05);
  // Half of the blocks lie within sqrt((25*25 + 58*58) / 2) = 44.659 mm.
  EXPECT_NEAR(kilobytes_at(curve, 180'000), 8467.2 * 44.6598 / 58, 0.1);
}

// 2352 bytes for each of 360000 blocks at the mean of both speeds: blocks grow with the radius just
// as the speed does, so each millimetre takes equally long.
TEST(SpeedCurve, ConstantRotationTakesAsLongAsTheMeanOfItsEndSpeeds) {
  const SpeedCurve curve = SpeedCurve::cav(cd_speed(48), kCd);
  const double mean = 8467.2e3 * (1 + 25.0 / 58) / 2;
  EXPECT_NEAR(seconds_of(curve.time_to_pass(Lba{0}, kCdBlocks)), 360'000 * 2352.0 / mean, 1e-6);
}

TEST(SpeedCurve, ClosedFormAgreesWithPassingBlockByBlock) {
  const SpeedCurve curve = SpeedCurve::cav(dvd_speed(16), kDvd).capped(dvd_speed(12));
  const double summed = summed_seconds(curve, 900'000, 400'000, 2048);
  EXPECT_NEAR(seconds_of(curve.time_to_pass(Lba{900'000}, BlockCount{400'000})), summed, 1e-4);
}

TEST(SpeedCurve, PartsTakeExactlyAsLongAsTheWhole) {
  const SpeedCurve curve = SpeedCurve::cav(dvd_speed(16), kTwoLayers).capped(dvd_speed(8));
  constexpr std::int32_t kStep = 98'765;
  Duration sum{};
  std::int32_t lba = -150;
  for (; lba < 4'500'000; lba += kStep) sum += curve.time_to_pass(Lba{lba}, BlockCount{kStep});
  EXPECT_EQ(sum, curve.time_to_pass(Lba{-150}, Lba{lba} - Lba{-150}));
}

TEST(SpeedCurve, ACapTurnsTheOutsideIntoConstantLinearSpeed) {
  const SpeedCurve curve = SpeedCurve::cav(cd_speed(48), kCd).capped(cd_speed(40));
  EXPECT_NEAR(kilobytes_at(curve, 0), 8467.2 * 25 / 58, 0.001);
  EXPECT_EQ(curve.speed_at(Lba{350'000}), cd_speed(40));
  // 40x is reached at 58 * 40 / 48 = 48.333 mm: (48.333^2 - 25^2) / (58^2 - 25^2) of 360000 are
  // 224899.6 blocks.
  const auto stretches = curve.nominal_speeds(Lba{0}, Lba{359'999});
  ASSERT_EQ(stretches.size(), 2U);
  EXPECT_EQ(stretches[1].start.value, 224'900);
  EXPECT_EQ(stretches[1].end_speed, cd_speed(40));
  EXPECT_EQ(stretches[0].end.value + 1, stretches[1].start.value);
}

TEST(SpeedCurve, ACapBelowTheInnermostSpeedLeavesOneConstantSpeed) {
  const SpeedCurve curve = SpeedCurve::cav(cd_speed(48), kCd).capped(speed_from_kilobytes(706));
  const auto stretches = curve.nominal_speeds(Lba{0}, Lba{359'999});
  ASSERT_EQ(stretches.size(), 1U);
  EXPECT_EQ(kilobytes_per_second(stretches[0].start_speed), 706U);
  EXPECT_EQ(kilobytes_per_second(stretches[0].end_speed), 706U);
}

TEST(SpeedCurve, ZonesChangeTheSpeedAtTheirFirstBlock) {
  constexpr auto kZones = std::to_array<SpeedZone>(
      {{Lba{750}, cd_speed(2)}, {Lba{0}, cd_speed(1)}, {Lba{1500}, cd_speed(4)}});
  const SpeedCurve curve = SpeedCurve::zoned(kZones, kCd);
  EXPECT_EQ(curve.speed_at(Lba{749}), cd_speed(1));
  EXPECT_EQ(curve.speed_at(Lba{750}), cd_speed(2));
  EXPECT_EQ(curve.time_to_pass(Lba{675}, BlockCount{1125}), seconds(1 + 5 + 1));
  const std::vector<NominalSpeed> expected = {{Lba{0}, cd_speed(1), Lba{749}, cd_speed(1)},
                                              {Lba{750}, cd_speed(2), Lba{1499}, cd_speed(2)},
                                              {Lba{1500}, cd_speed(4), Lba{2000}, cd_speed(4)}};
  EXPECT_EQ(curve.nominal_speeds(Lba{0}, Lba{2000}), expected);
}

TEST(SpeedCurve, ZonesUnderACapAreOneWhereTheyBecomeEqual) {
  constexpr auto kZones =
      std::to_array<SpeedZone>({{Lba{0}, dvd_speed(6)}, {Lba{300'000}, dvd_speed(8)}});
  const SpeedCurve curve = SpeedCurve::zoned(kZones, kDvd).capped(dvd_speed(4));
  const std::vector<NominalSpeed> expected = {{Lba{0}, dvd_speed(4), Lba{2'295'103}, dvd_speed(4)}};
  EXPECT_EQ(curve.nominal_speeds(Lba{0}, Lba{2'295'103}), expected);
}

TEST(SpeedCurve, TheSecondLayerMirrorsTheFirst) {
  const SpeedCurve curve = SpeedCurve::cav(dvd_speed(8), kTwoLayers);
  const auto last = static_cast<std::int32_t>(kLayerBlocks.value) - 1;
  EXPECT_EQ(curve.speed_at(Lba{last}), curve.speed_at(Lba{last + 1}));
  EXPECT_EQ(curve.speed_at(Lba{0}), curve.speed_at(Lba{(2 * last) + 1}));
  EXPECT_NEAR(kilobytes_at(curve, (2 * last) + 1), 11080.0 * 24 / 58, 0.001);
  EXPECT_EQ(curve.time_to_pass(Lba{last + 1}, kLayerBlocks),
            curve.time_to_pass(Lba{0}, kLayerBlocks));
  const auto stretches = curve.nominal_speeds(Lba{0}, Lba{(2 * last) + 1});
  ASSERT_EQ(stretches.size(), 2U);
  EXPECT_EQ(stretches[1].start.value, last + 1);
  EXPECT_EQ(stretches[1].start_speed, stretches[0].end_speed);
  EXPECT_EQ(stretches[1].end_speed, stretches[0].start_speed);
}

TEST(SpeedCurve, AMovedLayerBreakTurnsRoundFurtherInside) {
  Spiral spiral = kTwoLayers;
  spiral.layer_blocks = BlockCount{kLayerBlocks.value / 2};
  const SpeedCurve curve = SpeedCurve::cav(dvd_speed(8), spiral);
  const auto middle = static_cast<std::int32_t>(spiral.layer_blocks.value);
  // Half of the layer lies within sqrt((24*24 + 58*58) / 2) = 44.385 mm.
  EXPECT_NEAR(kilobytes_at(curve, middle), 11080.0 * 44.3847 / 58, 0.1);
  EXPECT_NEAR(kilobytes_at(curve, (2 * middle) - 1), 11080.0 * 24 / 58, 0.001);
}

TEST(SpeedCurve, ZonesOfTheSecondLayerAreMetInReverse) {
  constexpr auto kZones =
      std::to_array<SpeedZone>({{Lba{0}, dvd_speed(4)}, {Lba{1'000'000}, dvd_speed(8)}});
  const SpeedCurve curve = SpeedCurve::zoned(kZones, kTwoLayers);
  const auto end = static_cast<std::int32_t>(2 * kLayerBlocks.value);
  const std::vector<NominalSpeed> expected = {
      {Lba{0}, dvd_speed(4), Lba{999'999}, dvd_speed(4)},
      {Lba{1'000'000}, dvd_speed(8), Lba{end - 1'000'001}, dvd_speed(8)},
      {Lba{end - 1'000'000}, dvd_speed(4), Lba{end - 1}, dvd_speed(4)}};
  EXPECT_EQ(curve.nominal_speeds(Lba{0}, Lba{end - 1}), expected);
}

TEST(SpeedCurve, BlocksPassedInATimeAreThoseWhoseTimeIsOver) {
  for (const SpeedCurve& curve :
       {SpeedCurve::cav(dvd_speed(16), kTwoLayers).capped(dvd_speed(12)),
        SpeedCurve::clv(dvd_speed_tenths(24), kTwoLayers), SpeedCurve::cav(cd_speed(52), kCd)}) {
    for (const std::int32_t first : {-150, 0, 77'777, 2'086'000, 3'000'000}) {
      for (std::int64_t count = 1; count < 1'500'000; count = count * 3 + 1) {
        const Duration time = curve.time_to_pass(Lba{first}, BlockCount{count});
        const BlockCount plenty{count + 10};
        EXPECT_EQ(curve.passed_within(Lba{first}, plenty, time).value, count);
        EXPECT_EQ(curve.passed_within(Lba{first}, plenty, time - Duration(1)).value, count - 1);
      }
    }
  }
}

TEST(SpeedCurve, NothingPassesInNoTimeAndNeverMoreThanThereIs) {
  const SpeedCurve curve = SpeedCurve::clv(cd_speed(1), kCd);
  EXPECT_EQ(curve.passed_within(Lba{0}, BlockCount{10}, Duration::zero()).value, 0);
  EXPECT_EQ(curve.passed_within(Lba{0}, BlockCount{10}, seconds(99)).value, 10);
  EXPECT_EQ(curve.passed_within(Lba{0}, BlockCount{-1}, seconds(99)).value, 0);
  EXPECT_EQ(curve.time_to_pass(Lba{0}, BlockCount{-1}), Duration::zero());
}

TEST(SpeedCurve, TheSlowestRequestOnTheLargestDiscStillFitsIntoATime) {
  const Spiral spiral = spiral_of(MediumFamily::kBd, DiscSize::k12cm, BlockCount{15'625'216}, 4);
  const SpeedCurve curve = SpeedCurve::cav(bd_speed(12), spiral).capped(Speed{});
  // 2048 bytes a block at 1000 bytes a second.
  EXPECT_EQ(curve.time_to_pass(Lba{0}, BlockCount{62'500'000}), seconds(128'000'000));
}

TEST(SpeedCurve, ASmallDiscOfSillySizeStillHasTimes) {
  const Spiral spiral = spiral_of(MediumFamily::kBd, DiscSize::k8cm, BlockCount{0}, 0);
  const SpeedCurve curve = SpeedCurve::cav(Speed{}, spiral);
  EXPECT_GT(curve.time_to_pass(Lba{0}, BlockCount{2}), Duration::zero());
  EXPECT_TRUE(curve.nominal_speeds(Lba{1}, Lba{0}).empty());
}

}  // namespace
}  // namespace simdrive
