// One fault at every command of a burn that appends a session: the k-th command fails, k = 1, 2, 3,
// ... until a run meets no fault any more. Whatever happens, the engine reports it or copes with
// it, the first session stays readable, and the next burn by somebody who knows nothing of it
// leaves a disc with all files right.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "tests/faults/sweep.h"

namespace pregroove::imapi {
namespace {

const Files kOld{{"/old.txt", std::string(50'000, 'o')}};
const std::string kLong(300'000, 'n');

class AppendSweep : public testing::TestWithParam<std::tuple<std::string, SweepFault>> {};

TEST_P(AppendSweep, LeavesNothingWrongWhereverItHits) {
  const auto& [medium, fault] = GetParam();
  int k = 1;
  for (bool hit = true; hit; ++k) {
    ASSERT_LT(k, kMostCommands) << "the burn never ends";
    SCOPED_TRACE(k);
    Desk desk;
    desk.insert_blank(medium);
    desk.burn_session(kOld);
    const FaultyBurn burn =
        burn_with_fault(desk, fault, k, "/new.txt", kLong, options_for(medium, fault));
    hit = burn.hit;
    ASSERT_TRUE(hit || burn.succeeded()) << "a burn without a fault must succeed";
    EXPECT_EQ(files_on(desk.disc(), 1), kOld);
    ASSERT_TRUE(desk.disc().check_invariants());
    if (burn.succeeded()) {
      EXPECT_EQ(files_on(desk.disc()),
                (Files{{"/old.txt", kOld.at("/old.txt")}, {"/new.txt", kLong}}));
    }

    desk.burn_session({{"/again.txt", kLong}});
    Files found = files_on(desk.disc());
    // The failed burn may have got as far as a good session; then its file is there, and whole.
    if (const auto file = found.find("/new.txt"); file != found.end()) {
      EXPECT_EQ(file->second, kLong);
      found.erase(file);
    }
    EXPECT_EQ(found, (Files{{"/old.txt", kOld.at("/old.txt")}, {"/again.txt", kLong}}));
  }
  EXPECT_GT(k, kFewestCommands);
}

// The power fails at the k-th WRITE, and again in the repetition, right after that has closed what
// the first one left: now a dead attempt is the newest complete session. Its descriptors and
// folders are whole, and the drive has padded the track, so that no address in it leads nowhere.
class DeadAttempts : public testing::TestWithParam<std::string> {};

TEST_P(DeadAttempts, AreNeverTakenForTheNewestSession) {
  const auto die_at_write = [](Desk& desk, int k) {
    auto faulty = std::make_shared<FaultyDevice>(desk.device);
    auto recorder = std::make_shared<DiscRecorder>(faulty);
    EXPECT_TRUE(desk.master.SetActiveDiscRecorder(recorder));
    EXPECT_TRUE(desk.add("/dead.txt", kLong));
    faulty->port.add(
        {.opcode = scsi::Opcode::kWrite10, .after = k - 1, .times = -1, .exchange_fails = true});
    const bool hit = !desk.record().has_value() && faulty->port.hits() > 0;
    desk.device->plug_in_again();
    return hit;
  };
  int k = 2;
  for (;; ++k) {
    SCOPED_TRACE(k);
    Desk desk;
    desk.insert_blank(GetParam());
    desk.burn_session(kOld);
    desk.open();
    if (!die_at_write(desk, k)) break;
    ASSERT_TRUE(die_at_write(desk, 1));
    ASSERT_EQ(desk.disc().layout().closed_sessions(), 2) << "the dead session was closed";
    desk.burn_session({{"/again.txt", kLong}});
    EXPECT_EQ(files_on(desk.disc()),
              (Files{{"/old.txt", kOld.at("/old.txt")}, {"/again.txt", kLong}}));
  }
  EXPECT_GT(k, 5) << "an image of at least 300 blocks takes more WRITEs than that";
}

// Nothing is lost when a session follows attempts that all died, and the disc is not wasted.
TEST_P(DeadAttempts, AloneOnADiscAreContinued) {
  Desk desk;
  desk.insert_blank(GetParam());
  for (int attempt = 0; attempt < 3; ++attempt) {
    desk.open();
    auto faulty = std::make_shared<FaultyDevice>(desk.device);
    EXPECT_TRUE(desk.master.SetActiveDiscRecorder(std::make_shared<DiscRecorder>(faulty)));
    EXPECT_TRUE(desk.add("/dead.txt", kLong));
    faulty->port.add(
        {.opcode = scsi::Opcode::kWrite10, .after = 3, .times = -1, .exchange_fails = true});
    EXPECT_FALSE(desk.record());
    desk.device->plug_in_again();
    EXPECT_TRUE(desk.master.Close());
  }
  desk.burn_session({{"/again.txt", kLong}});
  EXPECT_EQ(files_on(desk.disc()), (Files{{"/again.txt", kLong}}));
}

INSTANTIATE_TEST_SUITE_P(Media, DeadAttempts,
                         testing::Values("cd-r-21", "dvd-r", "dvd-rw", "dvd+r", "bd-r-25"),
                         [](const auto& test) { return as_name(test.param); });

INSTANTIATE_TEST_SUITE_P(
    Faults, AppendSweep,
    testing::Combine(testing::Values("cd-r-21", "dvd-r", "dvd-rw", "dvd+r", "bd-r-25", "dvd+rw",
                                     "dvd-ram", "bd-re-25"),
                     testing::Values(kPowerLost, kOneExchangeLost, kOneMediumError,
                                     kHardwareErrorsToTheEnd, kBusyThreeTimes, kOneUnitAttention,
                                     kOneDropped)),
    [](const auto& test) {
      return as_name(std::get<0>(test.param)) + std::get<1>(test.param).name;
    });

}  // namespace
}  // namespace pregroove::imapi
