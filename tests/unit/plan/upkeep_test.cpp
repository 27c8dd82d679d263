// Which discs can be closed, erased and formatted, and why the others cannot.
#include "engine/plan/upkeep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace pregroove::plan {
namespace {

using medium::DiscStatus;
using medium::MediumKind;
using medium::MediumSnapshot;
using medium::SessionState;
using testing::HasSubstr;

// One closed session, and room for another.
MediumSnapshot used(MediumKind kind) {
  MediumSnapshot disc;
  disc.kind = kind;
  disc.status = DiscStatus::kAppendable;
  disc.last_session = SessionState::kEmpty;
  disc.writing.writes_medium = true;
  disc.sessions = {{.number = 1,
                    .tracks = {{.number = 1, .session = 1, .start = {0}, .size = {512}}},
                    .lead_out = {512}}};
  disc.writable = medium::WritableTrack{
      .number = 2, .start = {20'000}, .next_writable = {20'000}, .free = {80'000}};
  return disc;
}

MediumSnapshot blank(MediumKind kind) {
  MediumSnapshot disc = used(kind);
  disc.status = DiscStatus::kBlank;
  disc.sessions.clear();
  disc.writable = medium::WritableTrack{.number = 1, .free = {100'000}};
  return disc;
}

MediumSnapshot with_dead_session(MediumKind kind) {
  MediumSnapshot disc = used(kind);
  disc.last_session = SessionState::kIncomplete;
  disc.writable->next_writable = Lba{20'512};
  return disc;
}

MediumSnapshot closed(MediumKind kind) {
  MediumSnapshot disc = used(kind);
  disc.status = DiscStatus::kComplete;
  disc.last_session = SessionState::kComplete;
  disc.writable.reset();
  return disc;
}

void expect_refused(const Result<BurnPlan>& plan, const std::string& reason) {
  ASSERT_FALSE(plan.has_value()) << plan->summary;
  EXPECT_THAT(plan.error().message, HasSubstr(reason));
  EXPECT_FALSE(plan.error().advice.empty());
  EXPECT_FALSE(plan.error().disc_touched);
}

constexpr MediumKind kWrittenOnceOrSequentially[] = {MediumKind::kCdR,
                                                     MediumKind::kCdRw,
                                                     MediumKind::kDvdR,
                                                     MediumKind::kDvdRDualLayer,
                                                     MediumKind::kDvdRw,
                                                     MediumKind::kDvdPlusR,
                                                     MediumKind::kDvdPlusRDualLayer,
                                                     MediumKind::kBdR};
constexpr MediumKind kOverwritten[] = {MediumKind::kDvdRwOverwrite, MediumKind::kDvdRam,
                                       MediumKind::kDvdPlusRw, MediumKind::kBdRe};

TEST(ClosePlan, RefusesWhatIsBlankOrClosedAlready) {
  for (const MediumKind kind : kWrittenOnceOrSequentially) {
    expect_refused(make_close_plan(blank(kind), {}), "blank");
    expect_refused(make_close_plan(closed(kind), {}), "closed already");
  }
}

TEST(ClosePlan, RefusesWhatIsOverwrittenOrPressed) {
  for (const MediumKind kind : kOverwritten)
    expect_refused(make_close_plan(used(kind), {.consent = true}), "nothing to close");
  for (const MediumKind kind : {MediumKind::kCdRom, MediumKind::kDvdRom, MediumKind::kBdRRandom})
    expect_refused(make_close_plan(closed(kind), {}), "cannot be closed");
}

// An empty session is closed with GOOD and nothing is written (mmc.md 2.4, Pioneer R11).
TEST(ClosePlan, RefusesDiscsWhoseLastSessionPromisesAnother) {
  for (const MediumKind kind :
       {MediumKind::kCdR, MediumKind::kCdRw, MediumKind::kDvdR, MediumKind::kDvdRw})
    expect_refused(make_close_plan(used(kind), {}), "only a further session");
}

TEST(ClosePlan, RefusesPseudoOverwriting) {
  MediumSnapshot disc = used(MediumKind::kBdR);
  disc.writing.pseudo_overwrite = true;
  expect_refused(make_close_plan(disc, {}), "pseudo-overwriting");
}

TEST(ClosePlan, ChecksTheDiscFirstAndWhatItBecameLast) {
  for (const MediumKind kind : kWrittenOnceOrSequentially) {
    const auto plan = make_close_plan(with_dead_session(kind), {.consent = true});
    ASSERT_TRUE(plan) << describe(plan.error());
    EXPECT_TRUE(std::holds_alternative<CheckDisc>(plan->steps.front()));
    const auto* last = std::get_if<CheckStatus>(&plan->steps.back());
    ASSERT_NE(last, nullptr);
    EXPECT_EQ(last->status, DiscStatus::kComplete);
    EXPECT_EQ(last->sessions, 2);
    EXPECT_TRUE(plan->needs_consent);
    EXPECT_FALSE(make_close_plan(with_dead_session(kind), {}).has_value());
  }
  const auto harmless = make_close_plan(used(MediumKind::kDvdPlusR), {});
  ASSERT_TRUE(harmless);
  EXPECT_FALSE(harmless->needs_consent);
}

constexpr EraseRequest kErase{.consent = true};

TEST(ErasePlan, RefusesWhatIsWrittenOnceOrPressed) {
  for (const MediumKind kind :
       {MediumKind::kCdR, MediumKind::kDvdR, MediumKind::kDvdRDualLayer, MediumKind::kDvdPlusR,
        MediumKind::kDvdPlusRDualLayer, MediumKind::kBdR, MediumKind::kBdRRandom,
        MediumKind::kCdRom, MediumKind::kDvdRom, MediumKind::kBdRom, MediumKind::kUnknown})
    expect_refused(make_erase_plan(used(kind), kErase), "cannot be erased");
}

TEST(ErasePlan, WantsConsentOnlyWhereSomethingIsLost) {
  for (const MediumKind kind : {MediumKind::kCdRw, MediumKind::kDvdRw, MediumKind::kDvdRwOverwrite,
                                MediumKind::kDvdRam, MediumKind::kDvdPlusRw, MediumKind::kBdRe}) {
    MediumSnapshot disc = used(kind);
    disc.writing.rewritable_drive = true;
    disc.last_possible_lead_out = Lba{100'000};
    expect_refused(make_erase_plan(disc, {}), "1 session(s) with 512 blocks (1.0 MiB)");
    EXPECT_TRUE(make_erase_plan(disc, kErase));
    disc.sessions.clear();
    EXPECT_TRUE(make_erase_plan(disc, {}));
  }
}

TEST(ErasePlan, ExplainsWhatAMinimalBlankLeavesOfADvdRw) {
  const auto plan = make_erase_plan(used(MediumKind::kDvdRw),
                                    {.thoroughness = Thoroughness::kFast, .consent = true});
  ASSERT_TRUE(plan);
  EXPECT_THAT(plan->summary, HasSubstr("a single session, at once only"));
}

TEST(ErasePlan, RefusesWhatIsNotFormatted) {
  MediumSnapshot disc = blank(MediumKind::kBdRe);
  disc.formatting = medium::Formatting::kNeeded;
  expect_refused(make_erase_plan(disc, {}), "nothing on it to erase");
}

TEST(ErasePlan, OverwritesEveryBlockWhenAskedTo) {
  MediumSnapshot disc = used(MediumKind::kDvdRam);
  disc.last_possible_lead_out = Lba{100'000};
  const auto plan = make_erase_plan(disc, {.thoroughness = Thoroughness::kFull, .consent = true});
  ASSERT_TRUE(plan);
  const auto* overwrite = std::get_if<Overwrite>(&plan->steps.at(1));
  ASSERT_NE(overwrite, nullptr);
  EXPECT_EQ(overwrite->blocks, BlockCount{100'000});
}

const std::vector<medium::FormatOffer> kOffers{
    {medium::FormatType::kFull, 0, BlockCount{90'000}, 0},
    {medium::FormatType::kBdRWithSpares, 0, BlockCount{80'000}, 0}};

TEST(FormatPlan, RefusesMediaThatAreNotFormatted) {
  for (const MediumKind kind : {MediumKind::kCdR, MediumKind::kCdRw, MediumKind::kDvdR,
                                MediumKind::kDvdPlusR, MediumKind::kDvdRom, MediumKind::kBdRom})
    expect_refused(make_format_plan(used(kind), kOffers, {.consent = true}), "cannot be formatted");
}

TEST(FormatPlan, RefusesABdRThatIsUsedOrFormattedOrForPseudoOverwriting) {
  expect_refused(make_format_plan(used(MediumKind::kBdR), kOffers, {.consent = true}),
                 "written once");
  expect_refused(make_format_plan(blank(MediumKind::kBdR), {}, {}), "formatted already");
  expect_refused(make_format_plan(blank(MediumKind::kBdR), kOffers, {.pseudo_overwrite = true}),
                 "takes no sessions");
  expect_refused(make_format_plan(blank(MediumKind::kBdR), kOffers, {.spares = SpareAreas::kNone}),
                 "no spare areas until");
  MediumSnapshot pow = blank(MediumKind::kBdR);
  pow.writing.pseudo_overwrite = true;
  expect_refused(make_format_plan(pow, kOffers, {}), "formatted already");
}

TEST(FormatPlan, RefusesSpareAreasElsewhereThanOnBluRay) {
  expect_refused(
      make_format_plan(blank(MediumKind::kDvdRam), kOffers, {.spares = SpareAreas::kNone}),
      "cannot be chosen");
}

TEST(FormatPlan, WantsConsentOnlyWhereSomethingIsLost) {
  expect_refused(make_format_plan(used(MediumKind::kDvdRw), kOffers, {}), "1 session(s)");
  EXPECT_TRUE(make_format_plan(used(MediumKind::kDvdRw), kOffers, {.consent = true}));
  EXPECT_TRUE(make_format_plan(blank(MediumKind::kDvdRw), kOffers, {}));
}

TEST(FormatPlan, GoesOnWithAnInterruptedFormatAndKeepsTheData) {
  MediumSnapshot disc = used(MediumKind::kDvdPlusRw);
  disc.formatting = medium::Formatting::kInterrupted;
  const auto plan = make_format_plan(disc, kOffers, {});
  ASSERT_TRUE(plan) << describe(plan.error());
  const auto* format = std::get_if<Format>(&plan->steps.at(1));
  ASSERT_NE(format, nullptr);
  EXPECT_TRUE(format->resume);
  EXPECT_EQ(plan->steps.size(), 3U) << "no block is overwritten";
}

TEST(FormatPlan, RefusesWhatTheDriveDoesNotOffer) {
  expect_refused(make_format_plan(blank(MediumKind::kBdRe), kOffers, {.spares = SpareAreas::kNone}),
                 "no such format");
}

}  // namespace
}  // namespace pregroove::plan
