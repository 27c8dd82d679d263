#include "engine/medium/session_cost.h"

#include <gtest/gtest.h>

namespace pregroove::medium {
namespace {

MediumSnapshot blank_disc(std::int64_t capacity) {
  MediumSnapshot disc;
  disc.kind = MediumKind::kCdR;
  disc.status = DiscStatus::kBlank;
  disc.last_session = SessionState::kEmpty;
  disc.writable = WritableTrack{.number = 1, .free = {capacity}};
  return disc;
}

// A real disc: session 1's lead-out starts at 188537, session 2 at 199937 (redumper issue 202).
TEST(GapAfterSession, AgreesWithARealDisc) {
  EXPECT_EQ(Lba{188537} + gap_after_session(MediumKind::kCdR, 1), Lba{199937});
}

// The project's first table (mmc.md 2.12): lead-out 6750 or 2250, lead-in 4500, pregap 150.
TEST(GapAfterSession, IsThatOfTheStandardOnCd) {
  EXPECT_EQ(gap_after_session(MediumKind::kCdRw, 1), BlockCount{11'400});
  EXPECT_EQ(gap_after_session(MediumKind::kCdRw, 2), BlockCount{6'900});
}

TEST(GapAfterSession, DependsOnTheMedium) {
  EXPECT_EQ(gap_after_session(MediumKind::kDvdPlusR, 1), BlockCount{2048});
  EXPECT_EQ(gap_after_session(MediumKind::kBdR, 1), BlockCount{0});
  EXPECT_GT(gap_after_session(MediumKind::kDvdR, 1), gap_after_session(MediumKind::kDvdR, 2));
}

TEST(SessionRoom, IsAWholeNumberOfTheUnitsOfTheMedium) {
  MediumSnapshot disc = blank_disc(1000);
  disc.kind = MediumKind::kBdR;
  EXPECT_EQ(room_for_session(disc).largest_image, BlockCount{31 * 32});
}

TEST(GapAfterSession, IsShorterFromTheSecondSessionOn) {
  EXPECT_EQ(gap_after_session(MediumKind::kCdR, 1) - gap_after_session(MediumKind::kCdR, 2),
            kFirstLeadOut - kLaterLeadOut);
  EXPECT_EQ(gap_after_session(MediumKind::kCdR, 3), gap_after_session(MediumKind::kCdR, 2));
}

TEST(SessionRoom, KeepsTheRunOutBlocksFree) {
  EXPECT_EQ(room_for_session(blank_disc(1000)).largest_image, BlockCount{1000} - kRunOut);
}

TEST(SessionRoom, TellsWhatStillLeavesRoomForASuccessor) {
  const SessionRoom room = room_for_session(blank_disc(20'000));
  // What is written, its run-out, the gap, and then a smallest track with its own run-out fill the
  // disc.
  EXPECT_EQ(room.largest_image_with_successor + kRunOut + gap_after_session(MediumKind::kCdR, 1) +
                kMinimumTrack + kRunOut,
            BlockCount{20'000});
}

// mmc.md 2.9: DVD-R DL; the last session of a DVD+R.
TEST(SessionRoom, HasNoneForASuccessorThatTheDiscDoesNotTake) {
  MediumSnapshot disc = blank_disc(4'171'712);
  disc.kind = MediumKind::kDvdRDualLayer;
  EXPECT_LT(room_for_session(disc).largest_image_with_successor, BlockCount{0});
  disc.kind = MediumKind::kDvdPlusR;
  disc.sessions.resize(151);
  EXPECT_GT(room_for_session(disc).largest_image_with_successor, BlockCount{0});
  disc.sessions.resize(152);
  EXPECT_LT(room_for_session(disc).largest_image_with_successor, BlockCount{0});
  EXPECT_GT(room_for_session(disc).largest_image, BlockCount{0});
}

// As long as drives want it (mmc.md 2.9), and only where they do.
TEST(SessionRoom, CountsWhatFillsUpADeadFirstSession) {
  MediumSnapshot disc = blank_disc(4'000'000);
  disc.kind = MediumKind::kDvdPlusRDualLayer;
  disc.status = DiscStatus::kAppendable;
  disc.last_session = SessionState::kIncomplete;
  disc.writable->next_writable = Lba{1600};
  const SessionRoom room = room_for_session(disc);
  EXPECT_EQ(room.largest_image,
            BlockCount{4'000'000 + 1600} - kFirstSessionToStayOpen - BlockCount{2048});
  disc.sessions.resize(1);
  EXPECT_EQ(room_for_session(disc).largest_image, BlockCount{4'000'000 - 2048});
}

TEST(SessionRoom, IsNothingOnAClosedDisc) {
  MediumSnapshot disc = blank_disc(0);
  disc.status = DiscStatus::kComplete;
  disc.writable.reset();
  EXPECT_EQ(room_for_session(disc).largest_image, BlockCount{0});
}

TEST(SessionRoom, CountsWhatClosingADeadSessionCosts) {
  MediumSnapshot disc = blank_disc(100'000);
  disc.status = DiscStatus::kAppendable;
  disc.last_session = SessionState::kIncomplete;
  disc.writable->start = Lba{0};
  disc.writable->next_writable = Lba{100};  // shorter than a track may be: the drive pads it
  const SessionRoom room = room_for_session(disc);
  EXPECT_EQ(room.session_number, 2);
  EXPECT_EQ(room.largest_image, BlockCount{100'000} - (kMinimumTrack - BlockCount{100}) - kRunOut -
                                    gap_after_session(MediumKind::kCdR, 1) - kRunOut);
}

}  // namespace
}  // namespace pregroove::medium
