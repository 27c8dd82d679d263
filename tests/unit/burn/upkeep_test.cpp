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

#include "engine/base/bytes.h"
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

// The head of a volume, which media that are overwritten need (ECMA-119 8.4), and ones.
class VolumeSource final : public BlockSource {
 public:
  explicit VolumeSource(std::int64_t blocks) : blocks_(blocks) {}
  [[nodiscard]] BlockCount size() const override { return {blocks_}; }
  [[nodiscard]] Result<std::size_t> read(std::span<std::byte> out) override {
    std::size_t filled = 0;
    for (; filled < out.size() && next_ < blocks_; filled += kBlockSize)
      fill(next_++, out.subspan(filled, kBlockSize));
    return filled;
  }

 private:
  void fill(std::int64_t number, std::span<std::byte> block) const {
    constexpr std::int64_t kPrimary = 16;
    constexpr std::size_t kVolumeSpaceSize = 80;
    std::ranges::fill(block, std::byte{1});
    if (number != kPrimary) return;
    const std::string start = std::string("\x01") + "CD001" + "\x01";
    std::ranges::copy(std::as_bytes(std::span(start)), block.begin());
    write_struct(block, kVolumeSpaceSize, Both32(static_cast<std::uint32_t>(blocks_)));
  }

  std::int64_t blocks_;
  std::int64_t next_ = 0;
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
    VolumeSource source(kBlocks);
    const auto report = burn(drive_, *plan, source, listener_);
    ASSERT_TRUE(report) << describe(report.error());
  }
  // The cable is pulled while the second half is written.
  void burn_half_a_session() {
    const auto plan = plan::make_burn_plan(look(), {.image = {kBlocks}});
    ASSERT_TRUE(plan) << describe(plan.error());
    VolumeSource source(kBlocks);
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

class Erasing : public Upkeep {
 protected:
  // What was sent instead of, and besides, the WRITEs; those are counted.
  [[nodiscard]] std::vector<std::string> sent_besides_writes() const {
    std::vector<std::string> others;
    std::ranges::copy_if(sent_, std::back_inserter(others),
                         [](const std::string& text) { return !text.starts_with("2a"); });
    return others;
  }
  [[nodiscard]] std::int64_t writes() const {
    return std::ranges::count_if(sent_,
                                 [](const std::string& text) { return text.starts_with("2a"); });
  }
  Result<BurnReport> erase(plan::Thoroughness thoroughness = plan::Thoroughness::kUsual) {
    return carry_out(
        plan::make_erase_plan(look(), {.thoroughness = thoroughness, .consent = true}));
  }
  Result<BurnReport> format(plan::FormatRequest request = {}) {
    const auto offers = drive_.format_offers();
    EXPECT_TRUE(offers);
    request.consent = true;
    return carry_out(plan::make_format_plan(look(), *offers, request));
  }
  static constexpr std::int64_t kBlocksOfAWrite = 32;
  static constexpr std::int64_t kHead = 512;  // up to behind the UDF anchor at 256
};

TEST_F(Erasing, OfCdRwIsAMinimalBlankUnlessTheWholeDiscIsWanted) {
  insert("cd-rw-80");
  burn_session();
  ASSERT_TRUE(erase());
  EXPECT_THAT(sent_, ElementsAre("a111"));
  burn_session();
  ASSERT_TRUE(erase(plan::Thoroughness::kFull));
  EXPECT_THAT(sent_, ElementsAre("a110"));
  burn_session();
}

// burning.md 4.4 and lesson 14.
TEST_F(Erasing, OfDvdRwIsTheWholeDiscUnlessFastIsWanted) {
  insert("dvd-rw");
  burn_session();
  ASSERT_TRUE(erase());
  EXPECT_THAT(sent_, ElementsAre("a110"));
  burn_session();
  ASSERT_TRUE(erase(plan::Thoroughness::kFast));
  EXPECT_THAT(sent_, ElementsAre("a111"));
  burn_session({.afterwards = plan::Afterwards::kCloseDisc});
  EXPECT_FALSE(plan::choose_target(look(), plan::SessionMode::kAppend)) << "the only session";
  ASSERT_TRUE(erase());
  burn_session();
}

TEST_F(Erasing, OfWhatIsOverwrittenPutsZerosOverTheHeadsOfVolumes) {
  for (const std::string medium : {"dvd-ram", "bd-re-25"}) {
    SCOPED_TRACE(medium);
    insert(medium);
    burn_session();
    burn_session();
    const auto report = erase();
    ASSERT_TRUE(report) << describe(report.error());
    EXPECT_EQ(report->disc.status, medium::DiscStatus::kBlank);
    EXPECT_EQ(sent_.front(), "2a0000000000000020");
    EXPECT_EQ(writes(), kHead / kBlocksOfAWrite);
    EXPECT_EQ(sent_.back(), "350000000000");
    burn_session();
    EXPECT_EQ(look().sessions.size(), 1U);
  }
}

TEST_F(Erasing, RestartsTheFormatOfADvdPlusRwThatWasInterrupted) {
  insert("dvd+rw");
  burn_session();
  simulated_.cut_power();
  simulated_.switch_on();
  ASSERT_EQ(look().formatting, medium::Formatting::kInterrupted);
  ASSERT_TRUE(erase());
  EXPECT_THAT(sent_besides_writes(),
              ElementsAre("0411 00020008ffffffff98000001", "350000000000", "5b0102000000"));
}

TEST_F(Erasing, OfADeadSessionMakesTheDiscBlank) {
  for (const std::string medium : {"cd-rw-80", "dvd-rw"}) {
    insert(medium);
    burn_half_a_session();
    ASSERT_TRUE(erase());
    burn_session();
  }
}

TEST_F(Erasing, RepairsADiscThatNobodyCanDescribe) {
  insert("cd-rw-80");
  burn_session();
  port_.add({.opcode = scsi::Opcode::kReadTocPmaAtip,
             .times = -1,
             .sense = scsi::Sense{.code = {0x3, 0x11, 0x00}}});
  ASSERT_FALSE(drive::inspect(drive_));
  const auto disc = drive::inspect_kind(drive_);
  ASSERT_TRUE(disc);
  EXPECT_FALSE(plan::make_erase_plan(*disc, {})) << "nobody knows what is lost";
  ASSERT_TRUE(carry_out(plan::make_erase_plan(*disc, {.consent = true})));
  port_.clear();
  burn_session();
}

TEST_F(Erasing, TellsTheProgressThatTheDriveReports) {
  insert("cd-rw-80");
  ASSERT_TRUE(erase(plan::Thoroughness::kFull));
  const auto parts = progress_of(Phase::kErasing);
  ASSERT_GT(parts.size(), 10U);
  EXPECT_TRUE(std::ranges::is_sorted(parts));
  EXPECT_GT(parts.back(), 0.9);
}

TEST_F(Erasing, ThatIsCancelledSaysThatTheDriveGoesOn) {
  insert("cd-rw-80");
  burn_session();
  listener_.cancel = [this] { return !progress_of(Phase::kErasing).empty(); };
  const auto report = erase(plan::Thoroughness::kFull);
  listener_.cancel = {};
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kCancelled);
  EXPECT_TRUE(report.error().disc_touched);
  EXPECT_THAT(report.error().disc_state, HasSubstr("goes on erasing by itself"));
  EXPECT_EQ(look().status, medium::DiscStatus::kBlank) << "the drive was waited for";
}

