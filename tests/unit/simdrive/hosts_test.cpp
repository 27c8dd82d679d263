// Several hosts on one drive, its tray, its button and its power.
#include "tests/unit/simdrive/bench_drive.h"

namespace simdrive {
namespace {

using pregroove::SenseCode;
using pregroove::scsi::DataIn;
using pregroove::scsi::DataOut;
using testing_support::Answer;
using testing_support::BenchDrive;
using testing_support::Bytes;
using testing_support::pattern;

constexpr SenseCode kGood{};
constexpr SenseCode kPoweredOn{6, 0x29, 0x00};
constexpr SenseCode kMediumChanged{6, 0x28, 0x00};
constexpr SenseCode kParametersChanged{6, 0x2A, 0x01};
constexpr SenseCode kRemovalPrevented{5, 0x53, 0x02};
constexpr auto kTestUnitReady = "00 00 00 00 00 00";
constexpr auto kEject = "1B 00 00 00 02 00";
constexpr auto kLoad = "1B 00 00 00 03 00";

// The four bytes of an event behind its header.
std::uint32_t event(BenchDrive& bench, pregroove::scsi::Transport& host, unsigned event_class) {
  Bytes cdb = pregroove::testing_support::hex("4A 01 00 00 00 00 00 00 08 00");
  cdb[4] = static_cast<std::byte>(1U << event_class);
  Bytes buffer(8);
  const auto done = host.execute({.cdb = cdb, .data = DataIn{buffer}});
  EXPECT_TRUE(done.has_value() && !done->sense);
  Answer answer;
  answer.data = buffer;
  EXPECT_EQ(answer.number(2, 1), event_class);
  (void)bench;
  return answer.number(4, 4);
}
std::uint32_t event(BenchDrive& bench, unsigned event_class) {
  return event(bench, bench.drive(), event_class);
}

TEST(Hosts, EachIsToldOfPowerOnAndOfAChangedMedium) {
  BenchDrive bench;
  const auto other = bench.drive().connect_initiator();
  EXPECT_EQ(bench.execute_for(*other, kTestUnitReady).sense, kPoweredOn);
  EXPECT_EQ(bench.execute_for(*other, kTestUnitReady).sense, kGood);
  bench.drive().insert(Disc::blank(*find_medium("cd-r-80")));
  bench.wait();
  EXPECT_EQ(bench.send(kTestUnitReady).sense, kMediumChanged);
  EXPECT_EQ(bench.send(kTestUnitReady).sense, kGood);
  EXPECT_EQ(bench.execute_for(*other, kTestUnitReady).sense, kMediumChanged);
  EXPECT_EQ(bench.execute_for(*other, kTestUnitReady).sense, kGood);
}

TEST(Hosts, OthersAreToldOfChangedModeParameters) {
  BenchDrive bench;
  const auto other = bench.drive().connect_initiator();
  (void)bench.execute_for(*other, kTestUnitReady);
  ASSERT_NO_FATAL_FAILURE(bench.select_multi_session());
  EXPECT_EQ(bench.execute_for(*other, kTestUnitReady).sense, kParametersChanged);
  EXPECT_EQ(bench.execute_for(*other, kTestUnitReady).sense, kGood);
  EXPECT_EQ(bench.send(kTestUnitReady).sense, kGood);
  // The same values once more change nothing.
  ASSERT_NO_FATAL_FAILURE(bench.select_multi_session());
  EXPECT_EQ(bench.execute_for(*other, kTestUnitReady).sense, kGood);
}

TEST(Hosts, LockOfOneHoldsAgainstAll) {
  BenchDrive bench;
  const auto other = bench.drive().connect_initiator();
  (void)bench.execute_for(*other, kTestUnitReady);
  ASSERT_TRUE(bench.execute_for(*other, "1E 00 00 00 01 00").good());
  EXPECT_EQ(bench.send(kEject).sense, kRemovalPrevented);
  ASSERT_TRUE(bench.send("1E 00 00 00 00 00").good());  // one host cannot undo another's lock
  EXPECT_EQ(bench.send(kEject).sense, kRemovalPrevented);
  ASSERT_TRUE(bench.execute_for(*other, "1E 00 00 00 00 00").good());
  EXPECT_EQ(bench.send(kEject).sense, kGood);
}

TEST(Hosts, EventsAreToldToEach) {
  BenchDrive bench;
  const auto other = bench.drive().connect_initiator();
  bench.drive().open_tray();
  EXPECT_EQ(event(bench, 4), 0x03010000U);
  EXPECT_EQ(event(bench, 4), 0x00010000U);
  EXPECT_EQ(event(bench, *other, 4), 0x03010000U);
  EXPECT_EQ(event(bench, *other, 4), 0x00010000U);
}

TEST(Tray, ButtonOpensAndCloses) {
  BenchDrive bench;
  bench.drive().press_eject_button();
  EXPECT_EQ(bench.send(kTestUnitReady).sense, (SenseCode{2, 0x3A, 0x02}));
  bench.drive().press_eject_button();
  EXPECT_EQ(bench.send(kTestUnitReady).sense, kMediumChanged);
  bench.wait();
  EXPECT_EQ(bench.send(kTestUnitReady).sense, kGood);
}

TEST(Tray, ButtonOfALockedDriveBecomesAnEvent) {
  BenchDrive bench;
  (void)event(bench, 4);
  ASSERT_TRUE(bench.send("1E 00 00 00 01 00").good());
  bench.drive().press_eject_button();
  EXPECT_EQ(bench.send(kTestUnitReady).sense, kGood);
  EXPECT_EQ(event(bench, 4), 0x01020000U);  // eject request, medium present
  EXPECT_EQ(event(bench, 4), 0x00020000U);
  EXPECT_EQ(event(bench, 3) >> 24U, 1U);  // the key
  EXPECT_EQ(event(bench, 3) >> 24U, 0U);
}

TEST(Tray, PersistentLockStopsTheButtonButNotTheCommand) {
  BenchDrive bench;
  (void)event(bench, 4);
  ASSERT_TRUE(bench.send("1E 00 00 00 03 00").good());
  bench.drive().press_eject_button();
  EXPECT_EQ(event(bench, 4), 0x01020000U);
  EXPECT_EQ(event(bench, 3), 0x01800000U);
  EXPECT_EQ(bench.send(kEject).sense, kGood);
  // It outlives the change of the disc, unlike the plain lock.
  ASSERT_TRUE(bench.send(kLoad).good());
  bench.drive().press_eject_button();
  bench.settle();
  EXPECT_EQ(bench.send(kTestUnitReady).sense, kGood);
  ASSERT_TRUE(bench.send("1E 00 00 00 02 00").good());
  bench.drive().press_eject_button();
  EXPECT_EQ(bench.send(kTestUnitReady).sense, (SenseCode{2, 0x3A, 0x02}));
}

TEST(Tray, ButtonDoesNotInterruptRecording) {
  BenchDrive bench;
  ASSERT_TRUE(bench.write(0, pattern(0, 32)).good());
  bench.drive().press_eject_button();
  EXPECT_EQ(bench.send(kTestUnitReady).sense, kGood);
  EXPECT_EQ(event(bench, 4), 0x01020000U);
}

TEST(Power, LossForgetsWhatAHostSetAndKeepsTheDisc) {
  BenchDrive bench;
  constexpr auto kCurrentPage = "5A 00 05 00 00 00 00 00 3C 00";
  const Bytes defaults = bench.receive(kCurrentPage, 60).data;
  ASSERT_NO_FATAL_FAILURE(bench.write_blocks(0, 40));
  ASSERT_NO_FATAL_FAILURE(bench.select_multi_session());
  ASSERT_TRUE(bench.send("1E 00 00 00 01 00").good());
  bench.drive().cut_power();
  const auto cdb = pregroove::testing_support::hex(kTestUnitReady);
  EXPECT_FALSE(bench.drive().execute({.cdb = cdb}).has_value());
  bench.drive().switch_on();
  EXPECT_EQ(bench.send(kTestUnitReady).sense, kPoweredOn);
  EXPECT_EQ(bench.send(kTestUnitReady).sense, (SenseCode{2, 0x04, 0x01}));
  bench.wait();
  EXPECT_EQ(bench.send(kTestUnitReady).sense, kGood);
  EXPECT_EQ(bench.receive(kCurrentPage, 60).data, defaults);
  EXPECT_EQ(bench.next_writable(), 40);
  EXPECT_TRUE(bench.disc().check_invariants().has_value());
  EXPECT_EQ(bench.send(kEject).sense, kGood);
}

TEST(Power, LossEndsATestWrite) {
  BenchDrive bench;
  ASSERT_TRUE(bench.select_page_5(0x51, 0xC4, 0x08).good());
  ASSERT_NO_FATAL_FAILURE(bench.write_blocks(0, 40));
  bench.drive().cut_power();
  bench.drive().switch_on();
  bench.settle();
  EXPECT_EQ(bench.next_writable(), 0);
  EXPECT_TRUE(bench.write(0, pattern(0)).good());
}

TEST(Power, ConditionIsReportedByItsEventClass) {
  BenchDrive bench;
  EXPECT_EQ(event(bench, 2), 0x00010000U);              // active
  ASSERT_TRUE(bench.send("1B 00 00 00 30 00").good());  // standby
  EXPECT_EQ(event(bench, 2), 0x01030000U);
  EXPECT_EQ(event(bench, 2), 0x00030000U);
  ASSERT_TRUE(bench.send(kTestUnitReady).good());  // a command for the disc wakes it
  EXPECT_EQ(event(bench, 2), 0x01010000U);
  EXPECT_EQ(bench.send("1B 00 00 00 40 00").sense, (SenseCode{5, 0x24, 0x00}));
}

TEST(Events, DriveThatIsBusySaysForHowLong) {
  BenchDrive bench("cd-rw-80");
  EXPECT_EQ(event(bench, 6), 0U);
  ASSERT_TRUE(bench.send("A1 10 00 00 00 00 00 00 00 00 00 00").good());
  const std::uint32_t busy = event(bench, 6);
  EXPECT_EQ(busy >> 16U, 0x0101U);
  EXPECT_GT(busy & 0xFFFFU, 10U);  // more than a second
  bench.wait();
  EXPECT_EQ(event(bench, 6), 0x01000000U);
  EXPECT_EQ(event(bench, 6), 0U);
}

TEST(Events, LowestClassWithNewsComesFirst) {
  BenchDrive bench;
  const auto reported = [&] {
    return bench.receive("4A 01 00 00 FF 00 00 00 08 00", 8).number(2, 1);
  };
  EXPECT_EQ(reported(), 1U);  // the profile changed
  EXPECT_EQ(reported(), 4U);  // a new disc
  EXPECT_EQ(reported(), 1U);  // nothing
}

TEST(Events, HostThatPlaysTheKeyIsHeard) {
  BenchDrive bench;
  const Bytes list = pregroove::testing_support::hex("00 06 03 00 01 00 00 00");
  ASSERT_TRUE(bench.send_data("A2 00 00 00 00 00 00 00 00 08 00 00", list).good());
  EXPECT_EQ(event(bench, 3) >> 24U, 1U);
}

}  // namespace
}  // namespace simdrive
