// A CD at 1x passes 75 blocks a second: the times below are multiples of that.
#include "simdrive/mechanics/write_buffer.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

namespace simdrive {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kBlock = 2048;
constexpr std::size_t kCapacity = 750 * kBlock;  // ten seconds at 1x
const Spiral kCd = spiral_of(MediumFamily::kCd, DiscSize::k12cm, BlockCount{360'000});

WriteBuffer single_speed_buffer() { return {kCapacity, SpeedCurve::clv(cd_speed(1), kCd)}; }

void fill(WriteBuffer& buffer, std::int32_t lba, std::int64_t blocks, Duration now) {
  buffer.fill(Lba{lba}, BlockCount{blocks}, static_cast<std::size_t>(blocks) * kBlock, now);
}

TEST(WriteBuffer, EmptiesAtTheRecordingSpeed) {
  WriteBuffer buffer = single_speed_buffer();
  EXPECT_TRUE(buffer.empty(seconds(0)));
  fill(buffer, 0, 150, seconds(5));
  EXPECT_EQ(buffer.level(seconds(5)), 150 * kBlock);
  EXPECT_EQ(buffer.level(seconds(6)), 75 * kBlock);
  EXPECT_EQ(buffer.available(seconds(6)), kCapacity - (75 * kBlock));
  EXPECT_EQ(buffer.empty_at(), seconds(7));
  EXPECT_FALSE(buffer.empty(seconds(7) - Duration(1)));
  EXPECT_TRUE(buffer.empty(seconds(7)));
}

TEST(WriteBuffer, ABlockLeavesWhenItIsWhollyWritten) {
  WriteBuffer buffer = single_speed_buffer();
  fill(buffer, 0, 75, seconds(0));
  // 1/75 s is 13 333 333.3 ns.
  EXPECT_EQ(buffer.level(Duration(13'333'332)), 75 * kBlock);
  EXPECT_EQ(buffer.level(Duration(13'333'334)), 74 * kBlock);
}

TEST(WriteBuffer, ManySmallFillsEmptyExactlyWhenOneLargeWould) {
  WriteBuffer buffer = single_speed_buffer();
  for (std::int32_t lba = 0; lba < 75'000; lba += 25) fill(buffer, lba, 25, milliseconds(lba / 75));
  EXPECT_EQ(buffer.empty_at(), seconds(1000));
}

TEST(WriteBuffer, SurplusReadsFullForAsLongAsItNeeds) {
  WriteBuffer buffer = single_speed_buffer();
  fill(buffer, 0, 900, seconds(0));
  EXPECT_EQ(buffer.available(seconds(0)), 0U);
  EXPECT_EQ(buffer.available(seconds(2)), 0U);
  EXPECT_EQ(buffer.available(seconds(3)), 75 * kBlock);
}

TEST(WriteBuffer, DataLeavesAtTheSpeedOfTheAddressWhereItGoes) {
  constexpr auto kZones =
      std::to_array<SpeedZone>({{Lba{0}, cd_speed(1)}, {Lba{750}, cd_speed(2)}});
  WriteBuffer buffer(kCapacity, SpeedCurve::zoned(kZones, kCd));
  fill(buffer, 675, 225, seconds(0));
  EXPECT_EQ(buffer.level(seconds(1)), 150 * kBlock);
  EXPECT_EQ(buffer.level(milliseconds(1500)), 75 * kBlock);
  EXPECT_EQ(buffer.empty_at(), seconds(2));
}

TEST(WriteBuffer, PlacesLeaveInTheOrderInWhichTheyCame) {
  constexpr auto kZones =
      std::to_array<SpeedZone>({{Lba{0}, cd_speed(1)}, {Lba{3000}, cd_speed(10)}});
  WriteBuffer buffer(kCapacity, SpeedCurve::zoned(kZones, kCd));
  fill(buffer, 3000, 75, seconds(0));
  fill(buffer, 0, 75, seconds(0));
  EXPECT_EQ(buffer.level(milliseconds(100)), 75 * kBlock);
  EXPECT_EQ(buffer.empty_at(), milliseconds(1100));
}

TEST(WriteBuffer, RememberingFewPlacesLosesNoData) {
  WriteBuffer buffer = single_speed_buffer();
  for (std::int32_t i = 0; i < 30; ++i) fill(buffer, i * 1500, 15, seconds(0));
  EXPECT_EQ(buffer.level(seconds(0)), 450 * kBlock);
  EXPECT_EQ(buffer.level(seconds(1)), 375 * kBlock);
  EXPECT_EQ(buffer.level(seconds(4)), 150 * kBlock);
  EXPECT_EQ(buffer.empty_at(), seconds(6));
}

TEST(WriteBuffer, RawBlocksTakeMoreRoomButNoMoreTime) {
  WriteBuffer buffer = single_speed_buffer();
  fill(buffer, 0, 75, seconds(0));
  buffer.fill(Lba{75}, BlockCount{75}, std::size_t{75} * 2352, seconds(1));
  EXPECT_EQ(buffer.level(seconds(1)), 75U * 2352);
  EXPECT_EQ(buffer.empty_at(), seconds(2));
}

TEST(WriteBuffer, RoomIsThereWhenEnoughBlocksLeft) {
  WriteBuffer buffer = single_speed_buffer();
  EXPECT_EQ(buffer.room_at(kCapacity, seconds(1)), seconds(1));
  fill(buffer, 0, 750, seconds(1));
  EXPECT_EQ(buffer.room_at(75 * kBlock, seconds(1)), seconds(2));
  EXPECT_EQ(buffer.room_at(75 * kBlock, seconds(4)), seconds(4));
  EXPECT_EQ(buffer.room_at(kCapacity, seconds(1)), seconds(11));
  EXPECT_EQ(buffer.room_at(2 * kCapacity, seconds(1)), seconds(11));
  const Duration moment = buffer.room_at(1000, seconds(1));
  EXPECT_GE(buffer.available(moment), 1000U);
  EXPECT_LT(buffer.available(moment - Duration(1)), 1000U);
}

TEST(WriteBuffer, ANewSpeedHoldsForWhatWaits) {
  WriteBuffer buffer = single_speed_buffer();
  fill(buffer, 0, 150, seconds(0));
  buffer.set_curve(SpeedCurve::clv(cd_speed(2), kCd), seconds(1));
  EXPECT_EQ(buffer.level(seconds(1)), 75 * kBlock);
  EXPECT_EQ(buffer.empty_at(), milliseconds(1500));
}

TEST(WriteBuffer, OutsideAStreamRunningDryIsNoEvent) {
  WriteBuffer buffer = single_speed_buffer();
  fill(buffer, 0, 75, seconds(0));
  EXPECT_EQ(buffer.take_broken_stream(seconds(9)), std::nullopt);
  fill(buffer, 75, 75, seconds(9));
  EXPECT_EQ(buffer.empty_at(), seconds(10));
  EXPECT_EQ(buffer.links(), 0U);
}

TEST(WriteBuffer, AProtectedStreamLinksAndLosesTime) {
  WriteBuffer buffer = single_speed_buffer();
  buffer.begin_stream(WriteBuffer::Protection::kOn);
  fill(buffer, 0, 75, seconds(5));
  EXPECT_EQ(buffer.links(), 0U);
  EXPECT_EQ(buffer.take_broken_stream(seconds(7)), std::nullopt);
  fill(buffer, 75, 75, seconds(7));
  EXPECT_EQ(buffer.links(), 1U);
  EXPECT_EQ(buffer.level(seconds(7) + kLinkingTime), 75 * kBlock);
  EXPECT_EQ(buffer.empty_at(), seconds(8) + kLinkingTime);
}

TEST(WriteBuffer, AStreamThatIsFedInTimeNeverLinks) {
  WriteBuffer buffer = single_speed_buffer();
  buffer.begin_stream(WriteBuffer::Protection::kOn);
  // Each arrives exactly when the one before is written.
  for (std::int32_t i = 0; i < 50; ++i) fill(buffer, i * 75, 75, seconds(i));
  EXPECT_EQ(buffer.links(), 0U);
  EXPECT_EQ(buffer.empty_at(), seconds(50));
}

TEST(WriteBuffer, AnUnprotectedStreamBreaksBehindTheLastBlockAndTellsItOnce) {
  WriteBuffer buffer = single_speed_buffer();
  buffer.begin_stream(WriteBuffer::Protection::kOff);
  EXPECT_EQ(buffer.take_broken_stream(seconds(3)), std::nullopt);  // nothing came yet
  fill(buffer, 300, 75, seconds(3));
  EXPECT_EQ(buffer.take_broken_stream(seconds(4)), std::nullopt);
  EXPECT_EQ(buffer.take_broken_stream(seconds(4) + Duration(1)), Lba{375});
  EXPECT_FALSE(buffer.streaming());
  EXPECT_EQ(buffer.take_broken_stream(seconds(5)), std::nullopt);
  EXPECT_EQ(buffer.broken_streams(), 1U);
  EXPECT_EQ(buffer.links(), 0U);
}

TEST(WriteBuffer, AStreamThatWasEndedMayRunDry) {
  WriteBuffer buffer = single_speed_buffer();
  buffer.begin_stream(WriteBuffer::Protection::kOff);
  fill(buffer, 0, 75, seconds(0));
  buffer.end_stream();
  EXPECT_EQ(buffer.take_broken_stream(seconds(9)), std::nullopt);
}

TEST(WriteBuffer, AStreamOfKnownEndMayRunDryThereButNotBefore) {
  WriteBuffer buffer = single_speed_buffer();
  buffer.begin_stream(WriteBuffer::Protection::kOff, Lba{150});
  fill(buffer, 0, 75, seconds(0));
  WriteBuffer starved = buffer;
  EXPECT_EQ(starved.take_broken_stream(seconds(2)), Lba{75});
  fill(buffer, 75, 75, seconds(1));
  EXPECT_FALSE(buffer.streaming());
  EXPECT_EQ(buffer.take_broken_stream(seconds(9)), std::nullopt);
  buffer.begin_stream(WriteBuffer::Protection::kOff);  // the next one
  fill(buffer, 150, 75, seconds(9));
  EXPECT_EQ(buffer.take_broken_stream(seconds(11)), Lba{225});
}

TEST(WriteBuffer, BeginningAStreamTwiceKeepsTheFirst) {
  WriteBuffer buffer = single_speed_buffer();
  buffer.begin_stream(WriteBuffer::Protection::kOff);
  fill(buffer, 0, 75, seconds(0));
  buffer.begin_stream(WriteBuffer::Protection::kOn);
  EXPECT_EQ(buffer.take_broken_stream(seconds(2)), Lba{75});
}

TEST(WriteBuffer, DiscardingForgetsDataAndStream) {
  WriteBuffer buffer = single_speed_buffer();
  buffer.begin_stream(WriteBuffer::Protection::kOff);
  fill(buffer, 0, 750, seconds(1));
  buffer.discard();
  EXPECT_TRUE(buffer.empty(seconds(1)));
  EXPECT_EQ(buffer.take_broken_stream(seconds(99)), std::nullopt);
}

TEST(WriteBuffer, FillingWithNothingChangesNothing) {
  WriteBuffer buffer = single_speed_buffer();
  buffer.begin_stream(WriteBuffer::Protection::kOff);
  fill(buffer, 0, 0, seconds(1));
  buffer.fill(Lba{0}, BlockCount{-4}, 2048, seconds(1));
  EXPECT_TRUE(buffer.empty(seconds(1)));
  EXPECT_EQ(buffer.take_broken_stream(seconds(2)), std::nullopt);
}

}  // namespace
}  // namespace simdrive
