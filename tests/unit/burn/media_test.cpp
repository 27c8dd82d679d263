// What a session sends to each kind of medium, command by command where the order matters.
//
// Authority: burning.md 4.1, 4.2 and 5; the bytes are those that xorriso 1.5.4 sends.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/burn/burner.h"
#include "engine/drive/inspection.h"
#include "simdrive/disc/disc.h"
#include "simdrive/drive/drive.h"
#include "simdrive/mechanics/virtual_clock.h"

namespace pregroove::burn {
namespace {

using testing::ElementsAre;

class ZeroSource final : public BlockSource {
 public:
  explicit ZeroSource(std::int64_t blocks) : blocks_(blocks), left_(blocks) {}
  [[nodiscard]] BlockCount size() const override { return {blocks_}; }
  [[nodiscard]] Result<std::size_t> read(std::span<std::byte> out) override {
    const auto count = std::min(left_, blocks_for_bytes(out.size()).value);
    left_ -= count;
    const auto bytes = static_cast<std::size_t>(BlockCount{count}.bytes());
    std::ranges::fill(out.first(bytes), std::byte{0x5A});
    return bytes;
  }

 private:
  std::int64_t blocks_;
  std::int64_t left_;
};

class Quiet final : public Observer {};

std::string hex(std::span<const std::byte> bytes) {
  std::string text;
  for (const std::byte byte : bytes) text += fmt::format("{:02x}", std::to_integer<int>(byte));
  return text;
}

// What shapes the session: write parameters, reservations, flushing and closing; of the WRITEs the
// first one and how many blocks there were in all.
struct Sent {
  std::vector<std::string> shaping;
  std::int64_t written = 0;
  int writes = 0;
  int writes_refused = 0;
};

class Session : public testing::Test {
 protected:
  void insert(const std::string& medium) {
    drive_.insert(simdrive::Disc::blank(*simdrive::find_medium(medium)));
  }
  Sent burn_session(std::int64_t blocks, plan::BurnRequest request = {}) {
    Sent sent;
    drive_.set_observer([&](const simdrive::CommandRecord& record) { note(record, sent); });
    drive::Drive drive(drive_, clock_);
    const auto disc = drive::inspect(drive);
    EXPECT_TRUE(disc) << describe(disc.error());
    request.image = {blocks};
    const auto plan = plan::make_burn_plan(*disc, request);
    EXPECT_TRUE(plan) << describe(plan.error());
    if (!plan) return sent;
    ZeroSource source(blocks);
    Quiet observer;
    const auto report = burn(drive, *plan, source, observer);
    EXPECT_TRUE(report) << describe(report.error());
    drive_.set_observer({});
    return sent;
  }
  Result<plan::BurnPlan> plan_for(std::int64_t blocks, plan::BurnRequest request) {
    drive::Drive drive(drive_, clock_);
    request.image = {blocks};
    return plan::make_burn_plan(*drive::inspect(drive), request);
  }
  void blank_minimally() {
    drive::Drive drive(drive_, clock_);
    ASSERT_TRUE(drive.blank(false));
  }
  simdrive::Disc* disc() { return drive_.disc(); }

 private:
  static void note(const simdrive::CommandRecord& record, Sent& sent) {
    if (record.completion.sense) {  // not taken
      if (record.cdb.front() == static_cast<std::byte>(scsi::Opcode::kWrite10))
        ++sent.writes_refused;
      return;
    }
    const auto opcode = static_cast<scsi::Opcode>(record.cdb.front());
    const auto* out = std::get_if<scsi::DataOut>(&record.data);
    switch (opcode) {
      case scsi::Opcode::kModeSelect10:
        // Up to the packet size; zeros follow.
        sent.shaping.push_back("05 " + hex(out->buffer.subspan(10, 12)));
        return;
      case scsi::Opcode::kSendOpcInformation:
        sent.shaping.push_back("54");
        return;
      case scsi::Opcode::kSendCueSheet:
      case scsi::Opcode::kSendDiscStructure:
        sent.shaping.push_back(hex(record.cdb.first(1)) + " " + hex(out->buffer));
        return;
      case scsi::Opcode::kReserveTrack:
        sent.shaping.push_back(hex(record.cdb));
        return;
      case scsi::Opcode::kSynchronizeCache:
      case scsi::Opcode::kCloseTrackSession:
        sent.shaping.push_back(hex(record.cdb.first(6)));
        return;
      case scsi::Opcode::kWrite10:
        ++sent.writes;
        if (sent.written == 0) sent.shaping.push_back(hex(record.cdb.first(6)));
        sent.written += blocks_for_bytes(out->buffer.size()).value;
        return;
      default:
        return;
    }
  }

