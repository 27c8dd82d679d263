// One fault at every command of the first burn on a blank disc, of every kind: whatever happens,
// the engine reports it or copes with it, says what state the disc is in, and the next burn by
// somebody who knows nothing of it leaves a disc with all files right.
#include <gtest/gtest.h>

#include <tuple>

#include "tests/faults/sweep.h"

namespace pregroove::imapi {
namespace {

const std::string kLong(300'000, 'n');

class FirstBurnSweep : public testing::TestWithParam<std::tuple<std::string, SweepFault>> {
 protected:
  static void expect_state_is_told(const FaultyBurn& burn) {
    const Error& error = burn.report.error().cause;
    ASSERT_TRUE(error.outcome || !error.disc_touched) << describe(error);
    if (error.disc_touched) {
      EXPECT_FALSE(error.disc_state.empty()) << describe(error);
    }
  }

  // The failed burn may have got as far as a good session; then its file is there, and whole.
  static void expect_next_burn_copes(Desk& desk) {
    desk.burn_session({{"/again.txt", kLong}});
    Files found = files_on(desk.disc());
    if (const auto file = found.find("/new.txt"); file != found.end()) {
      EXPECT_EQ(file->second, kLong);
      found.erase(file);
    }
    EXPECT_EQ(found, (Files{{"/again.txt", kLong}}));
  }

  // A DVD-R DL takes one session: what was left of it is not closed for another.
  static void expect_next_burn_copes_or_is_refused(Desk& desk) {
    const auto before = desk.disc().layout();
    const bool dual_layer = before.medium().layers > 1 && !before.tracks().empty();
    if (!dual_layer) return expect_next_burn_copes(desk);
    const auto selected = desk.select();
    EXPECT_FALSE(selected) << desk.master.session_mode_reason();
    EXPECT_EQ(desk.disc().layout(), before);
  }
};

TEST_P(FirstBurnSweep, LeavesNothingWrongWhereverItHits) {
  const auto& [medium, fault] = GetParam();
  Desk undisturbed;
  undisturbed.insert_blank(medium);
  const auto commands = commands_of_a_burn(undisturbed, "/new.txt", kLong);
  int k = 1;
  for (bool hit = true; hit; ++k) {
    if (is_deep_in_polling(commands, k)) continue;
    ASSERT_LT(k, kMostCommands) << "the burn never ends";
    SCOPED_TRACE(k);
    Desk desk;
    desk.insert_blank(medium);
    const auto blank = desk.disc().layout();
    const FaultyBurn burn =
        burn_with_fault(desk, fault, k, "/new.txt", kLong, options_for(medium, fault));
    hit = burn.hit;
    ASSERT_TRUE(hit || burn.succeeded()) << "a burn without a fault must succeed";
    ASSERT_TRUE(desk.disc().check_invariants());
    if (burn.succeeded()) {
      EXPECT_EQ(files_on(desk.disc()), (Files{{"/new.txt", kLong}}));
    } else {
      expect_state_is_told(burn);
    }
    const bool untouched = desk.disc().layout() == blank;
    if (!untouched) expect_next_burn_copes_or_is_refused(desk);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(k, kFewestCommands);
}

// Not on DVD+R DL, whose first session is filled up to 512 MiB, at each of all those commands.
INSTANTIATE_TEST_SUITE_P(
    Faults, FirstBurnSweep,
    testing::Combine(testing::Values("cd-r-21", "cd-rw-21", "dvd-r", "dvd-rw", "dvd+r", "dvd+rw",
                                     "dvd-ram", "bd-r-25", "bd-re-25", "dvd-r-dl"),
                     testing::Values(kPowerLost, kOneExchangeLost, kOneMediumError,
                                     kHardwareErrorsToTheEnd, kBusyThreeTimes, kOneUnitAttention,
                                     kOneDropped)),
    [](const auto& test) {
      return as_name(std::get<0>(test.param)) + std::get<1>(test.param).name;
    });

}  // namespace
}  // namespace pregroove::imapi
