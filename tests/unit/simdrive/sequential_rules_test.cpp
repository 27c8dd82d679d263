// The rules of DVD-R, DVD+R and BD-R by themselves: what each medium allows at its limits.
#include <gtest/gtest.h>

#include <array>

#include "simdrive/disc/layout.h"

namespace simdrive {
namespace {

constexpr WriteMode kIncremental{.method = RecordingMethod::kFixedPacket};
constexpr WriteMode kAtOnce{.method = RecordingMethod::kSessionAtOnce};

Layout blank(const char* medium) { return Layout(*find_medium(medium)); }

void write(Layout& layout, std::int64_t blocks, const WriteMode& mode = kIncremental) {
  const Lba start = layout.next_writable_address().value();
  ASSERT_TRUE(layout.check_write(start, BlockCount{blocks}, mode).has_value());
  layout.record_write(start, BlockCount{blocks}, mode);
}

Effected close_track(Layout& layout, int track) {
  return layout.close({.function = CloseFunction::kTrack, .track = track}, kIncremental);
}

Effected close(Layout& layout, CloseFunction function = CloseFunction::kSession) {
  return layout.close({.function = function}, kIncremental);
}

// One more session of one track.
void record_session(Layout& layout, std::int64_t blocks) {
  ASSERT_NO_FATAL_FAILURE(write(layout, blocks));
  ASSERT_TRUE(close_track(layout, static_cast<int>(layout.tracks().size())).has_value());
  ASSERT_TRUE(close(layout).has_value());
  const auto sound = layout.check_invariants();
  ASSERT_TRUE(sound.has_value()) << sound.error().message;
}

FormatRequest bd_format(std::uint8_t sub_type) { return {.type = 0x00, .sub_type = sub_type}; }

// --- DVD+R

TEST(DvdPlusRules, SessionThatLeaves65EccBlocksStaysOpenAndOneWithFewerDoesNot) {
  // Closure 64 ECC blocks, then 65 are wanted.
  const std::int64_t longest = find_medium("dvd+r")->capacity().value - 1024 - (65 * 16);
  Layout open = blank("dvd+r");
  ASSERT_NO_FATAL_FAILURE(record_session(open, longest));
  EXPECT_EQ(open.status(), DiscStatus::kAppendable);
  EXPECT_EQ(open.free_blocks(*open.invisible_track()), BlockCount{16});
  Layout full = blank("dvd+r");
  ASSERT_NO_FATAL_FAILURE(record_session(full, longest + 16));
  EXPECT_EQ(full.status(), DiscStatus::kComplete);
}

TEST(DvdPlusRules, WholeCapacityCanBeWrittenAndTheDiscIsFinalisedThen) {
  Layout layout = blank("dvd+r");
  ASSERT_NO_FATAL_FAILURE(record_session(layout, 2295104));
  EXPECT_EQ(layout.status(), DiscStatus::kComplete);
  EXPECT_EQ(layout.readable_capacity(), BlockCount{2295104});
}

TEST(DvdPlusRules, Session153IsTheLastOne) {
  Layout layout = blank("dvd+r");
  for (int session = 1; session <= 152; ++session) {
    ASSERT_NO_FATAL_FAILURE(record_session(layout, 16));
    ASSERT_EQ(layout.status(), DiscStatus::kAppendable) << session;
  }
  ASSERT_NO_FATAL_FAILURE(record_session(layout, 16));
  EXPECT_EQ(layout.status(), DiscStatus::kComplete);
}

TEST(DvdPlusRules, Session127OfADualLayerDiscIsTheLastOneAnd126WithAMovedBreak) {
  constexpr std::int64_t kBeyondThirtyMillimetres = 0x40000;
  for (const bool moved : {false, true}) {
    Layout layout = blank("dvd+r-dl");
    if (moved) {
      ASSERT_TRUE(layout.set_layer_boundary(BlockCount{0x100000}).has_value());
    }
    ASSERT_NO_FATAL_FAILURE(record_session(layout, kBeyondThirtyMillimetres));
    while (layout.status() == DiscStatus::kAppendable)
      ASSERT_NO_FATAL_FAILURE(record_session(layout, 16));
    EXPECT_EQ(layout.closed_sessions(), moved ? 126 : 127);
  }
}

TEST(DvdPlusRules, FragmentsOfASessionBecomeOneTrackAndTheReservedOnesArePadded) {
  Layout layout = blank("dvd+r");
  ASSERT_TRUE(layout.reserve(BlockCount{100}).has_value());  // rounded up to 112
  ASSERT_TRUE(layout.reserve(BlockCount{32}).has_value());
  layout.record_write(Lba{112}, BlockCount{5}, kIncremental);
  layout.record_write(Lba{144}, BlockCount{5}, kIncremental);  // behind both
  const Effected first = close_track(layout, 1);
  ASSERT_TRUE(first.has_value());
  ASSERT_EQ(first->padding.size(), 1U);
  EXPECT_EQ(first->padding[0].count, BlockCount{112});
  EXPECT_EQ(close_track(layout, 2)->padding[0].start, Lba{117});
  EXPECT_EQ(close_track(layout, 3)->padding[0].count, BlockCount{11});
  ASSERT_TRUE(close(layout).has_value());
  ASSERT_EQ(layout.tracks().size(), 1U);
  EXPECT_EQ(layout.tracks()[0].recorded, BlockCount{160});
  EXPECT_EQ(layout.next_writable_address(), Lba{160 + 2048});
  EXPECT_TRUE(layout.check_invariants().has_value());
}

TEST(DvdPlusRules, ClosingTheSessionAtTheLayerBreakWritesTheMiddleZonesToo) {
  Layout inner = blank("dvd+r-dl");
  ASSERT_NO_FATAL_FAILURE(write(inner, 2086912));
  ASSERT_TRUE(close_track(inner, 1).has_value());
  Layout outer = blank("dvd+r-dl");
  ASSERT_NO_FATAL_FAILURE(write(outer, 2086912 + 16));
  ASSERT_TRUE(close_track(outer, 1).has_value());
  EXPECT_GT(close(outer)->laser_blocks, close(inner)->laser_blocks);
}

// --- DVD-R

struct BorderRow {
  std::int64_t end;  // of the first border
  std::int64_t first;
  std::int64_t later;
};

// ECMA-359 by recollection: physical sectors up to 0B25EFh, 1656CFh, and beyond.
TEST(DvdMinusRules, BorderCostsByTheRadiusWhereItEnds) {
  constexpr auto kRows = std::to_array<BorderRow>({{16, 28672, 6144},
                                                   {0x0B25F0 - 0x30000, 28672, 7680},
                                                   {0x0B2600 - 0x30000, 37888, 7680},
                                                   {0x1656D0 - 0x30000, 37888, 9728},
                                                   {0x1656E0 - 0x30000, 47104, 9728}});
  for (const BorderRow& row : kRows) {
    Layout layout = blank("dvd-r");
    ASSERT_NO_FATAL_FAILURE(record_session(layout, row.end));
    EXPECT_EQ(layout.next_writable_address(), Lba{0} + BlockCount{row.end + row.first}) << row.end;
    ASSERT_NO_FATAL_FAILURE(record_session(layout, 16));
    EXPECT_EQ(layout.next_writable_address(),
              Lba{0} + BlockCount{row.end + row.first + 16 + row.later})
        << row.end;
  }
}

TEST(DvdMinusRules, BorderThatLeavesNoRoomCannotStayOpenButCanBeTheLast) {
  const std::int64_t longest = 2298496 - 47104;
  Layout fits = blank("dvd-r");
  ASSERT_NO_FATAL_FAILURE(record_session(fits, longest));
  EXPECT_EQ(fits.free_blocks(*fits.invisible_track()), BlockCount{0});
  Layout too_long = blank("dvd-r");
  ASSERT_NO_FATAL_FAILURE(write(too_long, longest + 16));
  ASSERT_TRUE(close_track(too_long, 1).has_value());
  EXPECT_EQ(close(too_long).error(), Refusal::kDoesNotFit);
  WriteMode last = kIncremental;
  last.another_session_may_follow = false;
  ASSERT_TRUE(too_long.close({.function = CloseFunction::kSession}, last).has_value());
  EXPECT_EQ(too_long.status(), DiscStatus::kComplete);
}

TEST(DvdMinusRules, SynchronizeAfterPartOfADiscAtOnceRecordingPadsAndFinalises) {
  Layout layout = blank("dvd-r");
  ASSERT_TRUE(layout.reserve(BlockCount{1600}, kAtOnce).has_value());
  ASSERT_TRUE(layout.check_write(Lba{0}, BlockCount{100}, kAtOnce).has_value());
  layout.record_write(Lba{0}, BlockCount{100}, kAtOnce);
  const Effected effect = layout.synchronize(kAtOnce);
  ASSERT_TRUE(effect.has_value());
  ASSERT_EQ(effect->padding.size(), 1U);
  EXPECT_EQ(effect->padding[0].start, Lba{100});
  EXPECT_EQ(effect->padding[0].count, BlockCount{1500});
  EXPECT_GT(effect->laser_blocks, BlockCount{300'000});  // the lead-out lies further out
  EXPECT_EQ(layout.status(), DiscStatus::kComplete);
  EXPECT_TRUE(layout.check_invariants().has_value());
}

TEST(DvdMinusRules, SynchronizeWithNothingWrittenLeavesTheReservation) {
  Layout layout = blank("dvd-r");
  ASSERT_TRUE(layout.reserve(BlockCount{1600}, kAtOnce).has_value());
  EXPECT_FALSE(layout.synchronize(kAtOnce)->changed);
  EXPECT_EQ(layout.tracks()[0].state, TrackState::kReserved);
}

TEST(DvdMinusRules, IncrementalWritesArePaddedToEccBlocksWhenTheyEnd) {
  Layout layout = blank("dvd-r");
  ASSERT_NO_FATAL_FAILURE(write(layout, 5));
  EXPECT_EQ(layout.next_writable_address(), Lba{5});
  const Effected effect = layout.synchronize(kIncremental);
  EXPECT_EQ(effect->padding[0].count, BlockCount{11});
  EXPECT_EQ(layout.next_writable_address(), Lba{16});
  EXPECT_FALSE(layout.synchronize(kIncremental)->changed);
}

TEST(DvdMinusRules, FullBlankTakesAwayWhatMinimalBlankingDid) {
  Layout layout = blank("dvd-rw");
  ASSERT_NO_FATAL_FAILURE(record_session(layout, 160));
  const Effected minimal = layout.blank(1, 0);
  ASSERT_TRUE(minimal.has_value());
  EXPECT_TRUE(minimal->cleared.empty());
  EXPECT_TRUE(layout.recording().minimally_blanked);
  const Effected full = layout.blank(0, 0);
  ASSERT_TRUE(full.has_value());
  EXPECT_EQ(full->cleared[0].count(), BlockCount{2298496});
  EXPECT_TRUE(layout == blank("dvd-rw"));
}

// An RZone of 40 blocks whose recording was interrupted.
Layout interrupted() {
  Recording recording;
  recording.tracks.push_back({.number = 1,
                              .session = 1,
                              .recorded = BlockCount{40},
                              .state = TrackState::kOpen,
                              .method = RecordingMethod::kIncremental,
                              .damaged = true,
                              .packet = BlockCount{16}});
  return Layout::restored(*find_medium("dvd-r"), recording).value();
}

TEST(DvdMinusRules, DamagedRZoneIsNotWrittenUntilItIsRepaired) {
  Layout layout = interrupted();
  EXPECT_TRUE(layout.track_views()[0].damaged);
  EXPECT_FALSE(layout.track_views()[0].next_writable.has_value());
  EXPECT_EQ(layout.disc_view().last_session, LastSessionState::kDamaged);
  EXPECT_EQ(layout.check_write(Lba{40}, BlockCount{16}, kIncremental).error(),
            Refusal::kNotNextWritableAddress);
  EXPECT_EQ(close(layout).error(), Refusal::kTrackIncomplete);
  const Effected repaired = layout.repair(1);
  ASSERT_TRUE(repaired.has_value());
  EXPECT_EQ(repaired->padding[0].count, BlockCount{8});
  EXPECT_TRUE(layout.check_write(Lba{48}, BlockCount{16}, kIncremental).has_value());
}

TEST(DvdMinusRules, DamagedRZoneCanBeClosedAndTheBorderToo) {
  Layout layout = interrupted();
  ASSERT_TRUE(close_track(layout, 1).has_value());
  EXPECT_FALSE(layout.track_views()[0].damaged);
  ASSERT_TRUE(close(layout).has_value());
  EXPECT_EQ(layout.status(), DiscStatus::kAppendable);
}

TEST(DvdMinusRules, DualLayerDiscTakesOneSession) {
  Layout layout = blank("dvd-r-dl");
  ASSERT_NO_FATAL_FAILURE(record_session(layout, 160));
  EXPECT_EQ(layout.status(), DiscStatus::kComplete);
}

// --- BD-R

TEST(BdRRules, SpareAreasShrinkTheDiscAsTheBdr203Says) {
  struct SizeRow {
    const char* medium;
    std::int64_t blocks;
  };
  for (const SizeRow row : {SizeRow{"bd-r-25", 11826176}, SizeRow{"bd-r-50", 23652352}}) {
    Layout layout = blank(row.medium);
    ASSERT_TRUE(layout.format(bd_format(1)).has_value());
    EXPECT_EQ(layout.capacity(), BlockCount{row.blocks}) << row.medium;
    EXPECT_TRUE(layout.check_invariants().has_value());
  }
}

TEST(BdRRules, OverwritingTakesRoomAtTheEndUntilNoneIsLeft) {
  Layout layout = blank("bd-r-25");
  ASSERT_TRUE(layout.format(bd_format(0)).has_value());
  ASSERT_NO_FATAL_FAILURE(write(layout, 11826176 - 64));  // two clusters are left
  EXPECT_EQ(layout.check_write(Lba{31}, BlockCount{34}, kIncremental).error(),
            Refusal::kDoesNotFit);  // touches three
  ASSERT_TRUE(layout.check_write(Lba{31}, BlockCount{2}, kIncremental).has_value());
  layout.record_write(Lba{31}, BlockCount{2}, kIncremental);
  EXPECT_EQ(layout.recording().remapped, BlockCount{64});
  EXPECT_EQ(layout.track_views()[0].free, BlockCount{0});
  EXPECT_EQ(layout.check_write(Lba{0}, BlockCount{1}, kIncremental).error(), Refusal::kDoesNotFit);
  EXPECT_EQ(layout.check_write(Lba{11826176 - 64}, BlockCount{1}, kIncremental).error(),
            Refusal::kDoesNotFit);
  EXPECT_TRUE(layout.check_invariants().has_value());
}

TEST(BdRRules, DiscWithPseudoOverwritingCanBeFinalisedThoughItsSessionCannotBeClosed) {
  Layout layout = blank("bd-r-25");
  ASSERT_TRUE(layout.format(bd_format(0)).has_value());
  ASSERT_NO_FATAL_FAILURE(write(layout, 320));
  ASSERT_TRUE(close_track(layout, 1).has_value());
  EXPECT_EQ(close(layout).error(), Refusal::kTrackIncomplete);
  ASSERT_TRUE(close(layout, CloseFunction::kFinaliseDisc).has_value());
  EXPECT_EQ(layout.status(), DiscStatus::kComplete);
  EXPECT_EQ(layout.check_write(Lba{0}, BlockCount{32}, kIncremental).error(),
            Refusal::kDiscComplete);
}

TEST(BdRRules, TracksAreWrittenInTurn) {
  Layout layout = blank("bd-r-25");
  ASSERT_TRUE(layout.reserve(BlockCount{320}).has_value());
  ASSERT_TRUE(layout.reserve(BlockCount{320}).has_value());
  for (const std::int32_t lba : {320, 0, 640, 352, 32, 672}) {
    ASSERT_TRUE(layout.check_write(Lba{lba}, BlockCount{32}, kIncremental).has_value()) << lba;
    layout.record_write(Lba{lba}, BlockCount{32}, kIncremental);
    ASSERT_TRUE(layout.check_invariants().has_value());
  }
}

TEST(BdRRules, WholeDiscCanBeWrittenAndItsSessionBeClosed) {
  Layout layout = blank("bd-r-25");
  ASSERT_NO_FATAL_FAILURE(record_session(layout, 12219392));
  EXPECT_EQ(layout.free_blocks(*layout.invisible_track()), BlockCount{0});
  ASSERT_TRUE(close(layout, CloseFunction::kFinaliseDisc).has_value());
  EXPECT_EQ(layout.status(), DiscStatus::kComplete);
}

TEST(BdRRandomRules, RangesThatMeetBecomeOne) {
  Layout layout = blank("bd-r-25");
  ASSERT_TRUE(layout.format(bd_format(2)).has_value());
  for (const std::int32_t lba : {64, 0, 32, 96}) {
    ASSERT_TRUE(layout.check_write(Lba{lba}, BlockCount{32}, kIncremental).has_value()) << lba;
    layout.record_write(Lba{lba}, BlockCount{32}, kIncremental);
  }
  EXPECT_EQ(layout.recording().written, (std::vector<Extent>{{Lba{0}, Lba{128}}}));
  EXPECT_EQ(layout.readable_run(Lba{10}, BlockCount{1000}), BlockCount{118});
}

TEST(BdRRandomRules, ClusterIsFilledByConsecutiveWritesUntilItIsPadded) {
  Layout layout = blank("bd-r-25");
  ASSERT_TRUE(layout.format(bd_format(2)).has_value());
  layout.record_write(Lba{320}, BlockCount{10}, kIncremental);
  EXPECT_EQ(layout.check_write(Lba{331}, BlockCount{1}, kIncremental).error(),
            Refusal::kNotNextWritableAddress);
  layout.record_write(Lba{330}, BlockCount{6}, kIncremental);
  const Effected effect = layout.synchronize(kIncremental);
  EXPECT_EQ(effect->padding[0].start, Lba{336});
  EXPECT_EQ(effect->padding[0].count, BlockCount{16});
  EXPECT_EQ(layout.check_write(Lba{336}, BlockCount{1}, kIncremental).error(),
            Refusal::kNotNextWritableAddress);
}

// --- records that contradict themselves

struct BrokenRow {
  const char* name;
  const char* medium;
  Recording recording;
};

Track complete(std::int32_t start, std::int64_t blocks) {
  return {.number = 1,
          .session = 1,
          .start = Lba{start},
          .recorded = BlockCount{blocks},
          .state = TrackState::kComplete,
          .method = RecordingMethod::kSequential};
}

Formatting formatted(std::uint8_t sub_type, std::int64_t blocks = 11826176) {
  return {
      .state = FormatState::kFormatted, .sub_type = sub_type, .user_blocks = BlockCount{blocks}};
}

TEST(SequentialRules, RecordsThatContradictThemselvesAreRefused) {
  Track unwritten = complete(0, 0);
  unwritten.state = TrackState::kReserved;
  Track overfull = complete(0, 64);
  overfull.state = TrackState::kOpen;
  overfull.reserved = BlockCount{32};
  const BrokenRow rows[] = {
      {"track not at the start", "dvd+r", {.tracks = {complete(16, 16)}}},
      {"track behind the disc", "dvd+r", {.tracks = {complete(0, 2295120)}}},
      {"reservation of nothing", "dvd-r", {.tracks = {unwritten}}},
      {"more than was reserved", "dvd-r", {.tracks = {overfull}}},
      {"layer break of a single layer", "dvd+r", {.layer_0 = BlockCount{1600}}},
      {"unaligned layer break", "dvd+r-dl", {.layer_0 = BlockCount{1608}}},
      {"layer break too far out", "dvd+r-dl", {.layer_0 = BlockCount{2086928}}},
      {"more blocks than the disc", "bd-r-25", {.formatting = formatted(1, 12219424)}},
      {"part of a cluster", "bd-r-25", {.formatting = formatted(1, 11826177)}},
      {"remapped without overwriting", "bd-r-25", {.remapped = BlockCount{32}}},
      {"remapped part of a cluster",
       "bd-r-25",
       {.tracks = {complete(0, 64)}, .formatting = formatted(0), .remapped = BlockCount{31}}},
      {"remapped into what is written",
       "bd-r-25",
       {.tracks = {complete(0, 11826176)}, .formatting = formatted(0), .remapped = BlockCount{32}}},
      {"written ranges without random recording",
       "bd-r-25",
       {.formatting = formatted(1), .written = {{Lba{0}, Lba{32}}}}},
      {"tracks in random recording",
       "bd-r-25",
       {.tracks = {complete(0, 64)}, .formatting = formatted(2)}},
      {"range inside a cluster",
       "bd-r-25",
       {.formatting = formatted(2), .written = {{Lba{16}, Lba{32}}}}},
      {"range behind the disc",
       "bd-r-25",
       {.formatting = formatted(2), .written = {{Lba{11826176}, Lba{11826208}}}}},
  };
  for (const BrokenRow& row : rows) {
    const auto layout = Layout::restored(*find_medium(row.medium), row.recording);
    ASSERT_FALSE(layout.has_value()) << row.name;
    EXPECT_EQ(layout.error().code, pregroove::ErrorCode::kCorruptFile) << row.name;
  }
  EXPECT_TRUE(Layout::restored(*find_medium("bd-r-25"), {.tracks = {complete(0, 64)},
                                                         .formatting = formatted(0),
                                                         .remapped = BlockCount{32}})
                  .has_value());
}

}  // namespace
}  // namespace simdrive