  simdrive::VirtualClock clock_;
  simdrive::Drive drive_{clock_};
};

constexpr plan::BurnRequest kClosing{.afterwards = plan::Afterwards::kCloseDisc};

TEST_F(Session, OnDvdRIsIncrementalWithTheParametersThatXorrisoSends) {
  insert("dvd-r");
  const Sent first = burn_session(500);
  EXPECT_THAT(first.shaping, ElementsAre("05 60e508100000000000000010", "54", "2a0000000000",
                                         "350000000000", "5b0101000001", "5b0102000000"));
  EXPECT_EQ(first.written, 512) << "whole ECC blocks";
  EXPECT_THAT(burn_session(16).shaping,
              ElementsAre("05 60e508100000000000000010", "54", testing::StartsWith("2a00"),
                          "350000000000", "5b0101000002", "5b0102000000"));
}

TEST_F(Session, OnDvdRIsTheLastOneByTheWriteParameters) {
  insert("dvd-r");
  EXPECT_THAT(burn_session(500, kClosing).shaping,
              ElementsAre("05 602508100000000000000010", "54", "2a0000000000", "350000000000",
                          "5b0101000001", "5b0102000000"));
}

TEST_F(Session, OnDvdPlusRHasNoWriteParameters) {
  insert("dvd+r");
  const Sent first = burn_session(500);
  EXPECT_THAT(first.shaping,
              ElementsAre("54", "2a0000000000", "350000000000", "5b0101000001", "5b0102000000"));
  EXPECT_EQ(first.written, 512);
  EXPECT_THAT(burn_session(500, kClosing).shaping,
              ElementsAre("54", testing::StartsWith("2a00"), "350000000000", "5b0101000002",
                          "5b0106000000"));
}

TEST_F(Session, OnBdRIsWrittenInClustersAndFinalizedByItsFunction) {
  insert("bd-r-25");
  const Sent first = burn_session(500);
  EXPECT_THAT(first.shaping,
              ElementsAre("2a0000000000", "350000000000", "5b0101000001", "5b0102000000"));
  EXPECT_EQ(first.written, 512);
  EXPECT_THAT(burn_session(500, kClosing).shaping,
              ElementsAre("2a0000000200", "350000000000", "5b0101000002", "5b0106000000"));
}

// mmc.md 2.9: written as a DVD-R, piece by piece or at once; nothing follows.
TEST_F(Session, OnDvdRDlIsTheOnlyOne) {
  insert("dvd-r-dl");
  EXPECT_THAT(burn_session(500).shaping,
              ElementsAre("05 602508100000000000000010", "54", "2a0000000000", "350000000000",
                          "5b0101000001", "5b0102000000"));
  EXPECT_EQ(disc()->layout().status(), simdrive::DiscStatus::kComplete);
  insert("dvd-r-dl");
  plan::BurnRequest at_once = kClosing;
  at_once.write_type = medium::WriteType::kDiscAtOnce;
  EXPECT_THAT(burn_session(500, at_once).shaping,
              ElementsAre("05 420508000000000000000000", "54", "53000000000000020000",
                          "2a0000000000", "350000000000"));
  EXPECT_EQ(disc()->layout().status(), simdrive::DiscStatus::kComplete);
}

// The medium's own break stays where it is, and CLOSE SESSION leaves the disc open.
TEST_F(Session, OnDvdPlusRDlIsFollowedByOthers) {
  insert("dvd+r-dl");
  EXPECT_THAT(burn_session(500).shaping,
              ElementsAre("54", "2a0000000000", "350000000000", "5b0101000001", "5b0102000000"));
  EXPECT_EQ(disc()->layout().status(), simdrive::DiscStatus::kAppendable);
  EXPECT_THAT(burn_session(500).shaping,
              ElementsAre("54", testing::StartsWith("2a00"), "350000000000", "5b0101000002",
                          "5b0102000000"));
  EXPECT_THAT(burn_session(500, kClosing).shaping,
              ElementsAre("54", testing::StartsWith("2a00"), "350000000000", "5b0101000003",
                          "5b0106000000"));
  EXPECT_EQ(disc()->layout().status(), simdrive::DiscStatus::kComplete);
}

// Pioneer R11: with a layer break that somebody moved, session 126 is the last one and not 127.
// The drive closes the disc unasked, and nothing is wrong with it.
TEST_F(Session, OnDvdPlusRDlMayBeTheLastOneWithoutBeingAsked) {
  constexpr int kLast = 126;
  insert("dvd+r-dl");
  simdrive::Layout layout = disc()->layout();
  ASSERT_TRUE(layout.set_layer_boundary(BlockCount{1'600'000}));
  for (int session = 1; session < kLast; ++session) {
    layout.record_write(*layout.next_writable_address(), BlockCount{session == 1 ? 300'000 : 16},
                        {});
    ASSERT_TRUE(layout.finish_track(session));
    ASSERT_TRUE(layout.close({.function = simdrive::CloseFunction::kSession}, {}));
  }
  ASSERT_TRUE(disc()->commit(layout));
  EXPECT_THAT(burn_session(500).shaping, testing::Contains("5b0102000000"));
  EXPECT_EQ(disc()->layout().status(), simdrive::DiscStatus::kComplete);
  EXPECT_EQ(disc()->sessions().size(), std::size_t{kLast});
}

TEST_F(Session, OnCdIsWrittenTrackAtOnce) {
  insert("cd-r-80");
  const Sent first = burn_session(500);
  EXPECT_THAT(first.shaping, ElementsAre("05 41c408000000000000000000", "54", "2a0000000000",
                                         "350000000000", "5b0102000000"));
  EXPECT_EQ(first.written, 500);
}

// growisofs-dvd-r.cdb, wodim-cd-r-tao.cdb, cdrdao-cd-r-audio.cdb: one SEND OPC INFORMATION before
// the first WRITE. libburn has none, and none is of use where a disc is overwritten, or on a BD.
TEST_F(Session, BeginsWithACalibrationWhereItIsDue) {
  for (const std::string medium : {"cd-r-80", "cd-rw-80", "dvd-r", "dvd-rw", "dvd+r"}) {
    insert(medium);
    const Sent sent = burn_session(500);
    EXPECT_THAT(sent.shaping, testing::Contains("54").Times(1)) << medium;
    EXPECT_LT(std::ranges::find(sent.shaping, "54"),
              std::ranges::find_if(sent.shaping,
                                   [](const std::string& text) { return text.starts_with("2a"); }));
  }
  for (const std::string medium : {"dvd-ram", "dvd+rw", "bd-r-25", "bd-re-25"}) {
    insert(medium);
    const auto plan = plan_for(500, {});
    ASSERT_TRUE(plan) << describe(plan.error());
    EXPECT_TRUE(std::ranges::none_of(plan->steps, [](const plan::Step& step) {
      return std::holds_alternative<plan::CalibratePower>(step);
    })) << medium;
  }
}

// The last one of two layers is divided in halves of whole ECC blocks (growisofs_mmc.cpp).
TEST_F(Session, OnDvdPlusRDlIsDividedBetweenTheLayers) {
  insert("dvd+r-dl");
  EXPECT_THAT(burn_session(1000, kClosing).shaping,
              ElementsAre("54", "bf 000a00000000000000000200", "2a0000000000", "350000000000",
                          "5b0101000001", "5b0106000000"));
}

// A WRITE of 64 KiB takes a tenth of a second at 4x: with pauses that start short each time it
// would be sent a dozen times.
TEST_F(Session, SendsFewWritesInVainToASlowDisc) {
  insert("cd-r-80");
  const Sent sent = burn_session(6000, {.speed = plan::SpeedWish{4}});
  constexpr int kLearning = 40;
  EXPECT_GT(sent.writes_refused, 0) << "the buffer never was full";
  EXPECT_LE(sent.writes_refused, 2 * sent.writes + kLearning);
}

constexpr plan::BurnRequest kSessionAtOnce{.write_type = medium::WriteType::kSessionAtOnce};

// xorriso-cd-r.cdb, lines 42 to 97 of the full log: the same length, the same commands. Two of the
// blocks are ours, since xorriso has padding of its own.
TEST_F(Session, OnCdAtOnceIsAnnouncedAsXorrisoDoes) {
  insert("cd-r-80");
  const Sent first = burn_session(621, kSessionAtOnce);
  EXPECT_THAT(first.shaping, ElementsAre("05 42c000000000000000000000", "54",
                                         "5d 4100001400000000410100100000000041010110000002004"
                                         "1aa011400000a17",
                                         "2a00ffffff6a", "350000000000"));
  EXPECT_EQ(first.written, 150 + 623);
  EXPECT_EQ(disc()->layout().status(), simdrive::DiscStatus::kAppendable);
  EXPECT_EQ(disc()->layout().tracks().front().run_out(), BlockCount{0});
}

TEST_F(Session, OnCdAtOnceCanBeTheLastOne) {
  insert("cd-r-80");
  plan::BurnRequest request = kSessionAtOnce;
  request.afterwards = plan::Afterwards::kCloseDisc;
  EXPECT_EQ(burn_session(621, request).shaping.front(), "05 420000000000000000000000");
  EXPECT_EQ(disc()->layout().status(), simdrive::DiscStatus::kComplete);
}

// MMC-6: a CD track has at least four seconds; track at once leaves padding to the drive.
TEST_F(Session, OnCdAtOnceIsPaddedToTheShortestTrack) {
  insert("cd-r-80");
  EXPECT_EQ(burn_session(16, kSessionAtOnce).written, 150 + 300);
}

TEST_F(Session, OnCdAtOnceIsFollowedByOneTrackAtOnce) {
  insert("cd-r-80");
  burn_session(621, kSessionAtOnce);
  // 11,400 blocks behind the lead-out at 623.
  EXPECT_EQ(burn_session(500).shaping[2], "2a0000002ef7");
  EXPECT_EQ(disc()->sessions().size(), 2U);
}

TEST_F(Session, OnDvdRAtOnceIsReservedAndClosesTheDisc) {
  insert("dvd-r");
  plan::BurnRequest request = kClosing;
  request.write_type = medium::WriteType::kDiscAtOnce;
  const Sent only = burn_session(500, request);
  EXPECT_THAT(only.shaping, ElementsAre("05 420508000000000000000000", "54", "53000000000000020000",
                                        "2a0000000000", "350000000000"));
  EXPECT_EQ(only.written, 512);
  EXPECT_EQ(disc()->layout().status(), simdrive::DiscStatus::kComplete);
}

TEST_F(Session, OnADvdRwThatWasBlankedInAHurryIsAtOnceOrRefused) {
  insert("dvd-rw");
  burn_session(500);
  blank_minimally();
  const auto refused = plan_for(500, {});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("blanked in a hurry"));
  EXPECT_THAT(refused.error().advice, testing::HasSubstr("--close"));
  EXPECT_EQ(burn_session(500, kClosing).shaping.front(), "05 420508000000000000000000");
  EXPECT_EQ(disc()->layout().status(), simdrive::DiscStatus::kComplete);
}

// A quick format (type 15h) leaves it; what is written then must start at LBA 0 (burning.md 5).
TEST_F(Session, OnADvdRwInItsIntermediateStateIsRefused) {
  insert("dvd-rw");
  simdrive::Layout layout = disc()->layout();
  ASSERT_TRUE(layout.format({.type = 0x15, .parameter = 16}));
  ASSERT_TRUE(disc()->commit(layout));
  const auto refused = plan_for(500, {});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("intermediate state"));
}

TEST_F(Session, IsTestedWithoutATraceWhereTheMediumCan) {
  using medium::WriteType;
  for (const auto& [medium, type] : {std::pair{"cd-r-80", WriteType::kTrackAtOnce},
                                     {"cd-r-80", WriteType::kSessionAtOnce},
                                     {"cd-rw-80", WriteType::kSessionAtOnce},
                                     {"dvd-r", WriteType::kIncremental},
                                     {"dvd-r", WriteType::kDiscAtOnce},
                                     {"dvd-rw", WriteType::kDiscAtOnce}}) {
    insert(medium);
    const Sent sent = burn_session(
        500, {.afterwards = plan::Afterwards::kCloseDisc, .write_type = type, .test_write = true});
    EXPECT_THAT(sent.shaping, testing::Contains(testing::StartsWith("2a"))) << medium;
    EXPECT_EQ(disc()->layout().status(), simdrive::DiscStatus::kBlank) << medium;
    EXPECT_TRUE(disc()->layout().tracks().empty()) << medium;
  }
}

}  // namespace
}  // namespace pregroove::burn
