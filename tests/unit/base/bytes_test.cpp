#include "engine/base/bytes.h"

#include <gtest/gtest.h>

namespace pregroove {
namespace {

TEST(BigEndian, PutsTheMostSignificantByteFirst) {
  EXPECT_EQ(bytes_of(Be24(0xABCDEF)),
            (std::array{std::byte{0xAB}, std::byte{0xCD}, std::byte{0xEF}}));
  EXPECT_EQ(Be24(0xABCDEF).value(), 0xABCDEFU);
}

TEST(BothEndian, StoresLittleThenBig) {
  EXPECT_EQ(bytes_of(Both16(0x1234)),
            (std::array{std::byte{0x34}, std::byte{0x12}, std::byte{0x12}, std::byte{0x34}}));
}

TEST(BothEndian, NoticesCopiesThatDiffer) {
  const std::array raw{std::byte{0x34}, std::byte{0x12}, std::byte{0x12}, std::byte{0x35}};
  EXPECT_FALSE(read_struct<Both16>(raw)->consistent());
}

TEST(ReadStruct, RefusesABufferThatEndsTooEarly) {
  const std::array<std::byte, 4> raw{};
  EXPECT_TRUE(read_struct<Be32>(raw, 0).has_value());
  EXPECT_FALSE(read_struct<Be32>(raw, 1).has_value());
  EXPECT_FALSE(read_struct<Be32>(raw, ~std::size_t{0}).has_value());
}

}  // namespace
}  // namespace pregroove
