// The rules of the disc by themselves.
#include "simdrive/disc/layout.h"

#include <gtest/gtest.h>

#include <array>

#include "simdrive/disc/at_once_session.h"

namespace simdrive {
namespace {

constexpr SectorFormat kMode1 = SectorFormat::kMode1;

Layout blank(const char* medium = "cd-r-80") { return Layout(*find_medium(medium)); }

// One more track at the next writable address.
void record_track(Layout& layout, std::int64_t blocks) {
  const Lba start = layout.next_writable_address().value();
  ASSERT_TRUE(layout.check_write(start, BlockCount{blocks}, {.format = kMode1}).has_value());
  layout.record_write(start, BlockCount{blocks}, {.format = kMode1});
  ASSERT_TRUE(layout.finish_track(layout.open_track()->number).has_value());
  ASSERT_TRUE(layout.check_invariants().has_value());
}

void close(Layout& layout, bool another_may_follow = true) {
  ASSERT_TRUE(layout.close_session(another_may_follow, SessionFormat::kCdRom).has_value());
  ASSERT_TRUE(layout.check_invariants().has_value());
}

TEST(Layout, AtipAddressesGiveTheCapacitiesOfRealDiscs) {
  EXPECT_EQ(find_medium("cd-r-80")->capacity(), BlockCount{359849});  // 79:59:74
  EXPECT_EQ(find_medium("cd-r-74")->capacity(), BlockCount{336075});  // 74:43:00
}

TEST(Layout, TrackIsPaddedToFourSecondsAndGetsTwoRunOutBlocks) {
  Layout layout = blank();
  record_track(layout, 1);
  EXPECT_EQ(layout.track(1)->recorded, BlockCount{300});
  EXPECT_EQ(layout.track(1)->end(), Lba{302});
}

TEST(Layout, NextTrackOfTheSessionFollows152BlocksAfterTheLastUserBlock) {
  Layout layout = blank();
  record_track(layout, 500);
  EXPECT_EQ(layout.next_writable_address(), Lba{500 + 2 + 150});
}

TEST(Layout, WholeCapacityButTheRunOutCanBeWritten) {
  Layout layout = blank();
  const BlockCount all = layout.free_blocks(*layout.invisible_track());
  EXPECT_EQ(all, BlockCount{359849 - 2});
  EXPECT_EQ(layout.check_write(Lba{0}, all + BlockCount{1}, {.format = kMode1}).error(),
            Refusal::kDoesNotFit);
  record_track(layout, all.value);
  EXPECT_EQ(layout.track(1)->end(), layout.last_possible_lead_out());
  // No further session has room behind the lead-out; a last one is closed all the same.
  EXPECT_EQ(layout.close_session(true, SessionFormat::kCdRom).error(), Refusal::kDoesNotFit);
  close(layout, false);
}

TEST(Layout, SessionThatLeavesNoRoomForTheNextLeadInCannotBeLeftOpen) {
  // The lead-out of the first session may start 11400 blocks before the end at the latest.
  const std::int64_t latest = find_medium("cd-r-21")->capacity().value - 11400;
  Layout fits = blank("cd-r-21");
  record_track(fits, latest - 2);
  EXPECT_TRUE(fits.close_session(true, SessionFormat::kCdRom).has_value());
  EXPECT_EQ(fits.free_blocks(*fits.invisible_track()), BlockCount{0});
  Layout too_long = blank("cd-r-21");
  record_track(too_long, latest - 1);
  EXPECT_EQ(too_long.close_session(true, SessionFormat::kCdRom).error(), Refusal::kDoesNotFit);
}

TEST(Layout, TrackThatCouldNotBeFinishedCannotBeBegun) {
  Layout layout = blank("cd-r-21");
  // What is left behind the next pregap is one block short of 300 and the run-out.
  const std::int64_t end = layout.last_possible_lead_out().value - 301 - 150;
  record_track(layout, end - 2);
  const Lba next = layout.next_writable_address().value();
  EXPECT_EQ(layout.check_write(next, BlockCount{1}, {.format = kMode1}).error(),
            Refusal::kDoesNotFit);
  EXPECT_EQ(layout.free_blocks(*layout.invisible_track()), BlockCount{0});
}

TEST(Layout, HundredthTrackIsRefused) {
  Layout layout = blank();
  for (int i = 0; i < 99; ++i) ASSERT_NO_FATAL_FAILURE(record_track(layout, 300));
  EXPECT_FALSE(layout.invisible_track().has_value());
  EXPECT_FALSE(layout.next_writable_address().has_value());
  EXPECT_EQ(layout.reserve(BlockCount{300}).error(), Refusal::kTooManyTracks);
  close(layout);
}

// The reference gives "about 44" as the theoretical limit of a 74-minute disc with empty sessions;
// ours hold the shortest track each.
TEST(Layout, SessionsFollowUntilTheNextOneDoesNotFit) {
  Layout layout = blank("cd-r-74");
  int sessions = 0;
  for (;; ++sessions) {
    const auto invisible = layout.invisible_track();
    if (!invisible || layout.free_blocks(*invisible).value == 0) break;
    record_track(layout, 300);
    if (!layout.close_session(true, SessionFormat::kCdRom)) break;
  }
  // 302 + 11400, then 302 + 6900 each, within 336075.
  EXPECT_EQ(sessions, 1 + ((336075 - 302 - 11400) / (302 + 6900)));
}

TEST(Layout, ReservedTrackIsPaddedToItsSize) {
  Layout layout = blank();
  ASSERT_TRUE(layout.reserve(BlockCount{1000}).has_value());
  EXPECT_EQ(layout.close_session(true, SessionFormat::kCdRom).error(), Refusal::kTrackIncomplete);
  layout.record_write(Lba{0}, BlockCount{10}, {.format = kMode1});
  const auto padding = layout.finish_track(1);
  ASSERT_TRUE(padding.has_value());
  EXPECT_EQ(padding->start, Lba{10});
  EXPECT_EQ(padding->count, BlockCount{990});
  EXPECT_EQ(layout.next_writable_address(), Lba{1000 + 152});
}

TEST(Layout, ReadabilityTellsUserDataLinksAndGapsApart) {
  Layout layout = blank();
  record_track(layout, 300);  // 0 to 299, run-out 300 and 301
  record_track(layout, 300);  // from 452
  close(layout);              // lead-out at 754
  record_track(layout, 300);  // from 754 + 11400 = 12154
  struct Row {
    std::int32_t lba;
    Readability expected;
  };
  constexpr auto kRows = std::to_array<Row>({{-1, Readability::kBeyond},
                                             {0, Readability::kUserData},
                                             {299, Readability::kUserData},
                                             {300, Readability::kLink},
                                             {302, Readability::kLink},
                                             {451, Readability::kLink},
                                             {452, Readability::kUserData},
                                             {752, Readability::kLink},
                                             {754, Readability::kNotRecorded},
                                             {12153, Readability::kNotRecorded},
                                             {12154, Readability::kUserData},
                                             {12456, Readability::kBeyond}});
  for (const Row& row : kRows) EXPECT_EQ(layout.readability(Lba{row.lba}), row.expected) << row.lba;
}

struct BrokenRow {
  const char* name;
  std::vector<Track> tracks;
  int closed_sessions;
  bool finalised;
};

TEST(Layout, RecordsThatContradictThemselvesAreRefused) {
  const Track first{.number = 1,
                    .session = 1,
                    .start = Lba{0},
                    .recorded = BlockCount{300},
                    .state = TrackState::kComplete};
  const auto changed = [&](const auto& change) {
    Track track = first;
    change(track);
    return std::vector<Track>{track};
  };
  const std::vector<BrokenRow> rows = {
      {"number", changed([](Track& t) { t.number = 2; }), 1, false},
      {"start", changed([](Track& t) { t.start = Lba{1}; }), 1, false},
      {"short", changed([](Track& t) { t.recorded = BlockCount{299}; }), 1, false},
      {"long", changed([](Track& t) { t.recorded = BlockCount{359848}; }), 1, false},
      {"huge", changed([](Track& t) { t.recorded = BlockCount{0xFFFFFFFF}; }), 1, false},
      {"session 0", changed([](Track& t) { t.session = 0; }), 0, false},
      {"session 2", changed([](Track& t) { t.session = 2; }), 1, false},
      {"open in closed", changed([](Track& t) { t.state = TrackState::kOpen; }), 1, false},
      {"empty open", changed([](Track& t) {
         t.state = TrackState::kOpen;
         t.recorded = {};
       }),
       0, false},
      {"session without tracks", {first}, 2, false},
      {"finalised without sessions", {first}, 0, true},
      {"beyond all addresses",
       {{.number = 1,
         .session = 1,
         .start = Lba{2147483000},
         .recorded = BlockCount{1000},
         .state = TrackState::kComplete,
         .method = RecordingMethod::kSessionAtOnce}},
       1,
       false},
      {"two open",
       {{.number = 1, .session = 1, .recorded = BlockCount{9}, .state = TrackState::kOpen},
        {.number = 2, .session = 1, .start = Lba{159}, .recorded = BlockCount{9}}},
       0,
       false},
  };
  for (const BrokenRow& row : rows) {
    Recording recording{.tracks = row.tracks, .finalised = row.finalised};
    recording.closed_sessions.resize(static_cast<std::size_t>(row.closed_sessions));
    const auto layout = Layout::restored(*find_medium("cd-r-80"), recording);
    ASSERT_FALSE(layout.has_value()) << row.name;
    EXPECT_EQ(layout.error().code, pregroove::ErrorCode::kCorruptFile) << row.name;
  }
  const Recording sound{.tracks = {first}, .closed_sessions = {ClosedSession{}}, .finalised = true};
  EXPECT_TRUE(Layout::restored(*find_medium("cd-r-80"), sound).has_value());
}

// Its capacity is what the record says.
TEST(Layout, PressedDiscLargerThanAnyIsRefused) {
  const Medium& medium = *find_medium("cd-rom");
  Recording recording = Layout::pressed(medium, BlockCount{445350}).recording();
  EXPECT_TRUE(Layout::restored(medium, recording).has_value());
  for (const std::int64_t blocks : {std::int64_t{445351}, std::int64_t{0xFFFFFFFF}}) {
    recording.tracks[0].recorded = BlockCount{blocks};
    EXPECT_FALSE(Layout::restored(medium, recording).has_value()) << blocks;
  }
}

// WRITE (12) has a count of 32 bits.
TEST(Layout, AtOnceSessionTakesNoCountThatWrapsAround) {
  constexpr BlockCount kWrapping{0xFFFFFFFF};
  const Layout layout = blank();
  const AtOnceSession raw = begin_raw_session(Lba{-12520});
  const WriteMode raw_mode{.method = RecordingMethod::kRaw, .session = &raw};
  EXPECT_EQ(layout.check_write(Lba{-12520}, kWrapping, raw_mode).error(), Refusal::kOutOfSequence);
  AtOnceSession sao;
  sao.cue.program = {{.start = Lba{-150}, .track = 1, .index = 0},
                     {.start = Lba{0}, .track = 1, .index = 1}};
  sao.cue.lead_out_start = Lba{800};
  sao.start = sao.next = Lba{-150};
  const WriteMode sao_mode{.method = RecordingMethod::kSessionAtOnce, .session = &sao};
  EXPECT_EQ(layout.check_write(Lba{-150}, kWrapping, sao_mode).error(), Refusal::kOutOfSequence);
}

}  // namespace
}  // namespace simdrive
