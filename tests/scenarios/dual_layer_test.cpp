// DVDs of two layers: what other programs and interrupted burns leave on them. That they are filled
// session by session is told of every drive in every_drive_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/faulty_device.h"
#include "tests/scenarios/through_the_drive.h"

namespace pregroove::imapi {
namespace {

using scsi::Opcode;
using testing::HasSubstr;

// Fails while it writes; what was written stays on the disc, in a session that is open.
void burn_and_fail(Desk& desk) {
  auto faulty = std::make_shared<FaultyDevice>(desk.device);
  desk.open();
  ASSERT_TRUE(desk.master.SetActiveDiscRecorder(std::make_shared<DiscRecorder>(faulty)));
  ASSERT_TRUE(desk.add("/dead.txt", std::string(300'000, 'd')));
  faulty->port.add({.opcode = Opcode::kWrite10, .after = 3, .sense = scsi::Sense{{3, 0x0C, 0}}});
  ASSERT_FALSE(desk.record());
  ASSERT_EQ(faulty->port.hits(), 1);
  ASSERT_EQ(desk.disc().layout().status(), simdrive::DiscStatus::kAppendable);
}

Result<RecordReport> burn(Desk& desk, const Files& files) {
  DiscMaster client(desk.provider,
                    [] { return system::FileTime{std::chrono::seconds{1'767'323'045}}; });
  PREGROOVE_RETURN_IF_ERROR(client.Open());
  const auto stage = client.SetActiveDiscMasterFormat(DiscMasterFormat::kJoliet);
  PREGROOVE_RETURN_IF_ERROR(
      client.SetActiveDiscRecorder(std::make_shared<DiscRecorder>(desk.device)));
  PREGROOVE_RETURN_IF_ERROR((*stage)->AddData(tree_of(files), true));
  return client.RecordDisc(false, false, {});
}

// Another program set the break right behind the first session, so that the second one lies on both
// layers.
TEST(DvdPlusRDl, TakesASessionThatCrossesTheLayers) {
  constexpr BlockCount kLayer0{264'240};
  Desk desk;
  desk.insert_blank("dvd+r-dl");
  simdrive::Layout layout = desk.disc().layout();
  ASSERT_TRUE(layout.set_layer_boundary(kLayer0));
  ASSERT_TRUE(desk.disc().commit(layout));
  const Files first{{"/first.txt", "on layer 0"}};
  const Files second{{"/second.txt", std::string(500'000, 'x')}};
  ASSERT_TRUE(burn(desk, first));
  const auto crossing = burn(desk, second);
  ASSERT_TRUE(crossing) << describe(crossing.error().cause);
  EXPECT_LT(crossing->session_start, Lba{0} + kLayer0);
  EXPECT_GT(crossing->session_start + crossing->written, Lba{0} + kLayer0);
  Files all = first;
  all.insert(second.begin(), second.end());
  EXPECT_TRUE(files_in(desk) == all);
  EXPECT_EQ(desk.disc().layout().status(), simdrive::DiscStatus::kAppendable);
  all["/third.txt"] = "on layer 1";
  ASSERT_TRUE(burn(desk, {{"/third.txt", "on layer 1"}}));
  EXPECT_TRUE(files_in(desk) == all);
}

// Closed as it is the drive would end the disc with it (mmc.md 2.9).
TEST(DvdPlusRDl, IsNotLostToAFirstSessionThatDied) {
  Desk desk;
  desk.insert_blank("dvd+r-dl");
  ASSERT_NO_FATAL_FAILURE(burn_and_fail(desk));
  const auto again = burn(desk, {{"/file.txt", "content"}});
  ASSERT_TRUE(again) << describe(again.error().cause);
  EXPECT_EQ(again->session_number, 2);
  EXPECT_TRUE(files_in(desk) == (Files{{"/file.txt", "content"}}));
  EXPECT_EQ(desk.disc().layout().status(), simdrive::DiscStatus::kAppendable);
}

TEST(DvdRDl, IsLeftAloneWhenItsOnlySessionDied) {
  Desk desk;
  desk.insert_blank("dvd-r-dl");
  ASSERT_NO_FATAL_FAILURE(burn_and_fail(desk));
  const auto before = desk.disc().layout();
  const auto again = burn(desk, {{"/file.txt", "content"}});
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().cause.message, HasSubstr("one session alone"));
  EXPECT_FALSE(again.error().cause.disc_touched);
  EXPECT_TRUE(desk.disc().layout() == before);
}

}  // namespace
}  // namespace pregroove::imapi
