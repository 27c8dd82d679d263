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
  }
}

}  // namespace
}  // namespace pregroove::plan
