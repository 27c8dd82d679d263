// Replies that fit into a few lines: INQUIRY, events, capacity, buffer.
#include <gtest/gtest.h>

#include "engine/mmc/buffer.h"
#include "engine/mmc/capacity.h"
#include "engine/mmc/events.h"
#include "engine/mmc/inquiry.h"
#include "engine/mmc/reply.h"
#include "tests/support/golden.h"

namespace pregroove::mmc {
namespace {

testing_support::Bytes reply(const std::string& family, const std::string& section) {
  return testing_support::golden("mmc/reply-" + family + "-engine.golden", section);
}

TEST(InquiryReply, NamesTheDrive) {
  const auto data = decode_inquiry(reply("inquiry", "recorder"));
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(*data, (InquiryData{.device_type = 5,
                                .removable = true,
                                .vendor = "EXAMPLE",
                                .product = "RECORDER",
                                .revision = "1.02"}));
  EXPECT_TRUE(data->is_multi_media());
}

TEST(InquiryReply, HoldsPrintableTextOnly) {
  const auto data = decode_inquiry(reply("inquiry", "unprintable"));
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(data->vendor, "A? B");
}

TEST(InquiryReply, OfAUnitThatIsNotThereIsRefused) {
  EXPECT_FALSE(decode_inquiry(reply("inquiry", "not-connected")).has_value());
}

TEST(MediaEventReply, TellsWhatHappenedAndWhatIsThere) {
  const std::vector<std::pair<std::string, MediaEvent>> rows = {
      {"new-media", {MediaEventCode::kNewMedia, true, false}},
      {"eject-request", {MediaEventCode::kEjectRequest, true, false}},
      {"tray-open", {MediaEventCode::kNoChange, false, true}}};
  for (const auto& [section, expected] : rows) {
    const auto event = decode_media_event(reply("events", section));
    ASSERT_TRUE(event.has_value()) << section;
    EXPECT_EQ(*event, expected) << section;
  }
}

TEST(MediaEventReply, AboutSomethingElseIsNoEvent) {
  for (const auto* section : {"no-event-available", "operational-change"}) {
    const auto event = decode_media_event(reply("events", section));
    ASSERT_TRUE(event.has_value()) << section;
    EXPECT_EQ(*event, std::nullopt) << section;
  }
}

TEST(MediaEventReply, WithAReservedCodeIsRefused) {
  EXPECT_FALSE(decode_media_event(reply("events", "reserved-code")).has_value());
}

TEST(CapacityReply, IsTheLastBlockThatCanBeRead) {
  EXPECT_EQ(decode_capacity(reply("capacity", "cd-625-blocks")).value(),
            (Capacity{.last_lba = Lba{624}, .block_length = 2048}));
  EXPECT_EQ(decode_capacity(reply("capacity", "dvd-plus-rw")).value().last_lba, Lba{2295103});
  EXPECT_EQ(decode_capacity(reply("capacity", "blank")).value().last_lba, Lba{0});
}

TEST(CapacityReply, ThatCannotBeIsRefused) {
  for (const auto* section : {"no-block-length", "no-address"}) {
    const auto capacity = decode_capacity(reply("capacity", section));
    ASSERT_FALSE(capacity.has_value()) << section;
    EXPECT_EQ(capacity.error().code, ErrorCode::kProtocol);
  }
}

TEST(BufferCapacityReply, IsInBytes) {
  EXPECT_EQ(decode_buffer_capacity(reply("buffer", "pioneer-cd-empty")).value(),
            (BufferCapacity{.total = 0x131800, .available = 0x131800}));
  EXPECT_EQ(decode_buffer_capacity(reply("buffer", "pioneer-cd-half-full")).value(),
            (BufferCapacity{.total = 0x131800, .available = 0x98C00}));
}

TEST(BufferCapacityReply, WithMoreFreeThanThereIsIsRefused) {
  for (const auto* section : {"more-free-than-there-is", "in-blocks"}) {
    const auto capacity = decode_buffer_capacity(reply("buffer", section));
    ASSERT_FALSE(capacity.has_value()) << section;
    EXPECT_EQ(capacity.error().code, ErrorCode::kProtocol);
  }
}

TEST(AnnouncedSize, CountsTheLengthFieldItself) {
  EXPECT_EQ(announced_size16(testing_support::hex("00 20 FF")), 34U);
  EXPECT_EQ(announced_size16(testing_support::hex("00")), std::nullopt);
  EXPECT_EQ(announced_size32(testing_support::hex("00 01 00 00")), 65540U);
  EXPECT_EQ(announced_size32(testing_support::hex("00 01 00")), std::nullopt);
}

TEST(AnnouncedPart, IsTheSmallerOfAnnouncedAndArrived) {
  EXPECT_EQ(announced_part16(testing_support::hex("00 02 AA BB CC")).size(), 4U);
  EXPECT_EQ(announced_part16(testing_support::hex("FF FF AA BB CC")).size(), 5U);
  EXPECT_TRUE(announced_part16(testing_support::hex("00")).empty());
}

}  // namespace
}  // namespace pregroove::mmc
