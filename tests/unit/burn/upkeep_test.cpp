// What closing, erasing and formatting send to each kind of medium, and what the disc is
// afterwards.
//
// Authority: burning.md 4.2, 4.3, 4.4 and 5, mmc.md 2.9, 2.13 and 2.14.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/burn/burner.h"
#include "engine/drive/inspection.h"
#include "engine/plan/upkeep.h"
#include "simdrive/disc/disc.h"
#include "simdrive/drive/drive.h"
#include "simdrive/mechanics/virtual_clock.h"
#include "tests/support/faulting_transport.h"

namespace pregroove::burn {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::FaultingTransport;

class OnesSource final : public BlockSource {
 public:
  explicit OnesSource(std::int64_t blocks) : blocks_(blocks), left_(blocks) {}
  [[nodiscard]] BlockCount size() const override { return {blocks_}; }
  [[nodiscard]] Result<std::size_t> read(std::span<std::byte> out) override {
    const auto count = std::min(left_, blocks_for_bytes(out.size()).value);
    left_ -= count;
    const auto bytes = static_cast<std::size_t>(BlockCount{count}.bytes());
    std::ranges::fill(out.first(bytes), std::byte{1});
    return bytes;
  }

 private:
  std::int64_t blocks_;
  std::int64_t left_;
};

class Listener final : public Observer {
 public:
  void on_progress(const Progress& progress) override { told.push_back(progress); }
  [[nodiscard]] bool cancel_requested() override { return cancel && cancel(); }
  std::function<bool()> cancel;
  std::vector<Progress> told;
};

std::string hex(std::span<const std::byte> bytes) {
  std::string text;
  for (const std::byte byte : bytes) text += fmt::format("{:02x}", std::to_integer<int>(byte));
  return text;
}

class Upkeep : public testing::Test {
 protected:
  void insert(const std::string& medium) {
    simulated_.insert(simdrive::Disc::blank(*simdrive::find_medium(medium)));
  }
  medium::MediumSnapshot look() {
    const auto disc = drive::inspect(drive_);
    EXPECT_TRUE(disc) << describe(disc.error());
    return disc ? *disc : medium::MediumSnapshot{};
  }
  void burn_session(plan::BurnRequest request = {}) {
    request.image = {kBlocks};
    const auto plan = plan::make_burn_plan(look(), request);
    ASSERT_TRUE(plan) << describe(plan.error());
    OnesSource source(kBlocks);
    const auto report = burn(drive_, *plan, source, listener_);
    ASSERT_TRUE(report) << describe(report.error());
  }
  // The cable is pulled while the second half is written.
  void burn_half_a_session() {
    const auto plan = plan::make_burn_plan(look(), {.image = {kBlocks}});
    ASSERT_TRUE(plan) << describe(plan.error());
    OnesSource source(kBlocks);
    port_.add({.opcode = scsi::Opcode::kWrite10, .after = 10, .times = -1, .exchange_fails = true});
    port_.add({.opcode = scsi::Opcode::kSynchronizeCache, .times = -1, .exchange_fails = true});
    EXPECT_FALSE(burn(drive_, *plan, source, listener_));
    port_.clear();
  }
  // What changes the disc or how it will be written, command by command.
  Result<BurnReport> carry_out(const Result<plan::BurnPlan>& plan) {
    EXPECT_TRUE(plan) << describe(plan.error());
    if (!plan) return std::unexpected(plan.error());
    sent_.clear();
    listener_.told.clear();
    simulated_.set_observer([&](const simdrive::CommandRecord& record) { note(record); });
    auto report = burn::carry_out(drive_, *plan, listener_);
    simulated_.set_observer({});
    return report;
  }
  [[nodiscard]] std::vector<double> progress_of(Phase phase) const {
    std::vector<double> parts;
    for (const Progress& progress : listener_.told)
      if (progress.phase == phase && progress.drive_progress)
        parts.push_back(*progress.drive_progress);
    return parts;
  }

  static constexpr std::int64_t kBlocks = 1024;
  simdrive::VirtualClock clock_;
  simdrive::Drive simulated_{clock_};
  FaultingTransport port_{simulated_};
  drive::Drive drive_{port_, clock_};
  Listener listener_;
  std::vector<std::string> sent_;

