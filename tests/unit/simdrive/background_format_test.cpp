// DVD+RW: formatting that goes on by itself.
#include "tests/unit/simdrive/conformance/states.h"

namespace simdrive {
namespace {

using pregroove::SenseCode;
using pregroove::testing_support::hex;
using testing_support::BenchDrive;
using testing_support::Bytes;
using testing_support::cdb10;
using testing_support::pattern;

constexpr auto kDiscInformation = "51 00 00 00 00 00 00 00 22 00";
constexpr auto kMediaEvents = "4A 01 00 00 10 00 00 00 08 00";
constexpr auto kImmediateFormat = "00 02 00 08 FF FF FF FF 98 00 00 00";
constexpr auto kRestart = "00 02 00 08 FF FF FF FF 98 00 00 01";

std::uint32_t background_status(BenchDrive& bench) {
  return bench.receive(kDiscInformation, 34).number(7, 1) & 3U;
}
std::uint32_t media_event(BenchDrive& bench) { return bench.receive(kMediaEvents, 8).number(4, 1); }
const Formatting& formatting(BenchDrive& bench) {
  return bench.disc().layout().recording().formatting;
}
BenchDrive running() {
  BenchDrive bench("dvd+rw");
  prepare_state(bench, "background-running");
  (void)media_event(bench);
  return bench;
}

TEST(BackgroundFormat, DriveIsNotReadyUntilTheLeadInIsWritten) {
  BenchDrive bench("dvd+rw");
  ASSERT_TRUE(bench.send_data("04 11 00 00 00 00", hex(kImmediateFormat)).good());
  EXPECT_EQ(bench.send("00 00 00 00 00 00").sense, (SenseCode{2, 0x04, 0x04}));
  EXPECT_EQ(bench.write(0, pattern(0, 16)).sense, (SenseCode{2, 0x04, 0x04}));
  bench.clock().advance(std::chrono::minutes(2));
  EXPECT_TRUE(bench.send("00 00 00 00 00 00").good());
  EXPECT_EQ(background_status(bench), 2U);
}

TEST(BackgroundFormat, ComesToItsEndAndSaysSoOnce) {
  BenchDrive bench = running();
  EXPECT_EQ(media_event(bench), 0U);
  bench.wait();
  EXPECT_EQ(background_status(bench), 3U);
  EXPECT_EQ(media_event(bench), 5U);
  EXPECT_EQ(media_event(bench), 0U);
  EXPECT_EQ(bench.read(0, 64).data, pattern(0, 64));
  EXPECT_EQ(bench.read(2295103, 1).data, Bytes(2048));
}

TEST(BackgroundFormat, MovesOnAtTheSpeedOfTheDisc) {
  BenchDrive bench = running();
  const BlockCount before = formatting(bench).de_iced;
  bench.clock().advance(std::chrono::seconds(100));
  EXPECT_EQ(background_status(bench), 2U);
  // 4x: 5540 units of 1000 bytes a second, which are 2705 blocks.
  const BlockCount formatted = formatting(bench).de_iced - before;
  EXPECT_GT(formatted, BlockCount{100 * 2600});
  EXPECT_LT(formatted, BlockCount{101 * 2710});
}

TEST(BackgroundFormat, StoppedOneKeepsItsPositionAndGoesOnAfterARestart) {
  BenchDrive bench = running();
  bench.clock().advance(std::chrono::seconds(100));
  ASSERT_TRUE(bench.send("5B 00 00 00 00 00 00 00 00 00").good());
  const BlockCount position = formatting(bench).de_iced;
  bench.wait();
  EXPECT_EQ(background_status(bench), 1U);
  EXPECT_EQ(formatting(bench).de_iced, position);
  ASSERT_TRUE(bench.send_data("04 11 00 00 00 00", hex(kRestart)).good());
  EXPECT_EQ(media_event(bench), 6U);
  bench.clock().advance(std::chrono::minutes(2));
  EXPECT_EQ(background_status(bench), 2U);
  EXPECT_GE(formatting(bench).de_iced, position);
  EXPECT_EQ(bench.read(0, 64).data, pattern(0, 64));
  bench.wait();
  EXPECT_EQ(background_status(bench), 3U);
}

TEST(BackgroundFormat, EjectingStopsIt) {
  BenchDrive bench = running();
  bench.clock().advance(std::chrono::seconds(100));
  ASSERT_TRUE(bench.send("1B 00 00 00 02 00").good());
  const auto disc = bench.drive().remove_disc();
  const Formatting& left = disc->layout().recording().formatting;
  EXPECT_EQ(left.state, FormatState::kBackgroundStopped);
  EXPECT_GT(left.de_iced, BlockCount{100 * 2600});
}

// The drive had no time to say anything on the disc.
TEST(BackgroundFormat, PowerLossLeavesItStopped) {
  BenchDrive bench = running();
  const Layout cut = bench.disc().layout();
  ASSERT_EQ(cut.recording().formatting.state, FormatState::kBackgroundRunning);
  BenchDrive other = BenchDrive::empty();
  other.drive().insert(Disc::in_memory(cut));
  other.settle();
  EXPECT_EQ(background_status(other), 1U);
  EXPECT_EQ(formatting(other).de_iced, cut.recording().formatting.de_iced);
}

TEST(BackgroundFormat, WriteFarAheadWaitsUntilEverythingBeforeItIsFormatted) {
  BenchDrive bench = running();
  const Duration before = bench.clock().now();
  ASSERT_TRUE(bench.write(1000000, pattern(1000000, 16)).good());
  EXPECT_GT(bench.clock().now() - before, std::chrono::seconds(300));
  EXPECT_EQ(formatting(bench).de_iced, BlockCount{1000016});
  EXPECT_EQ(bench.read(1000000, 16).data, pattern(1000000, 16));
  EXPECT_EQ(bench.read(999999, 1).data, Bytes(2048));
}

TEST(BackgroundFormat, WriteWithoutItsDataCostsNoTime) {
  BenchDrive bench = running();
  const Duration before = bench.clock().now();
  EXPECT_FALSE(bench.send_data(cdb10(0x2A, 1000000, 16), pattern(1000000, 1)).good());
  EXPECT_LT(bench.clock().now() - before, std::chrono::seconds(1));
}

TEST(BackgroundFormat, WriteFarAheadOfAStoppedOneTakesAsLong) {
  BenchDrive bench = running();
  ASSERT_TRUE(bench.send("5B 00 00 00 00 00 00 00 00 00").good());
  const Duration before = bench.clock().now();
  ASSERT_TRUE(bench.write(1000000, pattern(1000000, 16)).good());
  EXPECT_GT(bench.clock().now() - before, std::chrono::seconds(300));
}

TEST(BackgroundFormat, EndsWithAWriteOfTheLastBlocks) {
  BenchDrive bench = running();
  ASSERT_TRUE(bench.send("5B 00 00 00 00 00 00 00 00 00").good());
  EXPECT_EQ(media_event(bench), 0U);
  ASSERT_TRUE(bench.write(2295104 - 16, pattern(2295104 - 16, 16)).good());
  EXPECT_EQ(media_event(bench), 5U);
  EXPECT_EQ(media_event(bench), 0U);
  bench.wait();
  EXPECT_EQ(background_status(bench), 3U);
}

TEST(BackgroundFormat, CloseSessionStopsItAndFinaliseCompletesIt) {
  BenchDrive bench = running();
  ASSERT_TRUE(bench.send("5B 00 02 00 00 00 00 00 00 00").good());
  EXPECT_EQ(background_status(bench), 1U);
  ASSERT_TRUE(bench.send("5B 00 03 00 00 00 00 00 00 00").good());
  EXPECT_EQ(background_status(bench), 3U);
}

}  // namespace
}  // namespace simdrive
