// The remote SCSI protocol as bytes. The requests are spelled as wodim 1.1.11 sends them.
#include "simdrive/hosts/rscsi/protocol.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace simdrive::hosts::rscsi {
namespace {

using namespace std::string_literals;

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

// INQUIRY for 36 bytes; TEST UNIT READY; MODE SELECT (10) with 8 bytes for the drive.
const std::string kInquiry = "S36\n1\n6\n18\n40\n\x12\0\0\0\x24\0"s;
const std::string kTestUnitReady = "S0\n0\n6\n18\n40\n\0\0\0\0\0\0"s;
const std::string kModeSelect =
    "S8\n2\n10\n18\n40\n\x55\x10\0\0\0\0\0\0\x08\0"s + "\n\n\n\n\n\n\n\n"s;

struct Golden {
  std::string bytes;
  Letter letter;
  std::array<std::int64_t, 5> numbers{};
  std::string name;
};
const std::vector<Golden> kRequests{
    {"V0\n", Letter::kVersion, {0}},
    {"O0,0,0\n", Letter::kOpen, {}, "0,0,0"},
    {"O\n", Letter::kOpen},
    {"C\n", Letter::kClose},
    {"D131072\n", Letter::kMaxTransfer, {131072}},
    {"M64512\n", Letter::kGetBuffer, {64512}},
    {"F\n", Letter::kFreeBuffer},
    {"B3\n0\n", Letter::kHasBus, {3, 0}},
    {"T0\n0\n5\n1\n", Letter::kSelectTarget, {0, 0, 5, 1}},
    {"T-1\n0\n-1\n-1\n", Letter::kSelectTarget, {-1, 0, -1, -1}},
    {"I\n", Letter::kInitiatorId},
    {"A\n", Letter::kIsAtapi},
    {"R2\n", Letter::kReset, {2}},
    {kTestUnitReady, Letter::kSendCommand, {0, 0, 6, 18, 40}},
    {kInquiry, Letter::kSendCommand, {36, 1, 6, 18, 40}},
    {kModeSelect, Letter::kSendCommand, {8, 2, 10, 18, 40}},
    // As the protocol's description allows it.
    {"S0\n0\n6\n18\n10.25\n\0\0\0\0\0\0"s, Letter::kSendCommand, {0, 0, 6, 18, 10}},
};

TEST(RscsiRequest, IsUnderstoodToItsEnd) {
  for (const Golden& golden : kRequests) {
    const std::string stream = golden.bytes + "V0\n";
    const Parsed parsed = parse(bytes_of(stream));
    ASSERT_TRUE(std::holds_alternative<Request>(parsed)) << golden.bytes;
    const auto& request = std::get<Request>(parsed);
    EXPECT_EQ(request.letter, golden.letter) << golden.bytes;
    EXPECT_EQ(request.numbers, golden.numbers) << golden.bytes;
    EXPECT_EQ(request.name, golden.name) << golden.bytes;
    EXPECT_EQ(request.size, golden.bytes.size()) << golden.bytes;
  }
}

TEST(RscsiRequest, IsIncompleteUntilItsLastByte) {
  for (const Golden& golden : kRequests) {
    for (std::size_t length = 0; length < golden.bytes.size(); ++length)
      EXPECT_TRUE(std::holds_alternative<Incomplete>(parse(bytes_of(golden.bytes).first(length))))
          << golden.bytes << " cut to " << length;
  }
}

TEST(RscsiRequest, BringsTheCdbAndTheDataForTheDrive) {
  const auto inquiry = std::get<Request>(parse(bytes_of(kInquiry)));
  EXPECT_TRUE(inquiry.reads());
  EXPECT_TRUE(std::ranges::equal(inquiry.cdb, bytes_of("\x12\0\0\0\x24\0"s)));
  EXPECT_TRUE(inquiry.data_out.empty());
  const auto select = std::get<Request>(parse(bytes_of(kModeSelect)));
  EXPECT_FALSE(select.reads());
  EXPECT_EQ(select.cdb.size(), 10U);
  EXPECT_TRUE(std::ranges::equal(select.data_out, bytes_of("\n\n\n\n\n\n\n\n"s)));
}

TEST(RscsiRequest, ThatMakesNoSenseIsNeverWaitedFor) {
  const std::string lines = "1\n6\n18\n40\n";
  const std::string too_long(kMaxLine + 1, '1');
  for (const std::string& wrong : {"X\n"s,
                                   "\n"s,
                                   "\0"s,
                                   "\xFF"s,
                                   "v0\n"s,
                                   " V0\n"s,  // letters
                                   "V\n"s,
                                   "Vx\n"s,
                                   "V0x\n"s,
                                   "V 0\n"s,
                                   "V+0\n"s,
                                   "V--1\n"s,
                                   "D1e3\n"s,  // numbers
                                   "V99999999999999999999\n"s,
                                   "D2147483648\n"s,
                                   "D-2147483649\n"s,
                                   "V" + too_long,
                                   "O" + too_long,
                                   "T0\n0\n" + too_long,  // lines
                                   "S-1\n" + lines,
                                   "S16777217\n" + lines,
                                   "S2147483647\n" + lines,  // sizes
                                   "S0\n0\n0\n18\n40\n"s,
                                   "S0\n0\n-6\n18\n40\n"s,
                                   "S0\n0\n25\n18\n40\n"s,
                                   "S\n\n\n\n\n"s,
                                   "S0\n0\n6\n18\nsoon\n"s}) {
    EXPECT_TRUE(std::holds_alternative<Malformed>(parse(bytes_of(wrong)))) << wrong;
  }
}

TEST(RscsiRequest, MayBeAnyBytes) {
  std::mt19937 random(1994);
  const std::string alphabet = "VOCDMFBTIARS0123456789-.\n\n\n\0\xFF"s;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random() % 60, ' ');
    for (char& byte : bytes) byte = alphabet[random() % alphabet.size()];
    const Parsed parsed = parse(bytes_of(bytes));
    const auto* request = std::get_if<Request>(&parsed);
    if (request == nullptr) continue;
    EXPECT_LE(request->size, bytes.size());
    EXPECT_GT(request->size, 0U);
  }
}

TEST(RscsiReply, IsSpelledAsTheClientReadsIt) {
  EXPECT_EQ(number_reply(0), "A0\n");
  EXPECT_EQ(number_reply(-1), "A-1\n");
  EXPECT_EQ(text_reply("1.0"), "A4\n1.0\0"s);
  EXPECT_EQ(open_reply(), "A1\n0\n0\n0\n0\n");
  EXPECT_TRUE(error_reply(22).starts_with("E22\n"));
  EXPECT_TRUE(error_reply(22).ends_with("\n0\n"));
  const std::array<std::byte, 2> sense{std::byte{0x70}, std::byte{0}};
  EXPECT_EQ(command_reply({.moved = 36}), "A36\n0\n0\n0\n0\n");
  EXPECT_EQ(
      command_reply(
          {.error = CommandError::kRetryable, .error_number = 5, .status = 2, .sense = sense}),
      "A0\n1\n5\n2\n2\n\x70\0"s);
}

}  // namespace
}  // namespace simdrive::hosts::rscsi
