// A client of the remote SCSI protocol at a drive.
#include "simdrive/hosts/rscsi/conversation.h"

#include <cerrno>

#include "tests/unit/simdrive_hosts/bench.h"

namespace simdrive::hosts::rscsi {
namespace {

using namespace std::string_literals;

const std::string kOpen = "O0,0,0\n";
const std::string kTestUnitReady = "S0\n0\n6\n18\n40\n\0\0\0\0\0\0"s;
const std::string kInquiry = "S36\n1\n6\n18\n40\n\x12\0\0\0\x24\0"s;
// What opens a reply to a command that the drive carried out.
const std::string kGood = "A0\n0\n0\n0\n0\n";

class RscsiConversation : public ServedDriveBench {
 protected:
  void SetUp() override {
    ServedDriveBench::SetUp();
    conversation_ = std::make_unique<Conversation>(drive());
  }
  std::string say(const std::string& bytes) {
    return conversation_->receive(std::as_bytes(std::span(bytes)));
  }
  std::string say_after_open(const std::string& bytes) {
    const std::string opened = say(kOpen);
    return say(bytes);
  }
  static std::string error(int number) { return "E" + std::to_string(number) + "\n"; }
  [[nodiscard]] bool broken() const { return conversation_->broken(); }

 private:
  std::unique_ptr<Conversation> conversation_;
};

TEST_F(RscsiConversation, FindsOneDriveOnOneBus) {
  EXPECT_EQ(say(kOpen), "A1\n0\n0\n0\n0\n");
  EXPECT_EQ(say("B0\n0\n"), "A1\n");
  EXPECT_EQ(say("B1\n0\n"), "A0\n");
  EXPECT_EQ(say("T0\n0\n0\n0\n"), "A0\n");
  EXPECT_EQ(say("A\n"), "A1\n");
  EXPECT_EQ(say("I\n"), "A7\n");
  EXPECT_TRUE(say("T0\n0\n1\n0\n").starts_with(error(ENXIO)));
  EXPECT_TRUE(say(kTestUnitReady).starts_with(error(ENXIO)))
      << "sent to a target that is not there";
}

TEST_F(RscsiConversation, TellsTheVersionBeforeTheDriveIsOpenAndNothingElse) {
  EXPECT_TRUE(say("V0\n").starts_with("A"));
  for (const std::string& early : {"C\n"s, "D1\n"s, "M1\n"s, "F\n"s, "B0\n0\n"s, "T0\n0\n0\n0\n"s,
                                   "I\n"s, "A\n"s, "R0\n"s, kTestUnitReady, kInquiry})
    EXPECT_TRUE(say(early).starts_with(error(EBADF))) << early;
  EXPECT_FALSE(broken());
}

TEST_F(RscsiConversation, LendsNoBufferBeyondItsLimit) {
  EXPECT_EQ(say_after_open("M65536\n"), "A65536\n");
  EXPECT_TRUE(say("M16777217\n").starts_with(error(ENOMEM)));
  EXPECT_TRUE(say("M-1\n").starts_with(error(ENOMEM)));
  EXPECT_EQ(say("D32768\n"), "A32768\n");
  EXPECT_EQ(say("D2147483647\n"), "A65536\n");
}

TEST_F(RscsiConversation, CarriesDataFromTheDrive) {
  const std::string reply = say_after_open(kInquiry);
  const std::string head = "A36\n0\n0\n0\n0\n";
  ASSERT_TRUE(reply.starts_with(head));
  const std::string data = reply.substr(head.size());
  ASSERT_EQ(data.size(), 36U);
  EXPECT_EQ(data[0], '\x05') << "a CD or DVD device (SPC-4, peripheral device type)";
  EXPECT_EQ(data.substr(8, 8), "PREGROOV");
}

TEST_F(RscsiConversation, CarriesSenseAsLongAsTheClientHasRoom) {
  const std::string asks_for = say_after_open("");
  const std::string whole = say(kTestUnitReady);
  const std::string head = "A0\n1\n5\n2\n18\n";
  ASSERT_TRUE(whole.starts_with(head)) << whole;
  ASSERT_EQ(whole.size(), head.size() + 18);
  EXPECT_EQ(whole.substr(head.size(), 3), "\x70\0\x06"s) << "unit attention, the drive is new";
  say("S0\n0\n6\n18\n40\n\0\0\0\0\0\0"s);
  drive().eject();
  const std::string cut = say("S0\n0\n6\n4\n40\n\0\0\0\0\0\0"s);
  EXPECT_TRUE(cut.starts_with("A0\n1\n5\n2\n4\n")) << cut;
  EXPECT_TRUE(say("S0\n0\n6\n-1\n40\n\0\0\0\0\0\0"s).starts_with("A0\n1\n5\n2\n0\n"));
}

TEST_F(RscsiConversation, SaysThatADriveWithoutPowerDoesNotAnswer) {
  const std::string opened = say(kOpen);
  drive().cut_power();
  EXPECT_EQ(say(kTestUnitReady), "A0\n2\n6\n0\n0\n");
}

TEST_F(RscsiConversation, IsTheSameInWhateverPiecesItsBytesCome) {
  const std::string whole = kOpen + kInquiry + "D0\n" + kInquiry + "C\n";
  const std::string expected = say(whole);
  std::string replies;
  for (const char byte : whole) replies += say(std::string(1, byte));
  EXPECT_EQ(replies, expected);
}

TEST_F(RscsiConversation, EndsAtWhatItCannotUnderstand) {
  const std::string replies = say(kOpen + "S-1\n0\n6\n18\n40\n" + kInquiry);
  EXPECT_TRUE(broken());
  EXPECT_EQ(replies.find("PREGROOV"), std::string::npos) << "read on behind a broken request";
  EXPECT_TRUE(say(kInquiry).empty());
}

// All clients of this protocol are one host, whose unit attention is gone when one has seen it;
// another host still has its own.
TEST_F(RscsiConversation, HasUnitAttentionsOfItsOwnBesidesOtherHosts) {
  const auto other = drive().host("other");
  be_ready(other);
  const std::string opened = say(kOpen);
  EXPECT_TRUE(say(kTestUnitReady).starts_with("A0\n1\n5\n2\n")) << "the drive is new to it";
  EXPECT_EQ(say(kTestUnitReady), kGood);
  Conversation second(drive());
  EXPECT_FALSE(second.receive(std::as_bytes(std::span(kOpen))).empty());
  EXPECT_EQ(second.receive(std::as_bytes(std::span(kTestUnitReady))), kGood);
  EXPECT_EQ(test_unit_ready(other), 0);
  drive().eject();
  drive().close_tray();
  EXPECT_EQ(test_unit_ready(other), 0x62800);
  EXPECT_TRUE(say(kTestUnitReady).starts_with("A0\n1\n5\n2\n"))
      << "the change was told to one only";
}

}  // namespace
}  // namespace simdrive::hosts::rscsi
