#include "engine/plan/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/plan/steps.h"

namespace pregroove::plan {
namespace {

using medium::DiscStatus;
using medium::MediumKind;
using medium::MediumSnapshot;
using medium::SessionState;
using medium::WriteType;
using testing::HasSubstr;

MediumSnapshot blank_disc() {
  MediumSnapshot disc;
  disc.kind = MediumKind::kCdR;
  disc.status = DiscStatus::kBlank;
  disc.last_session = SessionState::kEmpty;
  disc.writing = {.writes_medium = true,
                  .test_write = true,
                  .buffer_underrun_free = true,
                  .at_once = true,
                  .at_once_test_write = true};
  disc.writable = medium::WritableTrack{.number = 1, .free = {100'000}};
  return disc;
}

MediumSnapshot open_disc() {
  MediumSnapshot disc = blank_disc();
  disc.status = DiscStatus::kAppendable;
  disc.sessions = {{.number = 1,
                    .tracks = {{.number = 1, .session = 1, .start = {0}, .size = {502}}},
                    .lead_out = {502}}};
  disc.writable = medium::WritableTrack{
      .number = 2, .start = {11'902}, .next_writable = {11'902}, .free = {88'098}};
  return disc;
}

// An append that died: blocks were written into track 2, session 2 was never closed.
MediumSnapshot interrupted_disc() {
  MediumSnapshot disc = open_disc();
  disc.last_session = SessionState::kIncomplete;
  disc.writable->next_writable = Lba{12'902};
  disc.writable->free = {87'098};
  return disc;
}

struct Refusal {
  const char* name;
  MediumSnapshot disc;
  SessionMode mode;
  ErrorCode code;
};
void PrintTo(const Refusal& refusal, std::ostream* out) { *out << refusal.name; }

Refusal refusal(const char* name, const std::function<void(MediumSnapshot&)>& change,
                ErrorCode code, SessionMode mode = SessionMode::kAppend) {
  MediumSnapshot disc = open_disc();
  change(disc);
  return {name, disc, mode, code};
}

class Refused : public testing::TestWithParam<Refusal> {};

TEST_P(Refused, WithAReasonAndSomethingToDo) {
  const auto target = choose_target(GetParam().disc, GetParam().mode);
  ASSERT_FALSE(target.has_value());
  EXPECT_EQ(target.error().code, GetParam().code);
  EXPECT_FALSE(target.error().message.empty());
  EXPECT_FALSE(target.error().advice.empty());
  EXPECT_FALSE(target.error().disc_touched);
}

INSTANTIATE_TEST_SUITE_P(
    Discs, Refused,
    testing::Values(
        refusal(
            "Closed", [](auto& disc) { disc.status = DiscStatus::kComplete; },
            ErrorCode::kWrongMedium),
        refusal(
            "Pressed", [](auto& disc) { disc.kind = MediumKind::kCdRom; }, ErrorCode::kWrongMedium),
        refusal(
            "InIntermediateState",
            [](auto& disc) {
              disc.kind = MediumKind::kDvdRwOverwrite;
              disc.formatting = medium::Formatting::kIntermediate;
            },
            ErrorCode::kUnsupported),
        refusal(
            "NoWritableTrack", [](auto& disc) { disc.writable.reset(); }, ErrorCode::kWrongMedium),
        refusal(
            "NotByThisDrive", [](auto& disc) { disc.writing = {}; }, ErrorCode::kUnsupported),
        refusal(
            "TooLittleRoom",
            [](auto& disc) {
              disc.writable->free = medium::kMinimumTrack + medium::kRunOut - BlockCount{1};
            },
            ErrorCode::kNoRoom),
        refusal(
            "UsedInSingleSessionMode", [](auto&) {}, ErrorCode::kWrongMedium, SessionMode::kNew)),
    [](const auto& test) { return test.param.name; });

TEST(ChooseTarget, AppendsAtTheAddressThatTheDriveReports) {
  const auto target = choose_target(open_disc(), SessionMode::kAppend);
  ASSERT_TRUE(target.has_value());
  EXPECT_EQ(target->start, Lba{11'902});
  EXPECT_EQ(target->session_number, 2);
}

TEST(ChooseTarget, PutsTheNextSessionBehindADeadOne) {
  const auto target = choose_target(interrupted_disc(), SessionMode::kAppend);
  ASSERT_TRUE(target.has_value());
  EXPECT_EQ(target->session_number, 3);
  EXPECT_EQ(target->start,
            Lba{12'902} + medium::kRunOut + medium::gap_after_session(medium::MediumKind::kCdR, 2));
}

TEST(BurnPlan, TakesAnImageThatJustFitsAndRefusesOneBlockMore) {
  const auto target = choose_target(open_disc(), SessionMode::kAppend);
  ASSERT_TRUE(target.has_value());
  EXPECT_TRUE(make_burn_plan(open_disc(), {.image = target->largest_image}).has_value());
  const auto refused =
      make_burn_plan(open_disc(), {.image = target->largest_image + BlockCount{1}});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kNoRoom);
  EXPECT_THAT(refused.error().advice, HasSubstr("Leave out"));
}

TEST(BurnPlan, ChecksTheDiscAndTheAddressBeforeItWrites) {
  const auto plan = make_burn_plan(open_disc(), {.image = {500}, .verify = true, .eject = true});
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(place_of<CheckDisc>(*plan), 0);
  EXPECT_LT(place_of<SelectWriteType>(*plan), place_of<CheckNextWritable>(*plan));
  EXPECT_LT(place_of<CheckNextWritable>(*plan), place_of<WriteImage>(*plan));
  EXPECT_LT(place_of<WriteImage>(*plan), place_of<Synchronize>(*plan));
  EXPECT_LT(place_of<Synchronize>(*plan), place_of<CloseSession>(*plan));
  EXPECT_LT(place_of<CloseSession>(*plan), place_of<CheckResult>(*plan));
  EXPECT_LT(place_of<CheckResult>(*plan), place_of<ReadBack>(*plan));
  EXPECT_LT(place_of<ReadBack>(*plan), place_of<Eject>(*plan));
}

TEST(BurnPlan, ClosesTheDiscByTheMultiSessionBits) {
  const auto plan =
      make_burn_plan(blank_disc(), {.afterwards = Afterwards::kCloseDisc, .image = {500}});
  ASSERT_TRUE(plan.has_value());
  EXPECT_FALSE(find<SelectWriteType>(*plan)->next_session_allowed);
  EXPECT_EQ(find<CheckResult>(*plan)->status, DiscStatus::kComplete);
}

TEST(BurnPlan, OfATestWriteClosesNothing) {
  const auto plan = make_burn_plan(blank_disc(), {.image = {500}, .test_write = true});
  ASSERT_TRUE(plan.has_value());
  EXPECT_TRUE(find<SelectWriteType>(*plan)->test_write);
  EXPECT_EQ(find<CloseSession>(*plan), nullptr);
  EXPECT_EQ(find<CheckResult>(*plan), nullptr);
}

TEST(BurnPlan, RefusesATestWriteThatTheDriveCannotDo) {
  MediumSnapshot disc = blank_disc();
  disc.writing.test_write = false;
  disc.writing.at_once_test_write = false;
  const auto plan = make_burn_plan(disc, {.image = {500}, .test_write = true});
  ASSERT_FALSE(plan.has_value());
  EXPECT_EQ(plan.error().code, ErrorCode::kUnsupported);
}

TEST(BurnPlan, CountsSpeedInRawSectors) {
  // mmc.md 2.15: 1x on a CD is 176.4 kB/s.
  const auto plan = make_burn_plan(blank_disc(), {.image = {500}, .speed = SpeedWish{8}});
  ASSERT_TRUE(plan.has_value());
  EXPECT_DOUBLE_EQ(find<SetSpeed>(*plan)->kilobytes_per_second.value_or(0), 1411.2);
  EXPECT_FALSE(make_burn_plan(blank_disc(), {.image = {500}, .speed = SpeedWish{0}}).has_value());
}

TEST(RecoveryPlan, EndsTheTrackAndClosesTheSession) {
  ASSERT_TRUE(needs_recovery(interrupted_disc()));
  const auto plan = make_recovery_plan(interrupted_disc());
  ASSERT_TRUE(plan.has_value());
  EXPECT_LT(place_of<Synchronize>(*plan), place_of<CloseSession>(*plan));
  EXPECT_EQ(find<CloseSession>(*plan)->session_number, 2);
  EXPECT_EQ(find<WriteImage>(*plan), nullptr);
  EXPECT_TRUE(find<SelectWriteType>(*plan)->next_session_allowed);
}

TEST(BurnPlan, RefusesADiscThatStillNeedsRecovery) {
  const auto plan = make_burn_plan(interrupted_disc(), {.image = {500}});
  ASSERT_FALSE(plan.has_value());
  EXPECT_EQ(plan.error().code, ErrorCode::kVerification);
}

TEST(RecoveryPlan, IsNotNeededOnDiscsThatWereLeftInOrder) {
  EXPECT_FALSE(needs_recovery(blank_disc()));
  EXPECT_FALSE(needs_recovery(open_disc()));
}

MediumSnapshot blank_dvd(MediumKind kind) {
  MediumSnapshot disc = blank_disc();
  disc.kind = kind;
  return disc;
}

// Rows: medium, whether the drive writes piece by piece, and at once, and tests either; what was
// asked for. Refused: no choice. Authority: MMC-6 write parameters; burning.md 3.1, 4.1, 4.4 and 5.
struct Choice {
  const char* name;
  MediumKind kind;
  bool piecemeal;
  bool at_once;
  bool tests_piecemeal;
  bool tests_at_once;
  BurnRequest request;
  std::optional<WriteType> chosen;
};
void PrintTo(const Choice& choice, std::ostream* out) { *out << choice.name; }

constexpr BurnRequest kOpen{.image = {500}};
constexpr BurnRequest kClosed{.afterwards = Afterwards::kCloseDisc, .image = {500}};
constexpr BurnRequest kTest{.image = {500}, .test_write = true};
BurnRequest asking(BurnRequest request, WriteType type) {
  request.write_type = type;
  return request;
}

class Chosen : public testing::TestWithParam<Choice> {};

TEST_P(Chosen, ByMediumDriveAndWish) {
  const Choice& row = GetParam();
  MediumSnapshot disc = blank_dvd(row.kind);
  disc.writing = {.writes_medium = row.piecemeal,
                  .test_write = row.tests_piecemeal,
                  .at_once = row.at_once,
                  .at_once_test_write = row.tests_at_once};
  const auto plan = make_burn_plan(disc, row.request);
  ASSERT_EQ(plan.has_value(), row.chosen.has_value());
  if (plan) {
    EXPECT_EQ(plan->write_type.type, *row.chosen);
    EXPECT_FALSE(plan->write_type.reason.empty());
    return;
  }
  EXPECT_EQ(plan.error().code, ErrorCode::kUnsupported);
  EXPECT_FALSE(plan.error().message.empty());
  EXPECT_FALSE(plan.error().advice.empty());
}

INSTANTIATE_TEST_SUITE_P(
    WriteTypes, Chosen,
    testing::Values(
        Choice{"Cd", MediumKind::kCdR, true, true, true, true, kOpen, WriteType::kTrackAtOnce},
        Choice{"CdAsked", MediumKind::kCdR, true, true, true, true,
               asking(kOpen, WriteType::kSessionAtOnce), WriteType::kSessionAtOnce},
        Choice{"CdWithoutTrackAtOnce", MediumKind::kCdR, false, true, true, true, kOpen,
               WriteType::kSessionAtOnce},
        Choice{"CdWithoutMastering", MediumKind::kCdR, true, false, true, true,
               asking(kOpen, WriteType::kSessionAtOnce), std::nullopt},
        Choice{"CdAskedForWhatIsOfDvd", MediumKind::kCdR, true, true, true, true,
               asking(kClosed, WriteType::kDiscAtOnce), std::nullopt},
        Choice{"CdTestOfTheOtherKind", MediumKind::kCdRw, true, true, false, true, kTest,
               WriteType::kSessionAtOnce},
        Choice{"CdNoTest", MediumKind::kCdRw, true, true, false, false, kTest, std::nullopt},
        Choice{"DvdR", MediumKind::kDvdR, true, true, true, true, kOpen, WriteType::kIncremental},
        Choice{"DvdRClosed", MediumKind::kDvdR, true, true, true, true, kClosed,
               WriteType::kIncremental},
        Choice{"DvdRAskedAndClosed", MediumKind::kDvdR, true, true, true, true,
               asking(kClosed, WriteType::kDiscAtOnce), WriteType::kDiscAtOnce},
        Choice{"DvdRAskedAndOpen", MediumKind::kDvdR, true, true, true, true,
               asking(kOpen, WriteType::kDiscAtOnce), std::nullopt},
        Choice{"DvdRAskedForWhatIsOfCd", MediumKind::kDvdR, true, true, true, true,
               asking(kOpen, WriteType::kTrackAtOnce), std::nullopt},
        Choice{"DvdRwBlankedInAHurry", MediumKind::kDvdRw, false, true, true, true, kOpen,
               std::nullopt},
        Choice{"DvdRwBlankedInAHurryClosed", MediumKind::kDvdRw, false, true, true, true, kClosed,
               WriteType::kDiscAtOnce},
        Choice{"DvdRwBlankedInAHurryAsked", MediumKind::kDvdRw, false, true, true, true,
               asking(kClosed, WriteType::kIncremental), std::nullopt},
        Choice{"DvdRTest", MediumKind::kDvdR, true, true, true, true, kTest,
               WriteType::kIncremental},
        Choice{"DvdPlusR", MediumKind::kDvdPlusR, true, false, false, false, kOpen,
               WriteType::kNone},
        Choice{"DvdPlusRAsked", MediumKind::kDvdPlusR, true, false, false, false,
               asking(kOpen, WriteType::kIncremental), std::nullopt},
        Choice{"DvdPlusRTest", MediumKind::kDvdPlusR, true, false, false, false, kTest,
               std::nullopt},
        Choice{"DvdPlusRwTest", MediumKind::kDvdPlusRw, true, false, false, false, kTest,
               std::nullopt},
        Choice{"DvdRamTest", MediumKind::kDvdRam, true, false, false, false, kTest, std::nullopt},
        Choice{"BdRTest", MediumKind::kBdR, true, false, false, false, kTest, std::nullopt},
        Choice{"BdReTest", MediumKind::kBdRe, true, false, false, false, kTest, std::nullopt}),
    [](const auto& test) { return test.param.name; });

TEST(BurnPlan, AtOnceOnlyOnADvdThatIsBlank) {
  MediumSnapshot disc = open_disc();
  disc.kind = MediumKind::kDvdR;
  const auto plan = make_burn_plan(disc, asking(kClosed, WriteType::kDiscAtOnce));
  ASSERT_FALSE(plan.has_value());
  EXPECT_THAT(plan.error().message, HasSubstr("holds some already"));
}

// Announced behind the session before it, from the pregap on (burning.md 5).
TEST(BurnPlan, AtOnceOnACdGoesOnBehindASession) {
  const auto plan = make_burn_plan(open_disc(), asking(kOpen, WriteType::kSessionAtOnce));
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(find<SendCueSheet>(*plan)->track, 2);
  EXPECT_EQ(find<SendCueSheet>(*plan)->start, Lba{11'902});
  EXPECT_EQ(find<WriteImage>(*plan)->pregap, BlockCount{150});
  EXPECT_EQ(find<CloseSession>(*plan), nullptr);
  EXPECT_LT(place_of<CheckNextWritable>(*plan), place_of<SendCueSheet>(*plan));
  EXPECT_LT(place_of<ReadAhead>(*plan), place_of<SendCueSheet>(*plan));
}

// burning.md 4.6: growisofs calibrates where the drive lists no result. Trying out leaves a mark on
// the disc, which a test write must not.
TEST(BurnPlan, CalibratesOnceAndOnlyWhereItIsDue) {
  const auto due = make_burn_plan(open_disc(), kOpen);
  ASSERT_TRUE(due.has_value());
  ASSERT_NE(find<CalibratePower>(*due), nullptr);
  EXPECT_LT(place_of<ReadAhead>(*due), place_of<CalibratePower>(*due));
  EXPECT_LT(place_of<CalibratePower>(*due), place_of<WriteImage>(*due));
  EXPECT_EQ(find<CalibratePower>(*make_burn_plan(open_disc(), kTest)), nullptr);
  MediumSnapshot calibrated = open_disc();
  calibrated.calibrated = true;
  EXPECT_EQ(find<CalibratePower>(*make_burn_plan(calibrated, kOpen)), nullptr);
}

// Whole ECC blocks, and at least half of the image on layer 0, whose end the other layer mirrors.
TEST(BurnPlan, DividesADvdPlusRDlInHalves) {
  const MediumSnapshot disc = blank_dvd(MediumKind::kDvdPlusRDualLayer);
  const auto plan = make_burn_plan(disc, {.afterwards = Afterwards::kCloseDisc, .image = {48'000}});
  ASSERT_TRUE(plan.has_value());
  ASSERT_NE(find<SetLayerBreak>(*plan), nullptr);
  EXPECT_EQ(find<SetLayerBreak>(*plan)->layer_0, BlockCount{24'000});
  EXPECT_LT(place_of<SetLayerBreak>(*plan), place_of<WriteImage>(*plan));
  const auto odd = make_burn_plan(disc, {.afterwards = Afterwards::kCloseDisc, .image = {48'016}});
  EXPECT_EQ(find<SetLayerBreak>(*odd)->layer_0, BlockCount{24'016});
  EXPECT_EQ(find<SetLayerBreak>(*make_burn_plan(blank_dvd(MediumKind::kDvdPlusR), kOpen)), nullptr);
}

constexpr BlockCount kDvdPlusRDlCapacity{4'173'824};  // mmc.md 2.10
// Drives finalise the disc behind a first session that is shorter (mmc.md 2.9): to 30 mm there are
// as many blocks of layer 0 as the ring from 24 mm on has of the area up to 58 mm.
constexpr BlockCount kThirtyMillimetres{(30 * 30 - 24 * 24) * (kDvdPlusRDlCapacity.value / 2) /
                                        (58 * 58 - 24 * 24)};

MediumSnapshot blank_dvd_plus_r_dl() {
  MediumSnapshot disc = blank_dvd(MediumKind::kDvdPlusRDualLayer);
  disc.writable->free = kDvdPlusRDlCapacity;
  return disc;
}

MediumSnapshot open_dvd_plus_r_dl() {
  MediumSnapshot disc = blank_dvd_plus_r_dl();
  disc.status = DiscStatus::kAppendable;
  disc.sessions = {{.number = 1,
                    .tracks = {{.number = 1, .session = 1, .size = {300'000}}},
                    .lead_out = {300'000}}};
  disc.writable = {.number = 2,
                   .start = {302'048},
                   .next_writable = {302'048},
                   .free = kDvdPlusRDlCapacity - BlockCount{302'048}};
  return disc;
}

TEST(BurnPlan, FillsUpTheFirstSessionOfADvdPlusRDlSoThatItStaysOpen) {
  const auto plan = make_burn_plan(blank_dvd_plus_r_dl(), {.image = {1000}});
  ASSERT_TRUE(plan.has_value());
  EXPECT_GE(find<WriteImage>(*plan)->blocks, kThirtyMillimetres);
  EXPECT_EQ(find<WriteImage>(*plan)->blocks.value % 16, 0);
  EXPECT_EQ(find<SetLayerBreak>(*plan), nullptr) << "what is left belongs to later sessions";
  EXPECT_FALSE(find<CloseSession>(*plan)->finalize);
  EXPECT_TRUE(find<CheckResult>(*plan)->may_be_complete);
  EXPECT_THAT(plan->warnings, testing::ElementsAre(HasSubstr("filled up")));
}

TEST(BurnPlan, FillsUpNoOtherSessionOfADvdPlusRDl) {
  const auto last =
      make_burn_plan(blank_dvd_plus_r_dl(), {.afterwards = Afterwards::kCloseDisc, .image = {992}});
  const auto large = make_burn_plan(blank_dvd_plus_r_dl(), {.image = {1'000'000}});
  const auto later = make_burn_plan(open_dvd_plus_r_dl(), {.image = {992}});
  EXPECT_EQ(find<WriteImage>(*last)->blocks, BlockCount{992});
  EXPECT_EQ(find<WriteImage>(*large)->blocks, BlockCount{1'000'000});
  EXPECT_EQ(find<WriteImage>(*later)->blocks, BlockCount{992});
  for (const auto* plan : {&last, &large, &later})
    EXPECT_THAT((*plan)->warnings, testing::IsEmpty());
}

// Its layers are divided while it is blank only.
TEST(BurnPlan, DividesNoDvdPlusRDlThatHoldsASession) {
  const auto last =
      make_burn_plan(open_dvd_plus_r_dl(), {.afterwards = Afterwards::kCloseDisc, .image = {1000}});
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(find<SetLayerBreak>(*last), nullptr);
  EXPECT_TRUE(find<CloseSession>(*last)->finalize);
  EXPECT_FALSE(find<CheckResult>(*last)->may_be_complete);
}

// Where the first session and what filling it up takes leave no room for another one.
TEST(BurnPlan, ClosesADvdPlusRDlOfWhichNothingWouldBeLeft) {
  MediumSnapshot divided = blank_dvd_plus_r_dl();
  divided.writable->free = BlockCount{100'000};
  const auto plan = make_burn_plan(divided, {.image = {992}});
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(find<WriteImage>(*plan)->blocks, BlockCount{992});
  EXPECT_TRUE(find<CloseSession>(*plan)->finalize);
  EXPECT_THAT(plan->warnings, testing::ElementsAre(HasSubstr("the disc is closed")));
}

TEST(RecoveryPlan, FillsUpADeadFirstSessionOfADvdPlusRDl) {
  MediumSnapshot disc = blank_dvd_plus_r_dl();
  disc.status = DiscStatus::kAppendable;
  disc.last_session = SessionState::kIncomplete;
  disc.writable->next_writable = Lba{1600};
  disc.writable->free = kDvdPlusRDlCapacity - BlockCount{1600};
  const auto plan = make_recovery_plan(disc);
  ASSERT_TRUE(plan.has_value());
  const auto* filling = find<FillUp>(*plan);
  ASSERT_NE(filling, nullptr);
  EXPECT_EQ(filling->start, Lba{1600});
  EXPECT_GE(filling->start + filling->blocks, Lba{0} + kThirtyMillimetres);
  EXPECT_LT(place_of<FillUp>(*plan), place_of<CloseTrack>(*plan));
  // What follows starts behind it, closure and intro.
  EXPECT_EQ(plan->target.start, filling->start + filling->blocks + BlockCount{2048});
}

TEST(RecoveryPlan, FillsUpNoLaterSession) {
  MediumSnapshot disc = open_dvd_plus_r_dl();
  disc.last_session = SessionState::kIncomplete;
  disc.writable->next_writable = disc.writable->start + BlockCount{160};
  disc.writable->free -= BlockCount{160};
  const auto plan = make_recovery_plan(disc);
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(find<FillUp>(*plan), nullptr);
}

// It takes one session in practice (mmc.md 2.9): closing the dead one would leave nothing.
TEST(ChooseTarget, RefusesADvdRDlWhoseOnlySessionDied) {
  MediumSnapshot disc = blank_dvd(MediumKind::kDvdRDualLayer);
  disc.status = DiscStatus::kAppendable;
  disc.last_session = SessionState::kIncomplete;
  disc.writable->next_writable = Lba{1600};
  const auto target = choose_target(disc, SessionMode::kAppend);
  ASSERT_FALSE(target.has_value());
  EXPECT_EQ(target.error().code, ErrorCode::kWrongMedium);
  EXPECT_THAT(target.error().message, HasSubstr("one session alone"));
  EXPECT_THAT(target.error().advice, HasSubstr("pregroove close"));
  EXPECT_FALSE(make_recovery_plan(disc));
}

// A session at once that was cut off: CLOSE TRACK pads and ends it, then its session is closed.
TEST(RecoveryPlan, EndsASessionAtOnceByItsTrack) {
  MediumSnapshot disc = interrupted_disc();
  disc.writable->at_once = true;
  disc.writable->damaged = true;
  const auto plan = make_recovery_plan(disc);
  ASSERT_TRUE(plan.has_value());
  EXPECT_LT(place_of<CloseTrack>(*plan), place_of<CloseSession>(*plan));
  EXPECT_EQ(find<SelectWriteType>(*plan)->type, WriteType::kTrackAtOnce);
}

TEST(ChooseTarget, RefusesADvdWhoseOnlySessionDied) {
  MediumSnapshot disc = blank_dvd(MediumKind::kDvdRw);
  disc.status = DiscStatus::kAppendable;
  disc.last_session = SessionState::kIncomplete;
  disc.erasable = true;
  disc.writable->at_once = true;
  const auto target = choose_target(disc, SessionMode::kAppend);
  ASSERT_FALSE(target.has_value());
  EXPECT_THAT(target.error().advice, HasSubstr("Erase"));
}

TEST(PlanText, DescribesEveryStep) {
  const auto plan = make_burn_plan(open_disc(), {.image = {500}, .verify = true, .eject = true});
  ASSERT_TRUE(plan.has_value());
  for (const Step& step : plan->steps) EXPECT_FALSE(describe(step).empty());
  EXPECT_THAT(plan->summary, HasSubstr("11902"));
}

}  // namespace
}  // namespace pregroove::plan
