#include "engine/drive/reactions.h"

#include <gtest/gtest.h>

namespace pregroove::drive {
namespace {

struct Case {
  SenseCode code;
  Reaction reaction;
};
void PrintTo(const Case& test, std::ostream* out) { *out << scsi::to_string(test.code); }

class ReactionTo : public testing::TestWithParam<Case> {};

TEST_P(ReactionTo, FollowsFromTheSenseCode) {
  EXPECT_EQ(reaction_to({.code = GetParam().code}), GetParam().reaction);
}

// What the long-proven burners do (burning.md 4.5, mmc.md 2.4 "host-side retry expectations").
INSTANTIATE_TEST_SUITE_P(
    Table, ReactionTo,
    testing::Values(
        Case{{2, 0x04, 0x01}, Reaction::kWait}, Case{{2, 0x04, 0x04}, Reaction::kWait},
        Case{{2, 0x04, 0x02}, Reaction::kStart}, Case{{2, 0x04, 0x07}, Reaction::kWait},
        Case{{2, 0x04, 0x08}, Reaction::kWait}, Case{{1, 0x73, 0x01}, Reaction::kAccept},
        Case{{1, 0x17, 0x00}, Reaction::kAccept}, Case{{6, 0x28, 0x00}, Reaction::kChanged},
        Case{{6, 0x29, 0x00}, Reaction::kChanged}, Case{{6, 0x2A, 0x01}, Reaction::kAgain},
        Case{{6, 0x2E, 0x00}, Reaction::kWait}, Case{{2, 0x3A, 0x01}, Reaction::kFail},
        Case{{3, 0x0C, 0x00}, Reaction::kFail}, Case{{5, 0x21, 0x02}, Reaction::kFail},
        Case{{5, 0x72, 0x03}, Reaction::kFail}, Case{{3, 0x73, 0x03}, Reaction::kFail},
        Case{{2, 0x04, 0x03}, Reaction::kFail}));

TEST(PauseBeforeRetry, GrowsFromMillisecondsToASecondAndNoFurther) {
  EXPECT_LE(pause_before_retry(0), std::chrono::milliseconds(10));
  EXPECT_EQ(pause_before_retry(100'000), std::chrono::seconds(1));
  for (int i = 1; i < 200; ++i) EXPECT_GE(pause_before_retry(i), pause_before_retry(i - 1)) << i;
}

}  // namespace
}  // namespace pregroove::drive