TEST_F(Erasing, ThatTheDriveRefusesLeavesTheDiscUntouched) {
  insert("cd-rw-80");
  burn_session();
  port_.add({.opcode = scsi::Opcode::kBlank,
             .times = -1,
             .sense = scsi::Sense{.code = {0x5, 0x20, 0x00}}});
  const auto report = erase();
  ASSERT_FALSE(report);
  EXPECT_FALSE(report.error().disc_touched);
}

// The head is overwritten when the drive has formatted.
class Formatting : public Erasing {};

TEST_F(Formatting, OfDvdPlusRwGoesOnInTheBackground) {
  insert("dvd+rw");
  const auto report = format();
  ASSERT_TRUE(report) << describe(report.error());
  // Type 26h; 2295104 blocks (mmc.md 2.10).
  EXPECT_THAT(sent_besides_writes(), ElementsAre("0411 000200080023054098000000", "350000000000"));
  EXPECT_EQ(simulated_.disc()->layout().recording().formatting.state,
            simdrive::FormatState::kBackgroundRunning);
  burn_session();
}

TEST_F(Formatting, OfDvdRwMakesItOverwritable) {
  insert("dvd-rw");
  burn_session();
  ASSERT_TRUE(format());
  EXPECT_EQ(look().kind, medium::MediumKind::kDvdRwOverwrite);
  EXPECT_EQ(sent_.front().substr(0, 13), "0411 00020008");
  burn_session();
  burn_session();
  EXPECT_EQ(look().sessions.size(), 2U);
  ASSERT_TRUE(erase(plan::Thoroughness::kFast));
  EXPECT_THAT(sent_besides_writes(), ElementsAre("350000000000"))
      << "the format stays, and no minimal blank is left";
  burn_session();
  ASSERT_TRUE(erase());
  EXPECT_EQ(look().kind, medium::MediumKind::kDvdRw) << "sequential again";
  burn_session();
}

