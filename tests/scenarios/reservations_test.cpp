// What a program reserved on a disc (RESERVE TRACK) and did not fill: it is closed before the
// session that it lies in, and the next one follows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "engine/burn/burner.h"
#include "engine/drive/drive.h"
#include "engine/drive/inspection.h"
#include "engine/plan/upkeep.h"
#include "tests/scenarios/through_the_drive.h"

namespace pregroove::imapi {
namespace {

using testing::HasSubstr;

constexpr BlockCount kReserved{2048};
const Files kFiles{{"/after.txt", std::string(300'000, 'a')}};

class Quiet final : public burn::Observer {};

class Reserved : public testing::TestWithParam<std::string> {
 protected:
  Reserved() { desk_.insert_blank(GetParam()); }
  drive::Drive drive() { return {desk_.device->transport(), desk_.device->clock()}; }
  medium::MediumSnapshot inspect() {
    drive::Drive asked = drive();
    auto disc = drive::inspect(asked);
    EXPECT_TRUE(disc) << describe(disc.error());
    return *disc;
  }
  // As a program that writes its tracks piece by piece does.
  void reserve(BlockCount blocks) {
    drive::Drive used = drive();
    const auto disc = inspect();
    const bool dvd_minus =
        medium::traits_of(disc.kind).recording == medium::Recording::kIncremental;
    if (dvd_minus || medium::is_cd(disc.kind)) {
      ASSERT_TRUE(used.select_write_type(
          {.type = dvd_minus ? medium::WriteType::kIncremental : medium::WriteType::kTrackAtOnce,
           .next_session_allowed = true}));
    }
    const auto done = used.reserve_track(blocks);
    ASSERT_TRUE(done) << describe(done.error());
  }
  void write(Lba at, BlockCount blocks) {
    const std::vector<std::byte> data(static_cast<std::size_t>(blocks.bytes()), std::byte{'r'});
    drive::Drive used = drive();
    const auto written = used.write(at, data);
    ASSERT_TRUE(written) << describe(written.error());
    ASSERT_TRUE(used.synchronize_cache());
  }
  void expect_burns(const Files& files, Files all) {
    const auto burnt = burn(files);
    ASSERT_TRUE(burnt) << describe(burnt.error().cause);
    all.insert(files.begin(), files.end());
    EXPECT_TRUE(files_in(desk_) == all);
    EXPECT_EQ(desk_.disc().layout().status(), simdrive::DiscStatus::kAppendable);
  }
  Result<RecordReport> burn(const Files& files) {
    DiscMaster client(desk_.provider,
                      [] { return system::FileTime{std::chrono::seconds{1'767'323'045}}; });
    PREGROOVE_RETURN_IF_ERROR(client.Open());
    const auto stage = client.SetActiveDiscMasterFormat(DiscMasterFormat::kJoliet);
    PREGROOVE_RETURN_IF_ERROR(
        client.SetActiveDiscRecorder(std::make_shared<DiscRecorder>(desk_.device)));
    PREGROOVE_RETURN_IF_ERROR((*stage)->AddData(tree_of(files), true));
    return client.RecordDisc(false, false, {});
  }

  Desk desk_;
};

TEST_P(Reserved, EmptyOnABlankDisc) {
  reserve(kReserved);
  EXPECT_EQ(inspect().reserved_tracks, std::vector{1});
  expect_burns(kFiles, {});
  EXPECT_TRUE(inspect().reserved_tracks.empty());
}

TEST_P(Reserved, EmptyBehindASession) {
  const Files first{{"/first.txt", "of the first session"}};
  ASSERT_TRUE(burn(first));
  reserve(kReserved);
  expect_burns(kFiles, first);
}

TEST_P(Reserved, TwiceAndPartlyFilled) {
  const Files first{{"/first.txt", "of the first session"}};
  ASSERT_TRUE(burn(first));
  const Lba start = inspect().writable->next_writable;
  reserve(kReserved);
  reserve(kReserved);
  write(start, BlockCount{32});
  expect_burns(kFiles, first);
}

// What follows is dead, too.
TEST_P(Reserved, AndWrittenBehind) {
  reserve(kReserved);
  write(inspect().writable->next_writable, BlockCount{32});
  expect_burns(kFiles, {});
}

TEST_P(Reserved, ToTheEndOfTheDisc) {
  reserve(inspect().writable->free);
  const auto before = desk_.disc().layout();
  const auto disc = inspect();
  ASSERT_TRUE(disc.is_reserved_to_its_end());
  const auto refused = burn(kFiles);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().cause.message, HasSubstr("reserved"));
  EXPECT_FALSE(refused.error().cause.disc_touched);
  EXPECT_TRUE(desk_.disc().layout() == before);

  const auto close = plan::make_close_plan(disc, {});
  ASSERT_TRUE(close) << describe(close.error());
  drive::Drive used = drive();
  Quiet quiet;
  const auto closed = burn::carry_out(used, *close, quiet);
  ASSERT_TRUE(closed) << describe(closed.error());
  EXPECT_EQ(desk_.disc().layout().status(), simdrive::DiscStatus::kComplete);
}

INSTANTIATE_TEST_SUITE_P(OnEveryMedium, Reserved,
                         testing::Values("cd-r-80", "cd-rw-80", "dvd-r", "dvd-rw", "dvd+r",
                                         "dvd+r-dl", "bd-r-25"),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::ranges::replace(name, '-', '_');
                           std::ranges::replace(name, '+', 'p');
                           return name;
                         });

}  // namespace
}  // namespace pregroove::imapi
