#include "simdrive/mechanics/long_operation.h"

#include <gtest/gtest.h>

#include <optional>

namespace simdrive {
namespace {

using std::chrono::seconds;
using Kind = LongOperation::Kind;

constexpr LongOperation kFormat{
    .kind = Kind::kFormatting, .start = seconds(10), .end = seconds(20)};

TEST(LongOperation, ProgressGoesFromNothingToAll) {
  EXPECT_EQ(kFormat.progress(seconds(5)), 0U);
  EXPECT_EQ(kFormat.progress(seconds(10)), 0U);
  EXPECT_EQ(kFormat.progress(seconds(15)), 0x7FFFU);
  EXPECT_EQ(kFormat.progress(seconds(20)), 0xFFFFU);
  EXPECT_EQ(kFormat.progress(seconds(99)), 0xFFFFU);
}

TEST(LongOperation, RunsUntilItsEndAlsoBeforeItsStart) {
  EXPECT_TRUE(kFormat.running(seconds(5)));
  EXPECT_TRUE(kFormat.running(seconds(20) - Duration(1)));
  EXPECT_FALSE(kFormat.running(seconds(20)));
  EXPECT_FALSE(LongOperation{}.running(seconds(0)));
}

TEST(LongOperation, RemainingTimeIsThatOfTheWorkItself) {
  EXPECT_EQ(kFormat.remaining(seconds(5)), seconds(10));
  EXPECT_EQ(kFormat.remaining(seconds(17)), seconds(3));
  EXPECT_EQ(kFormat.remaining(seconds(99)), Duration::zero());
}

TEST(LongOperation, AnInterruptedOneGoesOnWhereItWas) {
  const LongOperation second = kFormat.resumed(seconds(15), seconds(100));
  EXPECT_EQ(second.kind, Kind::kFormatting);
  EXPECT_EQ(second.end, seconds(105));
  EXPECT_EQ(second.progress(seconds(100)), 0x7FFFU);
  const LongOperation third = second.resumed(seconds(104), seconds(200));
  EXPECT_EQ(third.end, seconds(201));
  EXPECT_EQ(third.progress(seconds(200)), 58981U);  // 9 of 10 seconds: 65535 * 0.9 = 58981.5
}

TEST(LongOperation, CommandsThatWaitLearnWhatTheyWaitFor) {
  EXPECT_EQ(not_ready_qualifier(Kind::kFormatting), 0x04);
  EXPECT_EQ(not_ready_qualifier(Kind::kClosing), 0x07);
  EXPECT_EQ(not_ready_qualifier(Kind::kBlanking), 0x07);
  EXPECT_EQ(not_ready_qualifier(Kind::kSynchronizing), 0x08);
  EXPECT_EQ(not_ready_qualifier(Kind::kBackgroundFormatting), std::nullopt);
  EXPECT_EQ(not_ready_qualifier(Kind::kNone), std::nullopt);
}

}  // namespace
}  // namespace simdrive
