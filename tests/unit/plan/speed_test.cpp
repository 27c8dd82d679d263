// Which of the offered speeds is set. Figures: 1x is 176.4, 1385 and 4495.5 kB/s (mmc.md 2.15).
#include "engine/plan/speed.h"

#include <gmock/gmock.h>

#include <limits>

namespace pregroove::plan {
namespace {

using medium::MediumKind;
using ::testing::HasSubstr;
using Unit = SpeedWish::Unit;

const std::vector<std::uint32_t> kDvdPlusR = {22160, 11080, 5540, 3324};
const std::vector<std::uint32_t> kCd = {8467, 1411, 706};

double chosen(MediumKind kind, const std::vector<std::uint32_t>& offered, SpeedWish wish) {
  const auto speed = choose_speed(kind, offered, wish);
  return speed ? speed->kilobytes_per_second.value_or(-1) : 0;
}

TEST(Speed, IsTheFastestThatIsNotFasterThanTheWish) {
  EXPECT_EQ(chosen(MediumKind::kDvdPlusR, kDvdPlusR, {16}), 22160);
  EXPECT_EQ(chosen(MediumKind::kDvdPlusR, kDvdPlusR, {15.5}), 11080);
  EXPECT_EQ(chosen(MediumKind::kDvdPlusR, kDvdPlusR, {2.4}), 3324);
  EXPECT_EQ(chosen(MediumKind::kDvdPlusR, kDvdPlusR, {100}), 22160);
  EXPECT_EQ(chosen(MediumKind::kDvdPlusR, kDvdPlusR, {6000, Unit::kKilobytesPerSecond}), 5540);
  EXPECT_EQ(chosen(MediumKind::kBdR, {17982, 8991}, {2}), 8991);
}

// Four times 176.4 is 705.6: to a drive that rounds up, a wish for 4x is one for 706.
TEST(Speed, IsTheOneThatWasMeantHoweverTheDriveRounds) {
  EXPECT_EQ(chosen(MediumKind::kCdR, kCd, {4}), 706);
  EXPECT_EQ(chosen(MediumKind::kCdR, kCd, {8}), 1411);
  EXPECT_EQ(chosen(MediumKind::kCdR, {8467, 1412, 706}, {8}), 1412);
  EXPECT_EQ(chosen(MediumKind::kCdR, kCd, {7.5}), 706);
}

TEST(Speed, SlowerThanTheDriveCanIsRefusedWithThoseThatItHas) {
  const auto refused = choose_speed(MediumKind::kDvdPlusR, kDvdPlusR, SpeedWish{2});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(refused.error().message, HasSubstr("2.4x"));
  EXPECT_THAT(refused.error().advice, HasSubstr("16x (22160 kB/s), 8x (11080 kB/s)"));
  EXPECT_EQ(chosen(MediumKind::kDvdPlusR, kDvdPlusR, {.value = 2, .or_slowest = true}), 3324);
}

TEST(Speed, IsTheWishItselfWhenTheDriveListsNone) {
  EXPECT_DOUBLE_EQ(chosen(MediumKind::kCdR, {}, {2}), 352.8);
  EXPECT_DOUBLE_EQ(chosen(MediumKind::kDvdR, {}, {2}), 2770);
}

TEST(Speed, IsTheDrivesOwnWithoutAWish) {
  const auto speed = choose_speed(MediumKind::kCdR, kCd, std::nullopt);
  ASSERT_TRUE(speed.has_value());
  EXPECT_FALSE(speed->kilobytes_per_second.has_value());
}

TEST(Speed, OfNonsenseIsRefused) {
  for (const double nonsense : {0.0, -4.0, 1e9, std::numeric_limits<double>::infinity(),
                                std::numeric_limits<double>::quiet_NaN()}) {
    const auto refused = choose_speed(MediumKind::kCdR, kCd, SpeedWish{nonsense});
    ASSERT_FALSE(refused.has_value()) << nonsense;
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace pregroove::plan
