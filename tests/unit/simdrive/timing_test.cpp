// Speeds, the time that writing takes, the write buffer and calibration, as a host meets them.
// Expected bytes are worked out by hand from MMC-6 6.8 and the default personality's speeds.
#include "simdrive/profiles/personality.h"
#include "tests/unit/simdrive/bench_drive.h"
#include "tests/unit/simdrive/conformance/cd_states.h"

namespace simdrive {
namespace {

using pregroove::SenseCode;
using pregroove::testing_support::hex;
using profiles::Personality;
using testing_support::Answer;
using testing_support::BenchDrive;
using testing_support::Bytes;
using testing_support::cdb10;
using testing_support::pattern;

constexpr SenseCode kLongWrite{2, 0x04, 0x08};
constexpr SenseCode kLossOfStreaming{3, 0x0C, 0x09};
constexpr SenseCode kOutOfSequence{5, 0x2C, 0x00};
constexpr SenseCode kAlmostFull{1, 0x73, 0x01};
constexpr SenseCode kFull{3, 0x73, 0x02};
constexpr SenseCode kUnknownCommand{5, 0x20, 0x00};
constexpr SenseCode kInvalidList{5, 0x26, 0x00};
constexpr auto kWritePerformance = "AC 14 00 00 00 00 00 00 00 08 00 00";
constexpr auto kWriteSpeeds = "AC 00 00 00 00 00 00 00 00 08 03 00";
constexpr auto kSendOpc = "54 01 00 00 00 00 00 00 00 00";
constexpr auto kSynchronize = "35 00 00 00 00 00 00 00 00 00";

std::string four_times_cd() { return "BB 00 FF FF 02 C2 00 00 00 00 00 00"; }

// 48x is 8467 kB/s; the inner edge has 42 % of it, 3556. The last address is 359848.
TEST(Performance, ConstantRotationGoesFromTheInnerToTheOuterSpeed) {
  BenchDrive bench;
  EXPECT_EQ(bench.receive(kWritePerformance, 136).data,
            hex("00 00 00 14 02 00 00 00  00 00 00 00 00 00 0D E4 00 05 7D A8 00 00 21 13"));
}

// Up to 16x the default drive writes with constant linear velocity.
TEST(Performance, ConstantVelocityHasOneSpeed) {
  BenchDrive bench;
  ASSERT_TRUE(bench.send(four_times_cd()).good());
  EXPECT_EQ(bench.receive(kWritePerformance, 136).data,
            hex("00 00 00 14 02 00 00 00  00 00 00 00 00 00 02 C2 00 05 7D A8 00 00 02 C2"));
}

// 16x is 2822 kB/s, 24x 4234.
TEST(Performance, ZonesAreListedOneByOne) {
  Personality personality;
  personality.limits.write_rotation[MediumKind::kCdR] = {
      .mode = profiles::RotationMode::kZclv,
      .clv_up_to = {},
      .zones = {{.from_block = 0, .speed = {160}}, {.from_block = 100'000, .speed = {240}}}};
  BenchDrive bench("cd-r-80", personality);
  EXPECT_EQ(bench.receive(kWritePerformance, 136).data,
            hex("00 00 00 24 02 00 00 00  00 00 00 00 00 00 0B 06 00 01 86 9F 00 00 0B 06 "
                "00 01 86 A0 00 00 10 8A 00 05 7D A8 00 00 10 8A"));
}

// DVD+RW: 4x and 2.4x of the drive's 8x to 2.4x suit the disc; it is read at 12x.
TEST(Performance, WriteSpeedsAreThoseOfDriveAndDisc) {
  BenchDrive bench("dvd+rw");
  EXPECT_EQ(bench.receive(kWriteSpeeds, 136).data,
            hex("00 00 00 24 00 00 00 00  00 00 00 00 00 23 05 3F 00 00 40 EC 00 00 15 A4 "
                "00 00 00 00 00 23 05 3F 00 00 40 EC 00 00 0C FC"));
}

TEST(Performance, NothingDeviatesFromTheNominalSpeeds) {
  BenchDrive bench;
  EXPECT_EQ(bench.receive("AC 11 00 00 00 00 00 00 00 08 00 00", 136).data,
            hex("00 00 00 04 01 00 00 00"));
}

TEST(Performance, AskedForNoDescriptorSomeDrivesClaimOne) {
  Personality personality;
  personality.quirks.get_performance_first_claims_one = true;
  BenchDrive bench("cd-r-80", personality);
  EXPECT_EQ(bench.receive("AC 00 00 00 00 00 00 00 00 00 03 00", 8).data,
            hex("00 00 00 14 00 00 00 00"));
  EXPECT_EQ(bench.receive("AC 00 00 00 00 00 00 00 00 01 03 00", 24).number(0, 4), 4 + (7 * 16U));
}

TEST(Performance, WithoutRealTimeStreamingTheCommandsAreUnknown) {
  Personality personality;
  personality.features.real_time_streaming = false;
  BenchDrive bench("cd-r-80", personality);
  EXPECT_EQ(bench.receive(kWriteSpeeds, 136).sense, kUnknownCommand);
  EXPECT_EQ(bench.send_data("B6 00 00 00 00 00 00 00 00 00 1C 00", Bytes(28)).sense,
            kUnknownCommand);
}

// 5540 kB in a second: 4x; the end is the address behind the last.
TEST(Performance, SomeDrivesRefuseAnEndBeyondTheDisc) {
  const Bytes list =
      hex("00 00 00 00 00 00 00 00 00 23 12 80 00 00 15 A4 00 00 03 E8 "
          "00 00 15 A4 00 00 03 E8");
  Personality strict;
  strict.quirks.set_streaming_refuses_end_beyond_disc = true;
  BenchDrive refusing("dvd-r", strict);
  EXPECT_EQ(refusing.send_data("B6 00 00 00 00 00 00 00 00 00 1C 00", list).sense, kInvalidList);
  BenchDrive bench("dvd-r");
  EXPECT_TRUE(bench.send_data("B6 00 00 00 00 00 00 00 00 00 1C 00", list).good());
  EXPECT_EQ(bench.receive(kWritePerformance, 136).number(12, 4), 5540U);
}

TEST(Performance, SetCdSpeedMayBeForCdsAlone) {
  Personality personality;
  personality.quirks.set_cd_speed_scope = profiles::SpeedScope::kCdOnly;
  BenchDrive bench("dvd+rw", personality);
  EXPECT_TRUE(bench.send("BB 00 FF FF 0C FC 00 00 00 00 00 00").good());
  EXPECT_EQ(bench.receive(kWritePerformance, 136).number(12, 4), 5540U);
}

TEST(Performance, StreamingValuesMayEndWithTheDisc) {
  const Bytes list =
      hex("00 00 00 00 00 00 00 00 00 00 00 00 00 00 02 C2 00 00 03 E8 "
          "00 00 02 C2 00 00 03 E8");
  for (const bool survives : {true, false}) {
    Personality personality;
    personality.quirks.set_streaming_survives_medium_change = survives;
    BenchDrive bench("cd-r-80", personality);
    ASSERT_TRUE(bench.send_data("B6 00 00 00 00 00 00 00 00 00 1C 00", list).good());
    bench.drive().insert(Disc::blank(*find_medium("cd-r-80")));
    bench.settle();
    EXPECT_EQ(bench.receive(kWritePerformance, 136).number(20, 4), survives ? 706U : 8467U);
  }
}

// Writes in test mode, so that nothing is kept; the time is the same.
Duration time_to_fill_the_disc(BenchDrive& bench) {
  constexpr std::int32_t kBlocks = 359'000;
  constexpr std::int32_t kPerCommand = 500;
  EXPECT_TRUE(bench.select_page_5(0x51, 0xC4, 0x08).good());
  const Bytes data(std::size_t{kPerCommand} * pregroove::kBlockSize);
  const Duration start = bench.clock().now();
  for (std::int32_t lba = 0; lba < kBlocks;) {
    const Answer answer = bench.write(lba, data);
    if (answer.good())
      lba += kPerCommand;
    else if (answer.sense == kLongWrite)
      bench.clock().advance(std::chrono::milliseconds(20));
    else
      ADD_FAILURE() << pregroove::scsi::to_string(answer.sense), lba = kBlocks;
  }
  EXPECT_TRUE(bench.send(kSynchronize).good());
  return bench.clock().now() - start;
}

// The mean of 1/speed over a disc that turns evenly is 2 (1 - 0.42) / (1 - 0.42^2) = 1.408 times
// 1/48x; 80 minutes at 1x are 4800 seconds. 359000 of 359849 blocks take 140.5 seconds.
TEST(WritingTime, AWholeDiscWithConstantRotationTakesWhatTheCurveIntegratesTo) {
  BenchDrive bench;
  const Duration time = time_to_fill_the_disc(bench);
  EXPECT_GT(time, std::chrono::milliseconds(140'400));
  EXPECT_LT(time, std::chrono::milliseconds(141'000));
}

TEST(WritingTime, AWholeDiscAtSingleSpeedTakesItsPlayingTime) {
  Personality personality;
  personality.limits.write_speeds[MediumKind::kCdR] = {{10}};
  BenchDrive bench("cd-r-80", personality);
  const Duration time = time_to_fill_the_disc(bench);
  EXPECT_GT(time, std::chrono::seconds(359'000 / 75));
  EXPECT_LT(time, std::chrono::seconds((359'000 / 75) + 2));
}

TEST(WritingTime, OverwritableDiscsMakeAFullBufferWait) {
  BenchDrive bench("dvd-ram");
  for (std::int32_t lba = 0; lba < 3200; lba += 32)
    ASSERT_TRUE(bench.write(lba, pattern(lba, 32)).good());
}

TEST(WritingTime, SpuriousAnswersNeverComeTwiceInARow) {
  Personality personality;
  personality.quirks.spurious_long_write_every = 1;
  BenchDrive bench("cd-r-80", personality);
  EXPECT_EQ(bench.write(0, pattern(0)).sense, kLongWrite);
  EXPECT_TRUE(bench.write(0, pattern(0)).good());
  EXPECT_EQ(bench.write(1, pattern(1)).sense, kLongWrite);
  EXPECT_TRUE(bench.write(1, pattern(1)).good());
}

TEST(Underrun, BreaksTheTrackWithoutProtection) {
  BenchDrive bench;
  ASSERT_TRUE(bench.select_page_5(0x01, 0xC4, 0x08).good());
  ASSERT_TRUE(bench.write(0, pattern(0, 32)).good());
  bench.wait();
  const Answer answer = bench.write(32, pattern(32, 32));
  EXPECT_EQ(answer.sense, kLossOfStreaming);
  EXPECT_EQ(answer.information, Lba{32});
  ASSERT_EQ(bench.disc().tracks().size(), 1U);
  EXPECT_TRUE(bench.disc().tracks().front().damaged);
  EXPECT_FALSE(bench.write(32, pattern(32, 32)).good());
  EXPECT_TRUE(bench.disc().check_invariants().has_value());
}

TEST(Underrun, BrokenSessionIsNotCarriedOn) {
  BenchDrive bench;
  ASSERT_TRUE(bench.select_page_5(0x02, 0x00, 0x00).good());
  testing_support::send_cue_sheet(bench, testing_support::kDataCue);
  ASSERT_TRUE(bench.write(-150, pattern(-150, 32)).good());
  bench.wait();
  EXPECT_EQ(bench.write(-118, pattern(-118, 32)).sense, kLossOfStreaming);
  for (int attempt = 0; attempt < 2; ++attempt)
    EXPECT_EQ(bench.write(-118, pattern(-118, 32)).sense, kOutOfSequence);
  EXPECT_TRUE(bench.disc().check_invariants().has_value());
}

TEST(Underrun, BrokenTestOfASessionIsOver) {
  BenchDrive bench;
  ASSERT_TRUE(bench.select_page_5(0x12, 0x00, 0x00).good());
  testing_support::send_cue_sheet(bench, testing_support::kDataCue);
  ASSERT_TRUE(bench.write(-150, pattern(-150, 32)).good());
  bench.wait();
  EXPECT_EQ(bench.write(-118, pattern(-118, 32)).sense, kLossOfStreaming);
  testing_support::send_cue_sheet(bench, testing_support::kDataCue);
  EXPECT_TRUE(bench.write(-150, pattern(-150, 32)).good());
}

TEST(Underrun, IsBridgedWithProtection) {
  BenchDrive bench;
  ASSERT_TRUE(bench.select_page_5(0x41, 0xC4, 0x08).good());
  ASSERT_TRUE(bench.write(0, pattern(0, 32)).good());
  bench.wait();
  EXPECT_TRUE(bench.write(32, pattern(32, 32)).good());
}

TEST(Underrun, BreaksTheTrackOfADriveWithoutProtectionWhateverThePageSays) {
  Personality personality;
  personality.features.buffer_underrun_protection = {};
  BenchDrive bench("cd-r-80", personality);
  ASSERT_TRUE(bench.write(0, pattern(0, 32)).good());
  bench.wait();
  EXPECT_EQ(bench.write(32, pattern(32, 32)).sense, kLossOfStreaming);
}

TEST(Underrun, DoesNotHarmMediaThatLink) {
  Personality personality;
  personality.features.buffer_underrun_protection = {};
  for (const char* medium : {"dvd+r", "bd-r-25"}) {
    BenchDrive bench(medium, personality);
    ASSERT_TRUE(bench.write(0, pattern(0, 32)).good()) << medium;
    bench.wait();
    EXPECT_TRUE(bench.write(32, pattern(32, 32)).good()) << medium;
  }
}

TEST(LongOperations, CloseMayAnswerEarlyWithAnError) {
  Personality personality;
  personality.quirks.sense.close_answers_early = SenseCode{6, 0x2E, 0x00};
  BenchDrive bench("cd-r-80", personality);
  bench.write_blocks(0, 300);
  ASSERT_TRUE(bench.send(kSynchronize).good());
  EXPECT_EQ(bench.send("5B 00 02 00 00 00 00 00 00 00").sense, (SenseCode{6, 0x2E, 0x00}));
  EXPECT_EQ(bench.send("00 00 00 00 00 00").sense, (SenseCode{2, 0x04, 0x07}));
  bench.wait();
  EXPECT_EQ(bench.disc().sessions().size(), 1U);
}

TEST(LongOperations, ConstantProgressIsOnePercentUntilTheEnd) {
  Personality personality;
  personality.quirks.progress = profiles::Progress::kConstant;
  personality.quirks.implies_immediate = true;
  BenchDrive bench("cd-rw-80", personality);
  ASSERT_TRUE(bench.send("A1 00 00 00 00 00 00 00 00 00 00 00").good());
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(bench.receive("03 00 00 00 12 00", 18).number(16, 2), 655U);
    bench.clock().advance(std::chrono::minutes(1));
  }
  bench.wait();
  EXPECT_TRUE(bench.send("00 00 00 00 00 00").good());
}

TEST(PowerCalibration, WarnsAndEndsWithTheArea) {
  Personality personality;
  personality.limits.cd_power_calibrations = 3;
  personality.limits.cd_power_calibrations_warning = 1;
  BenchDrive bench("cd-r-80", personality);
  EXPECT_TRUE(bench.send(kSendOpc).good());
  EXPECT_EQ(bench.send(kSendOpc).sense, kAlmostFull);
  EXPECT_EQ(bench.send(kSendOpc).sense, kAlmostFull);
  EXPECT_EQ(bench.send(kSendOpc).sense, kFull);
  EXPECT_EQ(bench.disc().layout().recording().calibrations, 3);
}

TEST(PowerCalibration, HappensByItselfOncePerSession) {
  BenchDrive bench;
  bench.select_multi_session();
  bench.burn_session(300);
  EXPECT_EQ(bench.disc().layout().recording().calibrations, 1);
  ASSERT_TRUE(bench.send(kSendOpc).good());
  bench.burn_session(300);
  EXPECT_EQ(bench.disc().layout().recording().calibrations, 2);
}

TEST(PowerCalibration, AFullAreaForbidsToBeginASession) {
  Personality personality;
  personality.limits.cd_power_calibrations = 1;
  BenchDrive bench("cd-r-80", personality);
  bench.select_multi_session();
  bench.burn_session(300);
  EXPECT_EQ(bench.write(bench.next_writable(), pattern(0)).sense, kFull);
}

TEST(PowerCalibration, MayBeAnsweredWithTheDrivesOwnCode) {
  Personality personality;
  personality.quirks.sense.opc = SenseCode{5, 0x30, 0x02};
  BenchDrive bench("dvd-r", personality);
  EXPECT_EQ(bench.send(kSendOpc).sense, (SenseCode{5, 0x30, 0x02}));
}

TEST(BufferCapacity, MayBeGarbage) {
  Personality personality;
  personality.quirks.buffer_capacity = profiles::BufferCapacity::kGarbage;
  BenchDrive bench("cd-r-80", personality);
  const Answer answer = bench.receive("5C 00 00 00 00 00 00 00 0C 00", 12);
  EXPECT_GT(answer.number(8, 4), answer.number(4, 4));
}

}  // namespace
}  // namespace simdrive