 private:
  void note(const simdrive::CommandRecord& record) {
    const auto opcode = static_cast<scsi::Opcode>(record.cdb.front());
    const auto* out = std::get_if<scsi::DataOut>(&record.data);
    switch (opcode) {
      case scsi::Opcode::kModeSelect10:
        sent_.push_back("05 " + hex(out->buffer.subspan(10, 2)));
        return;
      case scsi::Opcode::kFormatUnit:
        sent_.push_back(hex(record.cdb.first(2)) + " " + hex(out->buffer));
        return;
      case scsi::Opcode::kBlank:
        sent_.push_back(hex(record.cdb.first(2)));
        return;
      case scsi::Opcode::kSynchronizeCache:
      case scsi::Opcode::kCloseTrackSession:
        sent_.push_back(hex(record.cdb.first(6)));
        return;
      case scsi::Opcode::kWrite10:
        sent_.push_back(hex(record.cdb.first(9)));
        return;
      default:
        return;
    }
  }
};

class Closing : public Upkeep {};

TEST_F(Closing, OfDvdPlusRAndBdRIsTheirFunctionToFinalizeAndNothingElse) {
  for (const std::string medium : {"dvd+r", "bd-r-25"}) {
    SCOPED_TRACE(medium);
    insert(medium);
    burn_session();
    const auto report = carry_out(plan::make_close_plan(look(), {}));
    ASSERT_TRUE(report) << describe(report.error());
    EXPECT_THAT(sent_, ElementsAre("5b0106000000"));
    EXPECT_EQ(report->disc.status, medium::DiscStatus::kComplete);
    EXPECT_EQ(simulated_.disc()->layout().status(), simdrive::DiscStatus::kComplete);
    EXPECT_FALSE(plan::choose_target(look(), plan::SessionMode::kAppend)) << "no further session";
  }
}

struct DeadSession {
  const char* medium;
  std::vector<std::string> sent;
};

// A CD's track and a DVD-R's border say in page 05h that none follows; elsewhere the function does.
TEST_F(Closing, OfADeadSessionEndsItsTrackFirst) {
  for (const auto& [medium, sent] :
       {DeadSession{"cd-r-80", {"05 4104", "350000000000", "5b0102000000"}},
        DeadSession{"cd-rw-80", {"05 4104", "350000000000", "5b0102000000"}},
        DeadSession{"dvd-r", {"05 6025", "350000000000", "5b0101000001", "5b0102000000"}},
        DeadSession{"dvd-rw", {"05 6025", "350000000000", "5b0101000001", "5b0102000000"}},
        DeadSession{"dvd+r", {"350000000000", "5b0101000001", "5b0106000000"}},
        DeadSession{"bd-r-25", {"350000000000", "5b0101000001", "5b0106000000"}}}) {
    SCOPED_TRACE(medium);
    insert(medium);
    burn_half_a_session();
    const auto report = carry_out(plan::make_close_plan(look(), {}));
    ASSERT_TRUE(report) << describe(report.error());
    EXPECT_EQ(sent_, sent);
    EXPECT_EQ(simulated_.disc()->layout().status(), simdrive::DiscStatus::kComplete);
    EXPECT_FALSE(plan::choose_target(look(), plan::SessionMode::kAppend)) << "no further session";
  }
}

TEST_F(Closing, ThatHidesEarlierSessionsWantsConsent) {
  insert("dvd-r");
  burn_session();
  burn_half_a_session();
  const auto refused = plan::make_close_plan(look(), {});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("1 session(s) before it"));
  ASSERT_TRUE(carry_out(plan::make_close_plan(look(), {.consent = true})));
  EXPECT_EQ(look().status, medium::DiscStatus::kComplete);
}

TEST_F(Closing, TellsTheProgressThatTheDriveReports) {
  insert("dvd+r");
  burn_session();
  ASSERT_TRUE(carry_out(plan::make_close_plan(look(), {})));
  const auto parts = progress_of(Phase::kClosing);
  ASSERT_GT(parts.size(), 2U);
  EXPECT_TRUE(std::ranges::is_sorted(parts));
}

// Drives that keep it out of the answer give it to REQUEST SENSE.
TEST_F(Closing, AsksForTheProgressThatABusyAnswerDoesNotHold) {
  insert("dvd+r");
  burn_session();
  const auto plan = plan::make_close_plan(look(), {});
  port_.add({.opcode = scsi::Opcode::kCloseTrackSession, .before = [&] {
               port_.add({.opcode = scsi::Opcode::kReadDiscInformation,
                          .times = 2,
                          .sense = scsi::Sense{.code = {0x2, 0x04, 0x07}}});
             }});
  port_.reset_counts();
  ASSERT_TRUE(carry_out(plan));
  EXPECT_EQ(port_.count(scsi::Opcode::kRequestSense), 2);
  EXPECT_FALSE(progress_of(Phase::kClosing).empty());
}

TEST_F(Closing, ThatADriveOnlyPretendsIsFound) {
  insert("dvd+r");
  burn_session();
  const auto plan = plan::make_close_plan(look(), {});
  port_.add({.opcode = scsi::Opcode::kCloseTrackSession, .swallow = true});
  const auto report = carry_out(plan);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kVerification);
  EXPECT_TRUE(report.error().disc_touched);
}

}  // namespace
}  // namespace pregroove::burn
