#include "engine/mmc/track_information.h"

#include <gtest/gtest.h>

#include "tests/support/golden.h"

namespace pregroove::mmc {
namespace {

Result<TrackInformation> decode(const std::string& section) {
  return decode_track_information(
      testing_support::golden("mmc/reply-track-information-engine.golden", section));
}

constexpr std::int64_t kLastLeadOut = ((79 * 60 + 59) * 75) + 73 - 150;

const TrackInformation kInvisible{.number = 2,
                                  .session = 2,
                                  .track_mode = 4,
                                  .blank = true,
                                  .data_mode = 0xF,
                                  .next_writable = Lba{625 + 11400},
                                  .start = Lba{625 + 11400},
                                  .free = {kLastLeadOut - 12025},
                                  .size = {kLastLeadOut - 12025}};

TEST(TrackInformation, OfTheInvisibleTrackGivesTheNextWritableAddress) {
  const auto track = decode("invisible");
  ASSERT_TRUE(track.has_value());
  EXPECT_EQ(*track, kInvisible);
  EXPECT_TRUE(track->is_data());
}

TEST(TrackInformation, NeedsNoHighBytes) {
  const auto track = decode("without-high-bytes");
  ASSERT_TRUE(track.has_value());
  EXPECT_EQ(*track, kInvisible);
}

TEST(TrackInformation, OfACompleteTrackHasNoNextWritableAddress) {
  const auto track = decode("complete");
  ASSERT_TRUE(track.has_value());
  EXPECT_EQ(*track, (TrackInformation{.number = 1,
                                      .session = 1,
                                      .track_mode = 4,
                                      .data_mode = 1,
                                      .start = Lba{0},
                                      .size = {625}}));
}

TEST(TrackInformation, OfAnIncrementalTrackGivesItsLastRecordedAddress) {
  const auto track = decode("dvd-r-incremental");
  ASSERT_TRUE(track.has_value());
  EXPECT_EQ(*track, (TrackInformation{.number = 1,
                                      .session = 1,
                                      .damage = true,
                                      .track_mode = 4,
                                      .packet = true,
                                      .data_mode = 1,
                                      .last_recorded = Lba{63},
                                      .next_writable = Lba{64},
                                      .start = Lba{0},
                                      .free = {0x231240},
                                      .size = {0x231280},
                                      .packet_size = 16}));
}

TEST(TrackInformation, OfAReservedTrack) {
  const auto track = decode("reserved-fixed-packet");
  ASSERT_TRUE(track.has_value());
  EXPECT_EQ(*track, (TrackInformation{.number = 300,
                                      .session = 513,
                                      .copy = true,
                                      .track_mode = 5,
                                      .reserved = true,
                                      .packet = true,
                                      .fixed_packet = true,
                                      .data_mode = 1,
                                      .start = Lba{0},
                                      .size = {4096},
                                      .packet_size = 32}));
}

TEST(TrackInformation, KeepsANegativeNextWritableAddress) {
  const auto track = decode("session-at-once");
  ASSERT_TRUE(track.has_value());
  EXPECT_EQ(track->next_writable, Lba{-150});
}

TEST(TrackInformation, RefusesATrackBeyondEveryAddress) {
  const auto track = decode("beyond-every-address");
  ASSERT_FALSE(track.has_value());
  EXPECT_EQ(track.error().code, ErrorCode::kProtocol);
}

TEST(TrackInformation, NamesCommandAndSizesOfAShortReply) {
  const auto track = decode_track_information(testing_support::hex("00 1A 01"));
  ASSERT_FALSE(track.has_value());
  EXPECT_EQ(track.error().message,
            "the drive's reply to READ TRACK INFORMATION is invalid: 3 bytes where at least 28 are "
            "needed");
}

}  // namespace
}  // namespace pregroove::mmc
