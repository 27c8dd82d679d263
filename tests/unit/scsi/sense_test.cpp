#include "engine/scsi/sense.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "engine/scsi/transport.h"

namespace pregroove::scsi {
namespace {

std::vector<std::byte> bytes(std::initializer_list<int> values) {
  std::vector<std::byte> result;
  for (const int value : values) result.push_back(static_cast<std::byte>(value));
  return result;
}

// Layout: SPC-4 table "fixed format sense data".
TEST(DecodeSense, ReadsFixedFormatWithInformation) {
  const auto sense = decode_sense(
      bytes({0xF0, 0, 0x03, 0x00, 0x01, 0x02, 0x03, 10, 0, 0, 0, 0, 0x0C, 0x00, 0, 0, 0, 0}));
  ASSERT_TRUE(sense.has_value());
  EXPECT_EQ(sense->code, (SenseCode{3, 0x0C, 0x00}));
  EXPECT_EQ(sense->information, Lba{0x00010203});
  EXPECT_FALSE(sense->deferred);
  EXPECT_FALSE(sense->progress.has_value());
}

TEST(DecodeSense, MarksDeferredErrors) {
  EXPECT_TRUE(decode_sense(bytes({0x71, 0, 3, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x0C, 0}))->deferred);
  EXPECT_TRUE(decode_sense(bytes({0x73, 3, 0x0C, 0, 0, 0, 0, 0}))->deferred);
}

TEST(DecodeSense, ReadsProgressOnlyFromKeysThatCarryIt) {
  const auto busy = decode_sense(
      bytes({0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x04, 0x07, 0, 0x80, 0x40, 0x00}));
  EXPECT_EQ(busy->progress, 0x4000);
  const auto field_pointer = decode_sense(
      bytes({0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x24, 0x00, 0, 0xC0, 0x00, 0x02}));
  EXPECT_FALSE(field_pointer->progress.has_value());
}

// SPC-4 "descriptor format sense data" with an information descriptor and a sense-key-specific one.
TEST(DecodeSense, ReadsDescriptorFormat) {
  const auto sense =
      decode_sense(bytes({0x72, 0x02, 0x04, 0x08, 0,    0,    0,    20,                    //
                          0x00, 0x0A, 0x80, 0,    0,    0,    0,    0,  0, 0, 0x12, 0x34,  //
                          0x02, 0x06, 0,    0,    0x80, 0x10, 0x00, 0}));
  ASSERT_TRUE(sense.has_value());
  EXPECT_EQ(sense->code, (SenseCode{2, 0x04, 0x08}));
  EXPECT_EQ(sense->information, Lba{0x1234});
  EXPECT_EQ(sense->progress, 0x1000);
}

TEST(DecodeSense, SurvivesEveryTruncationAndAnyLengthByte) {
  auto raw =
      bytes({0x72, 0x02, 0x04, 0x08, 0, 0, 0, 0xFF, 0x00, 0x0A, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2});
  for (std::size_t size = 0; size <= raw.size(); ++size)
    EXPECT_EQ(decode_sense(std::span(raw).first(size)).has_value(), size >= 8) << size;
  raw[0] = std::byte{0x70};
  for (std::size_t size = 0; size <= raw.size(); ++size)
    EXPECT_EQ(decode_sense(std::span(raw).first(size)).has_value(), size >= 14) << size;
}

TEST(DecodeSense, RefusesUnknownResponseCodes) {
  EXPECT_FALSE(
      decode_sense(bytes({0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})).has_value());
  EXPECT_FALSE(decode_sense({}).has_value());
}

TEST(SenseText, NamesKeyAndReason) {
  EXPECT_EQ(to_string({5, 0x21, 0x02}), "ILLEGAL REQUEST, INVALID ADDRESS FOR WRITE (5/21/02)");
  EXPECT_EQ(to_string({9, 0x80, 0x01}),
            "VENDOR SPECIFIC, vendor-specific or unknown reason (9/80/01)");
}

TEST(CdbSize, FollowsTheGroupOfTheOperationCode) {
  EXPECT_EQ(cdb_size(0x00), 6U);
  EXPECT_EQ(cdb_size(0x35), 10U);
  EXPECT_EQ(cdb_size(0x5B), 10U);
  EXPECT_EQ(cdb_size(0xA1), 12U);
  EXPECT_EQ(cdb_size(0x9E), 16U);
  EXPECT_EQ(cdb_size(0xE0), 0U);
}

}  // namespace
}  // namespace pregroove::scsi