TEST_F(Formatting, OfDvdRamSkipsCertificationUnlessFull) {
  insert("dvd-ram");
  burn_session();
  ASSERT_TRUE(format());
  EXPECT_EQ(sent_.front().substr(0, 13), "0411 00a20008");
  burn_session();
  ASSERT_TRUE(format({.thoroughness = plan::Thoroughness::kFull}));
  EXPECT_EQ(sent_.front().substr(0, 13), "0411 00020008");
  burn_session();
}

struct SpareCase {
  std::optional<plan::SpareAreas> spares;
  plan::Thoroughness thoroughness;
  const char* descriptor;
};

// Sizes and parameters: the list of a real disc (burning.md 4.3): 11826176 blocks with the default
// spare areas, 12088320 with the smallest, 11564032 with the largest, 12219392 without.
TEST_F(Formatting, OfBdReTakesTheSpareAreasThatAreWanted) {
  using plan::SpareAreas;
  using plan::Thoroughness;
  for (const auto& [spares, thoroughness, descriptor] :
       {SpareCase{{}, Thoroughness::kUsual, "00b47400c3003000"},
        SpareCase{SpareAreas::kDefault, Thoroughness::kFull, "00b47400c2003000"},
        SpareCase{SpareAreas::kSmallest, Thoroughness::kUsual, "00b87400c3001000"},
        SpareCase{SpareAreas::kLargest, Thoroughness::kUsual, "00b07400c3005000"},
        SpareCase{SpareAreas::kNone, Thoroughness::kUsual, "00ba7400c7000800"}}) {
    SCOPED_TRACE(descriptor);
    insert("bd-re-25");
    const auto report = format({.thoroughness = thoroughness, .spares = spares});
    ASSERT_TRUE(report) << describe(report.error());
    EXPECT_EQ(sent_.front(), std::string("0411 00020008") + descriptor);
    burn_session();
  }
}

TEST_F(Formatting, OfBdRIsForSessionsAndWritesNothing) {
  insert("bd-r-25");
  ASSERT_TRUE(format());
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(sent_.front().substr(0, 23), "0411 0002000800b4740001") << "type 00h, sub-type 1";
  burn_session();
  burn_session();
  insert("bd-r-25");
  ASSERT_TRUE(format({.spares = plan::SpareAreas::kLargest}));
  EXPECT_EQ(sent_.front().substr(0, 23), "0411 0002000800b07400c9") << "type 32h, sub-type 1";
  burn_session();
}

TEST_F(Formatting, TellsTheProgressThatTheDriveReports) {
  insert("bd-re-25");
  ASSERT_TRUE(format({.thoroughness = plan::Thoroughness::kFull}));
  const auto parts = progress_of(Phase::kFormatting);
  ASSERT_GT(parts.size(), 10U);
  EXPECT_TRUE(std::ranges::is_sorted(parts));
}

}  // namespace
}  // namespace pregroove::burn
