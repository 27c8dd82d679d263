// What the drive answers, by medium, state and command. Each row names where its answer comes from:
// "2.4 ..." and the like are sections of the reference on recorders' behaviour that the project was
// built from; R8, R11 and BDR-203 are Pioneer's command references for those drives.
#include <ostream>

#include "engine/scsi/sense.h"
#include "simdrive/drive/command_error.h"
#include "tests/unit/simdrive/bench_drive.h"

namespace simdrive {
namespace {

using pregroove::SenseCode;
using testing_support::Answer;
using testing_support::BenchDrive;
using testing_support::Bytes;
using testing_support::pattern;

enum class State {
  kNoDisc,
  kTrayOpen,
  kBlank,
  kOpenTrack,    // 40 blocks are written, nothing is finished
  kOpenSession,  // a complete track, the session is open
  kAppendable,   // one session of 300 blocks is closed, another may follow
  kFinalised,    // one session of 300 blocks, no other may follow
};

struct Row {
  const char* name;
  const char* medium;
  State state;
  const char* cdb;
  std::size_t out_blocks;  // data for the drive
  std::size_t in_bytes;    // room for its answer
  SenseCode expected;
  const char* source;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name << " (" << row.source << ")"; }

constexpr SenseCode kGood{};
constexpr SenseCode kNoMediumClosed{2, 0x3A, 0x01};
constexpr SenseCode kNoMediumOpen{2, 0x3A, 0x02};
constexpr SenseCode kInvalidField{5, 0x24, 0x00};
constexpr SenseCode kOutOfRange{5, 0x21, 0x00};
constexpr SenseCode kBadWriteAddress{5, 0x21, 0x02};
constexpr SenseCode kIllegalMode{5, 0x64, 0x00};
constexpr SenseCode kCannotWrite{5, 0x30, 0x05};
constexpr SenseCode kCannotErase{5, 0x30, 0x06};
constexpr SenseCode kEndOfUserArea{5, 0x63, 0x00};
constexpr SenseCode kIncompleteTrack{5, 0x72, 0x03};
constexpr SenseCode kUnreadable{3, 0x11, 0x05};
constexpr SenseCode kUnknownOpcode{5, 0x20, 0x00};

constexpr auto kTestUnitReady = "00 00 00 00 00 00";
constexpr auto kCloseTrack = "5B 00 01 00 00 FF 00 00 00 00";
constexpr auto kCloseSession = "5B 00 02 00 00 00 00 00 00 00";
constexpr auto kWriteAt0 = "2A 00 00 00 00 00 00 00 01 00";
constexpr auto kWriteAt40 = "2A 00 00 00 00 28 00 00 01 00";
constexpr auto kWriteAt452 = "2A 00 00 00 01 C4 00 00 01 00";
constexpr auto kWriteAt11702 = "2A 00 00 00 2D B6 00 00 01 00";
constexpr auto kReadAt0 = "28 00 00 00 00 00 00 00 01 00";
constexpr auto kReadAt300 = "28 00 00 00 01 2C 00 00 01 00";
constexpr auto kReadAt302 = "28 00 00 00 01 2E 00 00 01 00";
constexpr auto kReadToc = "43 00 00 00 00 00 00 03 24 00";
constexpr auto kDiscInformation = "51 00 00 00 00 00 00 00 22 00";

constexpr Row kRows[] = {
    // readiness
    {"ReadyEmpty", "", State::kNoDisc, kTestUnitReady, 0, 0, kNoMediumClosed, "2.3"},
    {"ReadyTrayOpen", "cd-r-80", State::kTrayOpen, kTestUnitReady, 0, 0, kNoMediumOpen, "2.3"},
    {"WriteEmpty", "", State::kNoDisc, kWriteAt0, 1, 0, kNoMediumClosed, "2.4 no disc"},
    {"ReadTocEmpty", "", State::kNoDisc, kReadToc, 0, 804, kNoMediumClosed, "2.4 no disc"},
    {"InquiryEmpty", "", State::kNoDisc, "12 00 00 00 24 00", 0, 36, kGood, "SPC-4 6.6"},
    {"UnknownOpcodeEmpty", "", State::kNoDisc, "01 00 00 00 00 00", 0, 0, kUnknownOpcode,
     "2.4 any medium state"},
    {"UnknownOpcode", "cd-r-80", State::kBlank, "5D 00 00 00 00 00 00 00 20 00", 0, 0,
     kUnknownOpcode, "2.4; cue sheets are not supported"},
    // reading
    {"ReadBlank", "cd-r-80", State::kBlank, kReadAt0, 0, 2048, kOutOfRange, "2.4 read, blank"},
    {"ReadTocBlank", "cd-r-80", State::kBlank, kReadToc, 0, 804, kInvalidField, "2.7 format 0"},
    {"ReadTocOpenSession", "cd-r-80", State::kOpenSession, kReadToc, 0, 804, kInvalidField,
     "2.7: no lead-in yet"},
    {"ReadData", "cd-r-80", State::kAppendable, kReadAt0, 0, 2048, kGood, "MMC-6 READ (10)"},
    {"ReadRunOut", "cd-r-80", State::kAppendable, kReadAt300, 0, 2048, kIllegalMode, "2.4 run-out"},
    {"ReadLeadOut", "cd-r-80", State::kAppendable, kReadAt302, 0, 2048, kOutOfRange,
     "MMC-6 READ (10): beyond the capacity"},
    {"ReadUnwrittenReservation", "cd-r-80", State::kAppendable, "28 00 00 00 2D B6 00 00 01 00", 0,
     2048, kOutOfRange, "2.4: nothing is there"},
    {"ReadNegative", "cd-r-80", State::kAppendable, "28 00 FF FF FF 6A 00 00 01 00", 0, 2048,
     kOutOfRange, "MMC-6: the pregap is no user data"},
    {"ReadNothing", "cd-r-80", State::kAppendable, "28 00 00 00 00 00 00 00 00 00", 0, 0, kGood,
     "MMC-6: a length of 0 is no error"},
    {"ReadTrackInformationBeyondDisc", "cd-r-80", State::kBlank, "52 00 7F FF FF FF 00 00 24 00", 0,
     36, kOutOfRange, "MMC-6 6.27"},
    {"TrackInformationNoWritableTrack", "cd-r-80", State::kFinalised,
     "52 01 00 00 00 FF 00 00 24 00", 0, 36, kInvalidField, "2.6"},
    {"DiscInformationOtherType", "cd-r-80", State::kBlank, "51 01 00 00 00 00 00 00 22 00", 0, 34,
     kInvalidField, "2.5: type 001b is not supported"},
    {"DiscStructure", "cd-r-80", State::kBlank, "AD 00 00 00 00 00 00 00 00 20 00 00", 0, 32,
     kInvalidField, "2.18"},
    // writing
    {"WriteAtNextWritable", "cd-r-80", State::kBlank, kWriteAt0, 1, 0, kGood, "2.9"},
    {"WriteElsewhereOnBlank", "cd-r-80", State::kBlank, kWriteAt40, 1, 0, kBadWriteAddress,
     "2.4 LBA != NWA"},
    {"WriteContinues", "cd-r-80", State::kOpenTrack, kWriteAt40, 1, 0, kGood, "2.9"},
    {"WriteTwice", "cd-r-80", State::kOpenTrack, kWriteAt0, 1, 0, kBadWriteAddress,
     "2.4 LBA != NWA: write-once"},
    {"WriteTwiceRewritable", "cd-rw-80", State::kOpenTrack, kWriteAt0, 1, 0, kBadWriteAddress,
     "2.4: track-at-once is sequential on CD-RW too"},
    {"WriteSecondTrack", "cd-r-80", State::kOpenSession, kWriteAt452, 1, 0, kGood,
     "2.12: 300 + 152"},
    {"WriteSecondSession", "cd-r-80", State::kAppendable, kWriteAt11702, 1, 0, kGood,
     "2.12: 302 + 11400"},
    {"WriteOverSession", "cd-r-80", State::kAppendable, kWriteAt0, 1, 0, kBadWriteAddress, "2.4"},
    {"WriteFinalised", "cd-r-80", State::kFinalised, kWriteAt11702, 1, 0, kCannotWrite,
     "2.4 finalised"},
    {"WriteFinalisedRewritable", "cd-rw-80", State::kFinalised, kWriteAt0, 1, 0, kCannotWrite,
     "2.4 finalised: blank it first"},
    {"WriteNegative", "cd-r-80", State::kBlank, "2A 00 FF FF FF 6A 00 00 01 00", 1, 0,
     kBadWriteAddress, "2.9: the drive makes the pregap of a track-at-once track"},
    {"WriteMoreThanTheDisc", "cd-r-80", State::kBlank, "AA 00 00 00 00 00 00 05 7D A9 00 00", 1, 0,
     kEndOfUserArea, "2.4: 359849 blocks leave no room for the run-out"},
    {"ReserveMoreThanTheDisc", "cd-r-80", State::kBlank, "53 00 00 00 00 00 05 7D A8 00", 0, 0,
     kEndOfUserArea, "2.4: 359848 blocks leave no room for the run-out"},
    {"ReserveWhileTrackOpen", "cd-r-80", State::kOpenTrack, "53 00 00 00 00 00 00 10 00 00", 0, 0,
     kIncompleteTrack, "2.4"},
    // closing
    {"CloseSessionWithOpenTrack", "cd-r-80", State::kOpenTrack, kCloseSession, 0, 0,
     kIncompleteTrack, "2.4 [R11]"},
    {"CloseEmptySession", "cd-r-80", State::kAppendable, kCloseSession, 0, 0, kGood,
     "2.4: nothing written [R11]"},
    {"CloseBlankDisc", "cd-r-80", State::kBlank, kCloseSession, 0, 0, kGood,
     "2.4: nothing written [R11]"},
    {"CloseFinalised", "cd-r-80", State::kFinalised, kCloseSession, 0, 0, kCannotWrite,
     "2.4 finalised"},
    {"CloseInvisibleTrack", "cd-r-80", State::kBlank, kCloseTrack, 0, 0, kGood,
     "2.9: a no-op [R11]"},
    {"CloseOpenTrack", "cd-r-80", State::kOpenTrack, kCloseTrack, 0, 0, kGood, "2.9"},
    {"CloseUnknownTrack", "cd-r-80", State::kOpenTrack, "5B 00 01 00 00 07 00 00 00 00", 0, 0,
     kInvalidField, "MMC-6 6.3"},
    {"CloseFunctionForDvd", "cd-r-80", State::kBlank, "5B 00 06 00 00 00 00 00 00 00", 0, 0,
     kInvalidField, "2.4 close function not valid for the medium"},
    // blanking
    {"BlankWriteOnce", "cd-r-80", State::kAppendable, "A1 01 00 00 00 00 00 00 00 00 00 00", 0, 0,
     kCannotErase, "2.4 BLANK on write-once [udftools #67]"},
    {"BlankMinimally", "cd-rw-80", State::kFinalised, "A1 01 00 00 00 00 00 00 00 00 00 00", 0, 0,
     kGood, "2.14"},
    {"BlankUnclose", "cd-rw-80", State::kAppendable, "A1 05 00 00 00 00 00 00 00 00 00 00", 0, 0,
     kInvalidField, "2.14 [R11]"},
    // fields of CDBs
    {"ReservedBit", "cd-r-80", State::kBlank, "00 01 00 00 00 00", 0, 0, kInvalidField, "2.4"},
    {"ControlByte", "cd-r-80", State::kBlank, "51 00 00 00 00 00 00 00 22 04", 0, 34, kInvalidField,
     "SAM-5: NACA is not supported"},
    {"RelativeAddress", "cd-r-80", State::kAppendable, "28 01 00 00 00 00 00 00 01 00", 0, 2048,
     kInvalidField, "2.4"},
    {"SavedPages", "cd-r-80", State::kBlank, "5A 00 C5 00 00 00 00 00 3C 00", 0, 60,
     SenseCode{5, 0x39, 0x00}, "2.4 page save"},
    {"UnknownPage", "cd-r-80", State::kBlank, "5A 00 30 00 00 00 00 00 08 00", 0, 8, kInvalidField,
     "2.8: probed by wodim and cdrdao"},
    {"EventsNotPolled", "cd-r-80", State::kBlank, "4A 00 00 00 10 00 00 00 08 00", 0, 8,
     kInvalidField, "MMC-6 6.6: asynchronous operation is not supported"},
    {"ErrorFlagsOnReadCd", "cd-r-80", State::kAppendable, "BE 00 00 00 00 00 00 00 01 F2 00 00", 0,
     2646, kInvalidField, "C2 is not announced in feature 001Eh"},
    {"AudioExpectedOnReadCd", "cd-r-80", State::kAppendable, "BE 04 00 00 00 00 00 00 01 10 00 00",
     0, 2352, kIllegalMode, "MMC-6 6.20"},
    {"DiscInformationBlank", "cd-r-80", State::kBlank, kDiscInformation, 0, 34, kGood, "2.5"},
};

void prepare(BenchDrive& bench, State state) {
  switch (state) {
    case State::kNoDisc:
    case State::kBlank:
      return;
    case State::kTrayOpen:
      bench.drive().open_tray();
      return;
    case State::kOpenTrack:
      bench.write_blocks(0, 40);
      break;
    case State::kOpenSession:
      bench.write_blocks(0, 300);
      EXPECT_TRUE(bench.send("35 00 00 00 00 00 00 00 00 00").good());
      break;
    case State::kAppendable:
      bench.select_multi_session();
      bench.burn_session(300);
      break;
    case State::kFinalised:
      bench.select_final_session();
      bench.burn_session(300);
      break;
  }
  bench.wait();
}

class Conformance : public ::testing::TestWithParam<Row> {};

TEST_P(Conformance, AnswersAsItsSourceSays) {
  const Row& row = GetParam();
  BenchDrive bench(row.medium);
  ASSERT_NO_FATAL_FAILURE(prepare(bench, row.state));
  const Answer answer = row.out_blocks > 0 ? bench.send_data(row.cdb, Bytes(row.out_blocks * 2048))
                                           : bench.receive(row.cdb, row.in_bytes);
  EXPECT_EQ(pregroove::scsi::to_string(answer.sense), pregroove::scsi::to_string(row.expected))
      << row.cdb;
  if (bench.drive().disc() != nullptr) {
    EXPECT_TRUE(bench.disc().check_invariants().has_value());
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, Conformance, ::testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Conformance, EverySenseCodeOfTheDriveHasAName) {
  for (int fault = 0; fault <= static_cast<int>(Fault::kWriteError); ++fault) {
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
  ASSERT_NO_FATAL_FAILURE(prepare(bench, State::kAppendable));
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
