#include "engine/burn/burner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/drive/inspection.h"
#include "simdrive/disc/disc.h"
#include "simdrive/drive/drive.h"
#include "simdrive/mechanics/virtual_clock.h"
#include "tests/support/faulting_transport.h"

namespace pregroove::burn {
namespace {

using scsi::Opcode;
using testing::HasSubstr;
using testing_support::FaultingTransport;

// Blocks that tell their number and whose burn they belong to.
class NumberedSource final : public BlockSource {
 public:
  NumberedSource(std::int64_t blocks, int seed) : blocks_(blocks), seed_(seed) {}
  [[nodiscard]] BlockCount size() const override { return {blocks_}; }
  [[nodiscard]] Result<std::size_t> read(std::span<std::byte> out) override {
    std::size_t filled = 0;
    for (; filled < out.size() && done_ < blocks_; filled += kBlockSize)
      fill(done_++, out.subspan(filled, kBlockSize));
    return filled;
  }
  void fill(std::int64_t number, std::span<std::byte> block) const {
    std::ranges::fill(block, static_cast<std::byte>(number * 31 + seed_));
    block[0] = static_cast<std::byte>(number);
  }

 private:
  std::int64_t blocks_;
  int seed_;
  std::int64_t done_ = 0;
};

class CancellingObserver final : public Observer {
 public:
  void on_progress(const Progress& progress) override {
    if (progress.phase == Phase::kWriting) writing_ = true;
    phases.push_back(progress.phase);
  }
  [[nodiscard]] bool cancel_requested() override {
    constexpr int kChunksFirst = 5;
    return cancel_while_writing && writing_ && ++questions_ > kChunksFirst;
  }
  bool cancel_while_writing = false;
  std::vector<Phase> phases;

 private:
  bool writing_ = false;
  int questions_ = 0;
};

constexpr RingSize kSmallRing{.slots = 4, .slot_bytes = 64 * kBlockSize};

class BurnerTest : public testing::Test {
 protected:
  BurnerTest() : simulated_(clock_), port_(simulated_), drive_(port_, clock_) {
    simulated_.insert(simdrive::Disc::blank(*simdrive::find_medium("cd-r-80")));
  }

  Result<BurnReport> burn_session(std::int64_t blocks, int seed, plan::BurnRequest request = {}) {
    PREGROOVE_ASSIGN_OR_RETURN(const auto disc, drive::inspect(drive_));
    request.image = {blocks};
    PREGROOVE_ASSIGN_OR_RETURN(const auto plan, plan::make_burn_plan(disc, request));
    NumberedSource source(blocks, seed);
    return burn(drive_, plan, source, observer_, kSmallRing);
  }

  // Through the back door, block by block.
  void expect_on_disc(Lba start, std::int64_t blocks, int seed) {
    const NumberedSource expected(blocks, seed);
    std::vector<std::byte> wanted(kBlockSize);
    std::vector<std::byte> found(kBlockSize);
    for (std::int64_t i = 0; i < blocks; ++i) {
      expected.fill(i, wanted);
      ASSERT_TRUE(simulated_.disc()->read_recorded(start + BlockCount{i}, found).has_value()) << i;
      ASSERT_EQ(found, wanted) << i;
    }
  }

  static scsi::Sense sense(std::uint8_t key, std::uint8_t asc, std::uint8_t ascq) {
    return {.code = {key, asc, ascq}};
  }

