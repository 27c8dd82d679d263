#include "engine/base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pregroove {
namespace {

using testing::HasSubstr;

TEST(Describe, KeepsTheFirstCauseBeforeLaterOnes) {
  Error error{.code = ErrorCode::kDevice, .message = "the disc could not be written"};
  error.sense = SenseCode{3, 0x0C, 0x00};
  error.also.push_back(
      Error{.code = ErrorCode::kDevice, .message = "the session could not be closed"});
  const std::string text = describe(error);
  EXPECT_THAT(text, HasSubstr("3/0C/00"));
  EXPECT_LT(text.find("written"), text.find("closed"));
}

TEST(ReturnIfError, HandsTheErrorUpUnchanged) {
  const auto inner = []() -> Status {
    return fail(ErrorCode::kNoRoom, "full", "take another disc");
  };
  const auto outer = [&]() -> Result<int> {
    PREGROOVE_RETURN_IF_ERROR(inner());
    return 1;
  };
  const auto result = outer();
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kNoRoom);
  EXPECT_EQ(result.error().advice, "take another disc");
}

}  // namespace
}  // namespace pregroove
