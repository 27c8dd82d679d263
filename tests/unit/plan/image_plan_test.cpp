// A ready image goes to the first block of a disc that counts as empty, or is refused.
#include "engine/plan/image_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/plan/steps.h"

namespace pregroove::plan {
namespace {

using medium::DiscStatus;
using medium::Formatting;
using medium::MediumKind;
using medium::MediumSnapshot;
using medium::SessionState;
using testing::HasSubstr;

constexpr BlockCount kCapacity{100'000};
constexpr BlockCount kTwoLayers{4'171'712};

MediumSnapshot blank(MediumKind kind) {
  MediumSnapshot disc;
  disc.kind = kind;
  disc.status = DiscStatus::kBlank;
  disc.last_session = SessionState::kEmpty;
  disc.writing.writes_medium = true;
  disc.last_possible_lead_out = Lba{0} + kCapacity;
  disc.writable = medium::WritableTrack{.number = 1, .free = kCapacity};
  return disc;
}

// Formatted, and empty or erased: sessions of ours would begin at LBA 32.
MediumSnapshot overwritable() {
  MediumSnapshot disc = blank(MediumKind::kDvdPlusRw);
  disc.writable =
      medium::WritableTrack{.number = 1, .next_writable = {32}, .free = kCapacity - BlockCount{32}};
  return disc;
}

void expect_refused(const Result<BurnPlan>& plan, ErrorCode code, const std::string& reason) {
  ASSERT_FALSE(plan.has_value()) << plan->summary;
  EXPECT_EQ(plan.error().code, code);
  EXPECT_THAT(plan.error().message, HasSubstr(reason));
  EXPECT_FALSE(plan.error().advice.empty());
}

TEST(ImagePlan, StartsAtTheFirstBlockOfABlankDisc) {
  for (const MediumKind kind : {MediumKind::kDvdR, MediumKind::kDvdPlusR, MediumKind::kBdR}) {
    SCOPED_TRACE(name_of(kind));
    const auto plan = make_image_plan(blank(kind), {.image = BlockCount{1000}});
    ASSERT_TRUE(plan.has_value()) << plan.error().message;
    const auto* write = find<WriteImage>(*plan);
    ASSERT_NE(write, nullptr);
    EXPECT_EQ(write->start, Lba{0});
    EXPECT_GE(write->blocks, BlockCount{1000});
  }
}

// A DVD-R DL takes one session alone, and a DVD+R DL only a long one before others.
TEST(ImagePlan, WarnsWhereTheDiscIsClosedUnasked) {
  const auto warnings = [](MediumKind kind, Afterwards afterwards) {
    MediumSnapshot disc = blank(kind);
    disc.writable->free = kTwoLayers;
    const auto plan = make_image_plan(disc, {.afterwards = afterwards, .image = BlockCount{1000}});
    return plan ? plan->warnings : std::vector<std::string>{plan.error().message};
  };
  EXPECT_THAT(warnings(MediumKind::kDvdRDualLayer, Afterwards::kLeaveAppendable),
              testing::ElementsAre(HasSubstr("the disc is closed")));
  EXPECT_THAT(warnings(MediumKind::kDvdRDualLayer, Afterwards::kCloseDisc), testing::IsEmpty());
  EXPECT_THAT(warnings(MediumKind::kDvdPlusRDualLayer, Afterwards::kLeaveAppendable),
              testing::ElementsAre(HasSubstr("filled up")));
  EXPECT_THAT(warnings(MediumKind::kDvdPlusRDualLayer, Afterwards::kCloseDisc), testing::IsEmpty());
  EXPECT_THAT(warnings(MediumKind::kDvdPlusR, Afterwards::kLeaveAppendable), testing::IsEmpty());
}

TEST(ImagePlan, WantsABlankDisc) {
  for (const MediumKind kind : {MediumKind::kDvdR, MediumKind::kDvdPlusRw}) {
    SCOPED_TRACE(name_of(kind));
    MediumSnapshot disc = blank(kind);
    disc.status = DiscStatus::kAppendable;
    expect_refused(make_image_plan(disc, {.image = BlockCount{1000}}), ErrorCode::kWrongMedium,
                   "blank disc");
  }
}

TEST(ImagePlan, WritesWholeEccBlocksFromTheFirstBlockOn) {
  const auto plan = make_image_plan(overwritable(), {.image = BlockCount{1001}});
  ASSERT_TRUE(plan.has_value()) << plan.error().message;
  const auto* write = find<WriteImage>(*plan);
  ASSERT_NE(write, nullptr);
  EXPECT_EQ(write->start, Lba{0});
  // Whole ECC blocks of 16 (mmc.md 2.9).
  EXPECT_EQ(write->blocks, BlockCount{1008});
  EXPECT_EQ(find<Format>(*plan), nullptr);
}

// What lies before the first session counts as room too.
TEST(ImagePlan, MayFillTheWholeDiscAndNotABlockMore) {
  const MediumSnapshot disc = overwritable();
  EXPECT_TRUE(make_image_plan(disc, {.image = kCapacity}).has_value());
  expect_refused(make_image_plan(disc, {.image = kCapacity + BlockCount{1}}), ErrorCode::kNoRoom,
                 "the disc 100000");
}

TEST(ImagePlan, FormatsFirstAndEndsTheFormatLast) {
  MediumSnapshot disc = blank(MediumKind::kDvdPlusRw);
  disc.formatting = Formatting::kNeeded;
  const auto plan = make_image_plan(disc, {.image = BlockCount{1000}, .verify = true});
  ASSERT_TRUE(plan.has_value()) << plan.error().message;
  const std::vector<std::ptrdiff_t> places = {
      place_of<Format>(*plan), place_of<WriteImage>(*plan), place_of<Synchronize>(*plan),
      place_of<CloseSession>(*plan), place_of<ReadBack>(*plan)};
  EXPECT_THAT(places, testing::Each(testing::Ge(0)));
  EXPECT_TRUE(std::ranges::is_sorted(places)) << testing::PrintToString(places);
}

}  // namespace
}  // namespace pregroove::plan