  simdrive::VirtualClock clock_;
  simdrive::Drive simulated_;
  FaultingTransport port_;
  drive::Drive drive_;
  CancellingObserver observer_;
};

TEST_F(BurnerTest, PutsEveryBlockWhereThePlanSaysAndClosesTheSession) {
  const auto report = burn_session(1000, 1);
  ASSERT_TRUE(report.has_value()) << describe(report.error());
  expect_on_disc(Lba{0}, 1000, 1);
  EXPECT_EQ(report->written, BlockCount{1000});
  EXPECT_EQ(report->disc.status, medium::DiscStatus::kAppendable);
  ASSERT_EQ(simulated_.disc()->sessions().size(), 1U);
}

TEST_F(BurnerTest, AppendsSessionsWithTheGapsOfARealDisc) {
  ASSERT_TRUE(burn_session(1000, 1).has_value());
  const Lba first_lead_out = *simulated_.disc()->lead_out_start(1);
  const auto second = burn_session(500, 2);
  ASSERT_TRUE(second.has_value()) << describe(second.error());
  const Lba second_lead_out = *simulated_.disc()->lead_out_start(2);
  const auto third = burn_session(500, 3);
  ASSERT_TRUE(third.has_value());
  EXPECT_EQ(second->disc.sessions[1].start() - first_lead_out, BlockCount{11'400});
  EXPECT_EQ(third->disc.sessions[2].start() - second_lead_out, BlockCount{6'900});
  expect_on_disc(Lba{0}, 1000, 1);
  expect_on_disc(third->disc.sessions[2].start(), 500, 3);
}

TEST_F(BurnerTest, SendsNoCommandMoreThanTheBurnNeeds) {
  const auto disc = drive::inspect(drive_);
  ASSERT_TRUE(disc.has_value());
  constexpr std::int64_t kBlocks = 1000;
  const auto plan = plan::make_burn_plan(*disc, {.image = {kBlocks}});
  NumberedSource source(kBlocks, 1);
  port_.reset_counts();
  ASSERT_TRUE(burn(drive_, *plan, source, observer_, kSmallRing).has_value());
  const std::int64_t chunk = drive_.max_transfer().value;
  EXPECT_EQ(port_.accepted(Opcode::kWrite10), (kBlocks + chunk - 1) / chunk);
  EXPECT_EQ(port_.accepted(Opcode::kSynchronizeCache), 1);
  EXPECT_EQ(port_.accepted(Opcode::kCloseTrackSession), 1);
  EXPECT_EQ(port_.accepted(Opcode::kModeSelect10), 1);
  EXPECT_EQ(port_.accepted(Opcode::kPreventAllowMediumRemoval), 2);
}

TEST_F(BurnerTest, CatchesADriveThatSaysGoodAndWritesNothing) {
  for (const Opcode opcode :
       {Opcode::kWrite10, Opcode::kSynchronizeCache, Opcode::kCloseTrackSession})
    port_.add({.opcode = opcode, .times = -1, .swallow = true});
  const auto report = burn_session(1000, 1);
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, ErrorCode::kVerification);
  EXPECT_THAT(report.error().message, HasSubstr("nothing of the session is on the disc"));
  EXPECT_TRUE(report.error().disc_touched);
}

// Medium, and whether the session is closed by then: the drive pads a CD track, so that its length
// says nothing.
struct DroppedEnd {
  const char* medium;
  ClosingState session;
};
class DroppedLastWrite : public BurnerTest, public testing::WithParamInterface<DroppedEnd> {};

TEST_P(DroppedLastWrite, IsFoundWithoutVerifying) {
  // Ten WRITEs of 32 blocks, and one for the last block and what fills up its unit.
  constexpr std::int64_t kBlocks = 321;
  constexpr int kWrites = 11;
  for (const bool append : {false, true}) {
    simulated_.remove_disc().reset();
    simulated_.insert(simdrive::Disc::blank(*simdrive::find_medium(GetParam().medium)));
    drive_.on_unit_attention(drive::UnitAttention::kAbsorb);
    if (append) {
      const auto first = burn_session(kBlocks, 1);
      // What this source delivers is no volume whose head could become that of such a disc.
      if (medium::is_overwritten(drive::inspect(drive_)->kind)) return;
      ASSERT_TRUE(first) << describe(first.error());
    }
    port_.clear();
    port_.add({.opcode = Opcode::kWrite10, .after = kWrites - 1, .swallow = true});
    const auto report = burn_session(kBlocks, 2);
    port_.clear();
    ASSERT_FALSE(report) << GetParam().medium;
    EXPECT_EQ(report.error().code, ErrorCode::kVerification) << describe(report.error());
    EXPECT_THAT(report.error().message, HasSubstr("the drive reported success"));
    EXPECT_FALSE(report.error().disc_state.empty());
    ASSERT_TRUE(report.error().outcome);
    EXPECT_EQ(report.error().outcome->session, GetParam().session);
    EXPECT_NE(report.error().outcome->data, DataState::kWritten);
  }
}

INSTANTIATE_TEST_SUITE_P(Media, DroppedLastWrite,
                         testing::Values(DroppedEnd{"cd-r-80", ClosingState::kClosed},
                                         DroppedEnd{"cd-rw-80", ClosingState::kClosed},
                                         DroppedEnd{"dvd-r", ClosingState::kOpen},
                                         DroppedEnd{"dvd-rw", ClosingState::kOpen},
                                         DroppedEnd{"dvd+r", ClosingState::kOpen},
                                         DroppedEnd{"bd-r-25", ClosingState::kOpen},
                                         DroppedEnd{"dvd+rw", ClosingState::kOpen},
                                         DroppedEnd{"dvd-ram", ClosingState::kOpen},
                                         DroppedEnd{"bd-re-25", ClosingState::kOpen}),
                         [](const auto& test) {
                           std::string name = test.param.medium;
                           std::ranges::replace(name, '+', 'p');
                           std::erase(name, '-');
                           return name;
                         });

// A trial that the drive burns for real, or a disc that it closes for ever, is worse than a
// refusal.
TEST_F(BurnerTest, WritesNothingWhenTheDriveOnlyPretendsToTakeItsParameters) {
  port_.add({.opcode = Opcode::kModeSelect10, .times = -1, .swallow = true});
  const auto report = burn_session(1000, 1);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kProtocol);
  EXPECT_FALSE(report.error().disc_touched);
  EXPECT_EQ(port_.count(Opcode::kWrite10), 0);
}

// What a drive lost is told before anything is closed for it.
TEST_F(BurnerTest, ReadsNoMoreThanTheLastWriteBack) {
  ASSERT_TRUE(burn_session(1000, 1));
  EXPECT_EQ(port_.count(Opcode::kRead10), 1 + 1) << "the end, and the descriptors of the new disc";
}

TEST_F(BurnerTest, LeavesTheOldSessionTheNewestWhenAWriteFails) {
  ASSERT_TRUE(burn_session(1000, 1).has_value());
  port_.add({.opcode = Opcode::kWrite10, .after = 5, .sense = sense(3, 0x0C, 0x00)});
  const auto report = burn_session(1000, 2);
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().sense, (SenseCode{3, 0x0C, 0x00}));
  EXPECT_THAT(report.error().command, HasSubstr("WRITE (10)"));
  EXPECT_TRUE(report.error().disc_touched);
  EXPECT_THAT(report.error().disc_state, HasSubstr("earlier sessions stay readable"));
  // Five WRITEs were taken before the one that failed.
  const Lba start = Lba{0} + (*simulated_.disc()->lead_out_start(1) - Lba{0}) + BlockCount{11'400};
  const Lba reached = start + BlockCount{5 * drive_.max_transfer().value};
  EXPECT_THAT(report.error().disc_state, HasSubstr(std::to_string(reached.value)));
  const auto disc = drive::inspect(drive_);
  ASSERT_TRUE(disc.has_value());
  EXPECT_EQ(disc->sessions.size(), 1U);
  EXPECT_TRUE(plan::needs_recovery(*disc));
}

TEST_F(BurnerTest, ReportsAFlushThatFails) {
  port_.add({.opcode = Opcode::kSynchronizeCache, .sense = sense(3, 0x0C, 0x00)});
  const auto report = burn_session(1000, 1);
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().phase, name_of(Phase::kFlushing));
}

TEST_F(BurnerTest, TellsDataAndClosingApartWhenTheSessionDoesNotClose) {
  // Once is not enough: then the track is closed first.
  port_.add({.opcode = Opcode::kCloseTrackSession, .times = -1, .sense = sense(5, 0x72, 0x03)});
  const auto report = burn_session(1000, 1);
  ASSERT_FALSE(report.has_value());
  EXPECT_THAT(report.error().disc_state, HasSubstr("the data is written"));
  EXPECT_THAT(report.error().disc_state, HasSubstr("not closed"));
  EXPECT_EQ(report.error().outcome, (BurnOutcome{DataState::kWritten, ClosingState::kOpen}));
  EXPECT_THAT(report.error().advice, HasSubstr("The files are complete on the disc"));
}

TEST_F(BurnerTest, TellsHowFarDataAndClosingCame) {
  const auto outcome = [this](testing_support::FaultRule rule, plan::BurnRequest request = {}) {
    simulated_.insert(simdrive::Disc::blank(*simdrive::find_medium("cd-r-80")));
    port_.clear();
    port_.add(std::move(rule));
    const auto report = burn_session(1000, 1, request);
    return report ? report->outcome : report.error().outcome.value_or(BurnOutcome{});
  };
  const auto bad = sense(3, 0x0C, 0x00);
  scsi::Sense late = bad;
  late.deferred = true;
  EXPECT_EQ(outcome({.times = 0}), (BurnOutcome{DataState::kWritten, ClosingState::kClosed}));
  EXPECT_EQ(outcome({.times = 0}, {.verify = true}),
            (BurnOutcome{DataState::kVerified, ClosingState::kClosed}));
  EXPECT_EQ(outcome({.times = 0}, {.test_write = true}), BurnOutcome{});
  EXPECT_EQ(outcome({.opcode = Opcode::kModeSelect10, .sense = sense(5, 0x26, 0x00)}),
            BurnOutcome{});
  EXPECT_EQ(outcome({.opcode = Opcode::kWrite10, .after = 5, .sense = bad}),
            (BurnOutcome{DataState::kPartlyWritten, ClosingState::kOpen}));
  EXPECT_EQ(outcome({.opcode = Opcode::kSynchronizeCache, .sense = bad}),
            (BurnOutcome{DataState::kPartlyWritten, ClosingState::kOpen}));
  // What the drive tells at the closing may be about the data.
  EXPECT_EQ(outcome({.opcode = Opcode::kCloseTrackSession, .sense = late}),
            (BurnOutcome{DataState::kWrong, ClosingState::kOpen}));
  // The reading of the disc, after the drive had said that the session is closed.
  EXPECT_EQ(outcome({.opcode = Opcode::kCloseTrackSession, .swallow = true}),
            (BurnOutcome{DataState::kWrong, ClosingState::kOpen}));
  EXPECT_EQ(outcome({.opcode = Opcode::kRead10, .after = 2, .flip_bit = true}, {.verify = true}),
            (BurnOutcome{DataState::kWrong, ClosingState::kClosed}));
}

TEST_F(BurnerTest, WaitsForADriveThatIsNotReadyForAWhile) {
  port_.add({.opcode = Opcode::kWrite10, .after = 3, .times = 3, .sense = sense(2, 0x04, 0x01)});
  port_.add({.opcode = Opcode::kWrite10, .after = 9, .times = 50, .sense = sense(2, 0x04, 0x08)});
  const auto report = burn_session(1000, 1);
  ASSERT_TRUE(report.has_value()) << describe(report.error());
  EXPECT_EQ(port_.hits(), 53);
  expect_on_disc(Lba{0}, 1000, 1);
}

// Lesson 17 of burning.md: a burner that gives up here wastes good discs.
TEST_F(BurnerTest, WritesAlthoughTheDriveDoesNotCalibrate) {
  port_.add({.opcode = Opcode::kSendOpcInformation, .sense = sense(3, 0x73, 0x03)});
  const auto report = burn_session(1000, 1);
  ASSERT_TRUE(report.has_value()) << describe(report.error());
  EXPECT_EQ(port_.hits(), 1);
  expect_on_disc(Lba{0}, 1000, 1);
}

TEST_F(BurnerTest, TellsOfTheCalibrationWhenTheDiscCannotBeWritten) {
  port_.add({.opcode = Opcode::kSendOpcInformation, .sense = sense(3, 0x73, 0x03)});
  port_.add({.opcode = Opcode::kWrite10, .sense = sense(3, 0x0C, 0x00)});
  const auto report = burn_session(1000, 1);
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().sense, (SenseCode{3, 0x0C, 0x00})) << "the cause that counts";
  ASSERT_FALSE(report.error().also.empty());
  EXPECT_EQ(report.error().also.front().sense, (SenseCode{3, 0x73, 0x03}));
}

TEST_F(BurnerTest, DoesNotBlameTheCommandThatADeferredErrorInterrupts) {
  scsi::Sense deferred = sense(3, 0x0C, 0x00);
  deferred.deferred = true;
  deferred.information = Lba{77};
  port_.add({.opcode = Opcode::kWrite10, .after = 8, .sense = deferred});
  const auto report = burn_session(1000, 1);
  ASSERT_FALSE(report.has_value());
  EXPECT_TRUE(report.error().command.empty());
  EXPECT_EQ(report.error().lba, Lba{77});
  EXPECT_THAT(report.error().message, HasSubstr("earlier command"));
}

TEST_F(BurnerTest, WritesNothingWhenADiscIsSwappedBeforeTheFirstWrite) {
  port_.add({.opcode = Opcode::kWrite10, .before = [this] {
               simulated_.insert(simdrive::Disc::blank(*simdrive::find_medium("cd-r-80")));
             }});
  const auto report = burn_session(1000, 1);
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, ErrorCode::kMediumChanged);
  EXPECT_FALSE(report.error().disc_touched);
  EXPECT_TRUE(simulated_.disc()->tracks().empty());
}

TEST_F(BurnerTest, FindsADamagedByteWhenItReadsBack) {
  // The first READs of the burn belong to the inspections; the damage hits what verification reads.
  port_.add({.opcode = Opcode::kRead10, .after = 2, .flip_bit = true});
  const auto report = burn_session(1000, 1, {.verify = true});
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(port_.hits(), 1);
  EXPECT_EQ(report.error().code, ErrorCode::kVerification);
  EXPECT_TRUE(report.error().lba.has_value());
}

TEST_F(BurnerTest, VerifiesWhatItWrote) {
  const auto report = burn_session(1000, 1, {.verify = true});
  ASSERT_TRUE(report.has_value()) << describe(report.error());
  EXPECT_TRUE(report->verified);
}

TEST_F(BurnerTest, CancelLeavesAKnownStateThatTheNextBurnTidiesUp) {
  ASSERT_TRUE(burn_session(1000, 1).has_value());
  observer_.cancel_while_writing = true;
  const auto cancelled = burn_session(1000, 2);
  ASSERT_FALSE(cancelled.has_value());
  EXPECT_EQ(cancelled.error().code, ErrorCode::kCancelled);

  CancellingObserver patient;
  const auto dead = drive::inspect(drive_);
  ASSERT_TRUE(dead.has_value());
  ASSERT_TRUE(plan::needs_recovery(*dead));
  const auto plan = plan::make_recovery_plan(*dead);
  ASSERT_TRUE(plan.has_value());
  const auto recovered = recover(drive_, *plan, patient);
  ASSERT_TRUE(recovered.has_value()) << describe(recovered.error());
  observer_.cancel_while_writing = false;
  const auto again = burn_session(800, 3);
  ASSERT_TRUE(again.has_value()) << describe(again.error());
  expect_on_disc(again->disc.sessions.back().start(), 800, 3);
  expect_on_disc(Lba{0}, 1000, 1);
}

TEST_F(BurnerTest, PredictsWhereTheSessionAfterARecoveryStarts) {
  ASSERT_TRUE(burn_session(1000, 1).has_value());
  port_.add({.opcode = Opcode::kWrite10, .after = 5, .exchange_fails = true});
  ASSERT_FALSE(burn_session(1000, 2).has_value());
  port_.clear();
  const auto dead = drive::inspect(drive_);
  const auto predicted = plan::choose_target(*dead, plan::SessionMode::kAppend);
  const auto plan = plan::make_recovery_plan(*dead);
  ASSERT_TRUE(plan.has_value());
  ASSERT_TRUE(recover(drive_, *plan, observer_).has_value());
  const auto tidy = drive::inspect(drive_);
  ASSERT_TRUE(tidy.has_value());
  EXPECT_FALSE(plan::needs_recovery(*tidy));
  EXPECT_EQ(plan::choose_target(*tidy, plan::SessionMode::kAppend)->start, predicted->start);
}

TEST_F(BurnerTest, SimulatingLeavesTheDiscBlank) {
  const auto report = burn_session(1000, 1, {.test_write = true});
  ASSERT_TRUE(report.has_value()) << describe(report.error());
  const auto disc = drive::inspect(drive_);
  ASSERT_TRUE(disc.has_value());
  EXPECT_EQ(disc->status, medium::DiscStatus::kBlank);
  EXPECT_FALSE(simulated_.disc()->is_written(Lba{0}));
}

TEST_F(BurnerTest, HearsOfAnEarlierWriteThatFailedWhenItAsksForTheBuffer) {
  scsi::Sense deferred = sense(3, 0x0C, 0x00);
  deferred.deferred = true;
  port_.add({.opcode = Opcode::kReadBufferCapacity, .sense = deferred});
  const auto report = burn_session(1000, 1);
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(port_.hits(), 1);
  EXPECT_EQ(report.error().sense, (SenseCode{3, 0x0C, 0x00}));
}

TEST_F(BurnerTest, RepeatsACommandThatWasAnsweredWithNewsOfAnEarlierOne) {
  scsi::Sense deferred = sense(1, 0x17, 0x00);
  deferred.deferred = true;
  port_.add({.opcode = Opcode::kWrite10, .after = 4, .sense = deferred});
  port_.add({.opcode = Opcode::kCloseTrackSession, .sense = deferred});
  const auto report = burn_session(1000, 1);
  ASSERT_TRUE(report.has_value()) << describe(report.error());
  EXPECT_EQ(port_.hits(), 2);
  expect_on_disc(Lba{0}, 1000, 1);
}

TEST_F(BurnerTest, BurnsAtTheDrivesOwnSpeedWhenItCannotBeSet) {
  port_.add({.opcode = Opcode::kSetCdSpeed, .sense = sense(5, 0x20, 0x00)});
  const auto report = burn_session(1000, 1);
  EXPECT_TRUE(report.has_value()) << describe(report.error());
}

TEST_F(BurnerTest, FindsTheTrackOfADriveThatRefusesTheNumberOfTheInvisibleOne) {
  // Every second READ TRACK INFORMATION of the two places that ask: FFh is refused, the number is
  // not.
  for (int i = 0; i < 3; ++i)
    port_.add(
        {.opcode = Opcode::kReadTrackInformation, .after = 2 * i, .sense = sense(5, 0x24, 0x00)});
  const auto report = burn_session(1000, 1);
  ASSERT_TRUE(report.has_value()) << describe(report.error());
  EXPECT_EQ(port_.hits(), 3);
}

TEST_F(BurnerTest, CatchesARecoveryThatTheDriveOnlyPretends) {
  port_.add({.opcode = Opcode::kWrite10, .after = 5, .sense = sense(3, 0x0C, 0x00)});
  ASSERT_FALSE(burn_session(1000, 2).has_value());
  port_.clear();
  const auto dead = drive::inspect(drive_);
  const auto plan = plan::make_recovery_plan(*dead);
  ASSERT_TRUE(plan.has_value());
  port_.add({.opcode = Opcode::kCloseTrackSession, .swallow = true});
  const auto recovered = recover(drive_, *plan, observer_);
  ASSERT_FALSE(recovered.has_value());
  EXPECT_EQ(recovered.error().code, ErrorCode::kVerification);
}

TEST_F(BurnerTest, CountsAGoodDiscAsGoodWhenTheTrayStaysShut) {
  port_.add({.opcode = Opcode::kStartStopUnit, .times = -1, .sense = sense(5, 0x53, 0x00)});
  const auto report = burn_session(1000, 1, {.eject = true});
  ASSERT_TRUE(report.has_value()) << describe(report.error());
  ASSERT_EQ(report->problems.size(), 1U);
  EXPECT_THAT(report->problems.front().command, HasSubstr("START STOP UNIT"));
}

TEST_F(BurnerTest, TellsItsPhasesInOrder) {
  ASSERT_TRUE(burn_session(1000, 1, {.verify = true}).has_value());
  const auto end = std::ranges::unique(observer_.phases).begin();
  EXPECT_THAT(std::vector(observer_.phases.begin(), end),
              testing::ElementsAre(Phase::kPreparing, Phase::kWriting, Phase::kFlushing,
                                   Phase::kClosing, Phase::kChecking, Phase::kVerifying));
}

}  // namespace
}  // namespace pregroove::burn
