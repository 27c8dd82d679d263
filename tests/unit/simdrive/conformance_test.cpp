// What the drive answers where one command does not show it; the rows of single commands are in
// fixtures/conformance.
#include "engine/scsi/sense.h"
#include "simdrive/drive/command_error.h"
#include "tests/unit/simdrive/conformance/states.h"

namespace simdrive {
namespace {

using pregroove::SenseCode;
using testing_support::Answer;
using testing_support::BenchDrive;
using testing_support::pattern;

constexpr SenseCode kGood{};
constexpr SenseCode kNoMediumClosed{2, 0x3A, 0x01};
constexpr SenseCode kNoMediumOpen{2, 0x3A, 0x02};
constexpr SenseCode kIllegalMode{5, 0x64, 0x00};
constexpr SenseCode kUnreadable{3, 0x11, 0x05};

constexpr auto kTestUnitReady = "00 00 00 00 00 00";

TEST(Conformance, EverySenseCodeOfTheDriveHasAName) {
  for (int fault = 0; fault <= static_cast<int>(Fault::kCalibrationAreaFull); ++fault) {
    const auto sense = sense_for({.fault = static_cast<Fault>(fault)});
    EXPECT_NE(pregroove::scsi::name_of_additional_sense(sense.code.asc, sense.code.ascq), "")
        << fault;
  }
}

TEST(Conformance, MixingSectorFormatsInATrackIsRefused) {
  BenchDrive bench;
  ASSERT_NO_FATAL_FAILURE(bench.write_blocks(0, 40));
  ASSERT_TRUE(bench.select_page_5(0x41, 0xC4, 0x0A, 0x20).good());
  EXPECT_EQ(bench.write(40, pattern(40)).sense, kIllegalMode);
}

TEST(Conformance, FailingBlockIsNamedAndTheBlocksBeforeItAreDelivered) {
  BenchDrive bench;
  ASSERT_NO_FATAL_FAILURE(prepare_state(bench, "appendable"));
  const Answer answer = bench.read(290, 12);  // the last two are run-out
  EXPECT_EQ(answer.sense, kIllegalMode);
  EXPECT_EQ(answer.information, Lba{300});
  EXPECT_EQ(answer.data, pattern(290, 10));
}

TEST(Conformance, RestOfAReservationIsUnreadable) {
  BenchDrive bench;
  ASSERT_TRUE(bench.send("53 00 00 00 00 00 00 04 00 00").good());
  ASSERT_NO_FATAL_FAILURE(bench.write_blocks(0, 40));
  bench.wait();
  EXPECT_EQ(bench.read(40, 1).sense, kUnreadable);
}

// A host must not be able to take the disc away from a program that locked it.
TEST(Conformance, LockedTrayStaysClosed) {
  BenchDrive bench;
  ASSERT_TRUE(bench.send("1E 00 00 00 01 00").good());
  EXPECT_EQ(bench.send("1B 00 00 00 02 00").sense, (SenseCode{5, 0x53, 0x02}));
  ASSERT_TRUE(bench.send("1E 00 00 00 00 00").good());
  EXPECT_TRUE(bench.send("1B 00 00 00 02 00").good());
  EXPECT_EQ(bench.send(kTestUnitReady).sense, kNoMediumOpen);
}

TEST(UnitAttention, PowerOnAndMediumChangeAreEachReportedOnce) {
  VirtualClock clock;
  Drive drive(clock);
  const auto ready = [&] {
    const auto cdb = pregroove::testing_support::hex(kTestUnitReady);
    const auto done = drive.execute({.cdb = cdb});
    return done.value().sense.value_or(pregroove::scsi::Sense{}).code;
  };
  EXPECT_EQ(ready(), (SenseCode{6, 0x29, 0x00}));
  EXPECT_EQ(ready(), kNoMediumClosed);
  drive.insert(Disc::blank(*find_medium("cd-r-80")));
  EXPECT_EQ(ready(), (SenseCode{6, 0x28, 0x00}));
  EXPECT_EQ(ready(), (SenseCode{2, 0x04, 0x01}));  // spinning up
  clock.advance(std::chrono::minutes(1));
  EXPECT_EQ(ready(), kGood);
}

TEST(UnitAttention, IsLeftPendingByTheCommandsThatMayNotTakeIt) {
  BenchDrive bench;
  bench.drive().insert(Disc::blank(*find_medium("cd-r-80")));
  EXPECT_TRUE(bench.receive("12 00 00 00 24 00", 36).good());
  EXPECT_TRUE(bench.receive("46 00 00 00 00 00 00 00 08 00", 8).good());
  EXPECT_TRUE(bench.receive("4A 01 00 00 10 00 00 00 08 00", 8).good());
  EXPECT_EQ(bench.send(kTestUnitReady).sense, (SenseCode{6, 0x28, 0x00}));
}

TEST(UnitAttention, RequestSenseTakesIt) {
  BenchDrive bench;
  bench.drive().insert(Disc::blank(*find_medium("cd-r-80")));
  const Answer answer = bench.receive("03 00 00 00 12 00", 18);
  EXPECT_EQ(answer.number(2, 1), 6U);
  EXPECT_EQ(answer.number(12, 2), 0x2800U);
  bench.wait();
  EXPECT_TRUE(bench.send(kTestUnitReady).good());
}

TEST(UnpluggedDrive, FailsTheExchange) {
  BenchDrive bench;
  bench.drive().unplug();
  const auto cdb = pregroove::testing_support::hex(kTestUnitReady);
  const auto done = bench.drive().execute({.cdb = cdb});
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, pregroove::ErrorCode::kTransport);
}

}  // namespace
}  // namespace simdrive
