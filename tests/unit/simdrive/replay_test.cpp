// The requests of real programs, replayed: what they sent must be served.
#include <fmt/format.h>

#include <limits>
#include <ostream>

#include "tests/unit/simdrive/conformance/cd_states.h"
#include "tests/unit/simdrive/transcript.h"

namespace simdrive {
namespace {

using testing_support::BenchDrive;
using testing_support::Bytes;
using testing_support::pattern;
using testing_support::replay;

TEST(Replay, WodimBurnsATrackAtOnceSessionAndLeavesTheDiscOpen) {
  BenchDrive bench;
  ASSERT_NO_FATAL_FAILURE(replay(bench, "wodim-cd-r-tao.cdb"));
  ASSERT_EQ(bench.disc().sessions().size(), 1U);
  const Session session = bench.disc().sessions().front();
  EXPECT_EQ(session.state, SessionState::kClosed);
  EXPECT_EQ(session.format, SessionFormat::kCdRomXa);
  ASSERT_EQ(bench.disc().tracks().size(), 1U);
  EXPECT_EQ(bench.disc().tracks()[0].recorded, BlockCount{615});
  EXPECT_EQ(bench.disc().layout().status(), DiscStatus::kAppendable);
  Bytes data(615 * 2048);
  ASSERT_TRUE(bench.disc().read_recorded(Lba{0}, data).has_value());
  EXPECT_EQ(data, pattern(0, 615));
}

void expect_pattern(BenchDrive& bench, std::int32_t lba, std::int32_t count) {
  Bytes data(static_cast<std::size_t>(count) * 2048);
  ASSERT_TRUE(bench.disc().read_recorded(Lba{lba}, data).has_value()) << lba;
  EXPECT_EQ(data, pattern(lba, count)) << lba;
}

TEST(Replay, XorrisoRecordsASessionAtOnceAndAppendsAnother) {
  constexpr std::int32_t kLogged = 0x2EF9;
  constexpr std::int32_t kSecondSession = 623 + 11400;
  BenchDrive bench;
  ASSERT_NO_FATAL_FAILURE(
      replay(bench, "xorriso-cd-r.cdb", testing_support::Relocation{kLogged, kSecondSession}));
  ASSERT_EQ(bench.disc().sessions().size(), 2U);
  EXPECT_EQ(bench.disc().sessions()[1].state, SessionState::kClosed);
  const auto tracks = bench.disc().tracks();
  ASSERT_EQ(tracks.size(), 2U);
  EXPECT_EQ(tracks[0].method, RecordingMethod::kSessionAtOnce);
  EXPECT_EQ(tracks[0].recorded, BlockCount{623});
  EXPECT_EQ(tracks[1].start, Lba{kSecondSession});
  EXPECT_EQ(tracks[1].recorded, BlockCount{517});
  EXPECT_EQ(bench.disc().layout().status(), DiscStatus::kAppendable);
  ASSERT_NO_FATAL_FAILURE(expect_pattern(bench, 0, 623));
  ASSERT_NO_FATAL_FAILURE(expect_pattern(bench, kSecondSession, 517));
}

// Two tracks of audio: the first from LBA 0, the second from 00:07:25, the lead-out at 00:12:50.
void expect_two_audio_tracks(BenchDrive& bench) {
  EXPECT_EQ(bench.disc().layout().status(), DiscStatus::kComplete);
  const auto tracks = bench.disc().tracks();
  ASSERT_EQ(tracks.size(), 2U);
  for (const Track& track : tracks) {
    EXPECT_EQ(track.format, SectorFormat::kAudio);
    EXPECT_EQ(track.control, 0);
  }
  EXPECT_EQ(tracks[0].start, Lba{0});
  EXPECT_EQ(tracks[1].start, Lba{400});
  EXPECT_EQ(bench.disc().lead_out_start(1), Lba{800});
  for (std::int32_t lba = 0; lba < 800; lba += 20) {
    const auto answer = bench.receive(
        fmt::format("BE 04 00 00 {:02X} {:02X} 00 00 14 F8 00 00", lba >> 8, lba & 0xFF),
        std::size_t{20} * 2352);
    ASSERT_TRUE(answer.good()) << lba;
    EXPECT_EQ(answer.data, testing_support::octets(lba, 20, 2352)) << lba;
  }
}

TEST(Replay, CdrdaoRecordsTwoAudioTracks) {
  BenchDrive bench;
  ASSERT_NO_FATAL_FAILURE(replay(bench, "cdrdao-cd-r-audio.cdb"));
  bench.wait();
  ASSERT_NO_FATAL_FAILURE(expect_two_audio_tracks(bench));
}

TEST(Replay, WodimRecordsTwoAudioTracksWithCdText) {
  // The lead-in of the log's disc is part of its addresses.
  static const Medium medium = [] {
    Medium like_the_log = *find_medium("cd-r-80");
    like_the_log.atip.lead_in = {97, 27, 14};
    return like_the_log;
  }();
  BenchDrive bench = BenchDrive::empty();
  bench.drive().insert(Disc::blank(medium));
  bench.settle();
  ASSERT_NO_FATAL_FAILURE(replay(bench, "wodim-cd-r-audio-cd-text.cdb"));
  bench.wait();
  ASSERT_NO_FATAL_FAILURE(expect_two_audio_tracks(bench));
  const auto answer = bench.receive("43 00 05 00 00 00 00 03 24 00", 804);
  ASSERT_TRUE(answer.good());
  Bytes expected = pregroove::testing_support::hex("00 4A 00 00");  // 2 + 4 packs of 18
  for (const CdTextPack& pack : testing_support::replayed_cd_text())
    expected.insert(expected.end(), pack.begin(), pack.end());
  EXPECT_EQ(answer.data, expected);
}

// growisofs and xorriso write sequential media; what they wanted is a disc with so many sessions
// that can be appended to.
struct SequentialRow {
  const char* medium;
  const char* transcript;
  std::int32_t first_session_blocks;
  std::int32_t logged_second_session;  // 0: there is none
  std::int32_t second_session;
  std::int32_t second_session_blocks;
  std::int32_t next_writable;
};
void PrintTo(const SequentialRow& row, std::ostream* out) { *out << row.transcript; }

// DVD+R: closure and intro take 2048 blocks. DVD-R: the first border at the inner radius takes
// 28672, a later one 6144. BD-R: nothing lies between sessions.
constexpr SequentialRow kSequentialRows[] = {
    {"dvd+r", "growisofs-dvd+r.cdb", 624, 0, 0, 0, 624 + 2048},
    {"dvd+r", "xorriso-dvd+r.cdb", 624, 2672, 2672, 528, 2672 + 528 + 2048},
    {"dvd-r", "growisofs-dvd-r.cdb", 624, 0, 0, 0, 624 + 28672},
    {"dvd-r", "xorriso-dvd-r.cdb", 624, 12912, 624 + 28672, 528, 624 + 28672 + 528 + 6144},
    {"bd-r-25", "xorriso-bd-r.cdb", 640, 2688, 640, 544, 640 + 544},
};

class ReplaySequential : public ::testing::TestWithParam<SequentialRow> {};

TEST_P(ReplaySequential, LeavesTheSessionsThatTheProgramWanted) {
  const SequentialRow& row = GetParam();
  BenchDrive bench(row.medium);
  ASSERT_NO_FATAL_FAILURE(
      replay(bench, row.transcript,
             testing_support::Relocation{.logged = row.logged_second_session == 0
                                                       ? std::numeric_limits<std::int32_t>::max()
                                                       : row.logged_second_session,
                                         .actual = row.second_session}));
  const Layout& layout = bench.disc().layout();
  const bool two = row.logged_second_session != 0;
  EXPECT_EQ(layout.status(), DiscStatus::kAppendable);
  ASSERT_EQ(layout.closed_sessions(), two ? 2 : 1);
  ASSERT_EQ(layout.tracks().size(), two ? 2U : 1U);
  EXPECT_EQ(layout.tracks()[0].recorded, BlockCount{row.first_session_blocks});
  expect_pattern(bench, 0, row.first_session_blocks);
  if (two) {
    EXPECT_EQ(layout.tracks()[1].start, Lba{row.second_session});
    EXPECT_EQ(layout.tracks()[1].recorded, BlockCount{row.second_session_blocks});
    expect_pattern(bench, row.second_session, row.second_session_blocks);
  }
  EXPECT_EQ(layout.next_writable_address(), Lba{row.next_writable});
  EXPECT_TRUE(layout.check_invariants().has_value());
}

INSTANTIATE_TEST_SUITE_P(Rows, ReplaySequential, ::testing::ValuesIn(kSequentialRows));

TEST(Replay, GrowisofsFormatsABdRForPseudoOverwritingAndLeavesItsSessionOpen) {
  BenchDrive bench("bd-r-25");
  ASSERT_NO_FATAL_FAILURE(replay(bench, "growisofs-bd-r.cdb"));
  const Layout& layout = bench.disc().layout();
  EXPECT_EQ(layout.recording().formatting.state, FormatState::kFormatted);
  EXPECT_EQ(layout.capacity(), BlockCount{11826176});
  EXPECT_EQ(layout.closed_sessions(), 0);
  ASSERT_EQ(layout.tracks().size(), 1U);
  EXPECT_EQ(layout.tracks()[0].state, TrackState::kComplete);
  expect_pattern(bench, 0, 624);
  EXPECT_EQ(layout.next_writable_address(), Lba{640});
}

// growisofs and xorriso begin by taking the unit attention of the new disc.
void insert_unnoticed(BenchDrive& bench, const std::string& medium) {
  bench.drive().insert(Disc::blank(*find_medium(medium)));
  bench.wait();
}

void expect_blocks(BenchDrive& bench, std::int32_t first, std::int32_t count) {
  Bytes data(static_cast<std::size_t>(count) * 2048);
  ASSERT_TRUE(bench.disc().read_recorded(Lba{first}, data).has_value());
  EXPECT_EQ(data, pattern(first, count));
}

TEST(Replay, GrowisofsFormatsADvdPlusRwAndStopsTheFormatWhenItIsDone) {
  BenchDrive bench = BenchDrive::empty();
  insert_unnoticed(bench, "dvd+rw");
  ASSERT_NO_FATAL_FAILURE(replay(bench, "growisofs-dvd+rw.cdb"));
  ASSERT_NO_FATAL_FAILURE(expect_blocks(bench, 0, 0x270));
  const Formatting& formatting = bench.disc().layout().recording().formatting;
  EXPECT_EQ(formatting.state, FormatState::kBackgroundStopped);
  EXPECT_EQ(formatting.user_blocks, BlockCount{2295104});
  EXPECT_GE(formatting.de_iced, BlockCount{0x270});
  EXPECT_LT(formatting.de_iced, formatting.user_blocks);
}

TEST(Replay, XorrisoFormatsADvdPlusRwAndGrowsIt) {
  BenchDrive bench = BenchDrive::empty();
  insert_unnoticed(bench, "dvd+rw");
  ASSERT_NO_FATAL_FAILURE(replay(bench, "xorriso-dvd+rw.cdb"));
  // Both sessions, and the copy of the newest head at LBA 0.
  ASSERT_NO_FATAL_FAILURE(expect_blocks(bench, 0, 0x420));
  EXPECT_EQ(bench.disc().layout().recording().formatting.state, FormatState::kBackgroundStopped);
}

TEST(Replay, GrowisofsWritesAFormattedBdRe) {
  BenchDrive bench = BenchDrive::empty();
  insert_unnoticed(bench, "bd-re-25");
  Layout formatted = bench.disc().layout();
  ASSERT_TRUE(formatted.format({.blocks = 11826176}).has_value());
  ASSERT_TRUE(bench.disc().commit(formatted).has_value());
  ASSERT_NO_FATAL_FAILURE(replay(bench, "growisofs-bd-re.cdb"));
  ASSERT_NO_FATAL_FAILURE(expect_blocks(bench, 0, 0x270));
  EXPECT_TRUE(bench.disc().layout().recording().formatting == formatted.recording().formatting);
}

TEST(Replay, XorrisoWritesAndGrowsAFormattedBdRe) {
  BenchDrive bench = BenchDrive::empty();
  insert_unnoticed(bench, "bd-re-25");
  Layout formatted = bench.disc().layout();
  ASSERT_TRUE(formatted.format({.blocks = 11826176}).has_value());
  ASSERT_TRUE(bench.disc().commit(formatted).has_value());
  ASSERT_NO_FATAL_FAILURE(replay(bench, "xorriso-bd-re.cdb"));
  ASSERT_NO_FATAL_FAILURE(expect_blocks(bench, 0, 0x420));
  EXPECT_TRUE(bench.disc().layout().recording().formatting == formatted.recording().formatting);
}

}  // namespace
}  // namespace simdrive
